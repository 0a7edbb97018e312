/*
 * JPEG, PNG and WebP: what can be decoded comes back from a PNG as it is. JPEG
 * also as a block of a TIFF, tables apart: "tables, EOI, SOI, block".
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "img/img.h"

/* Files of a few bytes may claim what takes seconds, and finds no more. */
enum { FEW_PIXELS = 1 << 16, MANY_PIXELS = 1 << 24 };

static size_t bytes_of(const struct image *img)
{
	return (size_t)img->width * img->height * img->channels;
}

static void check_png(const struct image *img)
{
	struct buf png = BUF_INIT;
	struct image again;
	struct err err;

	HOLDS(!png_encode(img, &png, &err));
	HOLDS(!image_decode_as_is(png.data, png.len,
		(uint64_t)img->width * img->height, &again, &err));
	HOLDS(again.width == img->width && again.height == img->height);
	HOLDS(again.channels == img->channels);
	HOLDS(!memcmp(again.px, img->px, bytes_of(img)));
	image_release(&again);
	buf_release(&png);
}

/* One file decoded both ways: they differ in grey and alpha only. */
static void check_same(const struct image *rgb, const struct image *own)
{
	size_t step = own->channels, n = bytes_of(rgb);

	HOLDS(own->width == rgb->width && own->height == rgb->height);
	for (size_t i = 0; i < n; i++) {
		size_t c = step == 1 ? 0 : i % 3;

		HOLDS(rgb->px[i] == own->px[i / 3 * step + c]);
	}
}

static void fuzz_file_of(const uint8_t *data, size_t size)
{
	struct image rgb, own;
	struct image_header h;
	struct err err = {""};

	if (!image_read_header(data, size, &h, &err) &&
		(uint64_t)h.width * h.height > MANY_PIXELS)
		return;
	if (image_decode(data, size, &rgb, &err))
		HOLDS(*err.msg && !rgb.px);
	else
		HOLDS(rgb.px && rgb.channels == 3);
	err.msg[0] = '\0';
	if (image_decode_as_is(data, size, FEW_PIXELS, &own, &err)) {
		HOLDS(*err.msg && !own.px);
	} else {
		HOLDS(own.px && own.width * own.height <= FEW_PIXELS);
		HOLDS(own.channels == 1 || own.channels == 3 ||
			own.channels == 4);
		check_png(&own);
		if (rgb.px)
			check_same(&rgb, &own);
	}
	image_release(&rgb);
	image_release(&own);
}

/* The codec that is kept gives what a new one gives. */
static void check_encode(struct jpeg_codec *codec, const struct image *img)
{
	struct buf kept = BUF_INIT, fresh = BUF_INIT;
	struct err err;

	if (img->channels == 4)
		return;
	HOLDS(!jpeg_encode(img, 50, &fresh, &err));
	HOLDS(!jpeg_codec_encode(codec, img->px,
		(size_t)img->width * img->channels, img->width, img->height,
		img->channels, 50, &kept, &err));
	HOLDS(kept.len == fresh.len &&
		!memcmp(kept.data, fresh.data, kept.len));
	buf_release(&kept);
	buf_release(&fresh);
}

static void fuzz_block(const uint8_t *data, size_t size)
{
	static const uint8_t seam[4] = {0xff, 0xd9, 0xff, 0xd8};
	struct jpeg_block b = {NULL, 0, 0, 0, 0, false};
	const uint8_t *at = memmem(data, size, seam, sizeof(seam));
	struct jpeg_codec *codec;
	struct image_header h;
	struct err err = {""};

	if (at) {
		b.ntables = (size_t)(at - data) + 2;
		b.tables = data;
		data += b.ntables;
		size -= b.ntables;
	}
	if (image_read_header(data, size, &h, &err) ||
		(uint64_t)h.width * h.height > FEW_PIXELS)
		return;
	b.width = h.width;
	b.height = h.height;
	codec = jpeg_codec_new();
	for (int way = 0; way < 4; way++) {
		struct image out = {NULL, 0, 0, 0};

		b.channels = way == 0 ? 1 : way == 3 ? 4 : 3;
		b.ycc = way == 2;
		err.msg[0] = '\0';
		if (jpeg_block_decode(codec, &b, data, size, &out, &err)) {
			HOLDS(*err.msg && !out.px);
			continue;
		}
		HOLDS(out.px && out.width == b.width &&
			out.height == b.height && out.channels == b.channels);
		check_encode(codec, &out);
		image_release(&out);
	}
	jpeg_codec_free(codec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_file_of(data, size);
	fuzz_block(data, size);
	return 0;
}
