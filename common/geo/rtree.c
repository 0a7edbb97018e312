#include "base/base.h"
#include "base/sort.h"
#include "geo/rtree.h"
#include "geo/rtree_node.h"

#include <math.h>

enum {
	HILBERT_ORDER = 24,
	DIGIT = 12, /* bits */
	DIGIT_MASK = (1 << DIGIT) - 1,
	LINE = 64, /* bytes */
};

void hits_release(struct hits *h)
{
	free(h->items);
	*h = (struct hits)HITS_INIT;
}

static inline bool before(const uint32_t *a, const uint32_t *b)
{
	return *a < *b;
}

SORT_DEFINE(sort_numbers, uint32_t, before)

void hits_sort(struct hits *h)
{
	size_t n = 0;

	sort_numbers(h->items, h->n);
	for (size_t i = 0; i < h->n; i++)
		if (!n || h->items[i] != h->items[n - 1])
			h->items[n++] = h->items[i];
	h->n = n;
}

/* A rectangle and its place along the Hilbert curve. */
struct placed {
	uint64_t place;
	uint32_t number;
};

/* Distance along the Hilbert curve over a grid of 2^HILBERT_ORDER a side. */
static uint64_t hilbert(uint32_t x, uint32_t y)
{
	uint64_t d = 0;

	for (unsigned s = HILBERT_ORDER; s--;) {
		uint32_t rx = x >> s & 1, ry = y >> s & 1;
		uint32_t flip = 0 - (rx & ~ry & 1), swap = (x ^ y) & (ry - 1);

		d = d << 2 | ((3 * rx) ^ ry);
		x ^= swap ^ flip;
		y ^= swap ^ flip;
	}
	return d;
}

static double middle(double lo, double hi)
{
	return lo / 2 + hi / 2;
}

/* The cell of v between lo and hi; 0 for what has none (infinite). */
static uint32_t cell(double v, double lo, double hi)
{
	const double max = (1U << HILBERT_ORDER) - 1;
	double t = hi > lo ? (v - lo) / (hi - lo) * max : 0;

	return t > 0 ? (uint32_t)MIN(t, max) : 0;
}

static void widen(double *lo, double *hi, double v)
{
	if (!isfinite(v))
		return;
	*lo = MIN(*lo, v);
	*hi = MAX(*hi, v);
}

/* The rectangles that can meet one, with the places of their middles. */
static struct placed *place(const struct rect *rects, size_t n, size_t *nplaced)
{
	struct placed *placed = xreallocarray(NULL, n, sizeof(*placed));
	struct rect all = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	*nplaced = 0;
	for (size_t i = 0; i < n; i++) {
		const struct rect *r = &rects[i];

		widen(&all.x0, &all.x1, middle(r->x0, r->x1));
		widen(&all.y0, &all.y1, middle(r->y0, r->y1));
	}
	for (size_t i = 0; i < n; i++) {
		const struct rect *r = &rects[i];
		double x = middle(r->x0, r->x1), y = middle(r->y0, r->y1);

		if (is_empty(r))
			continue;
		placed[(*nplaced)++] = (struct placed){
			.place = hilbert(cell(x, all.x0, all.x1),
				cell(y, all.y0, all.y1)),
			.number = (uint32_t)i,
		};
	}
	return placed;
}

/* Sorts by place, a digit after the other; returns a or the room. */
static struct placed *sort_placed(struct placed *a, struct placed *room,
	size_t n)
{
	for (unsigned shift = 0; shift < 2 * HILBERT_ORDER; shift += DIGIT) {
		size_t begin[1 << DIGIT] = {0}, sum = 0;
		struct placed *sorted = room;

		for (size_t i = 0; i < n; i++)
			begin[a[i].place >> shift & DIGIT_MASK]++;
		for (size_t d = 0; d < ARRAY_SIZE(begin); d++) {
			size_t count = begin[d];

			begin[d] = sum;
			sum += count;
		}
		for (size_t i = 0; i < n; i++)
			room[begin[a[i].place >> shift & DIGIT_MASK]++] = a[i];
		room = a;
		a = sorted;
	}
	return a;
}

/* The numbers of the rectangles that can meet one, in Hilbert order. */
static uint32_t *order(const struct rect *rects, size_t n, size_t *nordered)
{
	struct placed *placed = place(rects, n, nordered), *room, *sorted;
	uint32_t *number;

	n = *nordered;
	room = xreallocarray(NULL, n, sizeof(*room));
	sorted = sort_placed(placed, room, n);
	number = xcalloc(n + 2 * FANOUT, sizeof(*number));
	for (size_t i = 0; i < n; i++)
		number[i] = sorted[i].number;
	free(placed);
	free(room);
	return number;
}

static size_t nodes_for(size_t n)
{
	return n / FANOUT + (n % FANOUT > 0);
}

/* Room for all levels, with nothing there yet. */
static struct node *make_nodes(struct rtree *t, size_t n)
{
	size_t total = 0;
	struct node *nodes;
	int32_t *side;
	uintptr_t at;

	for (size_t c = n; !t->levels || c > TOP; t->levels++)
		total += c = nodes_for(c);
	t->nodes = xreallocarray(NULL, total + 1, sizeof(*nodes));
	at = (uintptr_t)t->nodes;
	nodes = (struct node *)((char *)t->nodes + (LINE - at % LINE) % LINE);
	side = nodes->side[0];
	for (size_t i = 0; i < total * SIDES * FANOUT; i++)
		side[i] = NOWHERE;
	return nodes;
}

/* All of a node's rectangles as the j-th of its parent's. */
static void set_around(struct node *parent, size_t j, const struct node *node)
{
	for (size_t s = 0; s < SIDES; s++)
		for (size_t i = 0; i < FANOUT; i++)
			parent->side[s][j] =
				MIN(parent->side[s][j], node->side[s][i]);
}

static void fill(struct rtree *t, const struct rect *rects, size_t n)
{
	struct node *nodes = make_nodes(t, n);

	t->lower = xreallocarray(NULL, n, sizeof(*t->lower));
	for (size_t i = 0; i < n; i++) {
		const struct rect *r = &rects[t->number[i]];
		int64_t sides[SIDES] = {key(r->x0), key(r->y0), ~key(r->x1),
			~key(r->y1)};

		for (size_t s = 0; s < SIDES; s++) {
			nodes[i / FANOUT].side[s][i % FANOUT] = upper(sides[s]);
			t->lower[i].side[s] = (uint32_t)sides[s];
		}
	}
	for (unsigned l = 0; l < t->levels; l++) {
		struct node *above = nodes + (n = nodes_for(n));

		t->level[l] = nodes;
		for (size_t i = 0; l + 1 < t->levels && i < n; i++)
			set_around(&above[i / FANOUT], i % FANOUT, &nodes[i]);
		nodes = above;
	}
	t->top = (1U << n) - 1;
}

struct rtree *rtree_new(const struct rect *rects, size_t n)
{
	struct rtree *t = xcalloc(1, sizeof(*t));

	t->number = order(rects, n, &n);
	if (n)
		fill(t, rects, n);
	rtree_use(t, NULL);
	return t;
}

void rtree_free(struct rtree *t)
{
	if (!t)
		return;
	free(t->nodes);
	free(t->lower);
	free(t->number);
	free(t);
}
