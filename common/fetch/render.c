#include "base/base.h"
#include "fetch/compose.h"

#include <math.h>

/* GDAL has read them: they are kept. */
static void keep_blobs(struct want *w)
{
	struct err none;

	for (size_t i = 0; w->blobs && i < w->nblobs; i++) {
		struct body *body = w->blobs[i] ? blob_hold(w->blobs[i]) : NULL;

		if (!body)
			continue;
		(void)!blob_good(w->blobs[i], body, &none);
		blob_let(w->blobs[i], body);
	}
}

static enum outcome read_raster(struct work *k)
{
	struct want *w = k->want;
	const struct scene *s = w->scene;
	struct raster *r = hand_raster(k->hand, s, &k->why);

	if (!r)
		return work_fail(k, "cannot open the image");
	if (!raster_read_level(r, w->view.level, &w->view.win, s->bands,
		    s->nbands, s->f.has_nodata ? &s->f.nodata : NULL,
		    &s->stretch, &k->pic.img, &k->pic.mask, &k->why)) {
		keep_blobs(w);
		return GOOD;
	}
	/* what it keeps of damaged blocks must not be met again */
	raster_pool_drop(k->hand->pool);
	(void)err_prefix(&k->why, "'%.500s'", s->name);
	return work_fail(k, "cannot read the image");
}

/* A window turned, north up. */
static enum outcome read_north(struct work *k, struct buf *crs,
	double transform[6])
{
	struct want *w = k->want;
	const struct scene *s = w->scene;
	struct buf own = BUF_INIT;
	struct raster_spot spot;
	struct raster *r = hand_raster(k->hand, s, &k->why);
	double gsd;
	int bad;

	if (!r)
		return work_fail(k, "cannot open the image");
	buf_add(&own, s->f.crs.s, s->f.crs.len);
	bad = raster_find_spot(buf_str(&own), s->f.transform, &w->win, &spot,
		&k->why);
	buf_release(&own);
	if (bad)
		return work_fail(k, "bad image");
	gsd = fmax(spot.gsd_m[0] * (double)w->win.width / w->view.width,
		spot.gsd_m[1] * (double)w->win.height / w->view.height);
	w->view.exact = true;
	raster_north_map(&spot, gsd, w->view.width, w->view.height, crs,
		transform);
	if (!raster_read_north(r, &spot, gsd, w->view.width, w->view.height,
		    s->bands, s->nbands, s->f.has_nodata ? &s->f.nodata : NULL,
		    &s->stretch, &k->pic.img, &k->pic.mask, &k->why))
		return GOOD;
	raster_pool_drop(k->hand->pool);
	(void)err_prefix(&k->why, "'%.500s'", s->name);
	return work_fail(k, "cannot read the image");
}

/* Where the chip's pixels lie. */
static void place_chip(const struct want *w, double out[6])
{
	const double *t = w->scene->f.transform;
	double fx = (double)w->win.width / w->view.width;
	double fy = (double)w->win.height / w->view.height;
	double col = (double)w->win.col, row = (double)w->win.row;

	out[0] = t[0] + col * t[1] + row * t[2];
	out[1] = t[1] * fx;
	out[2] = t[2] * fy;
	out[3] = t[3] + col * t[4] + row * t[5];
	out[4] = t[4] * fx;
	out[5] = t[5] * fy;
}

static bool is_format(const struct fetch_options *o, struct str body)
{
	static const char *const names[] = {[CHIP_JPEG] = "jpeg",
		[CHIP_PNG] = "png",
		[CHIP_WEBP] = "webp"};
	struct image_header h;
	struct err none;

	return o->format < ARRAY_SIZE(names) &&
	       !image_read_header(body.s, body.len, &h, &none) &&
	       !strcmp(h.format, names[o->format]);
}

/* Whether the window is one tile, or a WMS's answer, with its own bands. */
static bool is_whole_tile(const struct want *w)
{
	const struct scene *s = w->scene;
	uint64_t px = s->f.tile.px;

	if (s->nbands != 3 || s->bands[0] != 1 || s->bands[1] != 2 ||
		s->bands[2] != 3)
		return false;
	return s->kind == SCENE_WMS ||
	       (s->kind == SCENE_TILES && w->nblobs == 1 && w->view.exact &&
		       w->view.win.width == px && w->view.win.height == px);
}

/* 1 when the body is the chip as it is, and has been passed on; or it is
 * asked for again, or was bad. 0: it is to be made. */
static int pass_through(struct work *k)
{
	struct want *w = k->want;
	const struct fetch_options *o = k->hand->f->plan->o;
	const struct scene_level *l = &w->scene->levels[w->view.level];
	struct buf bytes = BUF_INIT;
	struct blob *b;
	struct body *body;
	struct str s;
	bool looks;

	if (!is_whole_tile(w))
		return 0;
	b = w->blobs[0];
	body = blob_hold(b);
	if (!body)
		return 0;
	s = (struct str){body->bytes.data, body->bytes.len};
	if (!is_format(o, s)) {
		blob_let(b, body);
		return 0;
	}
	looks = o->verify == VERIFY_DECODE || o->format != CHIP_JPEG ||
		w->scene->f.has_nodata || plan_looks(k->hand->f->plan);
	if (looks && work_decode(k, l, 0, s, &k->pic.img)) {
		bool later = blob_again(b, body, w);

		blob_let(b, body);
		if (!later)
			want_drop(k->hand->f, w, FAULT, "damaged image", "%s",
				k->why.msg);
		return 1;
	}
	(void)!blob_good(b, body, &k->why);
	if (k->pic.img.px && k->pic.img.channels == 4)
		for (size_t i = 0;
			i < (size_t)k->pic.img.width * k->pic.img.height; i++)
			if (!k->pic.img.px[4 * i + 3])
				picture_mask(&k->pic)[i] = 0;
	if (k->pic.img.px)
		work_mask_nodata(w->scene, &k->pic);
	blob_take(w, body, &bytes);
	chip_pass(k->hand, w, &k->pic, &bytes);
	buf_release(&bytes);
	return 1;
}

static enum outcome make(struct work *k, struct buf *crs, double transform[6])
{
	struct want *w = k->want;
	struct scene *s = w->scene;
	bool raster = !scene_is_service(s);

	if (raster && k->hand->f->plan->o->north_up)
		return read_north(k, crs, transform);
	buf_add(crs, s->f.crs.s, s->f.crs.len);
	buf_str(crs);
	place_chip(w, transform);
	if (s->kind == SCENE_WMS)
		return work_compose_wms(k);
	if (!s->levels[w->view.level].own || !scene_has_bytes(s))
		return read_raster(k);
	return work_compose(k);
}

/* A window that goes from JPEG to JPEG: OTHER where it does not. */
static enum outcome recode(struct work *k)
{
	struct want *w = k->want;
	struct buf out = BUF_INIT;
	enum outcome got;

	got = planes_compose(k, &out);
	if (got == GOOD)
		chip_done(k->hand, w, &out, 1, w->view.width, w->view.height,
			CHIP_JPEG);
	else if (got == OTHER)
		w->scene->not_420 = true;
	buf_release(&out);
	return got;
}

/* Whether a block of it could not be had. */
static bool is_failed(struct work *k)
{
	struct want *w = k->want;

	for (size_t i = 0; w->blobs && i < w->nblobs; i++)
		if (w->blobs[i] && blob_failed(w->blobs[i])) {
			k->why = w->blobs[i]->why;
			(void)work_fail(k, w->blobs[i]->reason);
			return true;
		}
	return false;
}

void want_render(struct hand *h, struct want *w)
{
	struct work k = {.hand = h, .want = w};
	struct buf crs = BUF_INIT;
	enum outcome got = OTHER;
	double transform[6];

	if (is_failed(&k))
		got = BAD;
	else if (planes_fit(h, w))
		got = recode(&k);
	else if (pass_through(&k))
		got = LATER; /* it is dealt with */
	if (got == OTHER) {
		got = make(&k, &crs, transform);
		if (got == GOOD)
			chip_finish(h, w, &k.pic, buf_str(&crs), transform);
	}
	if (got == BAD)
		want_drop(h->f, w, FAULT, k.reason, "%s", k.why.msg);
	picture_release(&k.pic);
	buf_release(&crs);
}
