/*
 * labels.h - a table that says more of files: which fields the row of a name
 * gives.
 *
 * CSV or TSV with a header (form/columns.h); the first column holds a file's
 * path, its own name, or its key, each once. Kept in memory. One thread.
 */
#ifndef FORM_LABELS_H
#define FORM_LABELS_H

#include <stddef.h>

struct label_table;

/* A row that cannot be read is an error: half a table labels wrongly. */
struct label_table *labels_load(const char *path, struct err *err) MUST_USE;
/* NULL is fine. */
void labels_free(struct label_table *t);

/* True when a column makes this field. */
bool labels_have(const struct label_table *t, const char *field);
/*
 * The packed keys and values of the row of that name, *pairs of them, which
 * counts as used from now on. False when there is none.
 */
bool labels_find(struct label_table *t, struct str name, struct str *fields,
	size_t *pairs);
/* Rows that no name has found. */
size_t labels_unused(const struct label_table *t);

#endif
