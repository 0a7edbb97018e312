/*
 * geometry.h - the coordinates of a GeoJSON geometry as a shape.
 *
 * Source: RFC 7946, section 3.1. Positions are longitude and latitude; what
 * stands behind them, a height, is dropped. One thread.
 */
#ifndef FORM_GEOMETRY_H
#define FORM_GEOMETRY_H

#include "geo/shape.h"

struct geometry {
	enum shape_kind kind;
	bool multi;
	struct shape shape; /* empty when there are no positions */
};

/*
 * Reads the text of "coordinates" for a geometry of that type. Rings are
 * closed when they are not. An error when it is not well-formed, nested as the
 * type demands, or a position is not on the globe. geometry_release() it, also
 * after an error.
 */
int geometry_read(struct geometry *g, struct str type, struct str coordinates,
	struct err *err) MUST_USE;
void geometry_release(struct geometry *g);

#endif
