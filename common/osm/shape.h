/*
 * shape.h - the place, bounds and size of a way.
 */
#ifndef OSM_SHAPE_H
#define OSM_SHAPE_H

#include "geo/measure.h"
#include "osm/nodes.h"
#include "osm/osm.h"

enum way_shape { WAY_LINE, WAY_AREA };

/* One way's points; reused from one to the next. Zero it to begin. */
struct way_points {
	double *lon, *lat; /* [n], unwrapped */
	size_t n, lon_cap, lat_cap;
};

/*
 * Looks up a way's nodes. 0 when all are there; else how many are missing,
 * and *missing is the first of them.
 */
size_t way_points_set(struct way_points *w, const struct osm_object *way,
	const struct nodes *nodes, int64_t *missing);
void way_points_release(struct way_points *w);

/*
 * Measures it. NULL, or why it has no such shape: "too few nodes" (a line needs
 * two, a ring four), or what shape_measure() says. A constant.
 */
const char *way_shape(const struct way_points *w, enum way_shape kind,
	struct measure *out);

/* Appends it as WKB, a polygon or a line string, longitudes wrapped. */
void way_wkb(const struct way_points *w, enum way_shape kind, struct buf *b);

#endif
