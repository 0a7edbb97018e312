/*
 * write.h - an image with a place on the Earth, as a GeoTIFF.
 */
#ifndef RASTER_WRITE_H
#define RASTER_WRITE_H

#include "img/img.h"

/*
 * Writes RGB pixels, tiled and deflated, to a file that appears by rename. crs:
 * what GDAL takes ("EPSG:3857"); transform: GDAL's geotransform, pixel → crs;
 * date: "YYYY:MM:DD HH:MM:SS" for the file's DateTime, or NULL. The same
 * arguments give the same bytes. Any thread.
 */
int raster_write_rgb(const char *path, const struct image *img, const char *crs,
	const double transform[6], const char *date, struct err *err) MUST_USE;

#endif
