/*
 * open.h - an open raster, for the files of this folder only.
 */
#ifndef RASTER_OPEN_H
#define RASTER_OPEN_H

#include "raster/gdal.h"

struct raster {
	GDALDatasetH ds;
};

/* The band that says which pixels are valid for all bands alike, or NULL. */
GDALRasterBandH raster_validity_band(GDALDatasetH ds);

#endif
