/*
 * cache.h - bodies kept on disk between runs, for any number of processes.
 *
 * One file a body, DIR/xx/y…, by the 64 hex digits of the SHA-256 of its name.
 * A file appears by rename and is whole or not there; its CRC-32C is checked
 * when it is read, and a damaged one counts as missing and is removed. Hosts
 * may share the folder (NFS): nothing is locked. Reading one makes it young
 * (to the hour: that is the file's mtime); when a 256th of the folder holds
 * more than a 256th of the size, what was read longest ago goes. That is looked
 * at about once for each 1/2048 of the size that is put in, by whichever
 * process, so that the folder may be larger than its size by an eighth. Nothing
 * but files with such names, and temporary ones of more than a day ago, is ever
 * removed. Files are made with the process's umask: a group may share a folder.
 * Names are kept in the clear: they must hold no secrets. Any thread.
 */
#ifndef NET_CACHE_H
#define NET_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct cache;

/*
 * Makes the folder if need be, and those above it. max_bytes: as the disk
 * counts them; 0: no limit. max_age_s: 0: none is too old.
 */
struct cache *cache_open(const char *dir, uint64_t max_bytes,
	uint64_t max_age_s, struct err *err) MUST_USE;
/* NULL is fine. */
void cache_close(struct cache *c);

/* What is kept beside a body. */
struct cache_entry {
	struct buf body;
	struct buf etag, type;
	uint64_t total;   /* bytes of the whole that it may be a part of */
	uint64_t age_s;   /* since it was fetched, or last found unchanged */
	bool stale;       /* older than max_age_s, or than fresh_s said */
	bool cut;         /* a part of what the server only sends whole */
	uint64_t fresh_s; /* seconds that the server gave it; UINT64_MAX: any */
};
void cache_entry_release(struct cache_entry *e);

/*
 * 1 and *out (which must be empty), 0 when it is not there, -1 when the folder
 * cannot be read. A stale one is given, too, for it may be found unchanged.
 */
int cache_get(struct cache *c, struct str name, struct cache_entry *out,
	struct err *err) MUST_USE;
/* Whether it is there, by all appearances: much faster. */
bool cache_has(struct cache *c, struct str name);
/*
 * Keeps it (age_s and stale are not looked at); what is there under the name is
 * replaced. A disk that is full or broken, a folder that is gone or may not be
 * written and a body of more than a 256th of the size or 1 GiB are no errors:
 * 0, and it is not kept (said once, as a warning). -1 where the process has too
 * many files open.
 */
int cache_put(struct cache *c, struct str name, const struct cache_entry *e,
	struct err *err) MUST_USE;
/* It was found unchanged: its age is 0. */
void cache_touch(struct cache *c, struct str name);
/* It was found to be of no use. */
void cache_remove(struct cache *c, struct str name);

#endif
