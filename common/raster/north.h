/*
 * north.h - windows turned so that north is up, and chips as GeoTIFF.
 */
#ifndef RASTER_NORTH_H
#define RASTER_NORTH_H

#include "raster/raster.h"

/* The ground that a window covers, seen from above its middle. */
struct raster_spot {
	double lon, lat;  /* of its middle, degrees */
	double gsd_m[2];  /* ground size of one of its pixels, x and y */
	double north_deg; /* where north is, clockwise from up */
};
/*
 * crs and transform are those of `img` (img_field.h), win in its pixels.
 * Geodesic; from the middle to half a window's side away.
 */
int raster_find_spot(const char *crs, const double transform[6],
	const struct raster_window *win, struct raster_spot *out,
	struct err *err) MUST_USE;

/*
 * A chip of width x height pixels of gsd_m metres around the spot, north up:
 * an azimuthal equidistant map about it, cubic (averaging where the image is
 * finer: overviews are used). Pixels beyond the image are not valid.
 * The rest as raster_read_level().
 */
int raster_read_north(struct raster *r, const struct raster_spot *spot,
	double gsd_m, unsigned width, unsigned height, const uint64_t *bands,
	size_t n, const double *nodata, const struct raster_stretch *stretch,
	struct image *out, uint8_t **mask, struct err *err) MUST_USE;

/*
 * Appends a GeoTIFF (deflate) of the chip; mask (or NULL) becomes an internal
 * mask band. crs: EPSG:n or WKT; transform: GDAL's, of the chip's pixels.
 */
int raster_encode_tiff(const struct image *img, const uint8_t *mask,
	const char *crs, const double transform[6], struct buf *out,
	struct err *err) MUST_USE;
/* The map of raster_read_north() about a spot, as WKT, and its transform. */
void raster_north_map(const struct raster_spot *spot, double gsd_m,
	unsigned width, unsigned height, struct buf *crs, double transform[6]);

#endif
