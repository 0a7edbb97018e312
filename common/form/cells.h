/*
 * cells.h - records as the rows of a table: CSV and TSV, as rows.h reads them.
 *
 * The first row names the columns, each as a path (base/path.h). A cell holds
 * a string as it is, a number in its shortest form, true or false, a bin in
 * base64, and an array, map or ext as in line mode (rec/line.h); it is empty
 * where the record has no value or nil. CSV rows end in CR LF, as RFC 4180 has
 * it. One thread.
 */
#ifndef FORM_CELLS_H
#define FORM_CELLS_H

#include "rec/rec.h"
#include "form/missing.h"
#include "form/rows.h"

struct cells {
	enum rows_kind kind;
	struct path_list columns; /* n 0: not chosen yet */
	struct missing *missing;  /* of columns that the user chose */
	struct buf room;
};

/*
 * columns: a list of paths; NULL: those fields of the first record that are no
 * bin, array or map, in its order. -1: it is no list.
 */
int cells_init(struct cells *c, enum rows_kind kind, const char *columns,
	struct err *err) MUST_USE;
void cells_release(struct cells *c);

/*
 * Appends the row that names the columns. first: the first record, or NULL. -1
 * where the columns come from it and it has none, or is not there.
 */
int cells_add_names(struct cells *c, const struct rec *first, struct buf *out);
/* Appends a record's row. -1: a value cannot be said in JSON. */
int cells_add(struct cells *c, const struct rec *r, struct buf *out,
	struct err *err) MUST_USE;
/* Warns of chosen columns that no record had. */
void cells_done(const struct cells *c);

#endif
