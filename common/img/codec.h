/*
 * codec.h - the formats behind image_decode(), for the files of this folder.
 */
#ifndef IMG_CODEC_H
#define IMG_CODEC_H

#include "img/img.h"

int jpeg_decode(const uint8_t *p, size_t len, struct image *out,
	struct err *err) MUST_USE;
int png_decode(const uint8_t *p, size_t len, struct image *out,
	struct err *err) MUST_USE;

/*
 * Gives an empty image its size and room for its pixels, or -1 when it is
 * larger than IMAGE_MAX_SIDE and IMAGE_MAX_PIXELS allow.
 */
int image_alloc(struct image *img, uint64_t width, uint64_t height,
	unsigned channels, struct err *err) MUST_USE;

#endif
