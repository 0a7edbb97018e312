/*
 * jpeg-block FILE - the pixels of a TIFF whose blocks are JPEG, decoded
 * by jpeg_block_decode(), pixel-interleaved to stdout.
 *
 * Of what there is in TIFF only what the tests make: little-endian, one
 * directory that counts, pixel-interleaved strips or tiles.
 */
#include "base/base.h"
#include "base/io.h"
#include "img/img.h"

#include <stdio.h>

enum { MAX_FILE = 64 << 20, YCBCR = 6 };
enum tag {
	WIDTH = 256,
	HEIGHT = 257,
	PHOTOMETRIC = 262,
	STRIP_AT = 273,
	CHANNELS = 277,
	STRIP_HEIGHT = 278,
	STRIP_SIZE = 279,
	TILE_WIDTH = 322,
	TILE_HEIGHT = 323,
	TILE_AT = 324,
	TILE_SIZE = 325,
	TABLES = 347
};

static uint64_t uint_at(const struct buf *b, size_t at, size_t n)
{
	uint64_t v = 0;

	if (at + n > b->len)
		abort();
	while (n--)
		v = v << 8 | (uint8_t)b->data[at + n];
	return v;
}

/* Value i of a tag; *place, if given, is where the values are. 0: no tag. */
static uint64_t value(const struct buf *b, enum tag tag, uint64_t i,
	size_t *place, size_t *count)
{
	size_t at = uint_at(b, 4, 4), n = uint_at(b, at, 2);

	for (at += 2; n--; at += 12) {
		size_t type = uint_at(b, at + 2, 2);
		size_t size = type == 3 ? 2 : type == 4 ? 4 : 1;
		size_t len = uint_at(b, at + 4, 4);
		size_t where = at + 8;

		if (uint_at(b, at, 2) != tag)
			continue;
		if (len * size > 4)
			where = uint_at(b, where, 4);
		if (place)
			*place = where;
		if (count)
			*count = len;
		return uint_at(b, where + i * size, size);
	}
	return 0;
}

/* Puts what is inside the picture where it belongs. */
static void paste(const struct image *block, struct image *out, unsigned x,
	unsigned y)
{
	size_t n = out->channels;
	size_t width = MIN(block->width, out->width - x);

	for (unsigned i = 0; i < block->height && y + i < out->height; i++)
		memcpy(out->px + ((size_t)(y + i) * out->width + x) * n,
			block->px + (size_t)i * block->width * n, width * n);
}

static int decode(const struct buf *b, struct image *out, struct err *err)
{
	struct jpeg_codec *codec = jpeg_codec_new();
	bool tiled = value(b, TILE_AT, 0, NULL, NULL) != 0;
	unsigned width =
		(unsigned)value(b, tiled ? TILE_WIDTH : WIDTH, 0, NULL, NULL);
	unsigned height = (unsigned)value(b, tiled ? TILE_HEIGHT : STRIP_HEIGHT,
		0, NULL, NULL);
	struct jpeg_block block = {.width = width,
		.channels = out->channels,
		.ycc = value(b, PHOTOMETRIC, 0, NULL, NULL) == YCBCR};
	size_t tables_at = 0;
	uint64_t i = 0;
	int rc = 0;

	value(b, TABLES, 0, &tables_at, &block.ntables);
	if (tables_at)
		block.tables = (const uint8_t *)b->data + tables_at;
	for (unsigned y = 0; y < out->height && !rc; y += height)
		for (unsigned x = 0; x < out->width && !rc; x += width, i++) {
			size_t at = value(b, tiled ? TILE_AT : STRIP_AT, i,
				NULL, NULL);
			size_t len = value(b, tiled ? TILE_SIZE : STRIP_SIZE, i,
				NULL, NULL);
			struct image px = {0};

			block.height =
				tiled ? height : MIN(height, out->height - y);
			rc = jpeg_block_decode(codec, &block, b->data + at, len,
				&px, err);
			if (!rc)
				paste(&px, out, x, y);
			image_release(&px);
		}
	jpeg_codec_free(codec);
	return rc;
}

int main(int argc, char **argv)
{
	struct buf b = BUF_INIT;
	struct image out = {0};
	struct err err;
	size_t n;
	int rc;

	if (argc != 2 || load_file(argv[1], MAX_FILE, &b, &err))
		return 2;
	out.width = (unsigned)value(&b, WIDTH, 0, NULL, NULL);
	out.height = (unsigned)value(&b, HEIGHT, 0, NULL, NULL);
	out.channels = (unsigned)value(&b, CHANNELS, 0, NULL, NULL);
	n = (size_t)out.width * out.height * out.channels;
	out.px = xcalloc(n, 1);
	rc = decode(&b, &out, &err);
	if (rc)
		fprintf(stderr, "%s\n", err.msg);
	else if (fwrite(out.px, 1, n, stdout) != n)
		rc = 1;
	image_release(&out);
	buf_release(&b);
	return rc ? 1 : 0;
}
