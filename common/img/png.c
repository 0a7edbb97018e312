#include "base/base.h"
#include "img/codec.h"

#include <png.h>

/* libpng's callbacks get at this through the error pointer. */
struct codec {
	png_structp png;
	png_infop info;
	struct err *err;
	const uint8_t *p; /* what is still to be read */
	size_t left;
	struct buf *out;
	uint8_t **rows; /* [height], into the image */
};

static void fail(png_structp png, const char *msg)
{
	struct codec *c = png_get_error_ptr(png);

	err_set(c->err, "PNG: %s", msg);
	png_longjmp(png, 1);
}

static void warn_nobody(png_structp png, const char *msg)
{
	(void)png;
	(void)msg;
}

static void take(png_structp png, png_bytep to, size_t len)
{
	struct codec *c = png_get_io_ptr(png);

	if (len > c->left)
		png_error(png, "it ends early");
	memcpy(to, c->p, len);
	c->p += len;
	c->left -= len;
}

/* The channels that come out. Transparent colours are alpha, too. */
static unsigned channels_of(struct codec *c, bool as_is)
{
	int type = png_get_color_type(c->png, c->info);

	if (!as_is)
		return 3;
	if (type & PNG_COLOR_MASK_ALPHA ||
		png_get_valid(c->png, c->info, PNG_INFO_tRNS))
		return 4;
	return type == PNG_COLOR_TYPE_GRAY ? 1 : 3;
}

/*
 * What Pillow's convert("RGB") does: palettes are looked up, low depths
 * spread, alpha and transparent colours forgotten (but for 4 channels), 16-bit
 * colours cut to their upper byte.
 */
static int set_up(struct codec *c, unsigned channels)
{
	int depth = png_get_bit_depth(c->png, c->info);
	int type = png_get_color_type(c->png, c->info);

	if (depth == 16 && type == PNG_COLOR_TYPE_GRAY)
		return err_set(c->err, "PNG: 16-bit grey needs a stretch to 8 "
				       "bits, which is not supported yet");
	if (type == PNG_COLOR_TYPE_PALETTE)
		png_set_palette_to_rgb(c->png);
	if (type == PNG_COLOR_TYPE_GRAY && depth < 8)
		png_set_expand_gray_1_2_4_to_8(c->png);
	if (channels == 4)
		png_set_tRNS_to_alpha(c->png);
	if (depth == 16)
		png_set_strip_16(c->png);
	if (!(type & PNG_COLOR_MASK_COLOR) && channels > 1)
		png_set_gray_to_rgb(c->png);
	/* also what png_set_palette_to_rgb() makes of transparent entries */
	if (channels < 4)
		png_set_strip_alpha(c->png);
	png_set_interlace_handling(c->png);
	png_read_update_info(c->png, c->info);
	return 0;
}

static int decode(struct codec *c, const struct image_wish *wish,
	struct image *out)
{
	size_t stride;

	if (setjmp(png_jmpbuf(c->png)))
		return -1;
	png_set_read_fn(c->png, c, take);
	/* image_alloc() holds the limits, and says so */
	png_set_user_limits(c->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	/* texts and profiles are not used; damage counts everywhere */
	png_set_keep_unknown_chunks(c->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_set_crc_action(c->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	png_set_benign_errors(c->png, 0);
	png_read_info(c->png, c->info);
	if (image_alloc(out, png_get_image_width(c->png, c->info),
		    png_get_image_height(c->png, c->info),
		    channels_of(c, wish->as_is), wish->max_pixels,
		    c->err) < 0 ||
		set_up(c, out->channels) < 0)
		return -1;
	stride = (size_t)out->width * out->channels;
	if (png_get_rowbytes(c->png, c->info) != stride)
		return err_set(c->err, "PNG: rows of an unknown kind");
	c->rows = xcalloc(out->height, sizeof(*c->rows));
	for (unsigned i = 0; i < out->height; i++)
		c->rows[i] = out->px + i * stride;
	png_read_image(c->png, c->rows);
	png_read_end(c->png, NULL);
	return 0;
}

int png_decode(const uint8_t *p, size_t len, const struct image_wish *wish,
	struct image *out, struct err *err)
{
	/* behind a pointer: what changes after setjmp must be in memory */
	struct codec *c = xcalloc(1, sizeof(*c));
	int ret = -1;

	*c = (struct codec){.err = err, .p = p, .left = len};
	c->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, c, fail,
		warn_nobody);
	if (c->png)
		c->info = png_create_info_struct(c->png);
	if (c->info)
		ret = decode(c, wish, out);
	else
		err_set(err, "PNG: libpng does not start");
	png_destroy_read_struct(&c->png, &c->info, NULL);
	free(c->rows);
	free(c);
	if (ret < 0)
		image_release(out);
	return ret;
}

static void put(png_structp png, png_bytep p, size_t len)
{
	struct codec *c = png_get_io_ptr(png);

	buf_add(c->out, p, len);
}

static void flush_nothing(png_structp png)
{
	(void)png;
}

static int encode(struct codec *c, const struct image *img)
{
	int type = img->channels == 1   ? PNG_COLOR_TYPE_GRAY
		   : img->channels == 3 ? PNG_COLOR_TYPE_RGB
					: PNG_COLOR_TYPE_RGB_ALPHA;
	size_t stride = (size_t)img->width * img->channels;

	if (setjmp(png_jmpbuf(c->png)))
		return -1;
	png_set_write_fn(c->png, c, put, flush_nothing);
	png_set_IHDR(c->png, c->info, img->width, img->height, 8, type,
		PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	png_write_info(c->png, c->info);
	for (unsigned i = 0; i < img->height; i++)
		png_write_row(c->png, img->px + stride * i);
	png_write_end(c->png, NULL);
	return 0;
}

int png_encode(const struct image *img, struct buf *out, struct err *err)
{
	struct codec *c;
	size_t start = out->len;
	int ret = -1;

	if (img->channels != 1 && img->channels != 3 && img->channels != 4)
		return err_set(err, "PNG: %u channels", img->channels);
	c = xcalloc(1, sizeof(*c));
	*c = (struct codec){.err = err, .out = out};
	c->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, c, fail,
		warn_nobody);
	if (c->png)
		c->info = png_create_info_struct(c->png);
	if (c->info)
		ret = encode(c, img);
	else
		err_set(err, "PNG: libpng does not start");
	png_destroy_write_struct(&c->png, &c->info);
	free(c);
	if (ret < 0)
		out->len = start;
	return ret;
}
