/*
 * feature.h - records as GeoJSON features.
 *
 * The geometry is that of `geom`; else `box`, else `bbox` as a polygon, where
 * it has an area; else the point `lon`, `lat`; else null. A multi geometry of
 * one member is written as that member. Rings follow the right-hand rule and
 * are closed. A box across the antimeridian is cut there; a `geom` is left as
 * it is. `id` is the feature's id; the properties are all other fields but the
 * bin ones, in their order, as in line mode (rec/line.h). One thread.
 *
 * Source: RFC 7946, sections 3.1.6, 3.1.9 and 3.2.
 */
#ifndef FORM_FEATURE_H
#define FORM_FEATURE_H

#include "geo/shape.h"
#include "rec/rec.h"

/* Room that is used again from one record to the next; zero it to begin. */
struct feature_room {
	struct shape shape;
	struct buf packed;
};

void feature_room_release(struct feature_room *room);

/*
 * Appends the feature, on one line without an end. -1: *reason says in two
 * words (a string constant, as item_fault() takes it) that the place or the
 * properties cannot be written, err why.
 */
int feature_add(struct feature_room *room, const struct rec *r, struct buf *out,
	const char **reason, struct err *err) MUST_USE;

#endif
