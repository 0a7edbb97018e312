/*
 * crs.h - longitude and latitude to an image's coordinate system and back.
 *
 * Longitude and latitude are degrees on WGS 84, in this order; the image's
 * axes are x (east), y (north) whatever order its authority gives them. PROJ
 * does the work, through GDAL. Where several operations exist, the one for the
 * middle of the points of a call is taken: hand over what belongs together,
 * one object or one window, and the result depends on nothing else.
 * A struct crs belongs to one thread at a time.
 */
#ifndef RASTER_CRS_H
#define RASTER_CRS_H

#include <stddef.h>

struct crs;

/* name: "EPSG:3857" or WKT. Nothing else: it may come out of a record. */
struct crs *crs_new(const char *name, struct err *err) MUST_USE;
void crs_free(struct crs *crs);

/*
 * x, y: [n], in place. -1 when a point has no place there: all are spoilt.
 * Where a turn round the Earth is a constant step of x (in degrees, and in
 * cylindrical projections), x comes out within half a turn of near_x, for
 * images may go on beyond the antimeridian or count from 0 to 360.
 */
int crs_from_lonlat(struct crs *crs, double near_x, double *x, double *y,
	size_t n) MUST_USE;
int crs_to_lonlat(struct crs *crs, double *x, double *y, size_t n) MUST_USE;

#endif
