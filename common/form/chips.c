#include "base/base.h"
#include "form/chips.h"
#include "base/io.h"
#include "base/map.h"
#include "pack/chip.h"

#include <errno.h>
#include <sys/stat.h>

struct chips {
	char *dir;
	bool overwrite;
	struct map keys;
	struct buf path;
};

struct chips *chips_open(const char *dir, bool overwrite, struct err *err)
{
	struct chips *c;

	if (mkdir(dir, 0777) < 0 && errno != EEXIST) {
		err_errno(err, "cannot make the folder '%s'", dir);
		return NULL;
	}
	c = xcalloc(1, sizeof(*c));
	c->dir = xstrdup(dir);
	c->overwrite = overwrite;
	return c;
}

void chips_free(struct chips *c)
{
	if (!c)
		return;
	map_release(&c->keys);
	buf_release(&c->path);
	free(c->dir);
	free(c);
}

int chips_add(struct chips *c, struct item *item, struct err *err)
{
	struct chip s;
	const char *reason, *path;
	struct err why;
	struct stat st;
	size_t *times;

	if (chip_read(&item->rec, &s, &reason, &why))
		return item_fault(item, reason, "%s", why.msg);
	times = map_put(&c->keys, s.key);
	if ((*times)++)
		return item_fault(item, "duplicate key", "'%.*s'",
			(int)s.key.len, s.key.s);
	buf_reset(&c->path);
	buf_addf(&c->path, "%s/%.*s.%s", c->dir, (int)s.key.len, s.key.s,
		s.extension);
	path = buf_str(&c->path);
	if (!c->overwrite && !lstat(path, &st))
		return err_set(err,
			"'%s' is there already: choose another folder or give "
			"--overwrite",
			path);
	return save_file(path, s.bytes.s, s.bytes.len, err);
}
