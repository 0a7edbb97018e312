/*
 * maker.h - an image catalogue being made: images in, records out.
 *
 * Each source of images (files, bands, …) hands over what it knows of one as
 * a struct img_field; what the options say goes into it here, by one rule for
 * all: an option wins, then what the source knows, then what the file says.
 * Functions return -1 only for what ends the run; an image that cannot be
 * catalogued is set aside with its name and reason. Main thread only.
 */
#ifndef CATALOG_MAKER_H
#define CATALOG_MAKER_H

#include "catalog/options.h"
#include "filter/filter.h"
#include "raster/info.h"

struct maker;

/* Both must live longer. */
struct maker *maker_new(struct filter *f, const struct catalog_options *o);
/* Images become features of the layer, not records. It must live longer. */
struct vector_out;
void maker_use_layer(struct maker *m, struct vector_out *layer);
void maker_free(struct maker *m);
const struct catalog_options *maker_options(const struct maker *m);

/* How the files of images are opened: by raster_open_any(), unless said. */
typedef struct raster *maker_open_fn(const char *path, struct err *err);
void maker_open_with(struct maker *m, maker_open_fn *open);

/*
 * -1 when an output of the run would take the place of a file that is read; a
 * file inside an archive is the archive. Of images the maker looks itself. ctx
 * is the maker.
 */
int maker_reads(void *ctx, const char *path, struct err *err) MUST_USE;

/*
 * An image of which all is known: img as img_field_read() wants it, but for
 * src, which is made of the uri where it is empty.
 */
int maker_put(struct maker *m, const struct img_field *img,
	const struct outline *outline, struct err *err) MUST_USE;

/*
 * An image in a file, anything that GDAL opens: known->uri, and of the rest
 * what is known (date, cloud, src, licence, attribution: not empty) beyond what
 * the file says.
 */
int maker_add_file(struct maker *m, const struct img_field *known,
	struct err *err) MUST_USE;
/* A file found in a folder: 0 when it is no image, nor named as one; 1 else,
 * -1. */
int maker_add_found(struct maker *m, const char *path,
	struct err *err) MUST_USE;
/* One file per band: known->uris, as many as the options have bands. */
int maker_add_bands(struct maker *m, const struct img_field *known,
	struct err *err) MUST_USE;

/* What is kept of an image that is none: its src, uri and kind. */
int maker_set_aside(struct maker *m, const struct img_field *img,
	enum verdict verdict, const char *reason, const char *detail,
	struct err *err) MUST_USE;

#endif
