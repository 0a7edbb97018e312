/*
 * object.h - one object record as the join sees it: checked, in place.
 *
 * An object is a view of its record's bytes: any number of threads may read it
 * while these stay.
 */
#ifndef JOIN_OBJECT_H
#define JOIN_OBJECT_H

#include "geo/shape.h"
#include "rec/rec.h"

struct object {
	enum shape_kind kind; /* point, line or area */
	bool halo;            /* a neighbour only */
	struct str id;
	struct val tags;           /* a map of strings; len 0: no such field */
	struct val tag_gsd_m;      /* a map of numbers; len 0: no such field */
	struct val area_m2, len_m; /* numbers; len 0: no such field */
	struct str geom;           /* WKB; len 0: none */
	double lon, lat;           /* the representative point */
	double bbox[4];
	int64_t ts;                   /* Unix seconds; 0: not known */
	int64_t valid_from, valid_to; /* INT64_MIN, INT64_MAX: without end */
};

/*
 * -1 when the record is broken: *reason is a string constant, err says more.
 * Its geometry, in degrees, is left in `shape`: without one that is empty.
 * shape NULL: of a record that was found good before, without looking into its
 * tags and geometry again; where only the geometry says where it is, bbox is
 * not set and lat is NaN.
 */
int object_read(struct object *o, const struct rec *rec, struct shape *shape,
	const char **reason, struct err *err) MUST_USE;

#endif
