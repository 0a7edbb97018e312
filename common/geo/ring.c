#include "base/base.h"
#include "geo/ring.h"
#include "base/sort.h"

#include <math.h>

/* From the point before. */
static double edge(const double *x, const double *y, size_t to)
{
	double dx = x[to] - x[to - 1], dy = y[to] - y[to - 1];

	return sqrt(dx * dx + dy * dy);
}

void line_middle(const double *x, const double *y, size_t n, double *px,
	double *py)
{
	double total = 0, at = 0;

	for (size_t i = 1; i < n; i++)
		total += edge(x, y, i);
	*px = x[0];
	*py = y[0];
	for (size_t i = 1; i < n; i++) {
		double d = edge(x, y, i);

		if (d > 0 && at + d >= total / 2) {
			double t = (total / 2 - at) / d;

			*px = x[i - 1] + t * (x[i] - x[i - 1]);
			*py = y[i - 1] + t * (y[i] - y[i - 1]);
			return;
		}
		at += d;
	}
}

/*
 * Where an edge meets a level between its ends. From its lower end, so that
 * an edge and its reverse meet it in the same point.
 */
static double cut(const double *x, const double *y, size_t from, double level)
{
	size_t low = y[from] < y[from + 1] ? from : from + 1;
	size_t high = low == from ? from + 1 : from;

	return x[low] +
	       (x[high] - x[low]) * (level - y[low]) / (y[high] - y[low]);
}

static bool meets(const double *y, size_t from, double level)
{
	return (y[from] > level) != (y[from + 1] > level);
}

bool ring_holds(const double *x, const double *y, size_t n, double px,
	double py)
{
	bool inside = false;

	for (size_t i = 0; i + 1 < n; i++)
		if (meets(y, i, py) && px < cut(x, y, i, py))
			inside = !inside;
	return inside;
}

/* Relative to the first point, where the products are small and exact. */
static bool centroid(const double *x, const double *y, size_t n, double *px,
	double *py)
{
	double twice = 0, sx = 0, sy = 0;

	for (size_t i = 1; i < n; i++) {
		double ax = x[i - 1] - x[0], ay = y[i - 1] - y[0];
		double bx = x[i] - x[0], by = y[i] - y[0];
		double cross = ax * by - bx * ay;

		twice += cross;
		sx += (ax + bx) * cross;
		sy += (ay + by) * cross;
	}
	*px = x[0] + sx / (3 * twice);
	*py = y[0] + sy / (3 * twice);
	return twice != 0 && isfinite(*px) && isfinite(*py);
}

static bool is_less(const double *x, const double *y)
{
	return *x < *y;
}

SORT_DEFINE(sort_numbers, double, is_less)

/* Rings, and room for as many numbers as they have points. */
struct scan {
	const double *x, *y;
	const struct shape_part *rings; /* [nrings], one behind the other */
	size_t nrings;
	size_t from, n; /* all their points */
	double thin;    /* what is not wider than this is rounding */
	double *room;   /* scan_levels()'s */
};

static size_t cuts_at(const struct scan *s, double level)
{
	size_t n = 0;

	for (size_t r = 0; r < s->nrings; r++)
		for (size_t i = s->rings[r].begin; i + 1 < s->rings[r].end; i++)
			if (meets(s->y, i, level))
				s->room[n++] = cut(s->x, s->y, i, level);
	sort_numbers(s->room, n);
	return n;
}

/*
 * True when the point stands in a part of the area that is not too thin: the
 * cuts next to it tell, and whether there are odd ones to its left.
 */
static bool well_inside(const struct scan *s, double px, double py)
{
	double left = -INFINITY, right = INFINITY;
	bool inside = false;

	for (size_t r = 0; r < s->nrings; r++) {
		for (size_t i = s->rings[r].begin; i + 1 < s->rings[r].end;
			i++) {
			double x;

			if (!meets(s->y, i, py))
				continue;
			x = cut(s->x, s->y, i, py);
			if (x <= px) {
				left = MAX(left, x);
				inside = !inside;
			} else {
				right = MIN(right, x);
			}
		}
	}
	return inside && left < px && right - left > s->thin;
}

/* The middle of the widest part at this level. */
static bool widest(const struct scan *s, double level, double *px, double *py)
{
	size_t n = cuts_at(s, level);
	double best = s->thin;

	for (size_t i = 1; i < n; i += 2) {
		if (s->room[i] - s->room[i - 1] > best) {
			best = s->room[i] - s->room[i - 1];
			*px = s->room[i - 1] + best / 2;
			*py = level;
		}
	}
	return best > s->thin;
}

/*
 * Scans between two neighbouring heights of points. Any such gap does for most
 * rings, so the middle one is first; where only a spike crosses that, others,
 * spread evenly.
 */
static bool scan_levels(struct scan *s, double *px, double *py)
{
	enum { TRIES = 64 };
	double *heights = xcalloc(s->n, sizeof(*heights));
	size_t n = 0, step;
	bool found;

	s->room = xcalloc(s->n, sizeof(*s->room));
	memcpy(heights, s->y + s->from, s->n * sizeof(*heights));
	sort_numbers(heights, s->n);
	for (size_t i = 0; i < s->n; i++)
		if (!n || heights[n - 1] < heights[i])
			heights[n++] = heights[i];
	for (size_t i = 0; i + 1 < n; i++)
		heights[i] += (heights[i + 1] - heights[i]) / 2;
	found = n > 1 && widest(s, heights[(n - 1) / 2], px, py);
	step = n / TRIES + 1;
	for (size_t i = 0; i + 1 < n && !found; i += step)
		found = widest(s, heights[i], px, py);
	free(heights);
	free(s->room);
	return found;
}

int area_point(const struct shape *s, size_t begin, size_t end, double *px,
	double *py)
{
	const struct shape_part *rings = s->parts + begin;
	size_t first = rings->begin, n = rings->end - first;
	struct scan scan = {s->x, s->y, rings, end - begin, first,
		s->parts[end - 1].end - first, 0, NULL};
	double far = 0;

	for (size_t i = 0; i < n; i++)
		far = MAX(far, fabs(s->x[first + i]));
	scan.thin = 1e-12 * far;
	if (centroid(s->x + first, s->y + first, n, px, py) &&
		well_inside(&scan, *px, *py))
		return 0;
	return scan_levels(&scan, px, py) ? 0 : -1;
}
