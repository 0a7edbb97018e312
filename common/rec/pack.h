/*
 * pack.h - msgpack values written behind a buf, each in its shortest form
 * (msgpack-c does the work, but for what most records are made of, which is
 * written in place). f64 stays f64.
 */
#ifndef REC_PACK_H
#define REC_PACK_H

#include "rec/put.h"
#include "rec/val.h"

void pack_nil(struct buf *b);
void pack_bool(struct buf *b, bool v);
/* Of any size. */
void pack_wide_u64(struct buf *b, uint64_t v);
void pack_i64(struct buf *b, int64_t v);
void pack_f32(struct buf *b, float v);
void pack_bin(struct buf *b, const void *p, size_t len);
/* len bytes must follow. */
void pack_str_head(struct buf *b, size_t len);
void pack_bin_head(struct buf *b, size_t len);
void pack_ext(struct buf *b, int8_t type, const void *p, size_t len);
/* Heads of any size. */
void pack_wide_array(struct buf *b, size_t n);
void pack_wide_map(struct buf *b, size_t n);

static inline void pack_u64(struct buf *b, uint64_t v)
{
	if (v < 128)
		buf_addc(b, (char)v);
	else
		pack_wide_u64(b, v);
}

static inline void pack_f64(struct buf *b, double v)
{
	(void)put_f64((uint8_t *)buf_extend(b, 9), v);
}

static inline void pack_str(struct buf *b, const char *s, size_t len)
{
	char *p;

	if (len >= 32) {
		pack_str_head(b, len);
		buf_add(b, s, len);
		return;
	}
	p = buf_extend(b, 1 + len);
	*p = (char)(0xa0 | len);
	if (len)
		memcpy(p + 1, s, len);
}

static inline void pack_cstr(struct buf *b, const char *s)
{
	pack_str(b, s, strlen(s));
}

/* n values must follow; a map's are key, value, key, value … */
static inline void pack_array(struct buf *b, size_t n)
{
	if (n < 16)
		buf_addc(b, (char)(0x90 | n));
	else
		pack_wide_array(b, n);
}

static inline void pack_map(struct buf *b, size_t n)
{
	if (n < 16)
		buf_addc(b, (char)(0x80 | n));
	else
		pack_wide_map(b, n);
}

/* A buf that holds one value, as that value. */
static inline struct val buf_val(const struct buf *b)
{
	return (struct val){(const uint8_t *)b->data, b->len};
}

/* Arrays of numbers. */
void pack_f64s(struct buf *b, const double *v, size_t n);
void pack_u64s(struct buf *b, const uint64_t *v, size_t n);
/* Copies a value byte for byte. */
void pack_val(struct buf *b, struct val v);

#endif
