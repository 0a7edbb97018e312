/*
 * catalog.h - the image catalogue: records of img and bbox, finest first.
 *
 * Read-only once read: any number of threads may use it.
 */
#ifndef JOIN_CATALOG_H
#define JOIN_CATALOG_H

#include "base/map.h"
#include "filter/filter.h"
#include "geo/affine.h"
#include "geo/lonlat.h"
#include "geo/window.h"
#include "raster/crs.h"
#include "rec/img_field.h"

struct object;

#define NO_DATE INT64_MIN

struct image {
	struct buf img;         /* the packed field */
	struct img_field field; /* views into img */
	double bbox[4];
	int64_t when;      /* Unix seconds of its date; NO_DATE: it has none */
	double middle_lon; /* longitudes are turned to be near it */
	double middle_x; /* so is x of its coordinate system, to be near this */
	struct affine_inverse to_pixel;
	size_t crs;   /* place in the catalogue's list */
	size_t place; /* in the file: the order of equal ones */
};

struct catalog {
	struct image *images; /* [n], by GSD, then in the file's order */
	size_t n, cap;
	struct map crs_names; /* each coordinate system once */
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

/* Reads a whole catalogue and tells f of it. Release it after -1, too. */
int catalog_read(struct catalog *c, struct filter *f, const char *path,
	struct err *err) MUST_USE;
void catalog_release(struct catalog *c);

/*
 * Whether the object was so when the image was taken; an image without a date
 * is of today.
 */
bool image_in_time(const struct image *img, const struct object *o);

/*
 * Positions in degrees to pixels of the image, in place; -1 when one has no
 * place in the image's coordinate system. crs: the image's, of this thread.
 */
int image_from_lonlat(const struct image *img, struct crs *crs, double *x,
	double *y, size_t n) MUST_USE;
/* The same the other way; longitudes come out near the image's middle. */
int image_to_lonlat(const struct image *img, struct crs *crs, double *x,
	double *y, size_t n) MUST_USE;
/* A window's outer bounds in degrees: w, s, e, n; all longitudes when a pole
 * lies in it. */
int image_window_box(const struct image *img, struct crs *crs,
	const struct window *win, double box[4]) MUST_USE;

/* Appends ID_SRC or ID_SRC_YY: what a sample's key begins with. */
void image_add_key(const struct image *img, struct str id, struct buf *b);

#endif
