/*
 * tsv.h - tables as text: one row a line, a tab between two fields.
 *
 * Lines that are empty or begin with '#' are passed over; a byte order mark at
 * the start and a carriage return before the newline are not part of a row.
 * Fields are views into the text, which belongs to the caller.
 */
#ifndef BASE_TSV_H
#define BASE_TSV_H

#include <stddef.h>

struct tsv {
	const char *name; /* for messages */
	const char *p, *end;
	size_t line; /* of the row read last, from 1 */
};

/*
 * Loads the table at `path`, or, when that is NULL, the one called
 * `data_name` in the data folder.
 */
int tsv_load(const char *path, const char *data_name, struct buf *text,
	struct err *err) MUST_USE;

struct tsv tsv_begin(const char *name, const char *text, size_t len);

/*
 * The next row, which must have exactly n fields, none of them empty: 1, 0 at
 * the end, -1.
 */
int tsv_next(struct tsv *t, struct str *fields, size_t n,
	struct err *err) MUST_USE;

/* Puts "name: line N: " in front of what is wrong with the row; -1. */
int tsv_fail(const struct tsv *t, struct err *err);

#endif
