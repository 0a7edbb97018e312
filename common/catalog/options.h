/*
 * options.h - what a tool's user says of all images of a catalogue.
 */
#ifndef CATALOG_OPTIONS_H
#define CATALOG_OPTIONS_H

#include "rec/img_field.h"

/* As the command line has it; NULL: not given. */
struct catalog_texts {
	const char *src, *date, *nodata, *bands, *stretch, *licence,
		*attribution;
	const char *band_pattern; /* one file per band: "_{band}.jp2" */
	bool named_bands;         /* bands have names also without a pattern */
};

/* The bands that are read as red, green and blue, or as grey. */
enum { CATALOG_BANDS = 3 };

/* Owns the names of bands; the texts must live longer. */
struct catalog_options {
	/* empty: as the image says */
	struct str src, date, licence, attribution;
	bool has_nodata;
	double nodata; /* where an image declares none */
	uint64_t bands[CATALOG_BANDS];
	size_t nbands; /* 0: as the image says */
	double stretch[2];
	bool has_stretch;
	const char *band_pattern;        /* NULL: all bands in one file */
	char *band_names[CATALOG_BANDS]; /* [nbands], where bands have names */
	double max_cloud;                /* percent; NAN: any */
	bool valid_mask;
};

/*
 * Reads the texts; what has none is as the image says. Errors name the option.
 * Release after either.
 */
int catalog_options_read(struct catalog_options *o,
	const struct catalog_texts *t, struct err *err) MUST_USE;
void catalog_options_release(struct catalog_options *o);

/* Appends a text as a collection's name: other bytes than [A-Za-z0-9-] as '-'.
 */
void catalog_add_name(struct buf *b, struct str s);

#endif
