/*
 * codec.h - the formats behind image_decode(), for the files of this folder.
 */
#ifndef IMG_CODEC_H
#define IMG_CODEC_H

#include "img/img.h"

/* How a file is to be decoded. */
struct image_wish {
	bool as_is; /* 1, 3 or 4 channels as it has them, else RGB */
	uint64_t max_pixels;
};

/* out: empty, and left empty by an error */
int jpeg_decode(const uint8_t *p, size_t len, const struct image_wish *wish,
	struct image *out, struct err *err) MUST_USE;
int png_decode(const uint8_t *p, size_t len, const struct image_wish *wish,
	struct image *out, struct err *err) MUST_USE;
int webp_decode(const uint8_t *p, size_t len, const struct image_wish *wish,
	struct image *out, struct err *err) MUST_USE;

/*
 * Gives an empty image its size and room for its pixels, or -1 when it is
 * larger than IMAGE_MAX_SIDE, IMAGE_MAX_PIXELS and max_pixels allow.
 */
int image_alloc(struct image *img, uint64_t width, uint64_t height,
	unsigned channels, uint64_t max_pixels, struct err *err) MUST_USE;

#endif
