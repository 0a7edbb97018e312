/*
 * gsd.h - at which ground sample distance a tag can be seen.
 *
 * SkyScript §"visual groundability": a tag is described only when the image's
 * GSD is not coarser than the tag's maximum GSD, one of five classes. The table
 * (data/tag-gsd.tsv) has rows "pattern TAB gsd_m TAB reason"; patterns are
 * key=value, key=*, prefix:*, the more specific wins in that order.
 */
#ifndef TAGS_GSD_H
#define TAGS_GSD_H

#include <stddef.h>

#define GSD_COARSEST      10.0 /* open upward: visible at any coarser GSD */
#define GSD_SLACK_DEFAULT 0.1  /* real pixels are 10.004 m or 0.6002 m */

/* True when a tag of class `class_m` shows in an image of GSD gsd_m. */
bool gsd_shows(double class_m, double gsd_m, double slack);

struct gsd_table;

/* Reads a table from text; `name` is for messages, which give the line. */
struct gsd_table *gsd_table_parse(const char *name, const char *text,
	size_t len, struct err *err) MUST_USE;
void gsd_table_free(struct gsd_table *t);

/* The tag's class in metres; 0 when it can never be seen or is unknown. */
double gsd_table_class(const struct gsd_table *t, struct str key,
	struct str value);

#endif
