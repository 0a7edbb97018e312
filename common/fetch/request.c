#include "base/base.h"
#include "fetch/priv.h"

#include <inttypes.h>
#include <math.h>

/* That one window may need: each is asked for and kept account of. */
enum { MAX_BLOCKS = 1 << 16 };

static int read_window(const struct rec *rec, struct raster_window *win,
	struct err *err)
{
	uint64_t *fields[] = {&win->col, &win->row, &win->width, &win->height};
	struct val array, v;
	struct val_iter it;
	size_t n = 0;

	if (rec_get_array(rec, "win", &array, err) < 0)
		return -1;
	if (val_count(array) != ARRAY_SIZE(fields))
		return err_set(err, "'win' is not an array of four numbers");
	for (it = val_iter(array); val_next(&it, NULL, &v);)
		if (val_u64(v, fields[n++]) < 0)
			return err_set(err,
				"'win' holds what is no count of pixels");
	return 0;
}

/* An output must not take the place of an image that is read. */
static int check_output(struct fetcher *f, const struct scene *s,
	struct err *err)
{
	if (s->kind != SCENE_LOCAL || !filter_replaces(f->filter))
		return 0;
	return filter_reads(f->filter, s->name, err);
}

enum begun want_begin(struct fetcher *f, struct item *item, uint64_t ticket,
	struct want **out, struct err *err)
{
	struct raster_window win;
	struct scene *s;
	struct val img;
	struct err why;

	*out = NULL;
	if (!rec_has(&item->rec, "img") || !rec_has(&item->rec, "win"))
		item_fault(item, "no window",
			"there must be 'img' and 'win': run geojoin first");
	else if (read_window(&item->rec, &win, &why) < 0)
		item_fault(item, "bad window", "%s", why.msg);
	else if (rec_get_map(&item->rec, "img", &img, &why) < 0)
		item_fault(item, "bad image", "%s", why.msg);
	if (item->verdict != KEEP)
		return BEGUN_DONE;
	s = scenes_get(f, img);
	if (check_output(f, s, err)) {
		pthread_mutex_lock(&f->lock);
		scenes_put(f, s);
		pthread_mutex_unlock(&f->lock);
		return BEGUN_ERROR;
	}
	*out = xcalloc(1, sizeof(**out));
	(*out)->ticket = ticket;
	(*out)->scene = s;
	(*out)->win = win;
	/* in the pixels of a usual block; refined once the image is open */
	(*out)->order = view_order(win.col >> 8, win.row >> 8);
	return BEGUN_LATER;
}

void want_free(struct want *w)
{
	free(w->places);
	free(w->blobs);
	free(w);
}

static int holds(const struct scene *s, const struct raster_window *win,
	struct err *err)
{
	const uint64_t *size = s->sizes[0];

	if (!win->width || !win->height)
		return err_set(err, "the window has no pixels");
	if (win->width > size[0] || win->col > size[0] - win->width ||
		win->height > size[1] || win->row > size[1] - win->height)
		return err_set(err,
			"%" PRIu64 " x %" PRIu64 " pixels at column %" PRIu64
			", row %" PRIu64 " of an image of %" PRIu64
			" x %" PRIu64,
			win->width, win->height, win->col, win->row, size[0],
			size[1]);
	return 0;
}

/* The chip's size in pixels. */
static int find_size(const struct fetcher *f, const struct want *w,
	double size[2], struct err *err)
{
	const struct fetch_options *o = f->plan->o;
	struct raster_spot spot;
	struct buf crs = BUF_INIT;
	double longer;
	int rc = 0;

	size[0] = (double)w->win.width;
	size[1] = (double)w->win.height;
	if (o->size_px != UINT64_MAX) {
		longer = fmax(size[0], size[1]);
		size[0] *= (double)o->size_px / longer;
		size[1] *= (double)o->size_px / longer;
	} else if (!isnan(o->gsd_m)) {
		const struct img_field *g = &w->scene->f;

		buf_add(&crs, g->crs.s, g->crs.len);
		rc = raster_find_spot(buf_str(&crs), g->transform, &w->win,
			&spot, err);
		buf_release(&crs);
		size[0] *= spot.gsd_m[0] / o->gsd_m;
		size[1] *= spot.gsd_m[1] / o->gsd_m;
	}
	size[0] = fmax(nearbyint(size[0]), 1);
	size[1] = fmax(nearbyint(size[1]), 1);
	return rc;
}

/* How many blocks it needs, and where they lie. */
static int find_blocks(struct want *w, struct err *err)
{
	const struct scene *s = w->scene;
	const struct scene_level *l = &s->levels[w->view.level];
	struct span b;

	w->nblobs = s->kind == SCENE_WMS;
	if (!l->bw || s->kind == SCENE_WMS)
		return 0;
	b = view_blocks(&w->view.win, l->bw, l->bh);
	if (b.ncols * b.nrows > MAX_BLOCKS)
		return err_set(err, "%" PRIu64 " blocks are to be read for it",
			b.ncols * b.nrows);
	w->nblobs = (size_t)(b.ncols * b.nrows);
	w->order = l->bw >= s->sizes[w->view.level][0]
			   ? b.row /* strips */
			   : view_order(b.col, b.row);
	return 0;
}

int want_place(struct fetcher *f, struct want *w, const char **reason,
	struct err *why)
{
	const struct fetch_options *o = f->plan->o;
	struct scene *s = w->scene;
	double size[2], read;

	*reason = "window outside the image";
	if (holds(s, &w->win, why))
		return -1;
	*reason = "bad image";
	if (find_size(f, w, size, why))
		return -1;
	*reason = "window too large";
	if (size[0] > IMAGE_MAX_SIDE || size[1] > IMAGE_MAX_SIDE ||
		size[0] * size[1] > (double)o->max_pixels)
		return err_set(why,
			"a chip of %.0f x %.0f pixels (--max-pixels)", size[0],
			size[1]);
	view_choose(&w->win, (const uint64_t(*)[2])s->sizes, s->nlevels,
		(unsigned)size[0], (unsigned)size[1], &w->view);
	read = (double)w->view.win.width * (double)w->view.win.height;
	if (s->kind != SCENE_WMS && !o->north_up &&
		(read > (double)o->max_pixels ||
			w->view.win.width > IMAGE_MAX_SIDE ||
			w->view.win.height > IMAGE_MAX_SIDE))
		return err_set(why,
			"%" PRIu64 " x %" PRIu64
			" pixels are to be read for it (--max-pixels)",
			w->view.win.width, w->view.win.height);
	return find_blocks(w, why);
}
