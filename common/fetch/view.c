#include "base/base.h"
#include "fetch/view.h"

#include <math.h>

/* Sizes of overviews are rounded: they are a little off the power of two. */
#define SLACK 1.01

static size_t pick_level(const struct raster_window *win,
	const uint64_t (*levels)[2], size_t n, unsigned width, unsigned height)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++) {
		double fx = (double)levels[0][0] / (double)levels[i][0];
		double fy = (double)levels[0][1] / (double)levels[i][1];

		if (fx * width <= (double)win->width * SLACK &&
			fy * height <= (double)win->height * SLACK)
			best = i;
	}
	return best;
}

/* begin … begin + len of level 0 as a part of one with `size` pixels. */
static void place(uint64_t begin, uint64_t len, uint64_t whole, uint64_t size,
	uint64_t *first, uint64_t *count, double box[2])
{
	double f = (double)size / (double)whole;
	double a = (double)begin * f, b = (double)(begin + len) * f;

	/* what is a hair off a pixel's edge lies on it */
	if (fabs(a - nearbyint(a)) < 1e-6)
		a = nearbyint(a);
	if (fabs(b - nearbyint(b)) < 1e-6)
		b = nearbyint(b);
	*first = MIN((uint64_t)floor(a), size - 1);
	*count = MAX(MIN((uint64_t)ceil(b), size), *first + 1) - *first;
	box[0] = fmax(a - (double)*first, 0);
	box[1] = fmin(b - (double)*first, (double)*count);
}

void view_choose(const struct raster_window *win, const uint64_t (*levels)[2],
	size_t n, unsigned width, unsigned height, struct view *out)
{
	size_t l = pick_level(win, levels, n, width, height);
	double x[2], y[2];

	*out = (struct view){.level = l, .width = width, .height = height};
	if (l) {
		place(win->col, win->width, levels[0][0], levels[l][0],
			&out->win.col, &out->win.width, x);
		place(win->row, win->height, levels[0][1], levels[l][1],
			&out->win.row, &out->win.height, y);
	} else {
		out->win = *win;
		x[0] = y[0] = 0;
		x[1] = (double)win->width;
		y[1] = (double)win->height;
	}
	out->box[0] = x[0];
	out->box[1] = y[0];
	out->box[2] = x[1];
	out->box[3] = y[1];
	out->exact = x[0] <= 0 && y[0] <= 0 && x[1] >= width &&
		     y[1] >= height && out->win.width == width &&
		     out->win.height == height;
}

struct span view_blocks(const struct raster_window *win, unsigned bw,
	unsigned bh)
{
	struct span s = {.col = win->col / bw, .row = win->row / bh};

	s.ncols = (win->col + win->width - 1) / bw - s.col + 1;
	s.nrows = (win->row + win->height - 1) / bh - s.row + 1;
	return s;
}

static uint64_t spread(uint64_t v)
{
	v &= 0xffffffff;
	v = (v | v << 16) & UINT64_C(0x0000ffff0000ffff);
	v = (v | v << 8) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v | v << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	v = (v | v << 2) & UINT64_C(0x3333333333333333);
	return (v | v << 1) & UINT64_C(0x5555555555555555);
}

uint64_t view_order(uint64_t col, uint64_t row)
{
	return spread(col) | spread(row) << 1;
}
