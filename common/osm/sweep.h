/*
 * sweep.h - edges in the plane: whether they cross, and the area they bound.
 *
 * A vertical line goes over the edges from left to right and keeps those that
 * it meets in order, from below. Neighbours in that order are checked against
 * each other, which finds the first crossing (Shamos and Hoey, "Geometric
 * intersection problems", FOCS 1976); the order also tells on which side of
 * each edge the area lies (the even-odd rule) and which edge bounds the same
 * part of it next. All tests are exact. O(n log n), whatever the edges are:
 * the order is a splay tree (Sleator and Tarjan, JACM 32(3), 1985).
 *
 * A point is a key, x in the upper 32 bits, y in the lower ones, so that keys
 * compare as points do, from left to right and from below on one vertical.
 * Differences in y must be less than 2^31. No key is 0. Any thread, if it has
 * the edges for itself.
 */
#ifndef OSM_SWEEP_H
#define OSM_SWEEP_H

#include <stddef.h>

static inline uint64_t sweep_key(uint32_t x, uint32_t y)
{
	return (uint64_t)x << 32 | y;
}

static inline int64_t sweep_x(uint64_t key)
{
	return (int64_t)(key >> 32);
}

static inline int64_t sweep_y(uint64_t key)
{
	return (int64_t)(uint32_t)key;
}

/*
 * 1 when p lies to the left of the way from a to b, -1 to the right, 0 on the
 * line through both.
 */
static inline int sweep_side(uint64_t a, uint64_t b, uint64_t p)
{
	int64_t up = (sweep_x(b) - sweep_x(a)) * (sweep_y(p) - sweep_y(a));
	int64_t down = (sweep_y(b) - sweep_y(a)) * (sweep_x(p) - sweep_x(a));

	return (up > down) - (up < down);
}

/* Links are numbers of edges, 0 is none. */
struct edge {
	uint64_t a, b;      /* its ends, a < b */
	uint32_t way, ring; /* the caller's */

	/* what the sweep finds out */
	bool above;      /* the area is above the edge, not below */
	uint32_t va, vb; /* numbers of its ends, from 0 in order of keys */
	uint32_t next;   /* behind it, when the area is kept on the left */
	uint32_t below;  /* what is below a, when no edge ends in a */

	/* its place in the order: a list, and a tree over it */
	uint32_t prev, succ;
	uint32_t up, kid[2];
};

/* Where an edge ends, to have them in that order, too. */
struct edge_end {
	uint64_t b;
	uint32_t edge;
};

struct sweep_fault {
	uint32_t edge, other; /* other: 0 for an open ring */
	uint64_t at;
};

/*
 * Sweeps edges 1 … n, no two the same, in order of their a and those with one
 * a in order of their slopes, the least first; ends[0] … ends[n - 1] are theirs
 * in order of b. edges[0] is room that the sweep needs. NULL, or why they bound
 * no area, a constant: "open ring" (a point where an odd number of edges
 * meets), "crosses itself" or "touches itself" (an end of one edge within
 * another). Edges may meet in their ends.
 */
const char *sweep(struct edge *edges, uint32_t n, const struct edge_end *ends,
	struct sweep_fault *fault);

#endif
