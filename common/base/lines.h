/*
 * lines.h - the lines of a file or a pipe, one after the other.
 *
 * A newline ends a line and is not part of it; the last one may lack it. A
 * fault in reading never passes for the end of a line. One thread per reader.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>
#include <stdint.h>

struct line_reader;

/* path "-" is standard input. A line over `limit` bytes is an error. */
struct line_reader *line_reader_open(const char *path, uint64_t limit,
	struct err *err) MUST_USE;
void line_reader_free(struct line_reader *r);

/*
 * The next line, good until the next call: 1, 0 at the end, -1. Errors name
 * the file and the line.
 */
int line_reader_next(struct line_reader *r, struct str *line,
	struct err *err) MUST_USE;
/* Of the line read last, from 1. */
uint64_t line_reader_number(const struct line_reader *r);
/* For messages. */
const char *line_reader_name(const struct line_reader *r);

#endif
