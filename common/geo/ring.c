#include "base/base.h"
#include "geo/ring.h"

#include <math.h>

void line_middle(const double *x, const double *y, size_t n, double *px,
	double *py)
{
	double total = 0, at = 0;

	for (size_t i = 1; i < n; i++)
		total += hypot(x[i] - x[i - 1], y[i] - y[i - 1]);
	*px = x[0];
	*py = y[0];
	for (size_t i = 1; i < n; i++) {
		double d = hypot(x[i] - x[i - 1], y[i] - y[i - 1]);

		if (d > 0 && at + d >= total / 2) {
			double t = (total / 2 - at) / d;

			*px = x[i - 1] + t * (x[i] - x[i - 1]);
			*py = y[i - 1] + t * (y[i] - y[i - 1]);
			return;
		}
		at += d;
	}
}

bool ring_holds(const double *x, const double *y, size_t n, double px,
	double py)
{
	bool inside = false;

	for (size_t i = 1; i < n; i++)
		if ((y[i - 1] > py) != (y[i] > py) &&
			px < (x[i] - x[i - 1]) * (py - y[i - 1]) /
						(y[i] - y[i - 1]) +
					x[i - 1])
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

/* Halfway between the two levels of points that lie around the middle. */
static double scan_level(const double *y, size_t n)
{
	double low = y[0], high = y[0], below, above, middle;

	for (size_t i = 1; i < n; i++) {
		low = fmin(low, y[i]);
		high = fmax(high, y[i]);
	}
	middle = low + (high - low) / 2;
	below = low;
	above = high;
	for (size_t i = 0; i < n; i++) {
		if (y[i] <= middle)
			below = fmax(below, y[i]);
		else
			above = fmin(above, y[i]);
	}
	return below + (above - below) / 2;
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int ring_point(const double *x, const double *y, size_t n, double *px,
	double *py)
{
	double level = scan_level(y, n), best = 0;
	double *cuts;
	size_t ncuts = 0;

	if (centroid(x, y, n, px, py) && ring_holds(x, y, n, *px, *py))
		return 0;
	cuts = xcalloc(n, sizeof(*cuts));
	for (size_t i = 1; i < n; i++)
		if ((y[i - 1] > level) != (y[i] > level))
			cuts[ncuts++] = x[i - 1] + (x[i] - x[i - 1]) *
							   (level - y[i - 1]) /
							   (y[i] - y[i - 1]);
	qsort(cuts, ncuts, sizeof(*cuts), by_number);
	for (size_t i = 1; i < ncuts; i += 2) {
		if (cuts[i] - cuts[i - 1] > best) {
			best = cuts[i] - cuts[i - 1];
			*px = cuts[i - 1] + best / 2;
			*py = level;
		}
	}
	free(cuts);
	return best > 0 ? 0 : -1;
}
