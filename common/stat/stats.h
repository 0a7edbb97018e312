/*
 * stats.h - everything that rec-stat counts of a stream, in bounded memory.
 *
 * Feed it all that a reader gives, of one stream or of several, then report.
 * One thread.
 */
#ifndef STAT_STATS_H
#define STAT_STATS_H

#include "rec/stream.h"
#include "stat/fields.h"
#include "stat/provenance.h"
#include "stat/tag_counts.h"

/* Distinct values that a table counts exactly, and the memory of all tables. */
enum { MAX_EXACT = 100000, MAX_TABLES = 14 << 20 };

struct counts {
	uint64_t segments, headers, records, bytes;
};

/* Counts what a reader gave. */
void counts_add(struct counts *c, const struct rec_view *v);

/* How often each value of a field comes. */
struct value_table {
	struct path path;
	const char *name; /* as it was written */
	struct counter *counter;
};

struct stats {
	uint64_t streams; /* the owner counts them */
	struct counts counts;
	uint64_t faulty; /* records that were well framed but wrong */
	uint64_t data_bytes, smallest, largest; /* of data records */
	struct fields fields;
	struct tag_counts tags;
	struct value_table *values; /* [nvalues] */
	size_t nvalues, values_cap;
	struct provenance provenance;
	struct counter_pool pool;
};

void stats_init(struct stats *s);
void stats_release(struct stats *s);

/* A path to count the values of, before the first record; keeps the pointer. */
int stats_add_path(struct stats *s, const char *path, struct err *err) MUST_USE;

/*
 * Counts what a reader gave. -1 for a data record that is framed well but
 * wrong (a key twice, say): it counts as a faulty record, and err says why.
 */
int stats_add(struct stats *s, const struct rec_view *v,
	struct err *err) MUST_USE;

#endif
