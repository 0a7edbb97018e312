/*
 * table.h - a hash table of things that hold their own links: to be found by
 * key, added and taken out.
 *
 * A struct table_node is a member of each thing, whose owner allocates it and
 * keeps it alive while it is in the table. One thread at a time.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_node {
	struct table_node *next;
	uint64_t hash;
};

struct table {
	struct table_node **slots; /* [cap], a power of two, or NULL */
	size_t n, cap;
};

#define TABLE_INIT                                                             \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* The thing that a member of it belongs to. */
#define OWNER_OF(member_p, type, member)                                       \
	((type *)(void *)((char *)(member_p)-offsetof(type, member)))

typedef bool table_is(const struct table_node *node, const void *key);

/* The first of this hash that `is` takes for the key's, or NULL. */
struct table_node *table_find(const struct table *t, uint64_t hash,
	table_is *is, const void *key);
void table_add(struct table *t, struct table_node *node, uint64_t hash);
/* The node must be there. */
void table_remove(struct table *t, struct table_node *node);
/* Takes out any one; NULL when there is none left. */
struct table_node *table_pop(struct table *t);
void table_release(struct table *t);

#endif
