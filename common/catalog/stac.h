/*
 * stac.h - a catalogue of the items of STAC catalogues, files and APIs.
 */
#ifndef CATALOG_STAC_H
#define CATALOG_STAC_H

#include "catalog/maker.h"
#include "catalog/names.h"

/* As the command line has it; NULL: not given. */
struct catalog_stac_texts {
	const char *assets, *collections, *bbox, *datetime;
	uint64_t max_items; /* 0: no limit */
	bool open_assets;   /* also what is not on this machine */
};

/*
 * The same, read; o gets a band of its own for each of several assets, unless
 * its bands are as many. Errors name the option.
 */
int catalog_stac_check(const struct catalog_stac_texts *t,
	struct catalog_options *o, struct err *err) MUST_USE;

/*
 * Catalogues the items at the places that the names are. Where their pixels
 * lie is taken from the items, and read from the image where they do not say;
 * the footprint is the item's, where it has one.
 */
int catalog_stac(struct maker *m, const struct names *names,
	const struct catalog_stac_texts *t, struct err *err) MUST_USE;

#endif
