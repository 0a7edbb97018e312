/*
 * pbf-make.h - protobuf messages and PBF files, written byte by byte.
 *
 * Packed blobs hold their bytes as they are (RFC 1951, 3.2.4; RFC 8878,
 * 3.1.1.2.2; literals of LZ4's block format), so that no packer is needed.
 */
#ifndef TESTS_PBF_MAKE_H
#define TESTS_PBF_MAKE_H

#include "base/base.h"

static inline void put_varint(struct buf *b, uint64_t v)
{
	for (; v > 127; v >>= 7)
		buf_addc(b, (char)(v | 128));
	buf_addc(b, (char)v);
}

static inline uint64_t zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

static inline void put_number(struct buf *b, unsigned field, uint64_t v)
{
	put_varint(b, (uint64_t)field << 3);
	put_varint(b, v);
}

static inline void put_bytes(struct buf *b, unsigned field, const void *p,
	size_t len)
{
	put_varint(b, (uint64_t)field << 3 | 2);
	put_varint(b, len);
	buf_add(b, p, len);
}

static inline void put_text(struct buf *b, unsigned field, const char *s)
{
	put_bytes(b, field, s, strlen(s));
}

/* A message within a message; empties the inner one. */
static inline void put_message(struct buf *b, unsigned field, struct buf *inner)
{
	put_bytes(b, field, inner->data, inner->len);
	buf_reset(inner);
}

/* Packed numbers as they are, and as zigzag differences. */
static inline void put_packed(struct buf *b, unsigned field, const uint64_t *v,
	size_t n)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		put_varint(&list, v[i]);
	put_message(b, field, &list);
	buf_release(&list);
}

static inline void put_deltas(struct buf *b, unsigned field, const int64_t *v,
	size_t n)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		put_varint(&list, zigzag(v[i] - (i ? v[i - 1] : 0)));
	put_message(b, field, &list);
	buf_release(&list);
}

static inline void put_big_endian(struct buf *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_addc(b, (char)(v >> shift));
}

/* At most 65,535 bytes as a zlib stream of one stored block. */
static inline void put_stored(struct buf *b, const struct buf *content)
{
	uint32_t low = 1, high = 0;
	uint16_t len = (uint16_t)content->len;

	buf_add(b, "\x78\x01\x01", 3);
	buf_addc(b, (char)len);
	buf_addc(b, (char)(len >> 8));
	buf_addc(b, (char)~len);
	buf_addc(b, (char)(~len >> 8));
	buf_add(b, content->data, content->len);
	for (size_t i = 0; i < content->len; i++) {
		low = (low + (uint8_t)content->data[i]) % 65521;
		high = (high + low) % 65521;
	}
	put_big_endian(b, high << 16 | low);
}

static inline void put_literals(struct buf *b, const struct buf *content)
{
	size_t rest = content->len - MIN(content->len, 15);

	buf_addc(b, (char)(MIN(content->len, 15) << 4));
	if (content->len >= 15) {
		for (; rest >= 255; rest -= 255)
			buf_addc(b, (char)255);
		buf_addc(b, (char)rest);
	}
	buf_add(b, content->data, content->len);
}

/* At most 65,535 bytes as a frame of one raw block, the last. */
static inline void put_zstd(struct buf *b, const struct buf *content)
{
	buf_add(b, "\x28\xb5\x2f\xfd\xa0", 5);
	for (int shift = 0; shift < 32; shift += 8)
		buf_addc(b, (char)(content->len >> shift));
	for (int shift = 0; shift < 24; shift += 8)
		buf_addc(b, (char)((content->len << 3 | 1) >> shift));
	buf_add(b, content->data, content->len);
}

/* The framing of a blob around the bytes of a Blob message. */
static inline void put_framed(struct buf *file, const char *type,
	const struct buf *blob)
{
	struct buf head = BUF_INIT;

	put_text(&head, 1, type);
	put_number(&head, 3, blob->len);
	put_big_endian(file, (uint32_t)head.len);
	buf_add(file, head.data, head.len);
	buf_add(file, blob->data, blob->len);
	buf_release(&head);
}

/* The field of a Blob that holds the data. */
enum packing { RAW = 1, ZLIB = 3, LZ4 = 6, ZSTD = 7 };

/* A blob with this content, which is emptied. */
static inline void put_blob(struct buf *file, const char *type,
	enum packing packing, struct buf *content)
{
	struct buf blob = BUF_INIT, data = BUF_INIT;

	if (packing == RAW)
		buf_add(&data, content->data, content->len);
	else
		put_number(&blob, 2, content->len);
	if (packing == ZLIB)
		put_stored(&data, content);
	if (packing == LZ4)
		put_literals(&data, content);
	if (packing == ZSTD)
		put_zstd(&data, content);
	put_message(&blob, packing, &data);
	put_framed(file, type, &blob);
	buf_reset(content);
	buf_release(&data);
	buf_release(&blob);
}

/* An OSMHeader that requires one feature more than usual, unless NULL. */
static inline void put_header(struct buf *file, const char *feature)
{
	struct buf header = BUF_INIT;

	put_text(&header, 4, "OsmSchema-V0.6");
	put_text(&header, 4, "DenseNodes");
	if (feature)
		put_text(&header, 4, feature);
	put_text(&header, 5, "Whatever-Is-Optional");
	put_blob(file, "OSMHeader", ZLIB, &header);
	buf_release(&header);
}

#endif
