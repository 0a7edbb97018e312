/*
 * img.h - 8-bit images: decode, encode, resize, crop.
 *
 * Pixels are interleaved and without padding: px[row][column][channel],
 * row 0 on top. A struct image owns px; a zeroed one is empty. Functions with
 * no state: safe from any thread on different images.
 */
#ifndef IMG_IMG_H
#define IMG_IMG_H

#include <stddef.h>
#include <stdint.h>

/* Larger sides are refused before anything is allocated. */
enum { IMAGE_MAX_SIDE = 65500 };
#define IMAGE_MAX_PIXELS (UINT64_C(1) << 29)

struct image {
	uint8_t *px; /* [height, width, channels] */
	unsigned width, height;
	unsigned channels; /* 1 grey, 3 RGB, 4 RGBA */
};

void image_release(struct image *img);

/* What an encoded image says of itself. */
struct image_header {
	const char *format;     /* "jpeg", "png", "webp" or "tiff" */
	unsigned width, height; /* 0: its header is damaged */
};

/*
 * Tells the format by the first bytes and reads the size from the header (of
 * TIFF the first image's), without looking at pixels. -1 when it is no image.
 */
int image_read_header(const void *p, size_t len, struct image_header *h,
	struct err *err) MUST_USE;

/*
 * Decodes JPEG or PNG, told apart by their first bytes, to RGB as
 * Pillow's Image.open(f).convert("RGB") gives it. A body that ends early or
 * is damaged is an error, never grey pixels.
 */
int image_decode(const void *p, size_t len, struct image *out,
	struct err *err) MUST_USE;

/* Appends a baseline JPEG (1 or 3 channels), quality 1 … 100. */
int jpeg_encode(const struct image *img, unsigned quality, struct buf *out,
	struct err *err) MUST_USE;
/* Appends a PNG. */
int png_encode(const struct image *img, struct buf *out,
	struct err *err) MUST_USE;

/*
 * Resizes to width x height with the antialiased bicubic filter (a = -0.5) of
 * Pillow's Image.resize(size, BICUBIC), equal to it to the byte: fixed-point
 * weights, two passes that each round to 8 bits, the vertical one first when
 * more than twice as many rows as columns go. (So from Pillow 13.0 on; before,
 * the horizontal pass always went first, which differs in the last bits on
 * such images only.) width, height > 0; out must be empty.
 */
void image_resize_bicubic(const struct image *in, unsigned width,
	unsigned height, struct image *out);

/*
 * What open_clip and transformers do before the image tower: the shorter side
 * to `size`, the longer one in proportion (int(size * long / short)), then the
 * middle size x size pixels, offsets rounded as torchvision's centre crop does.
 * out must be empty.
 */
void image_resize_crop(const struct image *in, unsigned size,
	struct image *out);

#endif
