/*
 * rtree-ours - common/geo/rtree.h, for tests/bench/rtree. Exit status 3 where
 * the CPU lacks the instructions that are asked for.
 */
#include "base/base.h"
#include "geo/rtree.h"

#include "rtree-bench.h"

static void *index_new(const struct box *boxes, size_t n, const char *variant)
{
	struct rtree *t;

	_Static_assert(sizeof(struct box) == sizeof(struct rect), "the same");
	t = rtree_new((const struct rect *)boxes, n);
	if (variant && !rtree_use(t, variant))
		exit(3);
	return t;
}

static void *room_new(void)
{
	return xcalloc(1, sizeof(struct hits));
}

static void prepare(void *room, const struct box *boxes, size_t n)
{
	(void)room;
	(void)boxes;
	(void)n;
}

static void query(const void *index, void *room, const struct box *boxes,
	size_t n, size_t first, struct pairs *pairs)
{
	struct hits *hits = room;

	for (size_t i = 0; i < n; i++) {
		hits->n = 0;
		rtree_query(index, (const struct rect *)&boxes[i], hits);
		for (size_t j = 0; j < hits->n; j++)
			pair(pairs, first + i, hits->items[j]);
	}
}
