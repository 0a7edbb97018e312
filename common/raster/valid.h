/*
 * valid.h - the outline of an image's valid pixels.
 */
#ifndef RASTER_VALID_H
#define RASTER_VALID_H

#include "raster/info.h"

/* Sides of the mask that is looked at. */
enum { VALID_MAX_SIDE = 1024 };

enum valid {
	VALID_ERROR = -1,
	VALID_ALL,  /* all pixels are: the image's own outline holds */
	VALID_NONE, /* none is */
	VALID_SOME,
};

/*
 * Finds the pixels that are valid as raster_read_level() has it (by alpha band
 * or mask, and by *nodata in all of info's bands; NULL: none) and replaces
 * info->outline by theirs. Looks at every n-th pixel, so that no side has more
 * than VALID_MAX_SIDE, and simplifies the outline to within three of these
 * steps (Douglas and Peucker, topology kept, as GEOS has it). Holes are filled,
 * and parts under a thousandth of the image left out, but for the largest.
 * Needs raster_open_any().
 */
enum valid raster_valid_outline(struct raster *r, const double *nodata,
	struct raster_info *info, struct err *err) MUST_USE;

#endif
