/*
 * top.h - choosing records by a number that they carry.
 */
#ifndef FILTER_TOP_H
#define FILTER_TOP_H

#include "filter/filter.h"

/*
 * The number in a field: true when it is there and finite. Else the item is
 * set aside: "no score" (absent, infinite or NaN) or, by a fault, "bad score"
 * (no number).
 */
bool item_score(struct item *item, const char *field, double *score);

/*
 * Reads the whole stream and keeps ceil(n * percent / 100) of the n records
 * that have a score, the highest ones; of equal scores those whose seeded hash
 * (purpose "tie") is lower, then those that came earlier. What is kept goes
 * out in the order of the input, the rest is set aside as "below top".
 *
 * Nothing goes out before all of the input is read and found whole. Memory: 32
 * bytes a record; the records themselves wait in a temporary file.
 */
int filter_top(struct filter *f, const char *field, double percent,
	uint64_t seed, struct err *err) MUST_USE;

#endif
