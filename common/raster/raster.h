/*
 * raster.h - georeferenced images in files: what they show, and the pixels of
 * a window. GDAL does the reading.
 *
 * raster_open() opens only local files of the usual image formats; a path that
 * comes out of a record can neither reach the network nor name a file that
 * points elsewhere (VRT, WMS and service descriptions). A struct raster belongs
 * to one thread at a time; different ones may be used at once.
 */
#ifndef RASTER_RASTER_H
#define RASTER_RASTER_H

#include "img/img.h"
#include "raster/files.h"

struct raster;

/*
 * Opens a file for reading. NULL when it cannot be, or when the path is a URL
 * or in one of GDAL's /vsi file systems.
 */
struct raster *raster_open(const char *path, struct err *err) MUST_USE;
/*
 * Opens what a user names on the command line: anything that GDAL does, /vsi
 * paths and files that point elsewhere too, but for programs inside a VRT. Only
 * in a process whose first call of this layer it is (or raster_open_found(),
 * or files.h's): else only the formats of raster_open() are there.
 */
struct raster *raster_open_any(const char *path, struct err *err) MUST_USE;
/*
 * Opens what a document names that the user has chosen: a local file as
 * raster_open() does, or one of those formats at an http, https, s3, gs or az
 * URL, which GDAL reads by ranges: with its own environment variables, and
 * time-outs where those set none. In other processes than raster_open_any().
 */
struct raster *raster_open_linked(const char *uri, struct err *err) MUST_USE;
/* As raster_open_any(), of a file found in a folder: 1 when it is open, -1; 0,
 * NULL and err when GDAL knows no raster in it, or it is a pipe or device. */
int raster_open_found(const char *path, struct raster **out,
	struct err *err) MUST_USE;
void raster_free(struct raster *r);

/*
 * Calls fn with each file that the image is read from: its own, masks and
 * overviews beside it, what a VRT points to. fn may end it with -1.
 */
int raster_each_file(const struct raster *r, files_fn *fn, void *ctx,
	struct err *err) MUST_USE;

/* Width and height in pixels. */
void raster_size(const struct raster *r, uint64_t size[2]);

/* A window in pixels, column and row of its upper left one first. */
struct raster_window {
	uint64_t col, row, width, height;
};

/* -1 unless the window has pixels and all of them are in the image. */
int raster_holds(const struct raster *r, const struct raster_window *win,
	struct err *err) MUST_USE;

/* -1 unless each of the bands (1-based) is there. */
int raster_has_bands(const struct raster *r, const uint64_t *bands, size_t n,
	struct err *err) MUST_USE;

/*
 * -1 unless each of the bands, which are there, holds unsigned 8-bit values
 * that are colours or grey levels as they stand.
 */
int raster_is_8bit(struct raster *r, const uint64_t *bands, size_t n,
	struct err *err) MUST_USE;

/*
 * Reads a window of 1 or 3 bands for which the three functions above gave 0,
 * at most IMAGE_MAX_SIDE a side and IMAGE_MAX_PIXELS, into out, which must be
 * empty. *valid is the share of valid pixels: all are but those that the
 * image's alpha band or mask gives as 0, and those that have the value
 * *nodata (NULL: none) in every band read. A value that 8 bits cannot hold
 * is never met. Damage that the decoder only warns of is an error; after one
 * the raster should be opened anew, for the blocks it keeps may be damaged.
 */
int raster_read(struct raster *r, const struct raster_window *win,
	const uint64_t *bands, size_t n, const double *nodata,
	struct image *out, double *valid, struct err *err) MUST_USE;

/* Up to `limit` rasters kept open, the least recently used closed first. */
struct raster_pool;

/*
 * How many images each of so many pools may keep open: `want`, or fewer where
 * the process may not open as many files (its limit is raised as far as it
 * goes); 0 and err where there is no room for one.
 */
size_t raster_pool_limit(size_t threads, size_t want, struct err *err) MUST_USE;
struct raster_pool *raster_pool_new(size_t limit);
void raster_pool_free(struct raster_pool *pool);
/* The raster of a path; it is the pool's, and good until the next call. */
struct raster *raster_pool_get(struct raster_pool *pool, const char *path,
	struct err *err) MUST_USE;
/* Closes the raster that the last raster_pool_get() gave. */
void raster_pool_drop(struct raster_pool *pool);

#endif
