/*
 * outline.h - the outline of an image on the ground, as a polygon in degrees.
 *
 * Edges that are straight in the image are curves in longitude and latitude;
 * points are put in where the straight line would be off by more than a
 * tolerance. Pure geometry: the mapping is the caller's.
 */
#ifndef RASTER_OUTLINE_H
#define RASTER_OUTLINE_H

#include "geo/shape.h"

/* Column and row (fractions are meant) → longitude, latitude; -1: cannot. */
typedef int outline_fn(void *ctx, const double px[2], double lonlat_deg[2]);

struct outline {
	double bbox_deg[4]; /* w, s, e, n; w > e across the antimeridian */
	struct buf wkb; /* (multi)polygon; longitudes go on beyond 180 there */
};

/*
 * The outline of an image of width x height pixels, right to tolerance_deg
 * (of latitude). An image around a pole gets all longitudes up to the pole.
 * out->wkb must be empty. -1 when fn cannot map a point of the edge.
 */
int outline_make(const double size_px[2], outline_fn *fn, void *ctx,
	double tolerance_deg, struct outline *out, struct err *err) MUST_USE;
/*
 * The same of what the rings (the parts of `px`, in pixels, the last point
 * repeating the first) enclose: a polygon, or several.
 */
int outline_of_rings(const struct shape *px, outline_fn *fn, void *ctx,
	double tolerance_deg, struct outline *out, struct err *err) MUST_USE;

#endif
