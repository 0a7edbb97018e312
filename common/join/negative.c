#include "base/base.h"
#include "join/negative.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/sort.h"
#include "join/bare.h"
#include "join/keys.h"
#include "join/sample.h"

enum {
	TRIES = 16,     /* places about a sample */
	CANDIDATES = 8, /* samples for each window wanted, and */
	CANDIDATES_MORE = 1000,
};

/* A sample that a negative may be made beside. */
struct candidate {
	uint64_t hash;
	const struct image *image;
	struct window win;
};

struct finder {
	struct plans *plans;
	struct filter *f;
	const struct catalog *catalog;
	uint64_t seed;
	struct candidate *heap; /* [n], the highest hash first */
	size_t n, cap, most;
	struct crs_room crs;
	struct keys keys;
	struct sample_room *room;
	struct buf text, record;
};

/* What chance goes by: image and window. */
static struct str name_of(struct finder *d, const struct image *img,
	const struct window *win)
{
	buf_reset(&d->text);
	buf_add(&d->text, img->field.uri.s, img->field.uri.len);
	buf_addf(&d->text, "%c%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64, 0,
		win->col, win->row, win->w, win->h);
	return (struct str){d->text.data, d->text.len};
}

static void sink(struct finder *d, size_t i)
{
	struct candidate *h = d->heap, swap;

	for (;;) {
		size_t top = i, l = 2 * i + 1, r = 2 * i + 2;

		if (l < d->n && h[l].hash > h[top].hash)
			top = l;
		if (r < d->n && h[r].hash > h[top].hash)
			top = r;
		if (top == i)
			return;
		swap = h[i], h[i] = h[top], h[top] = swap;
		i = top;
	}
}

/* Keeps those with the lowest hashes. */
static void add(struct finder *d, const struct candidate *c)
{
	struct candidate *h, swap;

	if (d->n == d->most) {
		if (c->hash < d->heap[0].hash) {
			d->heap[0] = *c;
			sink(d, 0);
		}
		return;
	}
	xgrow(&d->heap, &d->cap, d->n + 1, sizeof(*d->heap));
	h = d->heap;
	h[d->n] = *c;
	for (size_t i = d->n++; i && h[(i - 1) / 2].hash < h[i].hash;
		i = (i - 1) / 2)
		swap = h[i], h[i] = h[(i - 1) / 2], h[(i - 1) / 2] = swap;
}

static int find_candidates(struct finder *d, struct err *err)
{
	struct plan plan;
	int rc = plans_rewind(d->plans, err) ? -1 : 1;

	while (rc > 0 && (rc = plans_next(d->plans, &plan, err)) > 0) {
		struct candidate c = {.image = plan.sample.image,
			.win = plan.sample.win};

		free(plan.detail);
		if (plan.verdict != KEEP)
			continue;
		c.hash = seeded_hash(d->seed, "negative",
			name_of(d, c.image, &c.win));
		add(d, &c);
	}
	return rc < 0 ? -1 : 0;
}

/* Whether the window lies in the image and shows no object: 1, 0, -1. */
static int is_empty(struct finder *d, const struct image *img, struct crs *crs,
	const struct window *win, struct err *err)
{
	int rc;

	if (!image_holds(img, crs, win))
		return 0;
	rc = sample_sees(d->room, d->plans, img, win, err);
	return rc < 0 ? -1 : !rc;
}

/* Whole pixels, up to `far` either way. */
static int64_t step(double u, int64_t far)
{
	return (int64_t)floor(u * (double)(2 * far + 1)) - far;
}

/* The first empty place about a candidate: the nearer are tried first. 1, 0
 * when there is none, -1. */
static int move_away(struct finder *d, struct candidate *c, struct crs *crs,
	struct err *err)
{
	const struct window from = c->win;
	int rc = 0;

	for (int i = 0; i < TRIES && !rc; i++) {
		int64_t sides = 1 + i * NEGATIVE_SIDES / TRIES;
		struct str name;

		name_of(d, c->image, &from);
		buf_addf(&d->text, "%c%d", 0, i);
		name = (struct str){d->text.data, d->text.len};
		c->win.col = from.col +
			     step(seeded_unit(d->seed, "negative.x", name),
				     sides * from.w);
		c->win.row = from.row +
			     step(seeded_unit(d->seed, "negative.y", name),
				     sides * from.h);
		rc = is_empty(d, c->image, crs, &c->win, err);
	}
	return rc;
}

/* 1 when a window came out, 0 when there is none here, or it is there. */
static int emit_one(struct finder *d, struct candidate *c, struct err *err)
{
	struct crs *crs = crs_room_get(&d->crs, d->catalog, c->image, err);
	struct item *item;
	struct str name;
	int rc;

	if (!crs)
		return -1;
	rc = move_away(d, c, crs, err);
	if (rc <= 0)
		return rc;
	name = name_of(d, c->image, &c->win);
	if (keys_next(&d->keys, name) > 1)
		return 0;
	keys_take(&d->keys, name, 1);
	buf_reset(&d->record);
	if (bare_pack(c->image, crs, &c->win, &d->record, err))
		return -1;
	item = item_new();
	if (rec_parse(&item->rec, (const uint8_t *)d->record.data,
		    d->record.len, err)) {
		item_free(item);
		return -1;
	}
	return filter_emit(d->f, item, err) ? -1 : 1;
}

static bool is_before(const struct candidate *a, const struct candidate *b)
{
	return a->hash < b->hash;
}

SORT_DEFINE(sort_candidates, struct candidate, is_before)

int negatives_emit(struct plans *p, struct filter *f,
	const struct catalog *catalog, const struct join_opts *o,
	struct err *err)
{
	uint64_t n = o->negatives;
	struct finder d = {.plans = p,
		.f = f,
		.catalog = catalog,
		.seed = o->seed,
		.room = sample_room_new(o, catalog),
		.most = (size_t)n * CANDIDATES + CANDIDATES_MORE};
	uint64_t found = 0;
	int rc = find_candidates(&d, err);

	sort_candidates(d.heap, d.n);
	for (size_t i = 0; i < d.n && found < n && rc >= 0; i++) {
		rc = emit_one(&d, &d.heap[i], err);
		found += rc > 0;
	}
	if (rc >= 0 && found < n)
		log_warn("--negatives: only %" PRIu64 " of %" PRIu64
			 " windows without objects were found near the samples",
			found, n);
	free(d.heap);
	crs_room_release(&d.crs);
	keys_release(&d.keys);
	sample_room_free(d.room);
	buf_release(&d.text);
	buf_release(&d.record);
	return rc < 0 ? -1 : 0;
}
