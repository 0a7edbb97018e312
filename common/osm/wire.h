/*
 * wire.h - protobuf's wire format, read in place.
 *
 * Source: protobuf.dev, "Encoding". Every length is checked against the bytes
 * that are there.
 */
#ifndef OSM_WIRE_H
#define OSM_WIRE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes still to be read. */
struct wire {
	const uint8_t *p, *end;
};

enum wire_type { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

struct wire_field {
	uint32_t number;
	enum wire_type type;
	uint64_t varint;   /* WIRE_VARINT */
	struct wire bytes; /* WIRE_BYTES; empty for numbers */
};

static inline size_t wire_len(struct wire w)
{
	return (size_t)(w.end - w.p);
}

/* False when the bytes end inside it, or it is longer than 64 bits. */
static inline bool wire_varint(struct wire *w, uint64_t *out)
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

/* sint64: zigzag. */
static inline bool wire_sint(struct wire *w, int64_t *out)
{
	uint64_t v;

	if (!wire_varint(w, &v))
		return false;
	*out = (int64_t)(v >> 1 ^ (0 - (v & 1)));
	return true;
}

/* Adds the next sint64 to *sum; false also when that overflows. */
static inline bool wire_delta(struct wire *w, int64_t *sum)
{
	int64_t d;

	return wire_sint(w, &d) && !__builtin_add_overflow(*sum, d, sum);
}

/* The next field of a message: 1, 0 at its end, -1 and an error. */
int wire_next(struct wire *w, struct wire_field *f, struct err *err) MUST_USE;

/* How many varints a packed field holds: its bytes below 128. */
size_t wire_count(struct wire w);

#endif
