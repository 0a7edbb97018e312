/*
 * buf.h - a growing run of bytes.
 *
 * Owns `data`; a zeroed struct is empty. Appending never fails (alloc.h).
 * buf_str() and buf_addf() keep a NUL behind the bytes.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <string.h>

struct buf {
	char *data;
	size_t len;
	size_t cap;
};

#define BUF_INIT                                                               \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* Makes room for `extra` bytes more and one NUL. */
void buf_reserve(struct buf *buf, size_t extra);
void buf_add(struct buf *buf, const void *p, size_t len);
void buf_addf(struct buf *buf, const char *fmt, ...) PRINTF(2, 3);
/* Adds a C string. */
void buf_adds(struct buf *buf, const char *s);
/* The bytes as a C string, good until the next change. */
const char *buf_str(struct buf *buf);
/* Gives the bytes (with a NUL behind) to the caller, who frees them. */
char *buf_detach(struct buf *buf);
void buf_release(struct buf *buf);

static inline void buf_addc(struct buf *buf, char c)
{
	if (buf->len + 2 > buf->cap)
		buf_reserve(buf, 1);
	buf->data[buf->len++] = c;
}

/* Adds len bytes that the caller fills in: where they begin. */
static inline char *buf_extend(struct buf *buf, size_t len)
{
	char *p;

	if (len >= buf->cap - buf->len)
		buf_reserve(buf, len);
	p = buf->data + buf->len;
	buf->len += len;
	return p;
}

/* Empties it, keeping the room. */
static inline void buf_reset(struct buf *buf)
{
	buf->len = 0;
}

#endif
