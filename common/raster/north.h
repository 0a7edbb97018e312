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
	double north_deg; /* where north is in the picture, clockwise from up;
			   * -180 to 180 */
};
/*
 * crs and transform are those of `img` (img_field.h), win in its pixels, which
 * need not be in the image. Geodesic, on WGS 84: from the middle to half a
 * window's side to the right and down. -1 when it has no place on the globe.
 */
int raster_find_spot(const char *crs, const double transform[6],
	const struct raster_window *win, struct raster_spot *out,
	struct err *err) MUST_USE;

/*
 * A chip of width x height pixels of gsd_m metres around the spot, north up:
 * an azimuthal equidistant map about it. The image's own georeference says
 * where its pixels are (-1 without); the spot's gsd_m, which of its levels is
 * read: the coarsest that is no coarser than the chip. That is resampled by
 * GDAL's warper: cubic, the kernel made as wide as the chip is coarser than
 * the level; to within 0.05 pixels of the place. Pixels of which less than half
 * is valid are not. The rest as raster_read_level(), also for how many pixels
 * of the level may lie beneath; what is not valid is 0.
 */
int raster_read_north(struct raster *r, const struct raster_spot *spot,
	double gsd_m, unsigned width, unsigned height, const uint64_t *bands,
	size_t n, const double *nodata, const struct raster_stretch *stretch,
	struct image *out, uint8_t **mask, struct err *err) MUST_USE;

/*
 * Appends a GeoTIFF (deflate) of the chip, its 1, 3 or 4 channels as bands (the
 * fourth has no meaning); mask (or NULL; 0 and 255) becomes an internal mask
 * band. crs: EPSG:n or WKT; transform: GDAL's, of the chip's pixels. The same
 * arguments give the same bytes. Any thread.
 */
int raster_encode_tiff(const struct image *img, const uint8_t *mask,
	const char *crs, const double transform[6], struct buf *out,
	struct err *err) MUST_USE;
/* The map of raster_read_north() about a spot, as WKT, and its transform. */
void raster_north_map(const struct raster_spot *spot, double gsd_m,
	unsigned width, unsigned height, struct buf *crs, double transform[6]);

#endif
