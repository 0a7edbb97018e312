/*
 * exclude.h - what must not get into training data: records of benchmarks, by
 * id or by place.
 */
#ifndef SPLIT_EXCLUDE_H
#define SPLIT_EXCLUDE_H

#include "filter/filter.h"

struct exclude;

/*
 * Reads a record stream (ids, and places as pixels have them, see place.h), or
 * a list: on each line an id or key, or a longitude and a latitude with a
 * tab, blanks or a comma between; empty lines and those that begin with '#' are
 * passed over. What is no regular file is a list. The header of the run names
 * the file, and gets the headers of the stream. radius_m: how near a place may
 * be to one of these.
 */
struct exclude *exclude_load(struct filter *f, const char *path,
	double radius_m, struct err *err) MUST_USE;
/* NULL is fine. */
void exclude_free(struct exclude *e);

/*
 * Drops an item that has an id or key of these ("benchmark"), or is within the
 * radius of one. A place that cannot be read is a fault.
 */
void exclude_judge(struct exclude *e, struct item *item);
/* Tells people how many of the ids no record had. NULL is fine. */
void exclude_report(const struct exclude *e);

#endif
