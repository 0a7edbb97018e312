/*
 * ring.h - a point that lies on a line or inside rings.
 *
 * Plane geometry in the caller's coordinates: unwrapped degrees do for objects
 * smaller than a continent. Safe from any thread.
 */
#ifndef GEO_RING_H
#define GEO_RING_H

#include "geo/shape.h"

/* The point halfway along n >= 1 points. */
void line_middle(const double *x, const double *y, size_t n, double *px,
	double *py);

/*
 * A point inside the rings begin … end-1 of a shape, by the even-odd rule; the
 * last point of each repeats its first: the first ring's centroid, or, where
 * that lies outside or in a hole, the middle of the widest part along a
 * parallel near the middle. -1 when they enclose nothing, or what they enclose
 * is nowhere wider than rounding errors are.
 */
int area_point(const struct shape *s, size_t begin, size_t end, double *px,
	double *py) MUST_USE;

/* True when the point lies inside the ring (even-odd rule). */
bool ring_holds(const double *x, const double *y, size_t n, double px,
	double py);

#endif
