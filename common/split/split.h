/*
 * split.h - a stream of records into files, each a stream of its own.
 *
 * The record's part comes from its own content, the seed and the options
 * alone, but for SPLIT_TURNS and the numbers of the files of SPLIT_VALUES and
 * SPLIT_CELLS, which go by what was first seen.
 */
#ifndef SPLIT_SPLIT_H
#define SPLIT_SPLIT_H

#include "filter/filter.h"
#include "geo/cells.h"
#include "split/exclude.h"
#include "split/ratio.h"

enum split_mode {
	SPLIT_TURNS,  /* to n parts in turn */
	SPLIT_HASH,   /* to n parts by the hash of a field */
	SPLIT_VALUES, /* a part for each value of a field */
	SPLIT_CELLS,  /* a part for each cell with an object */
	SPLIT_RATIO,  /* train, val and test, by blocks */
};

struct split_opts {
	enum split_mode mode;
	const char *prefix;   /* of the files' names */
	const char *table;    /* where to tell what is in them, or NULL */
	const char *excluded; /* what `exclude` was read from, or NULL */
	uint64_t n;           /* parts */
	uint64_t seed;
	struct path field; /* HASH, VALUES */
	const char *field_name;
	struct cells cells; /* CELLS, RATIO: the blocks */
	bool with_halo;     /* CELLS: */
	double halo_m;      /* the margin round a cell */
	double buffer_m;    /* RATIO: how near another split may be */
	struct ratio ratio;
};

/*
 * Reads all records, then writes the files PREFIX00000.rec, PREFIX00001.rec …
 * one after the other and prints the name of each on standard output, which it
 * closes. Input that is damaged leaves no file. exclude may be NULL.
 */
int split_run(struct filter *f, const struct split_opts *o,
	struct exclude *exclude, struct err *err) MUST_USE;

#endif
