#include "base/base.h"
#include "img/codec.h"

#include "img/jpeg.h"

#include <jerror.h>

/*
 * A progressive file may repeat scans without end; each costs a pass over the
 * whole image. Encoders make about ten.
 */
enum { MAX_SCANS = 200, CMYK = 4 };

static void fail(j_common_ptr codec)
{
	struct jpeg_handler *h = (struct jpeg_handler *)codec->err;
	char text[JMSG_LENGTH_MAX];

	codec->err->format_message(codec, text);
	err_set(h->err, "JPEG: %s", text);
	longjmp(h->jump, 1);
}

/* A warning is damage that libjpeg would paint over with grey. */
static void emit(j_common_ptr codec, int level)
{
	if (level < 0)
		fail(codec);
}

static void print_nothing(j_common_ptr codec)
{
	(void)codec;
}

void jpeg_handle(struct jpeg_handler *h, struct err *err)
{
	jpeg_std_error(&h->base);
	h->base.error_exit = fail;
	h->base.emit_message = emit;
	h->base.output_message = print_nothing;
	h->err = err;
}

static void limit_scans(j_common_ptr codec)
{
	struct jpeg_handler *h = (struct jpeg_handler *)codec->err;

	if (((j_decompress_ptr)codec)->input_scan_number <= MAX_SCANS)
		return;
	err_set(h->err, "JPEG: more than %d scans", MAX_SCANS);
	longjmp(h->jump, 1);
}

void jpeg_decoder_start(struct jpeg_decoder *d)
{
	d->c.err = &d->handler.base;
	jpeg_create_decompress(&d->c);
	d->progress.progress_monitor = limit_scans;
	d->c.progress = &d->progress;
}

/* A file that is decoded. */
struct decoder {
	struct jpeg_decoder jpeg;
	uint8_t *row; /* a CMYK row */
};

/* Pillow's way: Adobe's inverted CMYK, no colour profile. */
static void cmyk_to_rgb(const uint8_t *in, uint8_t *out, unsigned width)
{
	for (unsigned i = 0; i < width; i++, in += CMYK, out += 3) {
		for (unsigned c = 0; c < 3; c++) {
			int ink = 255 - in[c], light = in[3];
			int t = ink * light + 128;

			out[c] = (uint8_t)(light - ((t + (t >> 8)) >> 8));
		}
	}
}

static void read_rows(struct decoder *d, struct image *out)
{
	struct jpeg_decompress_struct *c = &d->jpeg.c;
	size_t stride = (size_t)out->width * out->channels;
	JSAMPROW rows[JPEG_ROWS];

	while (c->output_scanline < c->output_height) {
		unsigned n = jpeg_rows(rows, out->px, stride,
			c->output_scanline, c->output_height);

		if (d->row) {
			JSAMPROW to = rows[0];

			jpeg_read_scanlines(c, &d->row, 1);
			cmyk_to_rgb(d->row, to, out->width);
		} else {
			jpeg_read_scanlines(c, rows, n);
		}
	}
	jpeg_finish_decompress(c);
}

/* The channels that an image of this many components has, 0: none. */
static unsigned set_colours(struct jpeg_decompress_struct *c, bool as_is)
{
	bool grey = c->num_components == 1 && as_is;

	if (c->num_components == CMYK)
		c->out_color_space = JCS_CMYK;
	else if (c->num_components == 3 || c->num_components == 1)
		c->out_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
	else
		return 0;
	return grey ? 1 : 3;
}

static int decode(struct decoder *d, const uint8_t *p, size_t len,
	const struct image_wish *wish, struct image *out, struct err *err)
{
	struct jpeg_decompress_struct *const c = &d->jpeg.c;
	unsigned channels;

	if (setjmp(d->jpeg.handler.jump))
		return -1;
	jpeg_decoder_start(&d->jpeg);
	jpeg_mem_src(c, p, len);
	jpeg_read_header(c, TRUE);
	channels = set_colours(c, wish->as_is);
	if (!channels)
		return err_set(err, "JPEG: %d colour components",
			c->num_components);
	if (image_alloc(out, c->image_width, c->image_height, channels,
		    wish->max_pixels, err) < 0)
		return -1;
	if (c->num_components == CMYK)
		d->row = xmalloc((size_t)out->width * CMYK);
	jpeg_start_decompress(c);
	read_rows(d, out);
	return 0;
}

int jpeg_decode(const uint8_t *p, size_t len, const struct image_wish *wish,
	struct image *out, struct err *err)
{
	/* behind a pointer: what changes after setjmp must be in memory */
	struct decoder *d = xcalloc(1, sizeof(*d));
	int ret;

	jpeg_handle(&d->jpeg.handler, err);
	ret = decode(d, p, len, wish, out, err);
	jpeg_destroy_decompress(&d->jpeg.c);
	free(d->row);
	free(d);
	if (ret < 0)
		image_release(out);
	return ret;
}
