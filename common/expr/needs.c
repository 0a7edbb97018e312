#include "base/base.h"
#include "expr/priv.h"

/* A guess at how many more objects have a key that fits. */
static size_t key_cost(const struct expr_pattern *k)
{
	switch (k->how) {
	case EXPR_NO_TEXT:
	case EXPR_WHOLE:
		break;
	case EXPR_START:
		return 10;
	case EXPR_PART:
		return k->text.len ? 100 : 10000;
	}
	return 1;
}

struct needs needs_of_test(struct expr *e)
{
	size_t i = e->n_tests - 1;
	struct test *t = &e->tests[i];
	struct needs needs = {i, i + 1, NO_NEED, EXPR_ANY_TYPE};

	if (t->negated)
		return needs;
	needs.types = t->types;
	t->needed = t->n_keys > 0;
	if (t->needed)
		needs.cost = 0;
	for (size_t k = 0; k < t->n_keys; k++)
		needs.cost += key_cost(&e->keys[t->first_key + k]);
	return needs;
}

struct needs needs_join(struct expr *e, bool and, struct needs a,
	struct needs b)
{
	struct needs needs = {a.first, b.end, NO_NEED, a.types | b.types};

	if (and) {
		/* the keys of one side are enough */
		struct needs other = a.cost <= b.cost ? b : a;

		needs = a.cost <= b.cost ? a : b;
		needs.types = a.types & b.types;
		for (size_t i = other.first; i < other.end; i++)
			e->tests[i].needed = false;
	} else if (a.cost != NO_NEED && b.cost != NO_NEED) {
		needs.cost = a.cost + b.cost;
	}
	return needs;
}

static void each_key(const struct expr *e, const struct test *t,
	expr_key_fn *fn, void *ctx)
{
	for (size_t i = 0; i < t->n_keys; i++)
		fn(ctx, &e->keys[t->first_key + i]);
}

bool expr_needs(const struct expr *e, expr_key_fn *fn, void *ctx)
{
	if (e->needs.cost == NO_NEED)
		return false;
	for (size_t i = e->needs.first; i < e->needs.end; i++)
		if (e->tests[i].needed)
			each_key(e, &e->tests[i], fn, ctx);
	return true;
}

bool expr_is_keys(const struct expr *e)
{
	for (size_t i = 0; i < e->n_steps; i++)
		if (e->steps[i].op != OP_TEST && e->steps[i].op != OP_OR)
			return false;
	for (size_t i = 0; i < e->n_tests; i++) {
		const struct test *t = &e->tests[i];

		if (!t->n_keys || t->n || t->types != e->needs.types)
			return false;
	}
	return true;
}

unsigned expr_types(const struct expr *e)
{
	return e->needs.types;
}

void expr_each_path(const struct expr *e,
	void (*fn)(void *ctx, const struct path *path), void *ctx)
{
	for (size_t i = 0; i < e->n_tests; i++)
		if (!e->tests[i].n_keys)
			fn(ctx, &e->tests[i].path);
}

void expr_each_key(const struct expr *e, expr_key_fn *fn, void *ctx)
{
	for (size_t i = 0; i < e->n_tests; i++)
		each_key(e, &e->tests[i], fn, ctx);
}
