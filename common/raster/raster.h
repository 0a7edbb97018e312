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

/* -1 unless each of the bands (1-based) is there. */
int raster_has_bands(const struct raster *r, const uint64_t *bands, size_t n,
	struct err *err) MUST_USE;

/*
 * Levels: 0 is the image itself, the next ones its overviews, finer ones
 * first, each the whole image at a coarser grid, with all of its bands.
 */
size_t raster_levels(const struct raster *r);
/* level: less than raster_levels(). */
void raster_level_size(const struct raster *r, size_t level, uint64_t size[2]);

/* The values that become 0 and 255, of each band read; n 0: none are needed,
 * for the bands are 8 bits of colour or grey as they stand. */
struct raster_stretch {
	double black[4], white[4];
	size_t n;
};
enum stretch_how {
	STRETCH_NONE,       /* 8 bits as they stand; else an error */
	STRETCH_MINMAX,     /* of the image, each band by itself */
	STRETCH_PERCENTILE, /* low and high, percent, each band by itself */
	STRETCH_RANGE,      /* low and high, values, of all bands */
};
/*
 * Finds the stretch of the whole image for 1 to 4 bands, the same in every
 * run. MINMAX and PERCENTILE look at the finest level of at most 1,024 pixels
 * a side; where none is so small, at so many of the coarsest level's, GDAL's
 * nearest ones. Pixels that are not valid (raster_read_level()) do not count;
 * -1 when none is left. A percentile is that of all these values in order,
 * between two of them in proportion. All values may be one: black and white
 * are the same then. A single band of numbers of colours needs none, whatever
 * is asked for.
 */
int raster_find_stretch(struct raster *r, const uint64_t *bands, size_t n,
	const double *nodata, enum stretch_how how, double low, double high,
	struct raster_stretch *out, struct err *err) MUST_USE;

/*
 * Reads a window of any level, in its pixels, at most IMAGE_MAX_SIDE a side
 * and IMAGE_MAX_PIXELS: n = 1, 3 or 4 bands of any type into as many channels
 * of out, which must be empty. With a stretch (NULL or n 0: none) value v
 * becomes round(255 (v - black) / (white - black)), cut to 0 … 255; where
 * these two are the same, 255 above them, else 0. Without one bands must be
 * bytes; those of fewer than 8 bits are stretched by their highest value.
 * Colour tables are expanded: n must then be 1, out gets 3 channels, and the
 * stretch is not looked at.
 *
 * *mask gets [height, width], to be freed: 0 where a pixel is not valid, else
 * 255; NULL when all are. Not valid is what the image's alpha band or mask
 * gives as 0 (the level's own, else the nearest pixel of the image's), what
 * has the value *nodata (NULL: none) in every band read, what is not finite
 * in one of them, and a colour that its table lacks or has as transparent.
 * Damage that the decoder only warns of is an error; after one the raster
 * should be opened anew, for the blocks it keeps may be damaged.
 */
int raster_read_level(struct raster *r, size_t level,
	const struct raster_window *win, const uint64_t *bands, size_t n,
	const double *nodata, const struct raster_stretch *stretch,
	struct image *out, uint8_t **mask, struct err *err) MUST_USE;
/* The alpha band or mask alone, as above, also where all is valid; NULL where
 * the image has none. */
int raster_read_mask(struct raster *r, size_t level,
	const struct raster_window *win, uint8_t **mask,
	struct err *err) MUST_USE;
/* Whether it has an alpha band or a mask. */
bool raster_has_mask(const struct raster *r);

/*
 * Where the blocks of a TIFF's level lie, so that many can be fetched at once
 * or decoded without GDAL. GTiff only (not of a VRT, not of several files),
 * and levels in the image's own file (not in an .ovr beside it); all bands of
 * a pixel in one block (PLANARCONFIG_CONTIG). Else `how` is BLOCKS_NONE.
 */
enum blocks_how {
	BLOCKS_NONE,   /* nothing is known */
	BLOCKS_PLACED, /* their places are; GDAL decodes them */
	BLOCKS_JPEG,   /* 8-bit JPEG of 1, 3 or 4 bands: img.h decodes them,
			* to what GDAL gives, all bands in their order */
	BLOCKS_WEBP,   /* of 3 or 4 bands: img.h decodes them as they are, one
			* of 4 that is opaque maybe to 3 channels */
};
struct raster_blocks {
	enum blocks_how how;
	uint64_t size[2];       /* of the level; the rest where how is more
				 * than BLOCKS_NONE */
	unsigned width, height; /* of a block; those at the edge are whole where
				 * they are tiles, and cut where strips */
	bool tiled;
	unsigned bands;
	bool ycc;          /* JPEG: YCbCr, which GDAL gives as RGB */
	struct buf tables; /* JPEG's, or empty; owned */
};
void raster_blocks(struct raster *r, size_t level, struct raster_blocks *out);
void raster_blocks_release(struct raster_blocks *b);
/*
 * The block in that column and row (of blocks): *len 0 where the file has none,
 * and GDAL gives nodata or 0. What a damaged file says may lie beyond its end.
 */
int raster_block_place(struct raster *r, size_t level, uint64_t col,
	uint64_t row, uint64_t *offset, uint64_t *len,
	struct err *err) MUST_USE;

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
/*
 * The raster of a name, which `open` opens where it is not kept; it is the
 * pool's, and good until the next call.
 */
typedef struct raster *raster_open_fn(void *ctx, struct err *err);
struct raster *raster_pool_get(struct raster_pool *pool, const char *name,
	raster_open_fn *open, void *ctx, struct err *err) MUST_USE;
/* Closes the raster that the last raster_pool_get() gave. */
void raster_pool_drop(struct raster_pool *pool);

#endif
