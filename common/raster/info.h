/*
 * info.h - what a catalogue says of an image: where it lies, how fine it is.
 */
#ifndef RASTER_INFO_H
#define RASTER_INFO_H

#include "raster/outline.h"
#include "raster/raster.h"

/* Room for a date and time as ISO 8601. */
enum { DATE_TEXT = 24 };

struct raster_info {
	uint64_t size[2];     /* width, height in pixels */
	double transform[6];  /* GDAL geotransform: pixel → CRS */
	char *crs;            /* "EPSG:3857", else WKT 2 on one line */
	double gsd_m;         /* see raster_describe() */
	char date[DATE_TEXT]; /* ISO 8601; empty: none */
	uint64_t bands[3];    /* to be read as R, G, B, or one grey band */
	size_t nbands;
	bool has_nodata; /* the same value declared for all of `bands` */
	double nodata;
	struct outline outline;
};

/*
 * Describes an image. gsd_m is the larger of the geodesic distances between
 * the middles of the two sides of the central pixel, on the WGS 84 ellipsoid.
 * The bands are the nbands (1 or 3) given; where nbands is 0, the red, green
 * and blue ones by colour interpretation, else the first three that are not
 * alpha, else the first. date is the first that can
 * be read of ACQUISITIONDATETIME (domain IMAGERY), EXIF_DateTimeOriginal,
 * NITF_IDATIM and TIFFTAG_DATETIME; the last says when the file was made.
 * -1 when the image has no place on the ground or not these bands. Release
 * after either.
 */
int raster_describe(struct raster *r, const uint64_t *bands, size_t nbands,
	struct raster_info *out, struct err *err) MUST_USE;
/* The numbers of bands that have names (descriptions). */
int raster_find_bands(struct raster *r, char *const *names, size_t n,
	uint64_t *bands, struct err *err) MUST_USE;
/*
 * What can be said of an image without opening it: gsd_m and outline, by the
 * size, transform and crs that info has. Its outline must be empty.
 */
int raster_locate(struct raster_info *info, struct err *err) MUST_USE;
void raster_info_release(struct raster_info *info);

/*
 * A date of metadata as ISO 8601, with Z behind a time when it is in UTC:
 * "2018:07:16 10:20:30", "2018-07-16T10:20:30Z", "20180716102030",
 * "2018-07-16". -1 when it is no date. out holds DATE_TEXT bytes.
 */
int date_from_text(const char *text, bool utc, char *out) MUST_USE;

#endif
