#include "base/base.h"
#include "img/img.h"

#include "img/codec.h"

void image_release(struct image *img)
{
	free(img->px);
	*img = (struct image){NULL, 0, 0, 0};
}

int image_alloc(struct image *img, uint64_t width, uint64_t height,
	unsigned channels, uint64_t max_pixels, struct err *err)
{
	max_pixels = MIN(max_pixels, IMAGE_MAX_PIXELS);
	if (!width || !height || width > IMAGE_MAX_SIDE ||
		height > IMAGE_MAX_SIDE || width * height > max_pixels)
		return err_set(err,
			"an image of %ju x %ju pixels is outside the limits: "
			"sides of 1 to %d, %ju pixels in all",
			(uintmax_t)width, (uintmax_t)height, IMAGE_MAX_SIDE,
			(uintmax_t)max_pixels);
	*img = (struct image){xmalloc((size_t)(width * height * channels)),
		(unsigned)width, (unsigned)height, channels};
	return 0;
}

static int decode(const uint8_t *p, size_t len, const struct image_wish *wish,
	struct image *out, struct err *err)
{
	static const char jpeg[] = "\xff\xd8\xff", png[] = "\x89PNG\r\n\x1a\n";

	*out = (struct image){NULL, 0, 0, 0};
	if (len >= 3 && !memcmp(p, jpeg, 3))
		return jpeg_decode(p, len, wish, out, err);
	if (len >= 8 && !memcmp(p, png, 8))
		return png_decode(p, len, wish, out, err);
	if (len >= 12 && !memcmp(p, "RIFF", 4) && !memcmp(p + 8, "WEBP", 4))
		return webp_decode(p, len, wish, out, err);
	return err_set(err, "neither JPEG, PNG nor WebP");
}

int image_decode(const void *p, size_t len, struct image *out, struct err *err)
{
	struct image_wish wish = {false, IMAGE_MAX_PIXELS};

	return decode(p, len, &wish, out, err);
}

int image_decode_as_is(const void *p, size_t len, uint64_t max_pixels,
	struct image *out, struct err *err)
{
	struct image_wish wish = {true, max_pixels};

	return decode(p, len, &wish, out, err);
}
