/*
 * img.h - 8-bit images: decode, encode, resize, crop, look at.
 *
 * Pixels are interleaved and without padding: px[row][column][channel],
 * row 0 on top. A struct image owns px; a zeroed one is empty. Functions with
 * no state: safe from any thread on different images; a struct jpeg_codec is
 * for one thread at a time.
 */
#ifndef IMG_IMG_H
#define IMG_IMG_H

#include <stdbool.h>
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
 * Decodes JPEG, PNG or WebP, told apart by their first bytes, to RGB as
 * Pillow's Image.open(f).convert("RGB") gives it (alpha is dropped). A body
 * that ends early or is damaged is an error, never grey pixels, and so is a
 * WebP that moves. After an error `out` is empty.
 */
int image_decode(const void *p, size_t len, struct image *out,
	struct err *err) MUST_USE;
/*
 * The same, as the file has it: 1, 3 or 4 channels. Grey with alpha is 4, and
 * so is a PNG with a transparent colour; CMYK is 3, a palette what is in it. -1
 * also for more than max_pixels, before anything is allocated for them.
 */
int image_decode_as_is(const void *p, size_t len, uint64_t max_pixels,
	struct image *out, struct err *err) MUST_USE;

/*
 * A block of a TIFF that is compressed as JPEG (TIFF technical note 2): an
 * abbreviated stream whose tables (NULL: none) stand elsewhere. ycc: its three
 * channels are YCbCr, to be given as RGB; else channels are as they stand.
 * Size and channels must be those that the TIFF's tags say. The pixels are
 * libtiff's to the byte, but its warnings of damage are errors here, and a
 * block that ends without its EOI marker, too.
 */
struct jpeg_block {
	const uint8_t *tables; /* [ntables], the value of tag JPEGTables */
	size_t ntables;
	unsigned width, height; /* of a strip: with the rows it has */
	unsigned channels;      /* 1, 3 or 4 */
	bool ycc;
};
/* Room that one thread decodes and encodes with, kept between calls. */
struct jpeg_codec;
struct jpeg_codec *jpeg_codec_new(void);
void jpeg_codec_free(struct jpeg_codec *c);
/*
 * out: empty, or of this size and channels, and filled anew. After an error it
 * is empty again, or its pixels are anything.
 */
int jpeg_block_decode(struct jpeg_codec *c, const struct jpeg_block *b,
	const void *p, size_t len, struct image *out, struct err *err) MUST_USE;
/*
 * As jpeg_encode(), the same bytes; appends. The pixels may lie in a larger
 * picture: `stride` bytes from row to row.
 */
int jpeg_codec_encode(struct jpeg_codec *c, const uint8_t *px, size_t stride,
	unsigned width, unsigned height, unsigned channels, unsigned quality,
	struct buf *out, struct err *err) MUST_USE;

/*
 * A block as it is inside the JPEG, where that is 4:2:0: brightness [height,
 * width], then Cb and Cr [height / 2, width / 2], one behind the other, in an
 * image of one channel and 3/2 the rows; sides are multiples of 16. Neither is
 * upsampled nor turned into RGB, which takes a third of the time and brings
 * rounding of its own. out: empty. 1: it is no such block.
 */
int jpeg_block_planes(struct jpeg_codec *c, const struct jpeg_block *b,
	const void *p, size_t len, struct image *out, struct err *err) MUST_USE;
/*
 * Appends a JPEG as jpeg_codec_encode() does of the upper left width x height
 * pixels of such planes, which are no larger than they must be.
 */
int jpeg_planes_encode(struct jpeg_codec *c, const struct image *planes,
	unsigned width, unsigned height, unsigned quality, struct buf *out,
	struct err *err) MUST_USE;
/* Appends a baseline JPEG (1 or 3 channels), quality 1 … 100. */
int jpeg_encode(const struct image *img, unsigned quality, struct buf *out,
	struct err *err) MUST_USE;
/* Appends a PNG. */
int png_encode(const struct image *img, struct buf *out,
	struct err *err) MUST_USE;

/*
 * Appends a WebP of 1 (as RGB), 3 or 4 channels and sides of at most 16383:
 * with loss at quality 1 … 100, or without any (0).
 */
int webp_encode(const struct image *img, unsigned quality, struct buf *out,
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
 * The same of a part of the picture, as Pillow's resize(size, BICUBIC, box):
 * box is left, upper, right, lower in pixels, fractions too, inside the image
 * and not empty; they are rounded to floats, as Pillow's are. (Both: channels
 * are resized as they stand, where Pillow first multiplies RGB by alpha.)
 */
void image_resize_box(const struct image *in, const double box[4],
	unsigned width, unsigned height, struct image *out);

/* What a picture looks like, for rules that set poor ones aside. */
struct image_looks {
	bool blank;    /* all pixels have one colour */
	double mean;   /* of the brightness (ITU-R BT.601 luma), 0 to 1 */
	double clouds; /* share of pixels that are bright and nearly without
			* colour: every channel at least 200 of 255, and at
			* most 30 between the highest and the lowest */
};
/*
 * Of 1 or 3 channels (of 4, alpha does not count). mask is NULL, or [height,
 * width] with 0 where there is no picture: those pixels do not count; without
 * any pixel it is blank, of mean 0.
 */
struct image_looks image_look(const struct image *img, const uint8_t *mask);

/*
 * What open_clip and transformers do before the image tower: the shorter side
 * to `size`, the longer one in proportion (int(size * long / short)), then the
 * middle size x size pixels, offsets rounded as torchvision's centre crop does.
 * out must be empty.
 */
void image_resize_crop(const struct image *in, unsigned size,
	struct image *out);

#endif
