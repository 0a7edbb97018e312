/*
 * image.h - an image of the catalogue, and where on the globe its pixels lie.
 *
 * PROJ says where (raster/crs.h). Where it can be followed by polynomials to a
 * ten-thousandth of a pixel, which is nearly everywhere, they take its place.
 * A catalogue's images may be used by any number of threads.
 */
#ifndef JOIN_IMAGE_H
#define JOIN_IMAGE_H

#include <stdatomic.h>

#include "geo/affine.h"
#include "geo/window.h"
#include "raster/crs.h"
#include "rec/img_field.h"

#define NO_DATE INT64_MIN

/* Polynomials, and the footprint in pixels, made when first needed; a zeroed
 * one has none yet. */
struct image_maps {
	_Atomic(void *) maps[3], footprint;
};

void image_maps_release(struct image_maps *maps);

struct image {
	struct buf img;         /* the packed field */
	struct img_field field; /* views into img */
	double bbox[4];
	struct buf geom;     /* WKB of its footprint, degrees; len 0: all of
			      * its pixels */
	double moved_deg[2]; /* it was moved that far from its footprint */
	int64_t when;      /* Unix seconds of its date; NO_DATE: it has none */
	double middle_lon; /* longitudes are turned to be near it */
	double middle_x; /* so is x of its coordinate system, to be near this */
	struct affine_inverse to_pixel;
	struct image_maps *maps; /* of this image */
	size_t crs;              /* place in the catalogue's list */
	size_t place;            /* in the file: the order of equal ones */
};

/*
 * Positions in degrees to pixels of the image, in place; -1 when one has no
 * place in the image's coordinate system. crs: the image's, of this thread.
 */
int image_from_lonlat(const struct image *img, struct crs *crs, double *x,
	double *y, size_t n) MUST_USE;
/* The same the other way; longitudes come out near the image's middle. */
int image_to_lonlat(const struct image *img, struct crs *crs, double *x,
	double *y, size_t n) MUST_USE;
/*
 * Metres on the ground that a pixel has at a latitude: gsd_m of a raster, which
 * is small; of a tile service, which covers the world with a Mercator map, more
 * or less than in the middle. NaN: as there.
 */
double image_gsd_at(const struct image *img, double lat);

/*
 * How much of a window lies in the image and its footprint, 0 … 1; 0 when it is
 * not wholly in the image.
 */
double image_share(const struct image *img, struct crs *crs,
	const struct window *win);
/* Whether the image shows the window: but for a hundredth, for footprints are
 * simplified. */
bool image_holds(const struct image *img, struct crs *crs,
	const struct window *win);
/* A window's outer bounds in degrees: w, s, e, n; all longitudes when a pole
 * lies in it. */
int image_window_box(const struct image *img, struct crs *crs,
	const struct window *win, double box[4]) MUST_USE;

/* A box in which all lies that may be in a window of these bounds: a little
 * larger, for its sides are bent between the points looked at. */
void window_surroundings(const double box[4], double out[4]);

#endif
