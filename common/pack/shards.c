#include "base/base.h"
#include "pack/shards.h"
#include "pack/tar.h"
#include "base/map.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHARD_PREFIX "shard-"
#define SHARD_SUFFIX ".tar"

struct shards {
	char *dir;
	uint64_t per_shard;
	uint64_t complete, samples; /* shards, and what is in them */
	struct tar *tar;            /* the open shard, or NULL */
	uint64_t in_shard;          /* samples in it */
	struct map keys;
};

/* Shards, and what pair-pack writes beside them. */
static bool is_ours(const char *name)
{
	size_t digits;

	if (!strcmp(name, SHARDS_PROVENANCE))
		return true;
	if (!str_starts(str_from(name), SHARD_PREFIX))
		return false;
	name += strlen(SHARD_PREFIX);
	digits = strspn(name, "0123456789");
	return digits >= 6 && !strcmp(name + digits, SHARD_SUFFIX);
}

/* What an earlier run has left: an error, or removed. */
static int clear_folder(const char *dir, bool overwrite, struct err *err)
{
	struct buf path = BUF_INIT;
	struct dirent *e;
	DIR *d;
	int rc = 0;

	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return err_errno(err, "cannot make the folder '%s'", dir);
	d = opendir(dir);
	if (!d)
		return err_errno(err, "cannot read the folder '%s'", dir);
	while (!rc && (errno = 0, e = readdir(d))) {
		if (!is_ours(e->d_name))
			continue;
		buf_reset(&path);
		buf_addf(&path, "%s/%s", dir, e->d_name);
		if (!overwrite)
			rc = err_set(err,
				"'%s' is there already: choose another folder "
				"or give --overwrite",
				buf_str(&path));
		else if (unlink(buf_str(&path)) < 0)
			rc = err_errno(err, "cannot remove '%s'",
				buf_str(&path));
	}
	if (!rc && errno)
		rc = err_errno(err, "cannot read the folder '%s'", dir);
	closedir(d);
	buf_release(&path);
	return rc;
}

struct shards *shards_open(const char *dir, uint64_t samples_per_shard,
	bool overwrite, struct err *err)
{
	struct shards *s;

	if (clear_folder(dir, overwrite, err))
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->dir = xstrdup(dir);
	s->per_shard = samples_per_shard;
	return s;
}

bool shards_new_key(struct shards *s, struct str key)
{
	size_t before = s->keys.len;

	map_put(&s->keys, key);
	return s->keys.len > before;
}

static int open_shard(struct shards *s, struct err *err)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/" SHARD_PREFIX "%06" PRIu64 SHARD_SUFFIX, s->dir,
		s->complete);
	s->tar = tar_open(buf_str(&path), err);
	buf_release(&path);
	return s->tar ? 0 : -1;
}

static int close_shard(struct shards *s, struct err *err)
{
	uint64_t samples = s->in_shard;
	struct tar *tar = s->tar;

	s->tar = NULL;
	s->in_shard = 0;
	if (tar_commit(tar, err))
		return -1;
	s->complete++;
	s->samples += samples;
	return 0;
}

int shards_add(struct shards *s, struct str key, const struct member *members,
	size_t n, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc = 0;

	if (!s->tar && open_shard(s, err))
		return -1;
	for (size_t i = 0; i < n && !rc; i++) {
		buf_reset(&name);
		buf_addf(&name, "%.*s.%s", (int)key.len, key.s,
			members[i].extension);
		rc = tar_add(s->tar, buf_str(&name), members[i].p,
			members[i].len, err);
	}
	buf_release(&name);
	if (!rc && ++s->in_shard == s->per_shard)
		rc = close_shard(s, err);
	return rc;
}

int shards_finish(struct shards *s, struct err *err)
{
	return s->tar ? close_shard(s, err) : 0;
}

uint64_t shards_count(const struct shards *s)
{
	return s->complete;
}

uint64_t shards_samples(const struct shards *s)
{
	return s->samples;
}

void shards_free(struct shards *s)
{
	if (!s)
		return;
	tar_abort(s->tar);
	map_release(&s->keys);
	free(s->dir);
	free(s);
}
