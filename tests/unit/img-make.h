/*
 * img-make.h - pictures, and PNG and JPEG files of kinds that we do not write,
 * for tests. A program need not use them all.
 */
#ifndef TESTS_IMG_MAKE_H
#define TESTS_IMG_MAKE_H

#include "img/img.h"

/* A picture with edges and gradients. */
static inline struct image picture(unsigned width, unsigned height,
	unsigned channels)
{
	struct image img = {xmalloc((size_t)width * height * channels), width,
		height, channels};
	size_t i = 0;

	for (unsigned y = 0; y < height; y++)
		for (unsigned x = 0; x < width; x++)
			for (unsigned c = 0; c < channels; c++)
				img.px[i++] =
					(uint8_t)(x + y + c * 10 +
						  (x / 8 + y / 8) % 2 * 60);
	return img;
}

static inline void add_be(struct buf *b, uint32_t v, unsigned bytes)
{
	while (bytes--)
		buf_addc(b, (char)(v >> 8 * bytes & 0xff));
}

/* A chunk of a PNG: length, type, data, CRC-32 (ISO 3309). */
static inline void add_chunk(struct buf *b, const char *type,
	const struct buf *data)
{
	uint32_t crc = 0xffffffff;
	size_t start = b->len + 4;

	add_be(b, (uint32_t)data->len, 4);
	buf_adds(b, type);
	buf_add(b, data->data, data->len);
	for (size_t i = start; i < b->len; i++) {
		crc ^= (uint8_t)b->data[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	add_be(b, ~crc, 4);
}

/* Rows, each with its filter byte, as one stored block of a zlib stream. */
static inline void add_stored(struct buf *b, const char *rows, size_t len)
{
	uint32_t s1 = 1, s2 = 0;

	buf_add(b, "\x78\x01\x01", 3);
	buf_addc(b, (char)(len & 0xff));
	buf_addc(b, (char)(len >> 8));
	buf_addc(b, (char)(~len & 0xff));
	buf_addc(b, (char)(~len >> 8 & 0xff));
	buf_add(b, rows, len);
	for (size_t i = 0; i < len; i++) {
		s1 = (s1 + (uint8_t)rows[i]) % 65521;
		s2 = (s2 + s1) % 65521;
	}
	add_be(b, s2 << 16 | s1, 4);
}

struct png_parts {
	uint32_t width, height;
	uint8_t depth, type;
	const char *palette, *trns, *rows; /* NULL: no such chunk */
	size_t palette_len, trns_len, rows_len;
};

static inline void make_png(const struct png_parts *p, struct buf *b)
{
	struct buf part = BUF_INIT;

	buf_reset(b);
	buf_add(b, "\x89PNG\r\n\x1a\n", 8);
	add_be(&part, p->width, 4);
	add_be(&part, p->height, 4);
	add_be(&part, p->depth, 1);
	add_be(&part, p->type, 1);
	add_be(&part, 0, 3);
	add_chunk(b, "IHDR", &part);
	buf_reset(&part);
	if (p->palette) {
		buf_add(&part, p->palette, p->palette_len);
		add_chunk(b, "PLTE", &part);
		buf_reset(&part);
	}
	if (p->trns) {
		buf_add(&part, p->trns, p->trns_len);
		add_chunk(b, "tRNS", &part);
		buf_reset(&part);
	}
	add_stored(&part, p->rows, p->rows_len);
	add_chunk(b, "IDAT", &part);
	buf_reset(&part);
	add_chunk(b, "IEND", &part);
	buf_release(&part);
}

/*
 * A baseline JPEG of 8 x 8 pixels, each component one value: 128 + d, with
 * 64 <= |d| < 128. One Huffman code, 0, in each table: "7 bits follow" for DC,
 * "end of block" for AC. Step 8 makes a DC difference of d a change of d.
 */
static inline void make_jpeg(const uint8_t *values, unsigned n, uint32_t side,
	struct buf *b)
{
	uint64_t bits = 0;
	unsigned nbits = 0;

	buf_reset(b);
	/* SOI; APP14 "Adobe", transform 0: components are stored as they are */
	buf_add(b, "\xff\xd8\xff\xee\0\16Adobe\0\144\0\0\0\0\0", 18);
	buf_add(b, "\xff\xdb\0\103\0", 5);
	for (int i = 0; i < 64; i++)
		buf_addc(b, 8);
	buf_add(b, "\xff\xc0", 2);
	add_be(b, 8 + 3 * n, 2);
	add_be(b, 8, 1);
	add_be(b, side, 2);
	add_be(b, side, 2);
	add_be(b, n, 1);
	for (unsigned i = 0; i < n; i++)
		add_be(b, (i + 1) << 16 | 0x1100, 3);
	for (int ac = 0; ac < 2; ac++) {
		buf_add(b, "\xff\xc4\0\24", 4);
		add_be(b, ac ? 0x10 : 0, 1);
		buf_add(b, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
		add_be(b, ac ? 0 : 7, 1);
	}
	buf_add(b, "\xff\xda", 2);
	add_be(b, 6 + 2 * n, 2);
	add_be(b, n, 1);
	for (unsigned i = 0; i < n; i++)
		add_be(b, (i + 1) << 8, 2);
	add_be(b, 0x003f00, 3);
	for (unsigned i = 0; i < n; i++) {
		int d = values[i] - 128;

		bits = bits << 9 | (uint64_t)((d < 0 ? d - 1 : d) & 127) << 1;
		nbits += 9;
	}
	for (; nbits % 8; nbits++)
		bits = bits << 1 | 1;
	while (nbits) {
		nbits -= 8;
		add_be(b, (uint32_t)(bits >> nbits) & 0xff, 1);
		if ((bits >> nbits & 0xff) == 0xff)
			add_be(b, 0, 1);
	}
	buf_add(b, "\xff\xd9", 2);
}

#endif
