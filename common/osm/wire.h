/*
 * wire.h - protobuf's wire format, read in place.
 *
 * Source: protobuf.dev, "Encoding". Every length is checked against the bytes
 * that are there.
 */
#ifndef OSM_WIRE_H
#define OSM_WIRE_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes still to be read. */
struct wire {
	const uint8_t *p, *end;
};

enum wire_type { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* number and type do not lie side by side: compilers compare both at once,
 * and then wait for the two stores before. */
struct wire_field {
	uint32_t number;
	uint64_t varint; /* WIRE_VARINT */
	enum wire_type type;
	struct wire bytes; /* WIRE_BYTES; empty for numbers */
};

static inline size_t wire_len(struct wire w)
{
	return (size_t)(w.end - w.p);
}

/* Any length, byte by byte. */
static inline bool wire_varint_slow(struct wire *w, uint64_t *out)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64 && w->p < w->end; shift += 7) {
		uint8_t c = *w->p++;

		v |= (uint64_t)(c & 127) << shift;
		if (c < 128) {
			*out = v;
			return shift < 63 || c < 2;
		}
	}
	return false;
}

/*
 * Up to eight bytes at once: the groups of seven bits are moved together in
 * pairs.
 */
static inline bool wire_varint_long(struct wire *w, uint64_t *out)
{
	uint64_t v, stops;

	if (wire_len(*w) < sizeof(v))
		return wire_varint_slow(w, out);
	memcpy(&v, w->p, sizeof(v));
	v = le64toh(v);
	stops = ~v & UINT64_C(0x8080808080808080);
	if (!stops)
		return wire_varint_slow(w, out);
	w->p += (__builtin_ctzll(stops) >> 3) + 1;
	v &= stops ^ (stops - 1); /* the bytes up to the first that ends one */
	v &= UINT64_C(0x7f7f7f7f7f7f7f7f);
	v = (v & UINT64_C(0x007f007f007f007f)) |
	    (v & UINT64_C(0x7f007f007f007f00)) >> 1;
	v = (v & UINT64_C(0x00003fff00003fff)) |
	    (v & UINT64_C(0x3fff00003fff0000)) >> 2;
	v = (v & UINT64_C(0x000000000fffffff)) |
	    (v & UINT64_C(0x0fffffff00000000)) >> 4;
	*out = v;
	return true;
}

/*
 * False when the bytes end inside it, or it is longer than 64 bits. For numbers
 * of one to four bytes, whose lengths no processor foresees: without a branch
 * on them.
 */
static inline bool wire_varint_any(struct wire *w, uint64_t *out)
{
	uint32_t v, stops;

	if (wire_len(*w) < sizeof(v))
		return wire_varint_slow(w, out);
	memcpy(&v, w->p, sizeof(v));
	v = le32toh(v);
	stops = ~v & 0x80808080;
	if (!stops)
		return wire_varint_long(w, out);
	w->p += (__builtin_ctz(stops) >> 3) + 1;
	v &= (stops ^ (stops - 1)) & 0x7f7f7f7f;
	v = (v & 0x007f007f) | (v & 0x7f007f00) >> 1;
	*out = (v & 0x00003fff) | (v & 0x3fff0000) >> 2;
	return true;
}

/* The same, for numbers that mostly take one byte. */
static inline bool wire_varint(struct wire *w, uint64_t *out)
{
	if (w->p < w->end && *w->p < 128) {
		*out = *w->p++;
		return true;
	}
	return wire_varint_long(w, out);
}

static inline int64_t wire_zigzag(uint64_t v)
{
	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

/* Adds the next sint64, which is zigzag, to *sum; false also when that
 * overflows. */
static inline bool wire_delta(struct wire *w, int64_t *sum)
{
	uint64_t v;

	return wire_varint(w, &v) &&
	       !__builtin_add_overflow(*sum, wire_zigzag(v), sum);
}

static inline bool wire_delta_any(struct wire *w, int64_t *sum)
{
	uint64_t v;

	return wire_varint_any(w, &v) &&
	       !__builtin_add_overflow(*sum, wire_zigzag(v), sum);
}

/* The next field of a message: 1, 0 at its end, -1 and an error. */
int wire_next_any(struct wire *w, struct wire_field *f,
	struct err *err) MUST_USE;

/* The same; most fields are bytes or a varint behind a key of one byte. */
static inline int wire_next(struct wire *w, struct wire_field *f,
	struct err *err)
{
	struct wire at = *w;
	uint64_t v, len;
	uint8_t key;

	if (at.p == at.end)
		return 0;
	key = *at.p++;
	if (key < 8 || key > 127 || (key & 7 & ~WIRE_BYTES) ||
		!wire_varint(&at, &v))
		return wire_next_any(w, f, err);
	len = (key & 7) == WIRE_BYTES ? v : 0;
	if (len > wire_len(at))
		return wire_next_any(w, f, err);
	f->number = key >> 3;
	f->varint = v;
	f->type = (enum wire_type)(key & 7);
	f->bytes = (struct wire){at.p, at.p + len};
	w->p = at.p + len;
	return 1;
}

/* How many varints a packed field holds: its bytes below 128. */
size_t wire_count(struct wire w);

#endif
