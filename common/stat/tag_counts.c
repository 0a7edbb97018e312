#include "base/base.h"
#include "stat/tag_counts.h"
#include "base/hash.h"
#include "stat/hll.h"

/* 1 KiB each: a standard error of 3.25 %. */
enum { VALUES_BITS = 10 };

struct key_values {
	uint64_t exact;  /* good while the table of pairs is exact */
	struct hll *hll; /* of the packed values */
};

void tag_counts_init(struct tag_counts *t, struct counter_pool *pool,
	size_t max)
{
	*t = (struct tag_counts){.keys = counter_new(pool, max),
		.pairs = counter_new(pool, max)};
}

void tag_counts_release(struct tag_counts *t)
{
	for (size_t i = 0; i < t->index.len; i++)
		free(t->values[i].hll);
	free(t->values);
	map_release(&t->index);
}

static struct key_values *values_of(struct tag_counts *t, struct str key)
{
	size_t *i = map_get(&t->index, key), n = t->index.len;

	if (i)
		return &t->values[*i];
	if (n == TAG_KEYS || key.len > COUNTER_LABEL)
		return NULL;
	*map_put(&t->index, key) = n;
	xgrow(&t->values, &t->cap, n + 1, sizeof(*t->values));
	t->values[n] = (struct key_values){0, hll_new(VALUES_BITS)};
	return &t->values[n];
}

void tag_counts_add(struct tag_counts *t, struct val tags)
{
	struct val key, v;

	t->records++;
	for (struct val_iter it = val_iter(tags); val_next(&it, &key, &v);) {
		struct str k = {(const char *)key.p, key.len};
		/* a map's key and value lie side by side */
		struct str pair = {k.s, key.len + v.len};
		struct key_values *values;

		counter_add(t->keys, k);
		if (!counter_add(t->pairs, pair))
			continue;
		values = values_of(t, k);
		if (!values)
			continue;
		values->exact++;
		hll_add(values->hll, hash_xxh3(v.p, v.len));
	}
}

bool tag_counts_values(const struct tag_counts *t, struct str key,
	uint64_t *values, double *std_error)
{
	const size_t *i = map_get(&t->index, key);

	if (!i)
		return false;
	if (counter_is_exact(t->pairs)) {
		*values = t->values[*i].exact;
		*std_error = 0;
	} else {
		*values = hll_estimate(t->values[*i].hll);
		*std_error = hll_std_error(t->values[*i].hll);
	}
	return true;
}
