/*
 * open.h - an open raster, for the files of this folder only.
 */
#ifndef RASTER_OPEN_H
#define RASTER_OPEN_H

#include "raster/files.h"
#include "raster/gdal.h"

struct raster {
	GDALDatasetH ds;
};

/* -1 for what GDAL would wait at, or read without end: pipes, devices but
 * those of blocks, sockets. */
int files_refuse(const char *path, struct err *err) MUST_USE;
/*
 * Calls fn with each file that a data set is read from: its own, those beside
 * it, and what a VRT points to, also by way of another VRT. fn may end it with
 * -1.
 */
int gdal_each_file(GDALDatasetH ds, files_fn *fn, void *ctx,
	struct err *err) MUST_USE;

/* The band that says which pixels are valid for all bands alike, or NULL. */
GDALRasterBandH raster_validity_band(GDALDatasetH ds);

#endif
