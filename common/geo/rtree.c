#include "base/base.h"
#include "base/sort.h"
#include "base/spool.h"
#include "base/spool.h"
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

struct source {
	const struct rect *rects; /* [n]; or NULL */
	struct spool *spool;      /* has them, then */
	size_t n;
};

/* A tree on its way: in three passes over the rectangles. */
struct build {
	struct rtree *tree;
	struct rect middles;   /* the bounds of their middles */
	struct placed *placed; /* [nplaced]: those that can meet one */
	size_t nplaced;
	uint32_t *at; /* [n]: place in the tree of each, or NO_PLACE */
	struct node *nodes;
};

#define NO_PLACE UINT32_MAX

/* Of n rectangles, of which rects[0] has the number `first`. */
typedef void pass_fn(struct build *b, const struct rect *rects, size_t first,
	size_t n);

static int spool_pass(const struct source *s, pass_fn *fn, struct build *b,
	struct err *err)
{
	struct rect *run = NULL;
	size_t at = 0, cap = 0;
	struct str bytes;
	int rc = spool_rewind(s->spool, err) ? -1 : 1;

	while (rc > 0 && (rc = spool_next(s->spool, &bytes, err)) > 0) {
		size_t n = bytes.len / sizeof(*run);

		if (n > s->n - at) {
			at = SIZE_MAX;
			break;
		}
		xgrow(&run, &cap, n, sizeof(*run));
		if (n)
			memcpy(run, bytes.s, n * sizeof(*run));
		fn(b, run, at, n);
		at += n;
	}
	free(run);
	if (rc >= 0 && at != s->n)
		return err_set(err, "a spool of other than %zu rectangles",
			s->n);
	return rc < 0 ? -1 : 0;
}

static int pass(const struct source *s, pass_fn *fn, struct build *b,
	struct err *err)
{
	if (s->spool)
		return spool_pass(s, fn, b, err);
	fn(b, s->rects, 0, s->n);
	return 0;
}

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

static void widen_middles(struct build *b, const struct rect *rects,
	size_t first, size_t n)
{
	struct rect *all = &b->middles;

	(void)first;
	for (size_t i = 0; i < n; i++) {
		const struct rect *r = &rects[i];

		widen(&all->x0, &all->x1, middle(r->x0, r->x1));
		widen(&all->y0, &all->y1, middle(r->y0, r->y1));
	}
}

/* The rectangles that can meet one, with the places of their middles. */
static void place(struct build *b, const struct rect *rects, size_t first,
	size_t n)
{
	const struct rect *all = &b->middles;

	for (size_t i = 0; i < n; i++) {
		const struct rect *r = &rects[i];
		double x = middle(r->x0, r->x1), y = middle(r->y0, r->y1);

		if (is_empty(r))
			continue;
		b->placed[b->nplaced++] = (struct placed){
			.place = hilbert(cell(x, all->x0, all->x1),
				cell(y, all->y0, all->y1)),
			.number = (uint32_t)(first + i),
		};
	}
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

/* Where each of n rectangles comes to lie, in Hilbert order. */
static void order(struct build *b, size_t n)
{
	struct placed *room = xreallocarray(NULL, b->nplaced, sizeof(*room));
	struct placed *sorted = sort_placed(b->placed, room, b->nplaced);

	b->at = xreallocarray(NULL, n, sizeof(*b->at));
	for (size_t i = 0; i < n; i++)
		b->at[i] = NO_PLACE;
	for (size_t i = 0; i < b->nplaced; i++)
		b->at[sorted[i].number] = (uint32_t)i;
	free(b->placed);
	free(room);
	b->placed = NULL;
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

static void fill(struct build *b, const struct rect *rects, size_t first,
	size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct rect *r = &rects[i];
		size_t at = b->at[first + i];
		int64_t sides[SIDES];

		if (at == NO_PLACE)
			continue;
		sides[0] = key(r->x0), sides[1] = key(r->y0);
		sides[2] = ~key(r->x1), sides[3] = ~key(r->y1);
		for (size_t s = 0; s < SIDES; s++) {
			b->nodes[at / FANOUT].side[s][at % FANOUT] =
				upper(sides[s]);
			b->tree->lower[at].side[s] = (uint32_t)sides[s];
		}
		b->tree->number[at] = (uint32_t)(first + i);
	}
}

/* The levels above that of n rectangles. */
static void raise_levels(struct rtree *t, struct node *nodes, size_t n)
{
	for (unsigned l = 0; l < t->levels; l++) {
		struct node *above = nodes + (n = nodes_for(n));

		t->level[l] = nodes;
		for (size_t i = 0; l + 1 < t->levels && i < n; i++)
			set_around(&above[i / FANOUT], i % FANOUT, &nodes[i]);
		nodes = above;
	}
	t->top = (1U << n) - 1;
}

static int build(const struct source *s, struct build *b, struct err *err)
{
	struct rtree *t = b->tree;

	if (pass(s, widen_middles, b, err))
		return -1;
	b->placed = xreallocarray(NULL, s->n, sizeof(*b->placed));
	if (pass(s, place, b, err))
		return -1;
	order(b, s->n);
	t->number = xcalloc(b->nplaced + 2 * FANOUT, sizeof(*t->number));
	if (!b->nplaced)
		return 0;
	b->nodes = make_nodes(t, b->nplaced);
	t->lower = xreallocarray(NULL, b->nplaced, sizeof(*t->lower));
	if (pass(s, fill, b, err))
		return -1;
	raise_levels(t, b->nodes, b->nplaced);
	return 0;
}

static struct rtree *make(const struct source *s, struct err *err)
{
	struct build b = {.tree = xcalloc(1, sizeof(*b.tree)),
		.middles = {INFINITY, INFINITY, -INFINITY, -INFINITY}};
	int rc = build(s, &b, err);

	free(b.placed);
	free(b.at);
	if (rc) {
		rtree_free(b.tree);
		return NULL;
	}
	rtree_use(b.tree, NULL);
	return b.tree;
}

struct rtree *rtree_new(const struct rect *rects, size_t n)
{
	struct err err; /* there is none: nothing is read */

	return make(&(struct source){.rects = rects, .n = n}, &err);
}

struct rtree *rtree_read(struct spool *rects, size_t n, struct err *err)
{
	return make(&(struct source){.spool = rects, .n = n}, err);
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
