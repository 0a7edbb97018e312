/*
 * vector.h - features with a geometry and named columns, in files that OGR
 * reads and writes (GeoPackage, FlatGeobuf, GeoJSON, Shapefile, …).
 *
 * Geometries are WKB in longitude and latitude. One thread.
 */
#ifndef RASTER_VECTOR_H
#define RASTER_VECTOR_H

#include <stddef.h>

#include "raster/files.h"

struct vector_in;

/*
 * Opens all layers of a file, anything that OGR opens. Only in a process whose
 * first call of this layer it is, see raster_open_any().
 */
struct vector_in *vector_open(const char *path, struct err *err) MUST_USE;
/* NULL is fine. */
void vector_close(struct vector_in *v);

/* As raster_each_file(): the file and those that belong to it. */
int vector_each_file(const struct vector_in *v, files_fn *fn, void *ctx,
	struct err *err) MUST_USE;

/* Only features that meet a box [w, s, e, n], w < e; before the first one. */
void vector_within(struct vector_in *v, const double box_deg[4]);

/* The next feature, of which the functions below tell: 1, 0 at the end, -1. */
int vector_next(struct vector_in *v, struct err *err) MUST_USE;
/* Whether its layer has a column; case does not matter. */
bool vector_has(const struct vector_in *v, const char *column);
/* The column's value as text, good until the next one is asked for; NULL when
 * there is none. */
const char *vector_text(struct vector_in *v, const char *column);
/* Its geometry, appended; -1 when it has none, or none on the globe. */
int vector_geometry(struct vector_in *v, struct buf *wkb,
	struct err *err) MUST_USE;
/* Names of its layer's columns with commas between them, for messages. */
void vector_columns(const struct vector_in *v, struct buf *out);

/* A column that is written, and a value for it. */
struct vector_column {
	const char *name;
	bool number;
};

struct vector_value {
	struct str text; /* s NULL: none */
	double number;   /* NaN: none */
};

enum vector_format { VECTOR_FGB, VECTOR_GPKG, VECTOR_GEOJSON };

struct vector_out;

/* A layer of polygons in WGS 84; kept in memory until it is saved. */
struct vector_out *vector_new(enum vector_format format, const char *layer,
	const struct vector_column *columns, size_t n,
	struct err *err) MUST_USE;
void vector_free(struct vector_out *v);
/* values: [n], in the order of the columns. */
int vector_put(struct vector_out *v, const struct buf *wkb,
	const struct vector_value *values, struct err *err) MUST_USE;
/*
 * Ends the layer and writes the file, which appears by rename; NULL or "-" is
 * standard output. The same features give the same bytes.
 */
int vector_save(struct vector_out *v, const char *path,
	struct err *err) MUST_USE;

#endif
