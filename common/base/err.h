/*
 * err.h - what went wrong, and where.
 *
 * A failing function fills a `struct err` of its caller and returns -1 (or
 * NULL). Each level adds its context once, in front, so that the whole reads
 * "town.osm.pbf: blob 12 at byte 51234: zlib data is damaged".
 * Messages: lower case, no full stop, 'quoted' names.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

struct err {
	char msg[1024];
};

/* Sets the message; returns -1, so that `return err_set(…)` works. */
int err_set(struct err *err, const char *fmt, ...) PRINTF(2, 3);
/* The same, then ": " and the text of the current errno. */
int err_errno(struct err *err, const char *fmt, ...) PRINTF(2, 3);
/* Puts "context: " in front of the message; returns -1. */
int err_prefix(struct err *err, const char *fmt, ...) PRINTF(2, 3);

/* So that the compiler, too, knows what these return. */
static inline int err_failed(void)
{
	return -1;
}
#define err_set(...)    ((err_set)(__VA_ARGS__), err_failed())
#define err_errno(...)  ((err_errno)(__VA_ARGS__), err_failed())
#define err_prefix(...) ((err_prefix)(__VA_ARGS__), err_failed())

#endif
