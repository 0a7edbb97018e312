/*
 * counter.h - how often each value of a stream comes, in bounded memory: exact
 * while the distinct values are few, then the frequent ones with a bound of the
 * error.
 *
 * A counter counts exactly up to `max` distinct values. Then it is a sketch:
 * Space-Saving (Metwally, Agrawal and El Abbadi, "Efficient computation of
 * frequent and top-k elements in data streams", 2005), but that it puts out the
 * lower half of its counters at once, not one at a time (Anderson et al., "A
 * high-performance algorithm for identifying frequent items in data streams",
 * IMC 2017). `floor` is the highest count that was put out: no
 * value outside the table came more often, and a new one enters with it as its
 * possible error. So count - error <= true count <= count, always. The number
 * of distinct values is then a HyperLogLog's (hll.h).
 *
 * Counters share the memory of a pool: when it is full, the largest puts out
 * half of what it has, whatever its max.
 *
 * Values are the same when their 64-bit hash and their length are; of a long
 * one the first COUNTER_LABEL bytes are kept. One thread.
 */
#ifndef STAT_COUNTER_H
#define STAT_COUNTER_H

#include <stddef.h>
#include <stdint.h>

enum { COUNTER_LABEL = 256, COUNTER_BITS = 14 };

struct counter;

/* Owns its counters. */
struct counter_pool {
	struct counter **all; /* [n] */
	size_t n, cap;
	size_t bytes; /* that they take now */
	size_t limit; /* at least a few KiB */
};

void counter_pool_init(struct counter_pool *pool, size_t limit);
void counter_pool_release(struct counter_pool *pool);

/* max > 1; goes with the pool. */
struct counter *counter_new(struct counter_pool *pool, size_t max);

/* Counts a value; true when it was not in the table. */
bool counter_add(struct counter *c, struct str value);

/* How many values were counted. */
uint64_t counter_total(const struct counter *c);
bool counter_is_exact(const struct counter *c);
/* Distinct values; *std_error is relative, 0 when the number is exact. */
uint64_t counter_distinct(const struct counter *c, double *std_error);
/* How often a value outside the table may have come: 0 while exact. */
uint64_t counter_floor(const struct counter *c);

struct counted {
	struct str label; /* the value, or how it begins */
	bool cut;
	uint64_t count; /* never too low */
	uint64_t error; /* too high by at most this much */
};

/*
 * The most frequent values into out [n], of equal ones that first seen; returns
 * how many there are. Views, good until the next counter_add() to the pool.
 */
size_t counter_top(const struct counter *c, struct counted *out, size_t n);

#endif
