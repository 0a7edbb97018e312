#include "base/base.h"
#include "img/codec.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

/*
 * A progressive file may repeat scans without end; each costs a pass over the
 * whole image. Encoders make about ten.
 */
enum { MAX_SCANS = 200, CMYK = 4 };

/* libjpeg calls back with these; errors and warnings leave through `jump`. */
struct handler {
	struct jpeg_error_mgr base;
	jmp_buf jump;
	struct err *err;
};

static void fail(j_common_ptr codec)
{
	struct handler *h = (struct handler *)codec->err;
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

static void handle(struct handler *h, struct err *err)
{
	jpeg_std_error(&h->base);
	h->base.error_exit = fail;
	h->base.emit_message = emit;
	h->base.output_message = print_nothing;
	h->err = err;
}

struct decoder {
	struct jpeg_decompress_struct c;
	struct handler handler;
	struct jpeg_progress_mgr progress;
	uint8_t *row; /* a CMYK row */
};

static void limit_scans(j_common_ptr codec)
{
	struct handler *h = (struct handler *)codec->err;

	if (((j_decompress_ptr)codec)->input_scan_number <= MAX_SCANS)
		return;
	err_set(h->err, "JPEG: more than %d scans", MAX_SCANS);
	longjmp(h->jump, 1);
}

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
	size_t stride = (size_t)out->width * 3;

	while (d->c.output_scanline < d->c.output_height) {
		uint8_t *to = out->px + stride * d->c.output_scanline;
		JSAMPROW row = d->row ? d->row : to;

		jpeg_read_scanlines(&d->c, &row, 1);
		if (d->row)
			cmyk_to_rgb(d->row, to, out->width);
	}
	jpeg_finish_decompress(&d->c);
}

static int decode(struct decoder *d, const uint8_t *p, size_t len,
	struct image *out, struct err *err)
{
	if (setjmp(d->handler.jump))
		return -1;
	jpeg_create_decompress(&d->c);
	d->progress.progress_monitor = limit_scans;
	d->c.progress = &d->progress;
	jpeg_mem_src(&d->c, p, len);
	jpeg_read_header(&d->c, TRUE);
	if (d->c.num_components == CMYK)
		d->c.out_color_space = JCS_CMYK;
	else if (d->c.num_components == 3 || d->c.num_components == 1)
		d->c.out_color_space = JCS_RGB;
	else
		return err_set(err, "JPEG: %d colour components",
			d->c.num_components);
	if (image_alloc(out, d->c.image_width, d->c.image_height, 3, err) < 0)
		return -1;
	if (d->c.num_components == CMYK)
		d->row = xmalloc((size_t)out->width * CMYK);
	jpeg_start_decompress(&d->c);
	read_rows(d, out);
	return 0;
}

int jpeg_decode(const uint8_t *p, size_t len, struct image *out,
	struct err *err)
{
	/* behind a pointer: what changes after setjmp must be in memory */
	struct decoder *d = xcalloc(1, sizeof(*d));
	int ret;

	d->c.err = &d->handler.base;
	handle(&d->handler, err);
	ret = decode(d, p, len, out, err);
	jpeg_destroy_decompress(&d->c);
	free(d->row);
	free(d);
	if (ret < 0)
		image_release(out);
	return ret;
}

/* Writes straight into a buf: libjpeg's own memory writer leaks on errors. */
struct writer {
	struct jpeg_destination_mgr base;
	struct buf *out;
};

enum { WRITE_STEP = 64 * 1024 };

static void more_room(j_compress_ptr c)
{
	struct writer *w = (struct writer *)c->dest;

	buf_reserve(w->out, WRITE_STEP);
	w->base.next_output_byte = (JOCTET *)w->out->data + w->out->len;
	w->base.free_in_buffer = WRITE_STEP;
}

static boolean room_is_full(j_compress_ptr c)
{
	struct writer *w = (struct writer *)c->dest;

	w->out->len += WRITE_STEP;
	more_room(c);
	return TRUE;
}

static void written(j_compress_ptr c)
{
	struct writer *w = (struct writer *)c->dest;

	w->out->len += WRITE_STEP - w->base.free_in_buffer;
}

struct encoder {
	struct jpeg_compress_struct c;
	struct handler handler;
	struct writer writer;
};

static int encode(struct encoder *e, const struct image *img, unsigned quality)
{
	size_t stride = (size_t)img->width * img->channels;

	if (setjmp(e->handler.jump))
		return -1;
	jpeg_create_compress(&e->c);
	e->c.dest = &e->writer.base;
	e->c.image_width = img->width;
	e->c.image_height = img->height;
	e->c.input_components = (int)img->channels;
	e->c.in_color_space = img->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
	jpeg_set_defaults(&e->c);
	jpeg_set_quality(&e->c, (int)quality, TRUE);
	jpeg_start_compress(&e->c, TRUE);
	while (e->c.next_scanline < e->c.image_height) {
		JSAMPROW row = img->px + stride * e->c.next_scanline;

		jpeg_write_scanlines(&e->c, &row, 1);
	}
	jpeg_finish_compress(&e->c);
	return 0;
}

int jpeg_encode(const struct image *img, unsigned quality, struct buf *out,
	struct err *err)
{
	struct encoder *e;
	size_t start = out->len;
	int ret;

	if (img->channels != 1 && img->channels != 3)
		return err_set(err,
			"JPEG: %u channels are neither grey nor RGB",
			img->channels);
	e = xcalloc(1, sizeof(*e));
	e->c.err = &e->handler.base;
	handle(&e->handler, err);
	e->writer.out = out;
	e->writer.base.init_destination = more_room;
	e->writer.base.empty_output_buffer = room_is_full;
	e->writer.base.term_destination = written;
	ret = encode(e, img, quality);
	jpeg_destroy_compress(&e->c);
	free(e);
	if (ret < 0)
		out->len = start;
	return ret;
}
