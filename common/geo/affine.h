/*
 * affine.h - from pixels to a coordinate system and back.
 *
 * Six numbers as GDAL's geotransform has them:
 *	x = t[0] + col * t[1] + row * t[2],  y = t[3] + col * t[4] + row * t[5]
 */
#ifndef GEO_AFFINE_H
#define GEO_AFFINE_H

#include <stddef.h>

/* The way back: (col, row) = m * (x - x0, y - y0). */
struct affine_inverse {
	double x0, y0;
	double m[4]; /* row by row */
};

/* -1 when there is no inverse or a number is not finite. */
int affine_invert(const double t[6], struct affine_inverse *out) MUST_USE;
/* x, y: [n], columns and rows become coordinates, in place. */
void affine_apply(const double t[6], double *x, double *y, size_t n);
/* x, y: [n], coordinates become columns and rows, in place. */
void affine_undo(const struct affine_inverse *inv, double *x, double *y,
	size_t n);

#endif
