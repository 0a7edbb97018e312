/*
 * open.h - an open raster, for the files of this folder only.
 */
#ifndef RASTER_OPEN_H
#define RASTER_OPEN_H

#include "raster/files.h"
#include "raster/gdal.h"
#include "raster/raster.h"

/* More overviews than this are not looked at. */
enum { LEVELS_MAX = 32 };

struct levels {
	size_t n; /* 0: not looked for yet */
	uint64_t size[LEVELS_MAX][2];
};

struct raster {
	GDALDatasetH ds; /* the first one */
	/* One for each band where the image is several files; n 0: all bands
	 * are ds's. */
	GDALDatasetH *parts;
	size_t nparts;
	struct levels *levels;
	bool remote; /* GDAL sees no local file while it is read */
};

/* Bands that may be a file each. */
enum { RASTER_PARTS_MAX = 64 };

/*
 * Opens GDAL's name of an image called `path`; formats: NULL: all there are.
 * NULL with log->worst below CE_Failure: no driver claims it.
 */
struct raster *raster_open_as(const char *path, const char *gdal_path,
	const char *const *formats, bool remote, struct gdal_log *log,
	struct err *err) MUST_USE;
/* Makes the first one (*r NULL) an image of several files, and adds others,
 * which are taken over. */
int raster_add_part(struct raster **r, struct raster *part,
	struct err *err) MUST_USE;

/* gdal_listen() and gdal_ignore() around whatever reads the image. */
void raster_listen(const struct raster *r, struct gdal_log *log);
void raster_ignore(const struct raster *r);

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

/* Bands are numbered from 1. */
uint64_t raster_band_count(const struct raster *r);
GDALRasterBandH raster_band(const struct raster *r, uint64_t band);
/* NULL when the level has no such band, which raster_levels() rules out. */
GDALRasterBandH raster_level_band(const struct raster *r, size_t level,
	uint64_t band);

/* The band that says which pixels are valid for all bands alike, or NULL. */
GDALRasterBandH raster_validity_band(GDALDatasetH ds);

/* Bits of an unsigned byte's values, 0 for all other types. */
unsigned raster_band_bits(GDALRasterBandH band);
/* The value of nodata in the band's own type. */
double raster_band_nodata(GDALRasterBandH band, double nodata);

/* Reading a window of a level into width x height pixels, nearest ones. */
struct level_window {
	size_t level;
	struct raster_window win;
	unsigned width, height;
};
/* *mask as raster_read_mask() has it. */
CPLErr raster_level_mask(struct raster *r, const struct level_window *w,
	uint8_t **mask);
/* out: [height, width] */
CPLErr raster_level_values(struct raster *r, const struct level_window *w,
	uint64_t band, double *out);

#endif
