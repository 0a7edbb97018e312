/*
 * view.h: which pixels of which level a chip is made of.
 */
#include "base/base.h"
#include "fetch/view.h"

#include <math.h>

#include "tap.h"

static const uint64_t levels[4][2] = {{1000, 801}, {500, 401}, {250, 201},
	{125, 101}};

/* Whether the box, in the window of the level, is the window of level 0. */
static bool same_place(const struct raster_window *win, const struct view *v)
{
	const uint64_t *size = levels[v->level];
	double fx = (double)levels[0][0] / (double)size[0];
	double fy = (double)levels[0][1] / (double)size[1];
	double col = (double)v->win.col, row = (double)v->win.row;

	return fabs((col + v->box[0]) * fx - (double)win->col) < 1e-3 &&
	       fabs((row + v->box[1]) * fy - (double)win->row) < 1e-3 &&
	       fabs((col + v->box[2]) * fx - (double)(win->col + win->width)) <
		       1e-3 &&
	       fabs((row + v->box[3]) * fy - (double)(win->row + win->height)) <
		       1e-3;
}

/* Whether the level has the pixels, and none of them is outside the box. */
static bool fits(const struct view *v)
{
	const uint64_t *size = levels[v->level];

	return v->win.col + v->win.width <= size[0] &&
	       v->win.row + v->win.height <= size[1] && v->box[0] >= 0 &&
	       v->box[0] < 1 && v->box[1] >= 0 && v->box[1] < 1 &&
	       v->box[2] > (double)v->win.width - 1 &&
	       v->box[3] > (double)v->win.height - 1 &&
	       v->box[2] <= (double)v->win.width &&
	       v->box[3] <= (double)v->win.height;
}

static void chooses(struct raster_window win, unsigned w, unsigned h,
	size_t level)
{
	struct view v;

	view_choose(&win, levels, 4, w, h, &v);
	ok(v.level == level && v.width == w && v.height == h,
		"%u x %u of %ju x %ju: level %zu", w, h, (uintmax_t)win.width,
		(uintmax_t)win.height, v.level);
	ok(same_place(&win, &v) && fits(&v),
		"its box is the window, and no pixel is read for nothing");
	if (!level)
		ok(v.exact == (w == win.width && h == win.height),
			"pixel by pixel or not");
}

static void test_choose(void)
{
	chooses((struct raster_window){10, 20, 100, 60}, 100, 60, 0);
	chooses((struct raster_window){10, 20, 100, 60}, 200, 120, 0);
	chooses((struct raster_window){10, 20, 100, 60}, 51, 31, 0);
	chooses((struct raster_window){10, 20, 100, 60}, 50, 30, 1);
	chooses((struct raster_window){11, 21, 100, 60}, 50, 30, 1);
	chooses((struct raster_window){0, 0, 1000, 801}, 250, 200, 2);
	chooses((struct raster_window){0, 0, 1000, 801}, 10, 8, 3);
	chooses((struct raster_window){999, 800, 1, 1}, 1, 1, 0);
	chooses((struct raster_window){995, 797, 5, 4}, 1, 1, 2);
	chooses((struct raster_window){3, 3, 100, 60}, 10, 60, 0);
}

static void test_blocks(void)
{
	struct raster_window win = {130, 255, 126, 2};
	struct span s = view_blocks(&win, 128, 256);

	ok(s.col == 1 && s.row == 0 && s.ncols == 1 && s.nrows == 2,
		"blocks that a window meets");
	ok(view_order(3, 5) == 39 && view_order(0, 0) == 0 &&
			view_order(UINT32_MAX, UINT32_MAX) == UINT64_MAX,
		"Morton order");
}

int main(void)
{
	test_choose();
	test_blocks();
	return tap_done();
}
