#include "base/base.h"
#include "form/walk.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

struct names {
	char **items; /* [n] */
	size_t n, cap;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list(const char *folder, struct names *names, struct err *err)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int rc = 0;

	if (!d)
		return err_errno(err, "cannot read the folder '%s'", folder);
	while ((errno = 0, e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		xgrow(&names->items, &names->cap, names->n + 1,
			sizeof(*names->items));
		names->items[names->n++] = xstrdup(e->d_name);
	}
	if (errno)
		rc = err_errno(err, "cannot read the folder '%s'", folder);
	closedir(d);
	if (names->n)
		qsort(names->items, names->n, sizeof(*names->items), by_name);
	return rc;
}

static int visit(const char *path, walk_fn *fn, void *ctx, struct err *err)
{
	struct stat st;
	bool link;

	if (lstat(path, &st))
		return err_errno(err, "cannot open '%s'", path);
	link = S_ISLNK(st.st_mode);
	if (link && stat(path, &st))
		return err_errno(err, "cannot open '%s'", path);
	if (S_ISREG(st.st_mode))
		return fn(ctx, path, err);
	if (!S_ISDIR(st.st_mode))
		return 0;
	if (!link)
		return walk_files(path, fn, ctx, err);
	log_warn(
		"'%s' is a link to a folder and not entered: name it by itself",
		path);
	return 0;
}

int walk_files(const char *folder, walk_fn *fn, void *ctx, struct err *err)
{
	struct names names = {NULL, 0, 0};
	struct buf path = BUF_INIT;
	size_t base;
	int rc = list(folder, &names, err);

	buf_adds(&path, folder);
	if (path.len && path.data[path.len - 1] != '/')
		buf_addc(&path, '/');
	base = path.len;
	for (size_t i = 0; i < names.n; i++) {
		path.len = base;
		buf_adds(&path, names.items[i]);
		if (!rc)
			rc = visit(buf_str(&path), fn, ctx, err);
		free(names.items[i]);
	}
	free(names.items);
	buf_release(&path);
	return rc;
}
