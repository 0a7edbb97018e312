#include "base/base.h"
#include "img/codec.h"

#include "img/jpeg.h"

/* Writes straight into a buf: libjpeg's own memory writer leaks on errors. */
struct writer {
	struct jpeg_destination_mgr base;
	struct buf *out;
};

/*
 * The compressor stays from call to call, with its tables; a decompressor is
 * made for each block, for 0.3 of the 260 us that one of 256 x 256 takes: so
 * no table of another block is ever taken for one of this.
 */
struct jpeg_codec {
	struct jpeg_decoder in;
	struct jpeg_compress_struct c;
	struct jpeg_handler handler;
	struct writer writer;
	unsigned channels, quality; /* that c is set to; 0: to none */
};

static void read_rows(struct jpeg_decompress_struct *c, struct image *out)
{
	size_t stride = (size_t)out->width * out->channels;
	JSAMPROW rows[JPEG_ROWS];

	jpeg_start_decompress(c);
	while (c->output_scanline < c->output_height) {
		unsigned n = jpeg_rows(rows, out->px, stride,
			c->output_scanline, c->output_height);

		jpeg_read_scanlines(c, rows, n);
	}
	jpeg_finish_decompress(c);
}

/* As libtiff's JPEGPreDecode() does: markers of JFIF and Adobe do not count. */
static int check_block(struct jpeg_decompress_struct *c,
	const struct jpeg_block *b, struct err *err)
{
	unsigned channels = (unsigned)c->num_components;

	if (c->image_width != b->width || c->image_height != b->height ||
		channels != b->channels)
		return err_set(err,
			"JPEG: a block of %u x %u pixels with %u channels "
			"where one of %u x %u with %u must be",
			c->image_width, c->image_height, channels, b->width,
			b->height, b->channels);
	if (b->ycc && channels != 3)
		return err_set(err, "JPEG: YCbCr of %u channels", channels);
	c->jpeg_color_space = b->ycc ? JCS_YCbCr : JCS_UNKNOWN;
	c->out_color_space = b->ycc ? JCS_RGB : JCS_UNKNOWN;
	return 0;
}

/* Reads up to the block's pixels. */
static int begin(struct jpeg_decoder *d, const struct jpeg_block *b,
	const uint8_t *p, size_t len, struct err *err)
{
	jpeg_decoder_start(d);
	if (b->tables) {
		jpeg_mem_src(&d->c, b->tables, b->ntables);
		if (jpeg_read_header(&d->c, FALSE) != JPEG_HEADER_TABLES_ONLY)
			return err_set(err,
				"JPEG: an image where tables must be");
	}
	jpeg_mem_src(&d->c, p, len);
	jpeg_read_header(&d->c, TRUE);
	return check_block(&d->c, b, err);
}

static int decode(struct jpeg_decoder *d, const struct jpeg_block *b,
	const uint8_t *p, size_t len, struct image *out, struct err *err)
{
	if (setjmp(d->handler.jump))
		return -1;
	if (begin(d, b, p, len, err) < 0)
		return -1;
	if (!out->px && image_alloc(out, b->width, b->height, b->channels,
				IMAGE_MAX_PIXELS, err) < 0)
		return -1;
	read_rows(&d->c, out);
	return 0;
}

/* Whether both differences have half the resolution, both ways. */
static bool is_420(const struct jpeg_decompress_struct *c)
{
	const jpeg_component_info *i = c->comp_info;

	return c->num_components == 3 && i[0].h_samp_factor == 2 &&
	       i[0].v_samp_factor == 2 && i[1].h_samp_factor == 1 &&
	       i[1].v_samp_factor == 1 && i[2].h_samp_factor == 1 &&
	       i[2].v_samp_factor == 1;
}

enum { MCU = 16 }; /* of 4:2:0, a side */

/* The rows of an MCU's height at `top` of each plane. */
struct plane_rows {
	JSAMPROW y[MCU], cb[MCU / 2], cr[MCU / 2];
	JSAMPARRAY all[3];
};

static void point_at(struct plane_rows *r, const struct image *planes,
	unsigned top)
{
	size_t w = planes->width, h = planes->height / 3 * 2;
	uint8_t *cb = planes->px + w * h, *cr = cb + w / 2 * (h / 2);

	for (unsigned i = 0; i < MCU; i++)
		r->y[i] = planes->px + w * (top + i);
	for (unsigned i = 0; i < MCU / 2; i++) {
		r->cb[i] = cb + w / 2 * (top / 2 + i);
		r->cr[i] = cr + w / 2 * (top / 2 + i);
	}
	r->all[0] = r->y;
	r->all[1] = r->cb;
	r->all[2] = r->cr;
}

static int decode_planes(struct jpeg_decoder *d, const struct jpeg_block *b,
	const uint8_t *p, size_t len, struct image *out, struct err *err)
{
	struct plane_rows rows;

	if (setjmp(d->handler.jump))
		return -1;
	if (begin(d, b, p, len, err) < 0)
		return -1;
	if (!is_420(&d->c) || b->width % MCU || b->height % MCU)
		return 1;
	if (image_alloc(out, b->width, b->height / 2 * 3, 1, IMAGE_MAX_PIXELS,
		    err) < 0)
		return -1;
	d->c.raw_data_out = TRUE;
	d->c.out_color_space = JCS_YCbCr;
	jpeg_start_decompress(&d->c);
	while (d->c.output_scanline < d->c.output_height) {
		point_at(&rows, out, d->c.output_scanline);
		jpeg_read_raw_data(&d->c, rows.all, MCU);
	}
	jpeg_finish_decompress(&d->c);
	return 0;
}

int jpeg_block_planes(struct jpeg_codec *c, const struct jpeg_block *b,
	const void *p, size_t len, struct image *out, struct err *err)
{
	int ret;

	jpeg_handle(&c->in.handler, err);
	ret = b->ycc ? decode_planes(&c->in, b, p, len, out, err) : 1;
	if (b->ycc)
		jpeg_destroy_decompress(&c->in.c);
	if (ret < 0)
		image_release(out);
	return ret;
}

int jpeg_block_decode(struct jpeg_codec *c, const struct jpeg_block *b,
	const void *p, size_t len, struct image *out, struct err *err)
{
	bool empty = !out->px;
	int ret;

	jpeg_handle(&c->in.handler, err);
	ret = decode(&c->in, b, p, len, out, err);
	jpeg_destroy_decompress(&c->in.c);
	if (ret < 0 && empty)
		image_release(out);
	return ret;
}

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

struct jpeg_codec *jpeg_codec_new(void)
{
	struct jpeg_codec *c = xcalloc(1, sizeof(*c));

	c->writer.base.init_destination = more_room;
	c->writer.base.empty_output_buffer = room_is_full;
	c->writer.base.term_destination = written;
	return c;
}

void jpeg_codec_free(struct jpeg_codec *c)
{
	if (!c)
		return;
	jpeg_destroy_compress(&c->c);
	free(c);
}

/* After setjmp. What was set before stays. */
static void set_up(struct jpeg_codec *c, unsigned channels, unsigned quality)
{
	if (!c->c.mem) {
		c->c.err = &c->handler.base;
		jpeg_create_compress(&c->c);
		c->c.dest = &c->writer.base;
	}
	if (c->channels != channels) {
		c->c.input_components = (int)channels;
		c->c.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
		jpeg_set_defaults(&c->c);
		c->channels = channels;
		c->quality = 0;
	}
	if (c->quality != quality) {
		jpeg_set_quality(&c->c, (int)quality, TRUE);
		c->quality = quality;
	}
}

/* What is encoded; the pixels are someone else's. */
struct pixels {
	const uint8_t *px; /* [height, stride] */
	size_t stride;
	unsigned width, height, channels;
};

static int encode(struct jpeg_codec *c, const struct pixels *in,
	unsigned quality)
{
	JSAMPROW rows[JPEG_ROWS];

	if (setjmp(c->handler.jump)) {
		jpeg_abort_compress(&c->c);
		return -1;
	}
	set_up(c, in->channels, quality);
	c->c.raw_data_in = FALSE;
	c->c.image_width = in->width;
	c->c.image_height = in->height;
	jpeg_start_compress(&c->c, TRUE);
	while (c->c.next_scanline < c->c.image_height) {
		unsigned n = jpeg_rows(rows, in->px, in->stride,
			c->c.next_scanline, in->height);

		jpeg_write_scanlines(&c->c, rows, n);
	}
	jpeg_finish_compress(&c->c);
	return 0;
}

int jpeg_codec_encode(struct jpeg_codec *c, const uint8_t *px, size_t stride,
	unsigned width, unsigned height, unsigned channels, unsigned quality,
	struct buf *out, struct err *err)
{
	struct pixels in = {px, stride, width, height, channels};
	size_t start = out->len;

	if (channels != 1 && channels != 3)
		return err_set(err,
			"JPEG: %u channels are neither grey nor RGB", channels);
	jpeg_handle(&c->handler, err);
	c->writer.out = out;
	if (encode(c, &in, quality) < 0) {
		out->len = start;
		return -1;
	}
	return 0;
}

static int encode_planes(struct jpeg_codec *c, const struct image *planes,
	unsigned width, unsigned height, unsigned quality)
{
	struct plane_rows rows;

	if (setjmp(c->handler.jump)) {
		jpeg_abort_compress(&c->c);
		return -1;
	}
	set_up(c, 3, quality);
	c->c.raw_data_in = TRUE;
	c->c.image_width = width;
	c->c.image_height = height;
	jpeg_start_compress(&c->c, TRUE);
	while (c->c.next_scanline < c->c.image_height) {
		point_at(&rows, planes, c->c.next_scanline);
		jpeg_write_raw_data(&c->c, rows.all, MCU);
	}
	jpeg_finish_compress(&c->c);
	return 0;
}

int jpeg_planes_encode(struct jpeg_codec *c, const struct image *planes,
	unsigned width, unsigned height, unsigned quality, struct buf *out,
	struct err *err)
{
	size_t start = out->len;

	jpeg_handle(&c->handler, err);
	c->writer.out = out;
	if (encode_planes(c, planes, width, height, quality) < 0) {
		out->len = start;
		return -1;
	}
	return 0;
}

int jpeg_encode(const struct image *img, unsigned quality, struct buf *out,
	struct err *err)
{
	struct jpeg_codec *c = jpeg_codec_new();
	int ret = jpeg_codec_encode(c, img->px,
		(size_t)img->width * img->channels, img->width, img->height,
		img->channels, quality, out, err);

	jpeg_codec_free(c);
	return ret;
}
