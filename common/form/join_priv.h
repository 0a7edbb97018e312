/*
 * join_priv.h - what the files of the join share.
 */
#ifndef FORM_JOIN_PRIV_H
#define FORM_JOIN_PRIV_H

#include "form/join.h"
#include "base/map.h"
#include "base/path.h"

struct join_row {
	size_t begin, end; /* in cells */
	uint64_t place;    /* line or record, for messages */
	bool used;
};

struct join {
	struct join_options o;
	const char *unit;      /* what `place` counts: "line", "record" */
	const char *emb_dtype; /* an embedding is joined: its type; else NULL */
	struct path *columns;  /* [ncolumns] */
	size_t ncolumns, columns_cap;
	struct map names; /* of columns that are plain fields, to columns */
	struct map keys;  /* to rows */
	struct join_row *rows; /* [nrows] */
	size_t nrows, rows_cap;
	/* the rows' values, each the number of its column and the value,
	 * packed */
	struct buf cells;
	uint64_t matched, unmatched;
};

/* Opens the row of a key; -1 when there is one already. */
int join_add_row(struct join *j, struct str key, uint64_t place,
	struct err *err) MUST_USE;
/* Closes it: what was added to cells is its. */
void join_end_row(struct join *j);
/* Adds a column; takes the path. Returns its number. */
size_t join_add_column(struct join *j, struct path path);

/* What join_open() calls, by the kind of file. */
int join_read_table(struct join *j, struct err *err) MUST_USE;
int join_read_array(struct join *j, struct err *err) MUST_USE;
int join_read_records(struct join *j, struct filter *f,
	struct err *err) MUST_USE;

#endif
