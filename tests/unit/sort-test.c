/* Sorting: against qsort(), and what is equal keeps its order. */
#include "base/base.h"
#include "base/sort.h"
#include "tap.h"

struct item {
	uint32_t key, at;
};

static bool is_before(const struct item *x, const struct item *y)
{
	return x->key < y->key;
}

SORT_DEFINE(sort_items, struct item, is_before)

static int by_key_and_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* n items of at most `kinds` keys: at random, ascending, descending. */
static bool is_sorted(size_t n, uint32_t kinds, int order)
{
	struct item *a = xcalloc(n + 1, sizeof(*a));
	struct item *b = xcalloc(n + 1, sizeof(*b));
	uint32_t x = 12345;
	bool same;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		a[i].key = order > 0   ? (uint32_t)i
			   : order < 0 ? (uint32_t)(n - i)
				       : x >> 8;
		a[i].key %= kinds;
		a[i].at = (uint32_t)i;
	}
	a[n].key = UINT32_MAX; /* behind them, not to be touched */
	memcpy(b, a, (n + 1) * sizeof(*a));
	sort_items(a, n);
	qsort(b, n, sizeof(*b), by_key_and_place);
	same = !memcmp(a, b, (n + 1) * sizeof(*a));
	free(a);
	free(b);
	return same;
}

int main(void)
{
	static const uint32_t kinds[] = {1, 2, 7, 1000, UINT32_MAX};
	size_t bad = 0, cases = 0;

	for (size_t n = 0; n < 200; n++)
		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
			for (int order = -1; order <= 1; order++, cases++)
				bad += !is_sorted(n, kinds[k], order);
	ok(!bad, "%zu short arrays, stable", cases);
	ok(is_sorted(100003, 500, 0) && is_sorted(65536, UINT32_MAX, 0),
		"long ones");
	return tap_done();
}
