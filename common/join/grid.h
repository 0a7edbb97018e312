/*
 * grid.h - windows over whole images, without any objects: to map a place.
 */
#ifndef JOIN_GRID_H
#define JOIN_GRID_H

#include "filter/filter.h"
#include "join/sizes.h"

struct grid_opts {
	struct side side; /* of the windows */
	double overlap;   /* share of a window that the next one has, too */
};

/*
 * Puts out the windows of every image of the catalogue, row by row, images from
 * the finest on. The last window of a row or column ends at the image's edge,
 * and overlaps the one before it; an image that is smaller than a window gives
 * one as large as it is. A record is id (x and a hash of the image's uri and
 * the window), lon and lat of the middle, key, img, win, box, px, and an empty
 * near.
 */
int grid_run(struct filter *f, const char *catalog, const struct grid_opts *o,
	struct err *err) MUST_USE;

#endif
