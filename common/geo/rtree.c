#include "base/base.h"
#include "geo/rtree.h"

#include <math.h>

enum {
	FANOUT = 16,
	MAX_LEVELS = 9, /* 16^8 = 2^32 rectangles, and the root */
	HILBERT_ORDER = 16,
};

struct rtree {
	size_t n;
	unsigned levels;
	/* Level 0 holds the rectangles, in Hilbert order; the last, one box. */
	size_t count[MAX_LEVELS];
	struct rect *box[MAX_LEVELS]; /* into `boxes` */
	struct rect *boxes;
	uint32_t *number; /* [n]: of the rectangles of level 0 */
};

struct keyed {
	uint32_t key, number;
};

void hits_release(struct hits *h)
{
	free(h->items);
	*h = (struct hits)HITS_INIT;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void hits_sort(struct hits *h)
{
	size_t n = 0;

	if (h->n < 2)
		return;
	qsort(h->items, h->n, sizeof(*h->items), by_number);
	for (size_t i = 0; i < h->n; i++)
		if (!n || h->items[i] != h->items[n - 1])
			h->items[n++] = h->items[i];
	h->n = n;
}

static int by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Distance along the Hilbert curve over a grid of 2^16 x 2^16 cells. */
static uint32_t hilbert(uint32_t x, uint32_t y)
{
	const uint32_t last = (1U << HILBERT_ORDER) - 1;
	uint32_t d = 0;

	for (uint32_t s = 1U << (HILBERT_ORDER - 1); s; s >>= 1) {
		uint32_t rx = (x & s) != 0, ry = (y & s) != 0, old;

		d += s * s * ((3 * rx) ^ ry);
		if (ry)
			continue;
		old = rx ? last - x : x;
		x = rx ? last - y : y;
		y = old;
	}
	return d;
}

/* The cell of the middle of lo … hi; 0 for what has none (NaN, infinite). */
static uint32_t cell(double lo, double hi, double from, double span)
{
	double t = span > 0 ? ((lo + hi) / 2 - from) / span : 0;
	double max = (1U << HILBERT_ORDER) - 1;

	return t > 0 ? (uint32_t)MIN(t * max, max) : 0;
}

static struct rect empty_rect(void)
{
	return (struct rect){INFINITY, INFINITY, -INFINITY, -INFINITY};
}

/* Rectangles that meet nothing are left out of their parents. */
static void grow(struct rect *r, const struct rect *by)
{
	if (!(by->x0 <= by->x1 && by->y0 <= by->y1))
		return;
	r->x0 = MIN(r->x0, by->x0);
	r->y0 = MIN(r->y0, by->y0);
	r->x1 = MAX(r->x1, by->x1);
	r->y1 = MAX(r->y1, by->y1);
}

/* The rectangles' numbers in Hilbert order. */
static struct keyed *sorted(const struct rect *rects, size_t n)
{
	struct keyed *keyed = xcalloc(n, sizeof(*keyed));
	struct rect all = empty_rect();

	for (size_t i = 0; i < n; i++)
		grow(&all, &rects[i]);
	for (size_t i = 0; i < n; i++) {
		const struct rect *r = &rects[i];
		uint32_t x = cell(r->x0, r->x1, all.x0, all.x1 - all.x0);
		uint32_t y = cell(r->y0, r->y1, all.y0, all.y1 - all.y0);

		keyed[i] = (struct keyed){hilbert(x, y), (uint32_t)i};
	}
	qsort(keyed, n, sizeof(*keyed), by_key);
	return keyed;
}

struct rtree *rtree_new(const struct rect *rects, size_t n)
{
	struct rtree *t = xcalloc(1, sizeof(*t));
	struct keyed *keyed;
	size_t total = 0;

	t->n = n;
	if (!n)
		return t;
	for (size_t c = n;; c = (c + FANOUT - 1) / FANOUT) {
		t->count[t->levels++] = c;
		total += c;
		if (c == 1)
			break;
	}
	t->boxes = xcalloc(total, sizeof(*t->boxes));
	t->box[0] = t->boxes;
	for (unsigned l = 1; l < t->levels; l++)
		t->box[l] = t->box[l - 1] + t->count[l - 1];

	t->number = xcalloc(n, sizeof(*t->number));
	keyed = sorted(rects, n);
	for (size_t i = 0; i < n; i++) {
		t->number[i] = keyed[i].number;
		t->box[0][i] = rects[keyed[i].number];
	}
	free(keyed);
	for (unsigned l = 1; l < t->levels; l++) {
		for (size_t i = 0; i < t->count[l]; i++)
			t->box[l][i] = empty_rect();
		for (size_t i = 0; i < t->count[l - 1]; i++)
			grow(&t->box[l][i / FANOUT], &t->box[l - 1][i]);
	}
	return t;
}

void rtree_free(struct rtree *t)
{
	if (!t)
		return;
	free(t->boxes);
	free(t->number);
	free(t);
}

static void add_hit(struct hits *h, uint32_t number)
{
	if (h->n == h->cap)
		xgrow(&h->items, &h->cap, h->n + 1, sizeof(*h->items));
	h->items[h->n++] = number;
}

void rtree_query(const struct rtree *t, const struct rect *r, struct hits *hits)
{
	/* Each level leaves at most FANOUT - 1 nodes behind for later. */
	struct {
		unsigned level;
		size_t i;
	} stack[MAX_LEVELS * FANOUT];
	size_t depth = 0;

	if (!t->n)
		return;
	stack[depth].level = t->levels - 1;
	stack[depth++].i = 0;
	while (depth) {
		unsigned level = stack[--depth].level;
		size_t i = stack[depth].i, end;

		if (!rect_meets(&t->box[level][i], r))
			continue;
		if (!level) {
			add_hit(hits, t->number[i]);
			continue;
		}
		end = MIN((i + 1) * FANOUT, t->count[level - 1]);
		for (i *= FANOUT; i < end; i++) {
			stack[depth].level = level - 1;
			stack[depth++].i = i;
		}
	}
}
