#include "base/base.h"
#include "net/cache.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/log.h"
#include "net/cache_trim.h"

enum {
	SHARDS = 256,
	PATH_TEXT = 2 * SHA256_BYTES + 2, /* "xx/", 62 digits, NUL */
	META_MAX = 1 << 16,               /* bytes of name, ETag and type */
	BODY_MAX = 1 << 30,
	USED_S = 3600,      /* mtimes are right to this */
	TEMP_S = 24 * 3600, /* who writes that long is dead */
};

/*
 * What a file begins with, little-endian; ETag, type, name and body follow.
 * Finding a body unchanged writes `fetched` and its own checksum anew, in
 * place; who reads these half written takes the body for infinitely old.
 */
struct head {
	char magic[8];        /* with the format's version */
	uint64_t fetched;     /* seconds since 1970 */
	uint32_t fetched_crc; /* of the two before it */
	uint32_t crc;         /* of all behind it */
	uint64_t total, fresh_s, body_len;
	uint32_t etag_len, type_len, name_len, cut;
};
_Static_assert(sizeof(struct head) == 64, "a file's header");

static const char magic[8] = "sfcache1";

struct cache {
	int fd; /* the folder */
	char *dir;
	uint64_t share; /* bytes of a shard; UINT64_MAX: any */
	uint64_t max_age_s;
	_Atomic uint64_t temp; /* the next temporary file's number */
	atomic_bool said_full, said_large;
};

void cache_entry_release(struct cache_entry *e)
{
	buf_release(&e->body);
	buf_release(&e->etag);
	buf_release(&e->type);
}

static int make_folders(const char *dir, struct err *err)
{
	struct buf path = BUF_INIT;
	const char *end = dir;
	int rc = 0;

	do {
		end += strspn(end, "/");
		end += strcspn(end, "/");
		buf_reset(&path);
		buf_add(&path, dir, (size_t)(end - dir));
		if (mkdir(buf_str(&path), 0777) && errno != EEXIST &&
			access(path.data, F_OK))
			rc = err_errno(err, "cannot make the folder '%s'",
				path.data);
	} while (!rc && *end);
	buf_release(&path);
	return rc;
}

struct cache *cache_open(const char *dir, uint64_t max_bytes,
	uint64_t max_age_s, struct err *err)
{
	struct cache *c;
	uint64_t first = 0;
	int fd;

	if (make_folders(dir, err))
		return NULL;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		err_errno(err, "cannot open the folder '%s'", dir);
		return NULL;
	}
	c = xcalloc(1, sizeof(*c));
	c->fd = fd;
	c->dir = xstrdup(dir);
	c->share = max_bytes ? max_bytes / SHARDS : UINT64_MAX;
	c->max_age_s = max_age_s;
	/* O_EXCL keeps writers apart; this, that they seldom meet */
	(void)!getrandom(&first, sizeof(first), 0);
	atomic_init(&c->temp, first);
	atomic_init(&c->said_full, false);
	atomic_init(&c->said_large, false);
	return c;
}

void cache_close(struct cache *c)
{
	if (!c)
		return;
	close(c->fd);
	free(c->dir);
	free(c);
}

/* Where a name is kept; what its hash says besides is drawn lots with. */
static uint64_t path_of(struct str name, char path[PATH_TEXT])
{
	uint8_t sum[SHA256_BYTES];
	struct sha256 *h = sha256_new();
	uint64_t lot;

	sha256_add(h, name.s, name.len);
	sha256_value(h, sum);
	sha256_free(h);
	hex_bytes(sum, 1, path);
	path[2] = '/';
	hex_bytes(sum + 1, SHA256_BYTES - 1, path + 3);
	memcpy(&lot, sum + 1, sizeof(lot));
	return be64toh(lot);
}

/* A regular file, never by a link, never waiting for a pipe's other end. */
static int open_entry(const struct cache *c, const char *path, int flags,
	struct stat *st)
{
	int fd = openat(c->fd, path,
		flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!fstat(fd, st) && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

static uint32_t fetched_crc(const struct head *h)
{
	return htole32(crc32c(0, h, offsetof(struct head, fetched_crc)));
}

static uint32_t whole_crc(const struct head *h, struct str meta,
	struct str body)
{
	size_t from = offsetof(struct head, total);
	uint32_t crc = crc32c(0, (const char *)h + from, sizeof(*h) - from);

	crc = crc32c(crc, meta.s, meta.len);
	return htole32(crc32c(crc, body.s, body.len));
}

static bool read_exactly(int fd, void *p, size_t len, uint64_t at)
{
	struct err ignored;

	return read_at(fd, p, len, at, &ignored) == (long)len;
}

/* Ages never come out negative: clocks of hosts differ. */
static void set_age(const struct cache *c, const struct head *h,
	struct cache_entry *e)
{
	uint64_t fetched = le64toh(h->fetched), now = (uint64_t)time(NULL);

	e->fresh_s = le64toh(h->fresh_s);
	e->age_s = now > fetched ? now - fetched : 0;
	if (h->fetched_crc != fetched_crc(h))
		e->age_s = UINT64_MAX;
	e->stale = (c->max_age_s && e->age_s > c->max_age_s) ||
		   (e->fresh_s != UINT64_MAX && e->age_s >= e->fresh_s) ||
		   e->age_s == UINT64_MAX;
}

/* False when the file is damaged, or another name's. */
static bool read_entry(const struct cache *c, int fd, uint64_t size,
	struct str name, struct cache_entry *out)
{
	struct head h;
	size_t etag, type, meta_len;
	uint64_t body_len;
	struct buf meta = BUF_INIT;
	bool good = false;
	char *body;

	if (size < sizeof(h) || !read_exactly(fd, &h, sizeof(h), 0) ||
		memcmp(h.magic, magic, sizeof(magic)))
		return false;
	etag = le32toh(h.etag_len);
	type = le32toh(h.type_len);
	meta_len = etag + type + le32toh(h.name_len);
	body_len = le64toh(h.body_len);
	if (meta_len > META_MAX || etag > meta_len || type > meta_len ||
		body_len > BODY_MAX || size - sizeof(h) != meta_len + body_len)
		return false;
	buf_extend(&meta, meta_len);
	body = buf_extend(&out->body, body_len);
	if (read_exactly(fd, meta.data, meta_len, sizeof(h)) &&
		read_exactly(fd, body, body_len, sizeof(h) + meta_len))
		good = h.crc == whole_crc(&h, (struct str){meta.data, meta_len},
					(struct str){body, body_len}) &&
		       str_eq(name, (struct str){meta.data + etag + type,
					    meta_len - etag - type});
	if (good) {
		buf_add(&out->etag, meta.data, etag);
		buf_add(&out->type, meta.data + etag, type);
		out->total = le64toh(h.total);
		out->cut = h.cut;
		set_age(c, &h, out);
	}
	buf_release(&meta);
	return good;
}

int cache_get(struct cache *c, struct str name, struct cache_entry *out,
	struct err *err)
{
	char path[PATH_TEXT];
	struct stat st;
	int fd;

	*out = (struct cache_entry){.total = 0};
	path_of(name, path);
	fd = open_entry(c, path, O_RDONLY, &st);
	if (fd < 0) {
		/* what cannot be opened for what it is may be replaced */
		if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP ||
			errno == EACCES || errno == ENXIO)
			return 0;
		return err_errno(err, "cannot open '%s/%s'", c->dir, path);
	}
	if (!read_entry(c, fd, (uint64_t)st.st_size, name, out)) {
		close(fd);
		cache_entry_release(out);
		*out = (struct cache_entry){.total = 0};
		unlinkat(c->fd, path, 0);
		return 0;
	}
	if (time(NULL) - st.st_mtime > USED_S)
		(void)futimens(fd,
			(const struct timespec[2]){{.tv_nsec = UTIME_OMIT},
				{.tv_nsec = UTIME_NOW}});
	close(fd);
	return 1;
}

bool cache_has(struct cache *c, struct str name)
{
	char path[PATH_TEXT];

	path_of(name, path);
	return !faccessat(c->fd, path, R_OK, 0);
}

void cache_touch(struct cache *c, struct str name)
{
	size_t at = offsetof(struct head, fetched);
	char path[PATH_TEXT];
	struct stat st;
	struct head h;
	int fd;

	path_of(name, path);
	fd = open_entry(c, path, O_RDWR, &st);
	if (fd < 0)
		return;
	if (read_exactly(fd, &h, sizeof(h), 0) &&
		!memcmp(h.magic, magic, sizeof(magic))) {
		h.fetched = htole64((uint64_t)time(NULL));
		h.fetched_crc = fetched_crc(&h);
		/* where it fails, the body is asked for again: no harm */
		(void)!pwrite(fd, (char *)&h + at,
			offsetof(struct head, crc) - at, (off_t)at);
	}
	close(fd);
}

void cache_remove(struct cache *c, struct str name)
{
	char path[PATH_TEXT];

	path_of(name, path);
	unlinkat(c->fd, path, 0);
}

static int write_parts(int fd, struct iovec *v, int n)
{
	while (n) {
		ssize_t done = writev(fd, v, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		for (; n && (size_t)done >= v->iov_len; v++, n--)
			done -= (ssize_t)v->iov_len;
		if (n) {
			v->iov_base = (char *)v->iov_base + done;
			v->iov_len -= (size_t)done;
		}
	}
	return 0;
}

/* Opens a new file of the shard; its path is as long as an entry's at most. */
static int open_temp(struct cache *c, const char *path, char temp[PATH_TEXT])
{
	bool made = false;

	for (;;) {
		uint64_t n = atomic_fetch_add(&c->temp, 1);
		int fd;

		snprintf(temp, PATH_TEXT, "%.2s/" CACHE_TEMP "%016" PRIx64,
			path, n);
		fd = openat(c->fd, temp,
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || (errno != EEXIST && (errno != ENOENT || made)))
			return fd;
		if (errno == ENOENT) {
			char shard[3] = {path[0], path[1], '\0'};

			made = true;
			if (mkdirat(c->fd, shard, 0777) && errno != EEXIST)
				return -1;
		}
	}
}

/* Unless it is this process that has too much open, the run goes on without
 * keeping: the disk is full or broken, or the folder was taken away. */
static int not_kept(struct cache *c, const char *path, struct err *err)
{
	bool ours = errno == EMFILE || errno == ENFILE || errno == ENOMEM;

	err_errno(err, "cannot write '%s/%s'", c->dir, path);
	if (ours)
		return -1;
	if (!atomic_exchange(&c->said_full, true))
		log_warn("%s: what is fetched is not kept", err->msg);
	return 0;
}

static bool too_large(struct cache *c, size_t meta_len, size_t body_len)
{
	if (meta_len <= META_MAX && body_len <= MIN(c->share, BODY_MAX))
		return false;
	if (!atomic_exchange(&c->said_large, true))
		log_warn("a body of %zu bytes is too large for the cache '%s': "
			 "it is not kept",
			body_len, c->dir);
	return true;
}

/*
 * Lots, by the name, say whether to look at the shard: each time that an eighth
 * of its share was put in, on average, by any number of processes that know
 * nothing of each other.
 */
static void maybe_trim(const struct cache *c, const char *path, uint64_t lot,
	size_t size)
{
	char shard[3] = {path[0], path[1], '\0'};

	if (c->share != UINT64_MAX &&
		(double)lot * 0x1p-64 * (double)(c->share / 8) < (double)size)
		cache_trim(c->fd, shard, c->share, TEMP_S);
}

int cache_put(struct cache *c, struct str name, const struct cache_entry *e,
	struct err *err)
{
	char path[PATH_TEXT], temp[PATH_TEXT];
	uint64_t lot = path_of(name, path);
	struct head h = {.fetched = htole64((uint64_t)time(NULL)),
		.total = htole64(e->total),
		.fresh_s = htole64(e->fresh_s),
		.body_len = htole64(e->body.len),
		.etag_len = htole32((uint32_t)e->etag.len),
		.type_len = htole32((uint32_t)e->type.len),
		.name_len = htole32((uint32_t)name.len),
		.cut = htole32(e->cut)};
	struct buf meta = BUF_INIT;
	struct iovec v[3];
	int fd, rc = 0;

	if (too_large(c, e->etag.len + e->type.len + name.len, e->body.len))
		return 0;
	buf_add(&meta, e->etag.data, e->etag.len);
	buf_add(&meta, e->type.data, e->type.len);
	buf_add(&meta, name.s, name.len);
	memcpy(h.magic, magic, sizeof(magic));
	h.fetched_crc = fetched_crc(&h);
	h.crc = whole_crc(&h, (struct str){meta.data, meta.len},
		(struct str){e->body.data, e->body.len});
	v[0] = (struct iovec){&h, sizeof(h)};
	v[1] = (struct iovec){meta.data, meta.len};
	v[2] = (struct iovec){e->body.data, e->body.len};
	fd = open_temp(c, path, temp);
	if (fd < 0) {
		rc = not_kept(c, path, err);
		goto out;
	}
	/* No fsync: what a crash of the machine leaves torn fails its checksum
	 * and is fetched again, which costs less than a flush for each file. */
	rc = write_parts(fd, v, ARRAY_SIZE(v));
	if (close(fd) || rc || renameat(c->fd, temp, c->fd, path)) {
		rc = not_kept(c, path, err);
		unlinkat(c->fd, temp, 0);
		goto out;
	}
	maybe_trim(c, path, lot, sizeof(h) + meta.len + e->body.len);
out:
	buf_release(&meta);
	return rc;
}
