/*
 * place.h - where a record is: a point, and the box that it covers.
 */
#ifndef SPLIT_PLACE_H
#define SPLIT_PLACE_H

#include "rec/rec.h"

struct place {
	double lon, lat; /* degrees */
	double box[4];   /* w, s, e, n; w > e across the antimeridian */
};

/*
 * PLACE_OBJECT: the point is `lon`, `lat`, else the middle of the box, which is
 * `bbox`, else the bounds of `geom`, else the point.
 * PLACE_PIXELS: the window `box` where there is one, and its middle; else as
 * above.
 */
enum place_of { PLACE_OBJECT, PLACE_PIXELS };

/*
 * 1 when the record has a place, 0 when it has none of these fields, -1 when
 * one of them cannot be read or is not on the globe.
 */
int place_read(const struct rec *r, enum place_of of, struct place *out,
	struct err *err) MUST_USE;

#endif
