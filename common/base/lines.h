/*
 * lines.h - the lines of a file or a pipe, one after the other, in bounded
 * memory; a byte order mark at its start is passed over. A fault in reading
 * never passes for the end of a line. One thread.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>
#include <stdint.h>

struct lines;

/*
 * Opens a file; "-" is standard input. A line of more than `limit` bytes is an
 * error. Errors name the file, and the line where there is one.
 */
struct lines *lines_open(const char *path, uint64_t limit,
	struct err *err) MUST_USE;
/* NULL is fine. */
void lines_close(struct lines *l);

/*
 * The next line without its end ("\n"), good until the next call: 1, 0 at the
 * end of the file, -1. The last line need not have an end.
 */
int lines_next(struct lines *l, struct str *line, struct err *err) MUST_USE;
/* Of the line read last, from 1. */
uint64_t lines_number(const struct lines *l);
/* For messages: the path, or "standard input". */
const char *lines_name(const struct lines *l);

#endif
