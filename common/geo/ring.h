/*
 * ring.h - a point that lies on a line or inside a ring.
 *
 * Plane geometry in the caller's coordinates: unwrapped degrees do for objects
 * smaller than a continent. Safe from any thread.
 */
#ifndef GEO_RING_H
#define GEO_RING_H

#include <stddef.h>

/* The point halfway along n >= 1 points. */
void line_middle(const double *x, const double *y, size_t n, double *px,
	double *py);

/*
 * A point inside the ring of n points, the last of which repeats the first:
 * its centroid, or, where that lies outside, the middle of the widest part of
 * the ring along a parallel near its own middle. -1 when it encloses nothing,
 * or what it encloses is nowhere wider than rounding errors are.
 */
int ring_point(const double *x, const double *y, size_t n, double *px,
	double *py) MUST_USE;

/* True when the point lies inside the ring (even-odd rule). */
bool ring_holds(const double *x, const double *y, size_t n, double px,
	double py);

#endif
