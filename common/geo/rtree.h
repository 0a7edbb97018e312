/*
 * rtree.h - a packed, static R-tree over rectangles.
 *
 * The rectangles are sorted by the Hilbert value of their centres (Kamel and
 * Faloutsos, "On Packing R-trees", CIKM 1993) and grouped by sixteen, level by
 * level. Sixteen are compared at once, with AVX-512 or AVX2 where the CPU has
 * them. Coordinates are doubles throughout: what touches is found, what does
 * not is not. Read-only once built: any number of threads may query it, each
 * with its own hits.
 *
 * Memory: 37.1 bytes a rectangle and less than 4 kB, 41.1 while it is built;
 * those that meet nothing take none then, and 4 while it is built.
 */
#ifndef GEO_RTREE_H
#define GEO_RTREE_H

#include <stddef.h>
#include <stdint.h>

struct spool;

/* Closed on all sides; in a tree or as a query, one with x0 > x1, y0 > y1 or a
 * NaN meets nothing. */
struct rect {
	double x0, y0, x1, y1;
};

static inline bool rect_meets(const struct rect *a, const struct rect *b)
{
	return a->x0 <= b->x1 && b->x0 <= a->x1 && a->y0 <= b->y1 &&
	       b->y0 <= a->y1;
}

/* Numbers of rectangles; owns `items`; a zeroed one is empty. */
struct hits {
	uint32_t *items; /* [n] */
	size_t n, cap;
};

#define HITS_INIT                                                              \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

void hits_release(struct hits *h);
/* Sorts the numbers and removes what is there twice. */
void hits_sort(struct hits *h);

struct rtree;

/* rects: [n], n < 2^32; copied. A rectangle's number is its place there. */
struct rtree *rtree_new(const struct rect *rects, size_t n);
/* The same of n rectangles in a spool, each of whose strings is some of them.
 * NULL: it cannot be read, or holds others than n. */
struct rtree *rtree_read(struct spool *rects, size_t n,
	struct err *err) MUST_USE;
void rtree_free(struct rtree *t);
/* Appends the number of every rectangle that meets r, in no useful order. */
void rtree_query(const struct rtree *t, const struct rect *r,
	struct hits *hits);

/*
 * For tests and benchmarks: has the tree looked through with "avx512", "avx2"
 * or "portable" instructions; false where the CPU or the build lacks them.
 */
bool rtree_use(struct rtree *t, const char *instructions);

#endif
