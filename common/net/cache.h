/*
 * cache.h - bodies kept on disk between runs, for any number of processes.
 *
 * One file a body, in DIR/xx/yy…, named by the SHA-256 of what was asked for.
 * A file appears by rename and is whole or not there; its CRC-32C is checked
 * when it is read, and a damaged one counts as missing. Hosts may share the
 * folder (NFS): nothing is locked. Reading one makes it young; when a
 * 256th of the folder holds more than a 256th of the size, what was read
 * longest ago goes. Any thread.
 */
#ifndef NET_CACHE_H
#define NET_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct cache;

/* Makes the folder if need be. max_age_s: 0: none is too old. */
struct cache *cache_open(const char *dir, uint64_t max_bytes,
	uint64_t max_age_s, struct err *err) MUST_USE;
void cache_close(struct cache *c);

/* What is kept beside a body. */
struct cache_entry {
	struct buf body;
	struct buf etag, type;
	uint64_t total;  /* bytes of the whole that it may be a part of */
	uint64_t age_s;  /* since it was fetched, or last found unchanged */
	bool stale;      /* older than max_age_s, or than fresh_s said */
	uint64_t fresh_s; /* seconds that the server gave it; UINT64_MAX: any */
};
void cache_entry_release(struct cache_entry *e);

/*
 * 1 and *out (which must be empty), 0 when it is not there, -1 when the folder
 * cannot be read. A stale one is given, too, for it may be found unchanged.
 */
int cache_get(struct cache *c, struct str name, struct cache_entry *out,
	struct err *err) MUST_USE;
/* Keeps it; what is there under the name is replaced. A full disk is no
 * error: 0, and nothing is kept (said once, as a warning). */
int cache_put(struct cache *c, struct str name, const struct cache_entry *e,
	struct err *err) MUST_USE;
/* It was found unchanged: its age is 0. */
void cache_touch(struct cache *c, struct str name);

#endif
