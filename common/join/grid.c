#include "base/base.h"
#include "join/grid.h"

#include <inttypes.h>
#include <math.h>

#include "join/bare.h"
#include "join/join.h"

static int put_window(struct filter *f, const struct image *img,
	struct crs *crs, const struct window *win, struct buf *room,
	struct err *err)
{
	buf_reset(room);
	return bare_pack(img, crs, win, room, err) ? -1
						   : filter_put(f, room, err);
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
			if (image_share(img, crs, &win) > 0 &&
				put_window(f, img, crs, &win, room, err))
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
	int rc = catalog_read(&c, f, catalog, o->offsets, err);

	for (size_t i = 0; i < c.n && !rc; i++) {
		struct crs *crs = crs_room_get(&rooms, &c, &c.images[i], err);

		rc = crs ? put_image(f, &c.images[i], crs, o, &room, err) : -1;
	}
	crs_room_release(&rooms);
	buf_release(&room);
	catalog_release(&c);
	return rc;
}
