/*
 * rows.h - tables in text files, row by row: CSV and TSV.
 *
 * CSV as RFC 4180 has it (libcsv does the work): commas, fields in double
 * quotes may hold commas, quotes (doubled) and line ends. TSV: a tab between
 * two fields, and \t, \n, \r and \\ in a field stand for a tab, a line end, a
 * carriage return and a backslash, as PostgreSQL and jq write it. Empty lines
 * are passed over, a byte order mark at the start too. One thread.
 */
#ifndef FORM_ROWS_H
#define FORM_ROWS_H

#include <stddef.h>
#include <stdint.h>

enum rows_kind { ROWS_CSV, ROWS_TSV };

struct rows;

/* Opens a file; "-" is standard input. A row has at most `limit` bytes. */
struct rows *rows_open(const char *path, enum rows_kind kind, uint64_t limit,
	struct err *err) MUST_USE;
/* NULL is fine. */
void rows_close(struct rows *r);

/*
 * The next row's n fields, good until the next call: 1, 0 at the end, -1. An
 * error names file and line.
 */
int rows_next(struct rows *r, const struct str **fields, size_t *n,
	struct err *err) MUST_USE;
/* The line on which the row read last begins, from 1. */
uint64_t rows_line(const struct rows *r);

/* That row as it stands in the file, without its end; good as long. */
struct str rows_text(const struct rows *r);
/* For messages: the path, or "standard input". */
const char *rows_name(const struct rows *r);

/* By the end of the name: ".tsv" and ".tab" are TSV, all others CSV. */
enum rows_kind rows_kind_of(const char *path);

#endif
