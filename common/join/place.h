/*
 * place.h - an object in an image: its points, in the image's pixels.
 */
#ifndef JOIN_PLACE_H
#define JOIN_PLACE_H

#include "join/catalog.h"
#include "join/object.h"

/* Where an object lies in a shape, and in its image. */
struct place {
	bool box_only;               /* without geometry: its bbox's points */
	size_t begin, end;           /* points of the shape */
	size_t part_begin, part_end; /* parts of the shape */
	double x, y;                 /* box_only: the representative point */
	struct rect bounds;          /* pixels */
};

/*
 * Appends the object's points to the shape. -1 when one of them has no place
 * in the image's coordinate system: the shape is then as it was. crs: the
 * image's, of this thread.
 */
int place_object(const struct object *o, const struct image *img,
	struct crs *crs, struct shape *shape, struct place *out) MUST_USE;

#endif
