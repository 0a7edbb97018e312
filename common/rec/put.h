/*
 * put.h - msgpack values written to room that is there, for records made by
 * the million; else pack.h. Each function returns where it stopped, and gives
 * the shortest form.
 *
 * Source: the msgpack specification, "Formats".
 */
#ifndef REC_PUT_H
#define REC_PUT_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* Room that a value may need beyond its own bytes, and bytes that may be read
 * behind a string. */
enum { PUT_SLACK = 32 };

static inline uint8_t *put_be16(uint8_t *p, uint16_t v)
{
	v = htobe16(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
}

static inline uint8_t *put_be32(uint8_t *p, uint32_t v)
{
	v = htobe32(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
}

static inline uint8_t *put_be64(uint8_t *p, uint64_t v)
{
	v = htobe64(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
}

/* `fixed` is the format's byte for sizes up to `most`; 16 bits begin at wide.
 */
static inline uint8_t *put_size(uint8_t *p, size_t n, uint8_t fixed,
	size_t most, uint8_t wide)
{
	if (n <= most) {
		*p++ = (uint8_t)(fixed | n);
		return p;
	}
	if (n <= UINT16_MAX) {
		*p++ = wide;
		return put_be16(p, (uint16_t)n);
	}
	*p++ = (uint8_t)(wide + 1);
	return put_be32(p, (uint32_t)n);
}

static inline uint8_t *put_map(uint8_t *p, size_t n)
{
	return put_size(p, n, 0x80, 15, 0xde);
}

/* A short string is copied as PUT_SLACK bytes. */
static inline uint8_t *put_str(uint8_t *p, const char *s, size_t len)
{
	if (len < 32) {
		*p++ = (uint8_t)(0xa0 | len);
		memcpy(p, s, PUT_SLACK);
		return p + len;
	}
	if (len <= UINT8_MAX) {
		*p++ = 0xd9;
		*p++ = (uint8_t)len;
	} else {
		p = put_size(p, len, 0, 0, 0xda);
	}
	memcpy(p, s, len);
	return p + len;
}

/* Bytes as they are: a key whose form is known. */
static inline uint8_t *put_bytes(uint8_t *p, const void *s, size_t len)
{
	memcpy(p, s, len);
	return p + len;
}

/* A key in its form, length in front, as what put_bytes() takes. */
#define PUT_KEY(form) (form), sizeof(form) - 1

static inline uint8_t *put_f64(uint8_t *p, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	*p++ = 0xcb;
	return put_be64(p, bits);
}

static inline uint8_t *put_u64(uint8_t *p, uint64_t v)
{
	if (v < 128) {
		*p++ = (uint8_t)v;
		return p;
	}
	if (v <= UINT8_MAX) {
		*p++ = 0xcc;
		*p++ = (uint8_t)v;
		return p;
	}
	if (v <= UINT16_MAX) {
		*p++ = 0xcd;
		return put_be16(p, (uint16_t)v);
	}
	if (v <= UINT32_MAX) {
		*p++ = 0xce;
		return put_be32(p, (uint32_t)v);
	}
	*p++ = 0xcf;
	return put_be64(p, v);
}

static inline uint8_t *put_bin(uint8_t *p, const void *s, size_t len)
{
	if (len <= UINT8_MAX) {
		*p++ = 0xc4;
		*p++ = (uint8_t)len;
	} else {
		p = put_size(p, len, 0, 0, 0xc5);
	}
	return put_bytes(p, s, len);
}

#endif
