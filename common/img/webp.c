#include "base/base.h"
#include "img/codec.h"

#include <webp/decode.h>
#include <webp/encode.h>

/* RFC 9649, section 2.4: "RIFF", the size of the rest, "WEBP". */
enum { SIZE_AT = 4, SIZE_END = 8 };

/* Bytes that the file has lost at its end: libwebp minds only some. */
static bool ends_early(const uint8_t *p, size_t len)
{
	uint64_t rest = 0;

	for (int i = SIZE_END - 1; i >= SIZE_AT; i--)
		rest = rest << 8 | p[i];
	return rest > len - SIZE_END;
}

int webp_decode(const uint8_t *p, size_t len, const struct image_wish *wish,
	struct image *out, struct err *err)
{
	WebPBitstreamFeatures f;
	size_t stride, size;
	uint8_t *done;

	if (len < SIZE_END || ends_early(p, len))
		return err_set(err, "WebP: it ends early");
	if (WebPGetFeatures(p, len, &f) != VP8_STATUS_OK)
		return err_set(err, "WebP: its header is damaged");
	if (f.has_animation)
		return err_set(err,
			"WebP: an animation, of which no picture is taken");
	if (image_alloc(out, (uint64_t)f.width, (uint64_t)f.height,
		    wish->as_is && f.has_alpha ? 4 : 3, wish->max_pixels,
		    err) < 0)
		return -1;
	stride = (size_t)out->width * out->channels;
	size = stride * out->height;
	if (out->channels == 4)
		done = WebPDecodeRGBAInto(p, len, out->px, size, (int)stride);
	else
		done = WebPDecodeRGBInto(p, len, out->px, size, (int)stride);
	if (!done) {
		image_release(out);
		return err_set(err, "WebP: its pixels are damaged");
	}
	return 0;
}

static int put(const uint8_t *p, size_t len, const WebPPicture *picture)
{
	buf_add(picture->custom_ptr, p, len);
	return 1;
}

/* libwebp takes no grey. */
static uint8_t *grey_to_rgb(const struct image *img)
{
	size_t n = (size_t)img->width * img->height;
	uint8_t *rgb = xcalloc(n, 3);

	for (size_t i = 0; i < n; i++)
		memset(rgb + 3 * i, img->px[i], 3);
	return rgb;
}

static bool import(WebPPicture *picture, const struct image *img)
{
	int stride = (int)(img->width * img->channels);
	uint8_t *rgb;
	bool done;

	if (img->channels == 4)
		return WebPPictureImportRGBA(picture, img->px, stride);
	if (img->channels == 3)
		return WebPPictureImportRGB(picture, img->px, stride);
	rgb = grey_to_rgb(img);
	done = WebPPictureImportRGB(picture, rgb, stride * 3);
	free(rgb);
	return done;
}

int webp_encode(const struct image *img, unsigned quality, struct buf *out,
	struct err *err)
{
	size_t start = out->len;
	WebPPicture picture;
	WebPConfig config;
	bool done;

	if (img->channels != 1 && img->channels != 3 && img->channels != 4)
		return err_set(err, "WebP: %u channels", img->channels);
	if (!img->width || !img->height || img->width > WEBP_MAX_DIMENSION ||
		img->height > WEBP_MAX_DIMENSION)
		return err_set(err,
			"WebP: %u x %u pixels, and sides are 1 to %d: "
			"write another format",
			img->width, img->height, WEBP_MAX_DIMENSION);
	if (!WebPConfigInit(&config) || !WebPPictureInit(&picture))
		return err_set(err, "WebP: libwebp does not start");
	if (quality)
		config.quality = (float)quality;
	/* what is transparent keeps its colour */
	config.lossless = config.exact = picture.use_argb = !quality;
	picture.width = (int)img->width;
	picture.height = (int)img->height;
	picture.writer = put;
	picture.custom_ptr = out;
	done = import(&picture, img) && WebPEncode(&config, &picture);
	if (!done) {
		out->len = start;
		err_set(err, "WebP: libwebp's error %d",
			(int)picture.error_code);
	}
	WebPPictureFree(&picture);
	return done ? 0 : -1;
}
