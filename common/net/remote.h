/*
 * remote.h - files on servers, read by ranges: what stands behind GDAL's
 * network names, and where many ranges are under way at once.
 *
 * A struct remote is one version (size, strong ETag) of one file; all threads
 * share it. Of all files together a bounded number of bytes that were read last
 * is kept in memory; what remote_open() and remote_read() fetch is kept in the
 * web's cache, too. A range that is under way is not asked for again: who wants
 * some of it waits for it.
 *
 * A server that gives no parts is asked for the whole, of at most 64 MiB, which
 * is then read from memory. When a file turns out to be another version than
 * the one that was opened, all that is left to be read of it fails
 * (HTTP_CHANGED, "it has changed while it was read"); opened again, it is the
 * new one.
 *
 * Any thread, but remote_open() and remote_read() wait: not from done
 * functions. Done functions may call remote_want().
 */
#ifndef NET_REMOTE_H
#define NET_REMOTE_H

#include "net/web.h"

struct remotes; /* the files of a run, by URL */
struct remote;

/* memory: bytes kept of all files together; what is being read comes on top. */
struct remotes *remotes_new(struct web *w, uint64_t memory);
/*
 * After web_free(), so that nothing is under way any more, and when all files
 * are closed. NULL is fine.
 */
void remotes_free(struct remotes *r);

/*
 * Opens a file (http, https, s3, gs): asks for its first 32 KiB, which says its
 * size, and in most cloud-optimized GeoTIFFs of up to 16,384 px holds all that
 * says where the blocks lie. Many threads may open one at once: it is asked for
 * once. One that cannot be opened is an error each time, but asked for only
 * once a minute. remote_close() gives it back; of closed ones the last 64 are
 * remembered, so that opening them again asks for nothing. NULL is fine there.
 */
struct remote *remote_open(struct remotes *r, const char *url,
	struct err *err) MUST_USE;
void remote_close(struct remote *f);
/* Why a file could not be opened just now; HTTP_FINE: it was not tried. */
enum http_fault remote_fault(struct remotes *r, const char *url);

uint64_t remote_size(const struct remote *f);

/*
 * Bytes from `offset` on, as many as there are up to len: how many, or -1.
 * Waits. What is not in memory comes in pages of 32 KiB, all at once, the same
 * ones whoever reads what in which order, so that the cache has them the next
 * time.
 */
long remote_read(struct remote *f, void *p, size_t len, uint64_t offset,
	struct err *err) MUST_USE;
/*
 * Asks for ranges and returns; `done` gets the bytes of each (fewer than len:
 * the fault says it), from memory or the cache at once in this thread, else in
 * the web's. Offsets ascend: ranges that lie close together come in one
 * request, unless the cache has them. They are kept in memory for
 * remote_read(), as long as there is room; on disk only when remote_keep() says
 * that they were good. The file may be closed in the meantime.
 */
struct remote_range {
	uint64_t offset;
	size_t len;
	void *ctx;
};
void remote_want(struct remote *f, const struct remote_range *ranges, size_t n,
	web_done_fn *done);
/* Of the answer to a range, whose body must still be there; the file open. */
int remote_keep(struct remote *f, uint64_t offset, const struct web_answer *a,
	struct err *err) MUST_USE;

#endif
