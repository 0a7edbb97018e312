/*
 * img_field.h - the `img` field: which image, and how its pixels lie.
 *
 * `size` and `transform` say where each pixel lies, so that a window can be
 * chosen without opening the image again. Of a tile service they are those of
 * the whole grid at its deepest level, of which the image's bounds are a part.
 * Source: skyfilters-records(5).
 */
#ifndef REC_IMG_FIELD_H
#define REC_IMG_FIELD_H

#include "rec/val.h"

enum { IMG_MAX_BANDS = 16 };

/* What a tile service has; of kinds but "raster". */
struct img_tile {
	struct str scheme;     /* "xyz", "tms", "quadkey", "wmts", "wms" */
	uint64_t min_z, max_z; /* levels, 0 is one tile; at most IMG_MAX_Z */
	uint64_t px;           /* a tile's side */
};

enum { IMG_MAX_Z = 30 };

struct img_field {
	struct str src; /* collection */
	struct str uri; /* as given to img-catalog; else the first of uris */
	struct str uris[IMG_MAX_BANDS]; /* one file per band: one of each */
	size_t nuris;                   /* 0: all bands are in `uri` */
	struct str kind;                /* "raster", "xyz", "wms", "wmts" */
	double gsd_m;        /* larger ground pixel size at the centre */
	struct str date;     /* ISO 8601; len 0: none */
	struct str crs;      /* "EPSG:3857", else WKT */
	uint64_t size[2];    /* width, height in pixels */
	double transform[6]; /* GDAL geotransform: pixel → CRS */
	uint64_t bands[IMG_MAX_BANDS]; /* 1-based, to be read as R, G, B */
	size_t nbands;
	/* the values that become 0 and 255: of all bands, or of each */
	double stretch[2 * IMG_MAX_BANDS];
	size_t nstretch; /* 0: none; 2 or 2 * nbands */
	bool has_nodata;
	double nodata;
	bool has_cloud;
	double cloud;                    /* percent of the image under clouds */
	struct img_tile tile;            /* scheme.len 0: none */
	struct str licence, attribution; /* len 0: none */
};

/* True for YYYY, YYYY-MM, YYYY-MM-DD and YYYY-MM-DDThh:mm[:ss[.s]][zone]. */
bool img_date_valid(struct str date);

/*
 * Views into v. -1 when a field is missing, of another type or out of range:
 * all are there but date, stretch, nodata, cloud, licence and attribution, and
 * tile where the kind is "raster"; the transform can be inverted; strings hold
 * no NUL.
 */
int img_field_read(struct val v, struct img_field *out,
	struct err *err) MUST_USE;
/* Appends the map, in the order above; empty fields are left out. */
void img_field_pack(struct buf *b, const struct img_field *f);

#endif
