#include "base/base.h"
#include "geo/window.h"

#include <math.h>

static int64_t pixel_down(double v)
{
	return (int64_t)floor(v + PIXEL_EDGE);
}

static int64_t pixel_up(double v)
{
	return (int64_t)ceil(v - PIXEL_EDGE);
}

static bool usable(double lo, double hi)
{
	return lo >= -PIXEL_LIMIT && hi <= PIXEL_LIMIT && lo <= hi;
}

/* One side of a window: where it begins and how long it is. */
static void round_side(double lo, double hi, int64_t min_px, int64_t *at,
	int64_t *len)
{
	*at = pixel_down(lo);
	*len = MAX(pixel_up(hi) - *at, 1);
	if (*len < min_px) {
		*at = pixel_down((lo + hi) / 2 - (double)min_px / 2 + 0.5);
		*len = min_px;
	}
}

int window_round(const struct rect *r, int64_t min_px, struct window *out)
{
	if (!usable(r->x0, r->x1) || !usable(r->y0, r->y1))
		return -1;
	round_side(r->x0, r->x1, min_px, &out->col, &out->w);
	round_side(r->y0, r->y1, min_px, &out->row, &out->h);
	return 0;
}

int window_centre(double x, double y, int64_t w, int64_t h, struct window *out)
{
	if (!usable(x, x) || !usable(y, y))
		return -1;
	out->col = pixel_down(x - (double)w / 2 + 0.5);
	out->row = pixel_down(y - (double)h / 2 + 0.5);
	out->w = w;
	out->h = h;
	return 0;
}

/* Written so that no sum can overflow, whatever the image claims. */
static bool side_fits(int64_t at, int64_t len, uint64_t room)
{
	return at >= 0 && (uint64_t)len <= room &&
	       (uint64_t)at <= room - (uint64_t)len;
}

bool window_fits(const struct window *win, uint64_t width, uint64_t height)
{
	return side_fits(win->col, win->w, width) &&
	       side_fits(win->row, win->h, height);
}

static double side_share(int64_t at, int64_t len, double lo, double hi)
{
	double a = (double)at, b = (double)(at + len), inside;

	if (!(hi > lo))
		return lo >= a && lo < b;
	inside = MIN(b, hi) - MAX(a, lo);
	return inside > 0 ? MIN(inside / (hi - lo), 1) : 0;
}

double window_share(const struct window *win, const struct rect *r)
{
	return side_share(win->col, win->w, r->x0, r->x1) *
	       side_share(win->row, win->h, r->y0, r->y1);
}

/*
 * The offsets from … to of a side that keep the share t <= 1 of lo … hi
 * inside. 0 is always one of them, whatever rounding says.
 */
static void offsets(int64_t at, int64_t len, double lo, double hi, double t,
	int64_t *from, int64_t *to)
{
	double part = t * (hi - lo);

	if (hi > lo) {
		*from = pixel_up(lo + part - (double)(at + len));
		*to = pixel_down(hi - part - (double)at);
	} else {
		*from = (int64_t)floor(lo) - at - len + 1;
		*to = (int64_t)floor(lo) - at;
	}
	*from = MIN(*from, 0);
	*to = MAX(*to, 0);
}

/* The offsets in y that are left when x has been moved by dx. */
static int64_t rows_left(const struct window *win, const struct rect *r,
	double keep, int64_t dx, int64_t *from)
{
	double share = side_share(win->col + dx, win->w, r->x0, r->x1);
	int64_t to;

	offsets(win->row, win->h, r->y0, r->y1, share > keep ? keep / share : 1,
		from, &to);
	return to - *from + 1;
}

static int64_t pick(double u, int64_t n)
{
	return MIN((int64_t)(u * (double)n), n - 1);
}

static int64_t clamp(int64_t at, int64_t len, uint64_t room)
{
	return MAX(MIN(at, (int64_t)MIN(room, (uint64_t)INT64_MAX) - len), 0);
}

void window_shift(struct window *win, const struct rect *r, double keep,
	double ux, double uy, uint64_t width, uint64_t height)
{
	int64_t dx, to, from_y, total = 0, left;

	offsets(win->col, win->w, r->x0, r->x1, keep, &dx, &to);
	for (int64_t x = dx; x <= to; x++)
		total += rows_left(win, r, keep, x, &from_y);
	left = pick(ux, total);
	for (;; dx++) {
		int64_t rows = rows_left(win, r, keep, dx, &from_y);

		if (left < rows || dx == to) {
			win->row += from_y + pick(uy, rows);
			break;
		}
		left -= rows;
	}
	win->col = clamp(win->col + dx, win->w, width);
	win->row = clamp(win->row, win->h, height);
}
