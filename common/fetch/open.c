#include "base/base.h"
#include "fetch/priv.h"

#include <stdio.h>

#include "base/sort.h"

static bool before(struct want *const *a, struct want *const *b)
{
	const struct want *x = *a, *y = *b;

	if (x->view.level != y->view.level)
		return x->view.level < y->view.level;
	return x->order != y->order ? x->order < y->order
				    : x->ticket < y->ticket;
}

SORT_DEFINE(sort_wants, struct want *, before)

struct raster *hand_raster(struct hand *h, const struct scene *s,
	struct err *err)
{
	struct scene_opener o = {s, h->f->plan->o->root};
	char key[32];

	snprintf(key, sizeof(key), "%ju", (uintmax_t)s->number);
	return raster_pool_get(h->pool, key, scene_open_raster, &o, err);
}

/* Where the blocks lie that the window needs. */
static int find_places(struct want *w, struct raster *r, struct err *err)
{
	const struct scene_level *l = &w->scene->levels[w->view.level];
	struct span s = view_blocks(&w->view.win, l->bw, l->bh);

	w->places = xcalloc(w->nblobs, sizeof(*w->places));
	for (size_t i = 0; i < w->nblobs; i++)
		if (raster_block_place(r, w->view.level, s.col + i % s.ncols,
			    s.row + i / s.ncols, &w->places[i].offset,
			    &w->places[i].len, err))
			return -1;
	return 0;
}

/* Places a window in the image; false: it has been set aside. */
static bool place(struct fetcher *f, struct want *w, struct raster *r)
{
	const struct scene *s = w->scene;
	const char *reason;
	struct err why;

	if (want_place(f, w, &reason, &why)) {
		want_drop(f, w, FAULT, reason, "%s", why.msg);
		return false;
	}
	if (s->remote && w->nblobs && find_places(w, r, &why)) {
		want_drop(f, w, FAULT, "cannot read the image", "%s", why.msg);
		return false;
	}
	return true;
}

static void fail_all(struct fetcher *f, struct group *g, const char *reason,
	const struct err *why)
{
	pthread_mutex_lock(&f->lock);
	f->missed = f->missed || g->scene->kind == SCENE_LOCAL;
	pthread_mutex_unlock(&f->lock);
	for (size_t i = 0; i < g->n; i++)
		want_drop(f, g->wants[i], FAULT, reason, "%s", why->msg);
}

/* Of an image that could not be opened. */
static const char *open_reason(const struct fetcher *f, const struct scene *s)
{
	enum http_fault fault = HTTP_FINE;

	if (s->kind == SCENE_REMOTE)
		fault = remote_fault(f->remotes, s->name);
	return fault == HTTP_FINE ? "cannot open the image"
				  : fault_reason(fault, f->plan->o->offline);
}

/*
 * Windows of one tile each have no neighbours to share with: in the records'
 * order none has to wait for its turn to be written. Those of the same tile
 * stay together.
 */
static void sort_single(struct want **wants, size_t n)
{
	size_t i = 0, j;

	for (; i < n; i = j) {
		uint64_t order = wants[i]->order;

		for (j = i; j < n && wants[j]->order == order; j++)
			wants[j]->order = wants[i]->ticket;
	}
	sort_wants(wants, n);
}

size_t group_open(struct hand *h, struct group *g)
{
	struct fetcher *f = h->f;
	struct scene *s = g->scene;
	bool raster = !scene_is_service(s), single = !raster;
	struct raster *r = NULL;
	struct err why;
	size_t n = 0;

	if (!s->reason && raster && (!s->open || s->remote)) {
		r = hand_raster(h, s, &why);
		if (!r) {
			fail_all(f, g, open_reason(f, s), &why);
			return 0;
		}
		if (!s->open)
			scene_open(s, f->plan, r, f->remotes);
	}
	if (s->reason) {
		why = s->why;
		fail_all(f, g, s->reason, &why);
		return 0;
	}
	for (size_t i = 0; i < g->n; i++)
		if (place(f, g->wants[i], r)) {
			single = single && g->wants[i]->nblobs == 1;
			g->wants[n++] = g->wants[i];
		}
	sort_wants(g->wants, n);
	g->single = single;
	if (single)
		sort_single(g->wants, n);
	return n;
}
