/*
 * plan.h - a catalogue from the command line to its end: what is asked for,
 * whether it can be, and the run.
 */
#ifndef CATALOG_PLAN_H
#define CATALOG_PLAN_H

#include "catalog/options.h"
#include "catalog/stac.h"
#include "catalog/tiles.h"
#include "filter/filter.h"

/* What the operands are. */
enum catalog_from { FROM_FILES, FROM_VECTOR, FROM_TILES, FROM_EEDA, FROM_STAC };

/* Behind CATALOG_REC in the order of enum vector_format. */
enum catalog_format { CATALOG_REC, CATALOG_VECTOR };

#define CATALOG_SOURCES "sources.tsv" /* of the data folder */

/* As the options have it; texts are NULL where they are not given. */
struct catalog_plan {
	unsigned from, format; /* as above */
	struct catalog_texts texts;
	double max_cloud; /* NaN: any */
	bool valid_mask;
	const char *location;      /* of vectors */
	const char *zoom, *bounds; /* of tiles; bounds of Earth Engine, too */
	uint64_t tile_px;          /* UINT64_MAX: not given */
	struct catalog_stac_texts stac;
	const char *source, *sources; /* an alias, and the table that has it */
	struct tile_grid grid;        /* what catalog_check() makes of them */
};

/* -1, naming the options, when the command line is wrong. */
int catalog_check(struct catalog_plan *p, const struct common *c,
	struct err *err) MUST_USE;
/* Makes the catalogue of a plan that has been checked. */
int catalog_run(const struct catalog_plan *plan, const struct common *c,
	struct filter *f, struct err *err) MUST_USE;

#endif
