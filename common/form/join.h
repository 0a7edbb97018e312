/*
 * join.h - the columns of a table, a record stream or an array put into the
 * records that have the same id (or key).
 *
 * By the end of the file's name:
 *	.csv .tsv .tab	a table (form/rows.h); its first row names the fields,
 *			as paths: "tags.x" goes into the map `tags`. Cells are
 *			typed as form/field.h says, empty ones leave the
 *			record's field as it is.
 *	.npy		an array (codec/npy.h), whose rows belong to the ids
 *			that stand in another file, one a line: of one
 *			dimension, the field is a number or a bool; of two,
 *			floats, a bin of the row's little-endian f16 or f32 (f64
 *			becomes f32). Joined as img_emb or txt_emb it sets
 *			emb_dtype too.
 *	any other	a record stream; all its fields, a map as a whole
 * A field that is there already is replaced.
 *
 * The whole table is kept in memory, as msgpack. An id that stands twice in it
 * is an error that names both places. One thread.
 */
#ifndef FORM_JOIN_H
#define FORM_JOIN_H

#include "filter/filter.h"

struct join_options {
	const char *file;
	const char *on;  /* "id" or "key" */
	const char *ids; /* of .npy: the ids, one a line; else NULL */
	const char *as;  /* of .npy: the field; NULL: the file's own name */
};

/* -1: the options do not go together. Opens nothing. */
int join_check(const struct join_options *o, struct err *err) MUST_USE;

struct join;

/* Reads the table; the headers of f will name it. */
struct join *join_open(const struct join_options *o, struct filter *f,
	struct err *err) MUST_USE;
/* NULL is fine. */
void join_free(struct join *j);

/*
 * Joins one record. One whose id is no str, or whose emb_dtype would not fit
 * its other embedding, becomes a fault.
 */
void join_apply(struct join *j, struct item *item);
/* Says how many records and rows met. */
void join_say(const struct join *j);

#endif
