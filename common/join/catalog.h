/*
 * catalog.h - the image catalogue: records of img and bbox, finest first.
 *
 * Read-only once read: any number of threads may use it.
 */
#ifndef JOIN_CATALOG_H
#define JOIN_CATALOG_H

#include "base/map.h"
#include "filter/filter.h"
#include "geo/lonlat.h"
#include "join/image.h"

struct object;

struct catalog {
	struct image *images; /* [n], by GSD, then in the file's order */
	size_t n, cap;
	struct image_maps *maps; /* [n] */
	struct map crs_names;    /* each coordinate system once */
	struct lonlat_index *index;
};

/* One thread's transformations, opened when needed; a zeroed one is empty. */
struct crs_room {
	struct crs **crs; /* [n]: of the catalogue's crs_names */
	size_t n;
};

/* The image's, of this thread: NULL when it cannot be made. */
struct crs *crs_room_get(struct crs_room *room, const struct catalog *c,
	const struct image *img, struct err *err) MUST_USE;
void crs_room_release(struct crs_room *room);

/*
 * What images of a collection show lies this far from where they say: metres to
 * the east and to the north, taken at each image's middle.
 */
struct offset {
	struct str src;
	double east_m, north_m;
};

struct offsets {
	struct offset *items; /* [n] */
	size_t n, cap;
};

/* Adds "SRC=EAST,NORTH", which it views. */
int offsets_add(struct offsets *o, const char *text, struct err *err) MUST_USE;
void offsets_release(struct offsets *o);

/*
 * Reads a whole catalogue and tells f of it; images of the sources that the
 * offsets name are put where they belong. Release it after -1, too.
 */
int catalog_read(struct catalog *c, struct filter *f, const char *path,
	const struct offsets *offsets, struct err *err) MUST_USE;
void catalog_release(struct catalog *c);

/*
 * Whether the object was so when the image was taken; an image without a date
 * is of today.
 */
bool image_in_time(const struct image *img, const struct object *o);

/* Appends ID_SRC or ID_SRC_YY: what a sample's key begins with. */
void image_add_key(const struct image *img, struct str id, struct buf *b);

#endif
