/*
 * rtree_node.h - the insides of rtree.h: how its rectangles lie in memory.
 *
 * A rectangle is kept as four integers in the order of the doubles: its lower
 * sides, and the complements of its upper ones. So it meets another where none
 * of the four is above that one's limit. Each is cut into halves of 32 bits.
 * The upper halves of sixteen rectangles make a node: where they differ from
 * the limit's, they decide. Where they are equal the lower halves do, seldom
 * enough to lie elsewhere; nodes of nodes need none.
 */
#ifndef GEO_RTREE_NODE_H
#define GEO_RTREE_NODE_H

#include "geo/rtree.h"

enum {
	FANOUT = 16,
	TOP = 4,        /* nodes at most */
	MAX_LEVELS = 8, /* 16^8 = 2^32 rectangles */
	SIDES = 4,
	NOWHERE = INT32_MAX,
};

/* The upper halves of FANOUT rectangles, or NOWHERE; a row is a cache line. */
struct node {
	int32_t side[SIDES][FANOUT];
};

/* The lower halves of one. */
struct lower {
	uint32_t side[SIDES];
};

struct limit;
typedef void query_fn(const struct rtree *, const struct limit *,
	struct hits *);

struct rtree {
	unsigned levels;
	unsigned top; /* a bit for each node of the last level */
	/* Level 0's nodes hold the rectangles, in Hilbert order. */
	const struct node *level[MAX_LEVELS];
	void *nodes;
	struct lower *lower; /* [n] */
	uint32_t *number; /* [n + 2 * FANOUT]: of the rectangles of level 0 */
	query_fn *query;
};

static inline bool is_empty(const struct rect *r)
{
	return !(r->x0 <= r->x1 && r->y0 <= r->y1);
}

/* An integer that is larger the larger the number is; not for NaN. */
static inline int64_t key(double v)
{
	int64_t bits;

	v += 0.0; /* -0 is 0 */
	memcpy(&bits, &v, sizeof(bits));
	return bits ^ (int64_t)((uint64_t)(bits >> 63) >> 1);
}

static inline int32_t upper(int64_t side)
{
	return (int32_t)(side >> 32);
}

#endif
