/*
 * tag_counts.h - the tags of a stream: how often each key and each key=value
 * comes, and how many values a key has.
 *
 * Values of a key are counted exactly while the table of key=value is exact,
 * then by a HyperLogLog; only for the first TAG_KEYS keys of a stream. One
 * thread.
 */
#ifndef STAT_TAG_COUNTS_H
#define STAT_TAG_COUNTS_H

#include "base/map.h"
#include "rec/val.h"
#include "stat/counter.h"

enum { TAG_KEYS = 2048 };

struct tag_counts {
	uint64_t records;      /* that have tags */
	struct counter *keys;  /* labels: the packed key */
	struct counter *pairs; /* labels: the packed key, the packed value */
	struct map index;      /* packed keys to places in values */
	struct key_values *values;
	size_t cap;
};

/* Its counters are the pool's, of at most `max` distinct values each. */
void tag_counts_init(struct tag_counts *t, struct counter_pool *pool,
	size_t max);
void tag_counts_release(struct tag_counts *t);

/* Counts the pairs of a map. */
void tag_counts_add(struct tag_counts *t, struct val tags);

/*
 * How many values a packed key has; *std_error is relative, 0 when the number
 * is exact. False when that was not counted.
 */
bool tag_counts_values(const struct tag_counts *t, struct str key,
	uint64_t *values, double *std_error);

#endif
