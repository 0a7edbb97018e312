#include "base/base.h"
#include "osm/select_priv.h"

void key_set_add(struct key_set *k, const struct expr_pattern *key)
{
	size_t n = k->whole.len;

	if (key->how == EXPR_WHOLE) {
		size_t *number = map_put(&k->whole, key->text);

		if (k->whole.len > n)
			*number = n;
		sieve_add(&k->sieve, key->text);
		return;
	}
	xgrow(&k->patterns, &k->cap, k->n + 1, sizeof(*k->patterns));
	k->patterns[k->n++] = *key;
}

size_t key_set_find(const struct key_set *k, struct str key)
{
	const size_t *number = NULL;

	if (sieve_may(&k->sieve, key))
		number = map_get(&k->whole, key);
	return number ? *number : SIZE_MAX;
}

bool key_set_fits(const struct key_set *k, struct str key)
{
	if (key_set_find(k, key) != SIZE_MAX)
		return true;
	for (size_t i = 0; i < k->n; i++)
		if (expr_pattern_fits(&k->patterns[i], key))
			return true;
	return false;
}

void key_set_release(struct key_set *k)
{
	map_release(&k->whole);
	free(k->patterns);
}
