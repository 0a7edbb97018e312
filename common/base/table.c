#include "base/base.h"
#include "base/table.h"

struct table_node *table_find(const struct table *t, uint64_t hash,
	table_is *is, const void *key)
{
	struct table_node *n = t->cap ? t->slots[hash & (t->cap - 1)] : NULL;

	while (n && !(n->hash == hash && is(n, key)))
		n = n->next;
	return n;
}

static void put(struct table *t, struct table_node *node)
{
	struct table_node **slot = &t->slots[node->hash & (t->cap - 1)];

	node->next = *slot;
	*slot = node;
}

static void grow(struct table *t)
{
	struct table_node **old = t->slots;
	size_t n = t->cap;

	t->cap = MAX(n * 2, 64);
	t->slots = xcalloc(t->cap, sizeof(struct table_node *));
	for (size_t i = 0; i < n; i++) {
		struct table_node *node = old[i], *next;

		for (; node; node = next) {
			next = node->next;
			put(t, node);
		}
	}
	free(old);
}

void table_add(struct table *t, struct table_node *node, uint64_t hash)
{
	if (t->n == t->cap)
		grow(t);
	node->hash = hash;
	put(t, node);
	t->n++;
}

void table_remove(struct table *t, struct table_node *node)
{
	struct table_node **p = &t->slots[node->hash & (t->cap - 1)];

	while (*p != node)
		p = &(*p)->next;
	*p = node->next;
	t->n--;
}

struct table_node *table_pop(struct table *t)
{
	for (size_t i = 0; t->n && i < t->cap; i++) {
		struct table_node *node = t->slots[i];

		if (node) {
			t->slots[i] = node->next;
			t->n--;
			return node;
		}
	}
	return NULL;
}

void table_release(struct table *t)
{
	free(t->slots);
	*t = (struct table)TABLE_INIT;
}
