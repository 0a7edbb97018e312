/*
 * open.h - an open raster, for the files of this folder only.
 */
#ifndef RASTER_OPEN_H
#define RASTER_OPEN_H

#include "raster/gdal.h"

struct raster {
	GDALDatasetH ds;
};

#endif
