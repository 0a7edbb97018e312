/*
 * ground.h - where an image's pixels lie on the ground, for the files of this
 * folder only.
 */
#ifndef RASTER_GROUND_H
#define RASTER_GROUND_H

#include "raster/gdal.h"

/* Pixels to degrees. */
struct ground {
	double transform[6]; /* GDAL geotransform: pixel → CRS */
	OGRCoordinateTransformationH to_lonlat;
};

/* srs: the image's; its axes become x, y. Close it after 0 only. */
int ground_open(struct ground *g, OGRSpatialReferenceH srs,
	const double transform[6], struct err *err) MUST_USE;
void ground_close(struct ground *g);

/* Column and row to longitude and latitude: an outline_fn of a struct ground.
 */
int ground_lonlat(void *ctx, const double px[2], double lonlat[2]);

/* The larger of the sides of the central pixel of an image of this size. */
int ground_gsd_m(struct ground *g, const uint64_t size[2],
	double *gsd_m) MUST_USE;
/* What outlines are right to: half a pixel. */
double ground_tolerance_deg(double gsd_m);

#endif
