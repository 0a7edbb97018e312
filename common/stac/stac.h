/*
 * stac.h - the items of a STAC catalogue: on disk, on a web server, or behind
 * an API with search.
 *
 * A place is a path or an http(s) URL of an Item, an ItemCollection, a
 * Collection or a Catalog, of an API's landing page or collection, or of its
 * search. Documents are read one after the other, in the order of their links,
 * each once; a page of items is read item by item. One thread.
 *
 * Source: STAC 1.0 and 1.1, and what 0.9 has otherwise; STAC API 1.0 (item
 * search, OGC API features); the extensions eo, projection, raster and file.
 */
#ifndef STAC_STAC_H
#define STAC_STAC_H

#include "net/http.h"

enum { STAC_MAX_ASSETS = 16 };

/* Which items, and which of their assets. Strings are the caller's. */
struct stac_query {
	const char *collections; /* names with commas between; NULL: all */
	const char *assets;      /* keys or patterns (fnmatch(3)) with commas
				  * between, one per band; NULL: see stac_item */
	bool has_bbox;
	double bbox_deg[4]; /* w, s, e, n; w > e across the antimeridian */
	bool has_time;
	int64_t from, to;   /* Unix seconds, both inclusive */
	uint64_t max_items; /* 0: no limit */
	bool has_date;      /* no item need have a date that can be read */
	bool has_licence;   /* licence and attribution are not looked for in
			     * collections that are not read anyway */
};

/* "W,S,E,N" in degrees. */
int stac_query_bbox(struct stac_query *q, const char *s,
	struct err *err) MUST_USE;
/*
 * A time, a day, a month, a year, or two of them with '/' between, of which
 * one may be "..": in UTC.
 */
int stac_query_datetime(struct stac_query *q, const char *s,
	struct err *err) MUST_USE;

struct stac_asset {
	struct str key;
	char *uri; /* a URL without user and password, or a path */
};

/*
 * An item and what is known of its assets without opening them. Without
 * patterns one asset is chosen: one for the eye (role or key "visual"), else
 * one with role "data", else one without a role; of several a GeoTIFF before
 * JPEG 2000, then the finest.
 */
struct stac_item {
	struct str id, collection; /* collection.len 0: none */
	struct str date;           /* ISO 8601, the begin of a span; or none */
	struct str licence, attribution; /* len 0: none */
	double gsd_m;                    /* as declared; 0: none */
	bool has_cloud;
	double cloud; /* percent */
	struct stac_asset assets[STAC_MAX_ASSETS];
	size_t nassets;
	/* where the pixels of all assets lie */
	const char *lacks;   /* what is not told of it; NULL: all is */
	struct str crs;      /* "EPSG:32632" or WKT 2 */
	char crs_text[32];   /* what it may point into */
	uint64_t size[2];    /* width, height in pixels */
	double transform[6]; /* GDAL geotransform: pixel → CRS */
	/* of a single asset, 1-based, for red, green, blue, or of one grey */
	uint64_t bands[3];
	size_t nbands;    /* 0: not told */
	uint64_t nlisted; /* how many it has, 0: not told */
	bool has_nodata;
	double nodata;
	struct buf geom; /* WKB, polygons in degrees, longitudes go on beyond
			  * 180; len 0: none */
	bool has_bbox;
	double bbox_deg[4]; /* w, s, e, n; w > e across the antimeridian */
};

/* What is not given as an item. */
struct stac_aside {
	bool fault;         /* something is broken; else: not asked for */
	const char *reason; /* a string constant */
	const char *detail; /* or NULL */
	const char *id;     /* of the item, or NULL */
	const char *place;  /* of its document, fit to be shown */
};

/* What is handed over is good until the function returns; -1 ends the walk. */
struct stac_sink {
	void *ctx;
	int (*item)(void *ctx, const struct stac_item *item, struct err *err);
	int (*aside)(void *ctx, const struct stac_aside *aside,
		struct err *err);
	/* of each file on this machine before it is read; NULL: none is told */
	void (*file)(void *ctx, const char *path);
};

struct stac;

/* Query and sink must live longer. */
struct stac *stac_new(const struct stac_query *query,
	const struct stac_sink *sink, const struct http_limits *limits);
void stac_free(struct stac *s);

/*
 * Walks what is at a place. A document that cannot be read is set aside, and
 * so is an item that is broken; -1 when a page of a search cannot be read, for
 * nobody knows what is missing then, or when the sink says so. Nothing more
 * comes after max_items, of all places.
 */
int stac_read(struct stac *s, const char *place, struct err *err) MUST_USE;

#endif
