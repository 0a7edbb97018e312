#include "base/base.h"
#include "fetch/priv.h"

#include <math.h>

/* What follows the chip's bytes in a result, as it waits for its turn. */
struct tail {
	double valid;
	uint32_t width, height;
	uint32_t format; /* enum chip_format */
};

static const char *const names[] = {
	[CHIP_JPEG] = "jpeg",
	[CHIP_PNG] = "png",
	[CHIP_WEBP] = "webp",
	[CHIP_TIFF] = "tiff",
};

void picture_release(struct picture *p)
{
	image_release(&p->img);
	free(p->mask);
	p->mask = NULL;
}

static double share_valid(const struct picture *p)
{
	size_t n = (size_t)p->img.width * p->img.height, valid = 0;

	if (!p->mask)
		return 1;
	for (size_t i = 0; i < n; i++)
		valid += p->mask[i] != 0;
	return n ? (double)valid / (double)n : 0;
}

/* The rules: true when the chip has been dropped. */
static bool drop_poor(struct fetcher *f, struct want *w,
	const struct picture *p, double valid)
{
	const struct fetch_options *o = f->plan->o;
	struct image_looks l;

	if (valid < o->min_valid) {
		want_drop(f, w, DROP, "too few valid pixels", "%.4f of them",
			valid);
		return true;
	}
	if (!plan_looks(f->plan))
		return false;
	l = image_look(&p->img, p->mask);
	if (o->drop_blank && l.blank)
		want_drop(f, w, DROP, "blank", "all pixels have one colour");
	else if (l.mean < o->min_bright)
		want_drop(f, w, DROP, "too dark", "brightness %.4f", l.mean);
	else if (l.mean > o->max_bright)
		want_drop(f, w, DROP, "too bright", "brightness %.4f", l.mean);
	else if (l.clouds * 100 > o->max_cloud)
		want_drop(f, w, DROP, "too cloudy", "%.4f of the pixels",
			l.clouds);
	else
		return false;
	return true;
}

/* Resizes to the chip; of the mask each pixel's nearest counts. */
static void resize(const struct view *v, struct picture *p)
{
	struct picture out = {.mask = NULL};

	if (v->exact)
		return;
	image_resize_box(&p->img, v->box, v->width, v->height, &out.img);
	if (p->mask) {
		double fx = (v->box[2] - v->box[0]) / v->width;
		double fy = (v->box[3] - v->box[1]) / v->height;

		out.mask = xmalloc((size_t)v->width * v->height);
		for (unsigned y = 0; y < v->height; y++) {
			size_t row = (size_t)(v->box[1] + (y + 0.5) * fy);

			row = MIN(row, p->img.height - 1);
			for (unsigned x = 0; x < v->width; x++) {
				size_t col =
					(size_t)(v->box[0] + (x + 0.5) * fx);

				col = MIN(col, p->img.width - 1);
				out.mask[(size_t)y * v->width + x] =
					p->mask[row * p->img.width + col];
			}
		}
	}
	picture_release(p);
	*p = out;
}

static int encode(struct hand *h, const struct picture *p, const char *crs,
	const double transform[6], struct buf *out, struct err *err)
{
	const struct fetch_options *o = h->f->plan->o;
	const struct image *img = &p->img;
	unsigned quality = (unsigned)o->quality;

	switch (o->format) {
	case CHIP_JPEG:
		return jpeg_codec_encode(h->codec, img->px,
			(size_t)img->width * img->channels, img->width,
			img->height, img->channels, quality, out, err);
	case CHIP_PNG:
		return png_encode(img, out, err);
	case CHIP_WEBP:
		return webp_encode(img, quality, out, err);
	default:
		return raster_encode_tiff(img, p->mask, crs, transform, out,
			err);
	}
}

void chip_done(struct hand *h, struct want *w, struct buf *bytes, double valid,
	unsigned width, unsigned height, unsigned format)
{
	struct tail tail = {valid, width, height, format};

	buf_add(bytes, &tail, sizeof(tail));
	ahead_done(h->f->ahead, w->ticket, bytes);
	want_done(h->f, w);
}

void chip_finish(struct hand *h, struct want *w, struct picture *p,
	const char *crs, const double transform[6])
{
	struct fetcher *f = h->f;
	double valid = share_valid(p);
	struct buf out = BUF_INIT;
	struct err why;

	if (drop_poor(f, w, p, valid))
		return;
	resize(&w->view, p);
	if (encode(h, p, crs, transform, &out, &why))
		want_drop(f, w, FAULT, "cannot make the chip", "%s", why.msg);
	else
		chip_done(h, w, &out, valid, p->img.width, p->img.height,
			f->plan->o->format);
	buf_release(&out);
}

void chip_pass(struct hand *h, struct want *w, struct picture *p,
	struct buf *bytes)
{
	struct fetcher *f = h->f;
	double valid = p->img.px ? share_valid(p) : 1;

	if (!p->img.px || !drop_poor(f, w, p, valid))
		chip_done(h, w, bytes, valid, w->view.width, w->view.height,
			f->plan->o->format);
}

int chip_set(struct item *item, struct str result, struct err *err)
{
	struct buf px = BUF_INIT;
	struct tail tail;
	size_t len = result.len - sizeof(tail);
	const char *name;

	if (result.len < sizeof(tail))
		return err_set(err, "a temporary file is damaged");
	memcpy(&tail, result.s + len, sizeof(tail));
	name = names[tail.format % ARRAY_SIZE(names)];
	pack_array(&px, 2);
	pack_u64(&px, tail.width);
	pack_u64(&px, tail.height);
	rec_set_bin(&item->rec, "chip", result.s, len);
	rec_set_str(&item->rec, "chip_fmt", name, strlen(name));
	rec_set(&item->rec, "px", &px);
	rec_set_f64(&item->rec, "valid", tail.valid);
	buf_release(&px);
	return 0;
}
