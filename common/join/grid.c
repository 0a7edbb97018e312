#include "base/base.h"
#include "join/grid.h"

#include <inttypes.h>
#include <math.h>

#include "base/hash.h"
#include "join/catalog.h"
#include "join/join.h"
#include "rec/pack.h"

static void add_id(const struct image *img, const struct window *win,
	struct buf *id)
{
	struct buf cell = BUF_INIT;
	char hash[HEX64_TEXT];

	buf_add(&cell, img->field.uri.s, img->field.uri.len);
	buf_addf(&cell, "%c%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64, 0,
		win->col, win->row, win->w, win->h);
	hex64(hash_xxh64(cell.data, cell.len), hash);
	buf_addf(id, "x%s", hash);
	buf_release(&cell);
}

static void pack_f64s(struct buf *b, const char *name, const double *v,
	size_t n)
{
	pack_cstr(b, name);
	pack_array(b, n);
	for (size_t i = 0; i < n; i++)
		pack_f64(b, v[i]);
}

static void pack_i64s(struct buf *b, const char *name, const int64_t *v,
	size_t n)
{
	pack_cstr(b, name);
	pack_array(b, n);
	for (size_t i = 0; i < n; i++)
		pack_u64(b, (uint64_t)v[i]);
}

static void pack_text(struct buf *b, const char *name, const struct buf *text)
{
	pack_cstr(b, name);
	pack_str(b, text->data, text->len);
}

static void pack_window(const struct image *img, const struct window *win,
	double lon, double lat, const double box[4], struct buf *b)
{
	struct buf id = BUF_INIT, key = BUF_INIT;

	add_id(img, win, &id);
	image_add_key(img, str_from(buf_str(&id)), &key);
	pack_map(b, 9);
	pack_text(b, "id", &id);
	pack_cstr(b, "lon");
	pack_f64(b, lon);
	pack_cstr(b, "lat");
	pack_f64(b, lat);
	pack_text(b, "key", &key);
	pack_cstr(b, "img");
	buf_add(b, img->img.data, img->img.len);
	pack_i64s(b, "win", (int64_t[]){win->col, win->row, win->w, win->h}, 4);
	pack_f64s(b, "box", box, 4);
	pack_i64s(b, "px", (int64_t[]){win->w, win->h}, 2);
	pack_cstr(b, "near");
	pack_array(b, 0);
	buf_release(&id);
	buf_release(&key);
}

static int put_window(struct filter *f, const struct image *img,
	struct crs *crs, const struct window *win, struct buf *room,
	struct err *err)
{
	double x = (double)win->col + (double)win->w / 2;
	double y = (double)win->row + (double)win->h / 2;
	double box[4];

	if (image_to_lonlat(img, crs, &x, &y, 1) ||
		image_window_box(img, crs, win, box))
		return err_set(err,
			"'%.*s': the window %" PRId64 ",%" PRId64
			" has no place on the globe",
			(int)MIN(img->field.uri.len, 200), img->field.uri.s,
			win->col, win->row);
	buf_reset(room);
	pack_window(img, win, lonlat_wrap(x), y, box, room);
	return filter_put(f, room, err);
}

/* How many windows a side of the image takes. */
static int64_t count(int64_t size, int64_t side, int64_t step)
{
	return size <= side ? 1 : 1 + (size - side + step - 1) / step;
}

static int put_image(struct filter *f, const struct image *img, struct crs *crs,
	const struct grid_opts *o, struct buf *room, struct err *err)
{
	double side = side_px(&o->side, img->field.gsd_m);
	int64_t width = (int64_t)img->field.size[0];
	int64_t height = (int64_t)img->field.size[1];
	int64_t px, step;

	if (!str_is(img->field.kind, "raster"))
		return err_set(err,
			"'%.*s' is a tile service: its grid would cover all "
			"the world",
			(int)MIN(img->field.src.len, 200), img->field.src.s);
	if (!(side >= 1 && side <= JOIN_MAX_SIDE))
		return err_set(err,
			"'%.*s': %g m are no window of 1 to %d pixels of %.3g "
			"m",
			(int)MIN(img->field.uri.len, 200), img->field.uri.s,
			o->side.side, JOIN_MAX_SIDE, img->field.gsd_m);
	px = (int64_t)side;
	step = (int64_t)MAX(round(side * (1 - o->overlap)), 1);
	for (int64_t j = 0; j < count(height, px, step); j++) {
		for (int64_t i = 0; i < count(width, px, step); i++) {
			struct window win = {.w = MIN(px, width),
				.h = MIN(px, height)};

			win.col = MIN(i * step, width - win.w);
			win.row = MIN(j * step, height - win.h);
			if (put_window(f, img, crs, &win, room, err))
				return -1;
		}
	}
	return 0;
}

int grid_run(struct filter *f, const char *catalog, const struct grid_opts *o,
	struct err *err)
{
	struct catalog c = {.images = NULL};
	struct crs_room rooms = {NULL, 0};
	struct buf room = BUF_INIT;
	int rc = catalog_read(&c, f, catalog, err);

	for (size_t i = 0; i < c.n && !rc; i++) {
		struct crs *crs = crs_room_get(&rooms, &c, &c.images[i], err);

		rc = crs ? put_image(f, &c.images[i], crs, o, &room, err) : -1;
	}
	crs_room_release(&rooms);
	buf_release(&room);
	catalog_release(&c);
	return rc;
}
