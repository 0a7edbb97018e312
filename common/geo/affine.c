#include "base/base.h"
#include "geo/affine.h"

#include <math.h>

int affine_invert(const double t[6], struct affine_inverse *out)
{
	double det = t[1] * t[5] - t[2] * t[4];

	*out = (struct affine_inverse){t[0], t[3],
		{t[5] / det, -t[2] / det, -t[4] / det, t[1] / det}};
	if (!isfinite(t[0]) || !isfinite(t[3]))
		return -1;
	for (int i = 0; i < 4; i++)
		if (!isfinite(out->m[i]))
			return -1;
	return 0;
}

void affine_apply(const double t[6], double *x, double *y, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double col = x[i], row = y[i];

		x[i] = t[0] + col * t[1] + row * t[2];
		y[i] = t[3] + col * t[4] + row * t[5];
	}
}

void affine_undo(const struct affine_inverse *inv, double *x, double *y,
	size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double dx = x[i] - inv->x0, dy = y[i] - inv->y0;

		x[i] = inv->m[0] * dx + inv->m[1] * dy;
		y[i] = inv->m[2] * dx + inv->m[3] * dy;
	}
}
