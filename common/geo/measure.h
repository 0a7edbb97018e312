/*
 * measure.h - where a shape lies on the ground, and how large it is.
 *
 * Longitudes are unwrapped while a shape is measured, so that one across the
 * antimeridian is whole; what comes out lies in -180 … 180 again, and such a
 * shape's bbox has west > east. Safe from any thread.
 */
#ifndef GEO_MEASURE_H
#define GEO_MEASURE_H

#include "geo/shape.h"

struct measure {
	double lon, lat; /* a point on it: on the largest part */
	double bbox[4];  /* w, s, e, n: the narrowest that holds all parts */
	double size;     /* m2 of areas less their holes, m of lines */
};

/* A position as OSM's database has it: units of 1e-7 degrees. */
struct geo_pos {
	int32_t lon, lat;
};

/* lon into -180 … 180; what is there already stays as it is. */
double measure_wrap(double lon);
/* lon, turned so that it lies within half a circle of its neighbour. */
double measure_unwrap(double lon, double before);
/* Unwraps each part, holes near their outer ring. */
void shape_unwrap(struct shape *s);

/*
 * Measures an unwrapped shape of at least one part. NULL, or why it has no
 * such measure: "too few points" (a line has two, a ring four), "encloses
 * nothing" (less than 0.001 m2, where the noise of the geodesic sum begins),
 * "encloses a pole" or "no length". A constant. Parts without size count for
 * nothing where another one has some.
 */
const char *shape_measure(const struct shape *s, enum shape_kind kind,
	struct measure *out);

/*
 * The same for one ring or line of positions as they come: nothing is
 * allocated for up to 256 of them.
 */
const char *measure_ring(const struct geo_pos *p, size_t n,
	struct measure *out);
const char *measure_line(const struct geo_pos *p, size_t n,
	struct measure *out);

#endif
