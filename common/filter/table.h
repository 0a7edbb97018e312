/*
 * table.h - the tables of data/ that a tool uses, and users print and replace.
 */
#ifndef FILTER_TABLE_H
#define FILTER_TABLE_H

#include "filter/filter.h"

/*
 * Loads the table at `path`, or, when that is NULL, `data_name` of the data
 * folder; the header will name it with its size and SHA-256.
 */
int filter_table(struct filter *f, const char *path, const char *data_name,
	struct buf *text, struct err *err) MUST_USE;

/*
 * Names a file that will be read from its start to its end in the header; with
 * its size and SHA-256 unless it can be read only once (a pipe).
 */
int filter_add_file(struct filter *f, const char *path,
	struct err *err) MUST_USE;

/*
 * For options like --print-table: writes the same text to the output of the
 * options, reports what goes wrong and returns the exit status.
 */
int print_table(const struct common *common, const char *path,
	const char *data_name);

#endif
