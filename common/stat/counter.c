#include "base/base.h"
#include "stat/counter.h"
#include "base/hash.h"
#include "stat/hll.h"

struct tally {
	uint64_t hash, count, error;
	uint32_t len; /* of the value; of the label at most COUNTER_LABEL */
	uint32_t at;  /* of the label in the counter's text */
};

struct counter {
	struct counter_pool *pool;
	size_t max;
	uint64_t total, floor;
	struct tally *tallies; /* [n], in order of entry */
	size_t n, cap;
	struct buf text; /* the labels, in the same order */
	uint32_t *slots; /* index + 1 into tallies, 0: free */
	size_t nslots;   /* power of two, or 0 */
	struct hll *hll; /* of the hashes; NULL: exact so far */
};

/* Of one value beside its label: the tally and its slots. */
enum { TALLY_BYTES = sizeof(struct tally) + 2 * sizeof(uint32_t) };

void counter_pool_init(struct counter_pool *pool, size_t limit)
{
	*pool = (struct counter_pool){.limit = limit};
}

void counter_pool_release(struct counter_pool *pool)
{
	for (size_t i = 0; i < pool->n; i++) {
		struct counter *c = pool->all[i];

		free(c->tallies);
		buf_release(&c->text);
		free(c->slots);
		free(c->hll);
		free(c);
	}
	free(pool->all);
	*pool = (struct counter_pool){.limit = pool->limit};
}

struct counter *counter_new(struct counter_pool *pool, size_t max)
{
	struct counter *c = xcalloc(1, sizeof(*c));

	c->pool = pool;
	c->max = max;
	xgrow(&pool->all, &pool->cap, pool->n + 1, sizeof(*pool->all));
	pool->all[pool->n++] = c;
	return c;
}

static size_t bytes_of(const struct counter *c)
{
	return c->n * TALLY_BYTES + c->text.len;
}

static uint32_t label_len(const struct tally *t)
{
	return MIN(t->len, COUNTER_LABEL);
}

static size_t slot_of(const struct counter *c, uint64_t hash, uint32_t len)
{
	size_t mask = c->nslots - 1, i = (size_t)hash & mask;

	while (c->slots[i]) {
		const struct tally *t = &c->tallies[c->slots[i] - 1];

		if (t->hash == hash && t->len == len)
			break;
		i = (i + 1) & mask;
	}
	return i;
}

/* Makes the slots anew, with room for one value more. */
static void rehash(struct counter *c)
{
	c->nslots = 16;
	while (3 * c->nslots < 4 * (c->n + 1))
		c->nslots *= 2;
	free(c->slots);
	c->slots = xcalloc(c->nslots, sizeof(*c->slots));
	for (size_t i = 0; i < c->n; i++) {
		const struct tally *t = &c->tallies[i];

		c->slots[slot_of(c, t->hash, t->len)] = (uint32_t)i + 1;
	}
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * The lowest count among the `keep` highest, and how many of those that have
 * just it are among them.
 */
static uint64_t lowest_kept(const struct counter *c, size_t keep, size_t *ties)
{
	uint64_t *counts = xcalloc(c->n, sizeof(*counts));
	uint64_t lowest = UINT64_MAX;

	for (size_t i = 0; i < c->n; i++)
		counts[i] = c->tallies[i].count;
	qsort(counts, c->n, sizeof(*counts), by_number);
	*ties = 0;
	if (keep)
		lowest = counts[c->n - keep];
	for (size_t i = c->n - keep; i < c->n && counts[i] == lowest; i++)
		++*ties;
	free(counts);
	return lowest;
}

/* Puts out the lower half; of equal ones, those that came later. */
static void put_out_half(struct counter *c)
{
	size_t n = 0, ties, before = bytes_of(c);
	uint64_t lowest = lowest_kept(c, c->n / 2, &ties);

	if (!c->hll) {
		c->hll = hll_new(COUNTER_BITS);
		for (size_t i = 0; i < c->n; i++)
			hll_add(c->hll, c->tallies[i].hash);
	}
	c->text.len = 0;
	for (size_t i = 0; i < c->n; i++) {
		struct tally t = c->tallies[i];

		if (t.count < lowest || (t.count == lowest && !ties)) {
			c->floor = MAX(c->floor, t.count);
			continue;
		}
		ties -= t.count == lowest;
		memmove(c->text.data + c->text.len, c->text.data + t.at,
			label_len(&t));
		t.at = (uint32_t)c->text.len;
		c->text.len += label_len(&t);
		c->tallies[n++] = t;
	}
	c->n = n;
	/* the room goes back: another counter of the pool may need it */
	c->cap = n;
	c->tallies = xreallocarray(c->tallies, n, sizeof(*c->tallies));
	c->text.cap = c->text.len;
	c->text.data = xrealloc(c->text.data, c->text.cap);
	rehash(c);
	c->pool->bytes -= before - bytes_of(c);
}

static struct counter *largest(const struct counter_pool *pool)
{
	struct counter *most = pool->all[0];

	for (size_t i = 1; i < pool->n; i++)
		if (bytes_of(pool->all[i]) > bytes_of(most))
			most = pool->all[i];
	return most;
}

static void enter(struct counter *c, uint64_t hash, struct str value)
{
	struct tally t = {.hash = hash,
		.count = c->floor + 1,
		.error = c->floor,
		.len = (uint32_t)value.len,
		.at = (uint32_t)c->text.len};

	if (3 * c->nslots < 4 * (c->n + 1))
		rehash(c);
	xgrow(&c->tallies, &c->cap, c->n + 1, sizeof(*c->tallies));
	c->tallies[c->n++] = t;
	buf_add(&c->text, value.s, label_len(&t));
	c->slots[slot_of(c, hash, t.len)] = (uint32_t)c->n;
	if (c->hll)
		hll_add(c->hll, hash);
}

bool counter_add(struct counter *c, struct str value)
{
	struct counter_pool *pool = c->pool;
	uint64_t hash = hash_xxh3(value.s, value.len);
	size_t need = TALLY_BYTES + MIN(value.len, COUNTER_LABEL);
	uint32_t found = 0;

	c->total++;
	if (c->nslots)
		found = c->slots[slot_of(c, hash, (uint32_t)value.len)];
	if (found) {
		c->tallies[found - 1].count++;
		return false;
	}
	if (c->n >= c->max)
		put_out_half(c);
	while (pool->bytes && pool->bytes + need > pool->limit)
		put_out_half(largest(pool));
	enter(c, hash, value);
	pool->bytes += need;
	return true;
}

uint64_t counter_total(const struct counter *c)
{
	return c->total;
}

bool counter_is_exact(const struct counter *c)
{
	return !c->hll;
}

uint64_t counter_distinct(const struct counter *c, double *std_error)
{
	*std_error = c->hll ? hll_std_error(c->hll) : 0;
	return c->hll ? hll_estimate(c->hll) : c->n;
}

uint64_t counter_floor(const struct counter *c)
{
	return c->floor;
}

/* By falling count, then in order of entry: both point into one array. */
static int by_count(const void *a, const void *b)
{
	const struct tally *x = *(const struct tally *const *)a;
	const struct tally *y = *(const struct tally *const *)b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x < y ? -1 : x > y;
}

size_t counter_top(const struct counter *c, struct counted *out, size_t n)
{
	const struct tally **order = xcalloc(c->n, sizeof(*order));

	for (size_t i = 0; i < c->n; i++)
		order[i] = &c->tallies[i];
	qsort(order, c->n, sizeof(*order), by_count);
	n = MIN(n, c->n);
	for (size_t i = 0; i < n; i++) {
		const struct tally *t = order[i];

		out[i] = (struct counted){
			.label = {c->text.data + t->at, label_len(t)},
			.cut = t->len > COUNTER_LABEL,
			.count = t->count,
			.error = t->error};
	}
	free(order);
	return n;
}
