/*
 * img_field.h - the `img` field: which image, and how its pixels lie.
 *
 * Beside the fields named in skyfilters-records(5), rasters carry `size` and
 * `transform`, so that a window can be chosen without opening the image again.
 */
#ifndef REC_IMG_FIELD_H
#define REC_IMG_FIELD_H

#include "rec/val.h"

enum { IMG_MAX_BANDS = 16 };

struct img_field {
	struct str src;      /* collection */
	struct str uri;      /* as given to img-catalog */
	struct str kind;     /* "raster" */
	double gsd_m;        /* larger ground pixel size at the centre */
	struct str date;     /* ISO 8601; len 0: none */
	struct str crs;      /* "EPSG:3857", else WKT */
	uint64_t size[2];    /* width, height in pixels */
	double transform[6]; /* GDAL geotransform: pixel → CRS */
	uint64_t bands[IMG_MAX_BANDS]; /* 1-based, to be read as R, G, B */
	size_t nbands;
	bool has_nodata;
	double nodata;
	struct str licence, attribution; /* len 0: none */
};

/* True for YYYY, YYYY-MM, YYYY-MM-DD and YYYY-MM-DDThh:mm[:ss[.s]][zone]. */
bool img_date_valid(struct str date);

/*
 * Views into v. -1 when a field is missing, of another type or out of range,
 * or the kind is not "raster": all fields are there but date, nodata, licence
 * and attribution; the transform can be inverted; strings hold no NUL.
 */
int img_field_read(struct val v, struct img_field *out,
	struct err *err) MUST_USE;
/* Appends the map, in the order above; empty fields are left out. */
void img_field_pack(struct buf *b, const struct img_field *f);

#endif
