/*
 * JPEG and PNG: what can be decoded comes back from a PNG as it is.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "img/img.h"

enum { FEW_PIXELS = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image img, again;
	struct buf png = BUF_INIT;
	struct err err = {""};
	size_t pixels;

	if (image_decode(data, size, &img, &err)) {
		HOLDS(*err.msg && !img.px);
		return 0;
	}
	pixels = (size_t)img.width * img.height;
	HOLDS(img.px && img.channels == 3 && pixels <= IMAGE_MAX_PIXELS);
	if (pixels <= FEW_PIXELS) {
		HOLDS(!png_encode(&img, &png, &err));
		HOLDS(!image_decode(png.data, png.len, &again, &err));
		HOLDS(again.width == img.width && again.height == img.height);
		HOLDS(!memcmp(again.px, img.px, 3 * pixels));
		image_release(&again);
	}
	image_release(&img);
	buf_release(&png);
	return 0;
}
