/*
 * wkb.h - geometries written as well-known binary, little-endian, 2D.
 *
 * Source: OGC 06-103r4 (Simple Features), section 8.2.
 */
#ifndef GEO_WKB_H
#define GEO_WKB_H

#include "geo/measure.h"

void wkb_add_point(struct buf *b, double x, double y);
/* One ring; the last of the n points repeats the first. */
void wkb_add_polygon(struct buf *b, const double *x, const double *y, size_t n);
/* Of positions: a line, or a ring that is a polygon. */
void wkb_add_positions(struct buf *b, const struct geo_pos *p, size_t n,
	bool polygon);
/*
 * A whole shape, which has parts: an area's are each an outer ring and its
 * holes. The multi form, or the simple one, when it has one part that is no
 * hole.
 */
void wkb_add_shape(struct buf *b, const struct shape *s, enum shape_kind kind,
	bool multi);

#endif
