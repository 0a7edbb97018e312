/*
 * sizes.h - a table of what tags need: a window, and a GSD.
 *
 * Rows are "pattern TAB window TAB gsd_m", patterns as in tags/pattern.h, the
 * window of nodes and lines as "224px" or "60m", gsd_m the coarsest GSD at
 * which objects without tag_gsd_m may be shown; either may be "-": as for
 * other objects. Read-only once loaded: any number of threads.
 */
#ifndef JOIN_SIZES_H
#define JOIN_SIZES_H

#include "filter/filter.h"

struct side {
	double side;
	bool metres; /* else pixels */
};

/* The longest side that a window may be asked to have: JPEG has no longer. */
enum { JOIN_MAX_SIDE = 65500 };

/* "224px" or "100m"; -1: neither, or none of 1 to JOIN_MAX_SIDE pixels. */
int side_parse(const char *s, struct side *out) MUST_USE;
/* Whole pixels, as a number; 0: less than half of one. */
double side_px(const struct side *s, double gsd_m);

struct sizes;

/* Tells f of the file. */
struct sizes *sizes_load(struct filter *f, const char *path,
	struct err *err) MUST_USE;
void sizes_free(struct sizes *s);

/* The largest of the windows that the tags need, in pixels of gsd_m; 0: no row
 * names one. `tags` is a checked map of strings, or of len 0. */
double sizes_window(const struct sizes *s, struct val tags, double gsd_m);
/* The coarsest GSD that one of the tags allows; 0: no row names one. */
double sizes_gsd(const struct sizes *s, struct val tags);

#endif
