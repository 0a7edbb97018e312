/*
 * cache-files.h - a cache in a folder of its own, and bodies that say which
 * they are.
 */
#ifndef TESTS_CACHE_FILES_H
#define TESTS_CACHE_FILES_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/log.h"
#include "net/cache.h"
#include "unit/tap.h"

static char *folder;

static inline struct cache *open_cache(uint64_t bytes, uint64_t age_s)
{
	struct err err;
	struct cache *c = cache_open(folder, bytes, age_s, &err);

	if (!c)
		ok(false, "%s", err.msg);
	return c;
}

/* A body that says its number, len bytes long. */
static inline void fill(struct buf *b, unsigned number, size_t len)
{
	buf_reset(b);
	buf_addf(b, "body %u ", number);
	while (b->len < len)
		buf_addc(b, (char)(b->len * 7 + number));
}

static inline void name_of(struct buf *b, unsigned number)
{
	buf_reset(b);
	buf_addf(b, "https://a.example/%u.png", number);
}

static inline bool put(struct cache *c, unsigned number, size_t len)
{
	struct cache_entry e = {.total = len, .fresh_s = UINT64_MAX};
	struct buf name = BUF_INIT;
	struct err err;
	int rc;

	name_of(&name, number);
	fill(&e.body, number, len);
	buf_adds(&e.etag, "\"v1\"");
	buf_adds(&e.type, "image/png");
	rc = cache_put(c, (struct str){name.data, name.len}, &e, &err);
	if (rc)
		printf("# %s\n", err.msg);
	buf_release(&name);
	cache_entry_release(&e);
	return !rc;
}

/* 1 the right body, 0 none, -1 an error, -2 a wrong body */
static inline int get(struct cache *c, unsigned number, struct cache_entry *out)
{
	struct buf name = BUF_INIT, want = BUF_INIT;
	struct cache_entry mine;
	struct err err;
	int rc;

	name_of(&name, number);
	rc = cache_get(c, (struct str){name.data, name.len}, &mine, &err);
	if (rc < 0)
		printf("# %s\n", err.msg);
	fill(&want, number, mine.body.len);
	if (rc == 1 && !str_eq((struct str){want.data, want.len},
			       (struct str){mine.body.data, mine.body.len}))
		rc = -2;
	buf_release(&name);
	buf_release(&want);
	if (out)
		*out = mine;
	else
		cache_entry_release(&mine);
	return rc;
}

/* The path of an entry, to be freed. */
static inline char *path_of(unsigned number)
{
	uint8_t sum[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct sha256 *h = sha256_new();
	struct buf b = BUF_INIT;

	name_of(&b, number);
	sha256_add(h, b.data, b.len);
	sha256_value(h, sum);
	sha256_free(h);
	hex_bytes(sum, sizeof(sum), hex);
	buf_reset(&b);
	buf_addf(&b, "%s/%.2s/%s", folder, hex, hex + 2);
	return buf_detach(&b);
}

/* Files in all shards, of any name; *bytes as the disk has them. */
static inline unsigned count_files(uint64_t *bytes)
{
	unsigned n = 0;

	*bytes = 0;
	for (unsigned i = 0; i < 256; i++) {
		struct buf b = BUF_INIT;
		struct dirent *e;
		DIR *d;

		buf_addf(&b, "%s/%02x", folder, i);
		d = opendir(buf_str(&b));
		while (d && (e = readdir(d))) {
			struct stat st;

			if (fstatat(dirfd(d), e->d_name, &st, 0) ||
				!S_ISREG(st.st_mode))
				continue;
			n++;
			*bytes += (uint64_t)st.st_blocks * 512;
		}
		if (d)
			closedir(d);
		buf_release(&b);
	}
	return n;
}

static inline void set_used(const char *path, time_t when)
{
	struct timespec t[2] = {{when, 0}, {when, 0}};

	ok(!utimensat(AT_FDCWD, path, t, 0), "a file is made old");
}

static inline void cache_begin(const char *name)
{
	const char *tmp = getenv("TMPDIR");
	struct buf b = BUF_INIT;

	log_init(name, LOG_NORMAL);
	buf_addf(&b, "%s/%s.XXXXXX", tmp && *tmp ? tmp : "/tmp", name);
	folder = mkdtemp(buf_detach(&b));
}

static inline int cache_end(void)
{
	struct buf b = BUF_INIT;
	int rc = tap_done();

	buf_addf(&b, "rm -rf '%s'", folder);
	(void)!system(buf_str(&b));
	buf_release(&b);
	free(folder);
	return rc;
}

#endif
