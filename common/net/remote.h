/*
 * remote.h - files on servers, read by ranges: what stands behind GDAL's
 * network names, and where many ranges are under way at once.
 *
 * A struct remote is one version (size, strong ETag) of one file; all threads
 * share it. Its first bytes are kept, and of all files together a bounded
 * number of bytes that were read last; what is read through it is kept in the
 * web's cache, too.
 */
#ifndef NET_REMOTE_H
#define NET_REMOTE_H

#include "net/web.h"

struct remotes; /* the files of a run, by URL */
struct remote;

/* memory: bytes kept of all files together. */
struct remotes *remotes_new(struct web *w, uint64_t memory);
void remotes_free(struct remotes *r);

/*
 * Opens a file (http, https, s3, gs): asks for its first 16 KiB, which says
 * its size. Many threads may open one at once: it is asked for once. A file
 * that is not there is an error each time, but asked for only once a minute.
 * remote_close() gives it back.
 */
struct remote *remote_open(struct remotes *r, const char *url, struct err *err);
void remote_close(struct remote *f);

uint64_t remote_size(const struct remote *f);

/*
 * Bytes from `offset` on, as many as there are up to len: how many, or -1.
 * Waits. Small reads one behind the other are fetched ahead, in pieces that
 * grow (16 KiB to 1 MiB).
 */
long remote_read(struct remote *f, void *p, size_t len, uint64_t offset,
	struct err *err) MUST_USE;
/* Several ranges, all asked for at once. */
int remote_read_many(struct remote *f, size_t n, void *const *p,
	const size_t *len, const uint64_t *offset, struct err *err) MUST_USE;

/*
 * Asks for a range and returns; done gets its bytes (fewer than len: the
 * fault says it), from memory or the cache at once in this thread, else in the
 * client's. They are kept in memory for remote_read(), as long as there is
 * room; on disk only when remote_keep() says that they were good.
 */
void remote_want(struct remote *f, uint64_t offset, size_t len,
	web_done_fn *done, void *ctx);
int remote_keep(struct remote *f, uint64_t offset, const struct web_answer *a,
	struct err *err) MUST_USE;

#endif
