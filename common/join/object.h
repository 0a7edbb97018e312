/*
 * object.h - one object record as the join sees it: checked, in place.
 *
 * An object is a view of its item's record, which must not be edited while
 * objects are in use: any number of threads may read them.
 */
#ifndef JOIN_OBJECT_H
#define JOIN_OBJECT_H

#include "filter/filter.h"
#include "geo/shape.h"

struct object {
	struct item *item;
	enum shape_kind kind; /* point, line or area */
	bool halo;            /* a neighbour only */
	bool fault;           /* set aside; takes no part */
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

struct objects {
	struct object *items; /* [n], in the input's order */
	size_t n, cap;
};

/* Takes the item over; one that is broken becomes a fault. */
void objects_add(struct objects *all, struct item *item, struct shape *scratch);
void objects_release(struct objects *all);

#endif
