/*
 * grid.h - windows over whole images, without any objects: to map a place.
 */
#ifndef JOIN_GRID_H
#define JOIN_GRID_H

#include "filter/filter.h"
#include "join/sizes.h"

struct offsets;

struct grid_opts {
	struct side side;              /* of the windows */
	const struct offsets *offsets; /* of images */
	double overlap; /* share of a window that the next one has, too */
};

/*
 * Puts out the windows of every image of the catalogue, row by row, images from
 * the finest on. The last window of a row or column ends at the image's edge,
 * and overlaps the one before it; an image that is smaller than a window gives
 * one as large as it is. Windows of which nothing lies in the image's footprint
 * are left out. For the records see bare.h.
 */
int grid_run(struct filter *f, const char *catalog, const struct grid_opts *o,
	struct err *err) MUST_USE;

#endif
