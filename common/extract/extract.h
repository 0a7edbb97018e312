/*
 * extract.h - the objects of an OSM file as records.
 *
 * What osm-tags does with one file: passes that find out which ways relations
 * need, which nodes ways need and where these lie, then one that makes the
 * records, on all threads, in the order of the file. A file whose nodes come
 * before its ways and these before its relations (nearly all are so) has its
 * positions gathered by the last pass itself.
 */
#ifndef EXTRACT_EXTRACT_H
#define EXTRACT_EXTRACT_H

#include "filter/filter.h"
#include "osm/areas.h"
#include "osm/select.h"

struct extract_options {
	const struct area_rules *rules;
	const struct select *select;
	/* summed up here where they are not NULL */
	struct select_counts *counts;
	struct select_seen *seen;
	unsigned threads;
	bool versions;          /* of a history file: all of them, or */
	const int64_t *at;      /* the state at this time; NULL: it is none */
	bool geometry;          /* records have `geom` */
	bool relations;         /* also those that are no areas */
	bool keep_broken;       /* of broken areas and ways: the bbox */
	bool skip_damaged;      /* blobs are passed over, as faults */
	bool force;             /* though memory seems not to do */
	const char *node_store; /* a file for the positions; NULL: memory */
};

/*
 * Makes the records of the files that are the operands, "-" and none at all
 * being standard input. The header names them, when their data was current, and
 * the licence.
 */
int extract_files(const struct extract_options *o, struct filter *f,
	const struct common *c, struct err *err) MUST_USE;

#endif
