/*
 * vector.h - catalogues as vector files: read (of gdaltindex and others, with a
 * column that names the image) and written.
 *
 * What is written has columns for people (vector_columns in vector_out.c) and
 * `img`, the record's field as JSON, by which it is read again without opening
 * an image.
 */
#ifndef CATALOG_VECTOR_H
#define CATALOG_VECTOR_H

#include "catalog/maker.h"
#include "raster/vector.h"

/*
 * Catalogues the images that the features of a vector file name in the column
 * `location` (NULL: the first there is of location, uri, path, filename). A
 * relative path is looked for beside the vector file, then where it is
 * relative to the working directory. The columns src, date, cloud, licence and
 * attribution, where a feature has them, win over what the image says; one with
 * an `img` as written below is taken by it and its geometry.
 */
int catalog_vector(struct maker *m, const char *path, const char *location,
	struct err *err) MUST_USE;

/*
 * Catalogues the images of an Earth Engine collection, as GDAL lists them
 * ("USDA/NAIP/DOQQ", or "projects/…"): all, or those that meet a box [w, s, e,
 * n], w < e (NULL: none). Where the options name bands the images are of these.
 * Each image is asked for once, but for those that are too cloudy.
 */
int catalog_eeda(struct maker *m, const char *collection, const double *box_deg,
	struct err *err) MUST_USE;

/* A layer as it is to be written, and an image for it. */
struct vector_out *catalog_layer_new(enum vector_format format,
	struct err *err) MUST_USE;
int catalog_layer_put(struct vector_out *layer, const struct img_field *img,
	const struct outline *outline, struct err *err) MUST_USE;

#endif
