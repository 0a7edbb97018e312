/*
 * pack.h - msgpack values written behind a buf, each in its shortest form
 * (msgpack-c does the work). f64 stays f64.
 */
#ifndef REC_PACK_H
#define REC_PACK_H

#include "rec/val.h"

void pack_nil(struct buf *b);
void pack_bool(struct buf *b, bool v);
void pack_u64(struct buf *b, uint64_t v);
void pack_i64(struct buf *b, int64_t v);
void pack_f64(struct buf *b, double v);
void pack_f32(struct buf *b, float v);
void pack_str(struct buf *b, const char *s, size_t len);
void pack_cstr(struct buf *b, const char *s);
void pack_bin(struct buf *b, const void *p, size_t len);
/* len bytes must follow. */
void pack_str_head(struct buf *b, size_t len);
void pack_bin_head(struct buf *b, size_t len);
void pack_ext(struct buf *b, int8_t type, const void *p, size_t len);
/* n values must follow; a map's are key, value, key, value … */
void pack_array(struct buf *b, size_t n);
void pack_map(struct buf *b, size_t n);
/* A buf that holds one value, as that value. */
static inline struct val buf_val(const struct buf *b)
{
	return (struct val){(const uint8_t *)b->data, b->len};
}

/* Copies a value byte for byte. */
void pack_val(struct buf *b, struct val v);

#endif
