/*
 * bare.h - records of windows that were chosen without an object.
 */
#ifndef JOIN_BARE_H
#define JOIN_BARE_H

#include "join/catalog.h"

/*
 * Appends the record of a window: id (x and a hash of the image's uri and the
 * window), lon and lat of the middle, key, img, win, box, px, and an empty
 * near. crs: the image's. -1 when the window has no place on the globe.
 */
int bare_pack(const struct image *img, struct crs *crs,
	const struct window *win, struct buf *b, struct err *err) MUST_USE;

#endif
