#include "base/base.h"
#include "img/img.h"

#include "img/codec.h"

void image_release(struct image *img)
{
	free(img->px);
	*img = (struct image){NULL, 0, 0, 0};
}

int image_alloc(struct image *img, uint64_t width, uint64_t height,
	unsigned channels, struct err *err)
{
	if (!width || !height || width > IMAGE_MAX_SIDE ||
		height > IMAGE_MAX_SIDE || width * height > IMAGE_MAX_PIXELS)
		return err_set(err,
			"an image of %ju x %ju pixels is outside the limits: "
			"sides of 1 to %d, %ju pixels in all",
			(uintmax_t)width, (uintmax_t)height, IMAGE_MAX_SIDE,
			(uintmax_t)IMAGE_MAX_PIXELS);
	*img = (struct image){xmalloc((size_t)(width * height * channels)),
		(unsigned)width, (unsigned)height, channels};
	return 0;
}

int image_decode(const void *p, size_t len, struct image *out, struct err *err)
{
	static const uint8_t png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a,
		'\n'};
	static const uint8_t jpeg[3] = {0xff, 0xd8, 0xff};

	*out = (struct image){NULL, 0, 0, 0};
	if (len >= sizeof(jpeg) && !memcmp(p, jpeg, sizeof(jpeg)))
		return jpeg_decode(p, len, out, err);
	if (len >= sizeof(png) && !memcmp(p, png, sizeof(png)))
		return png_decode(p, len, out, err);
	return err_set(err, "neither JPEG nor PNG");
}
