#include "base/base.h"
#include "join/plan.h"

#include <math.h>
#include <stdlib.h>

#include "base/thread.h"
#include "geo/geodesic.h"
#include "join/keys.h"
#include "join/negative.h"

/* Objects per job: enough to hide the hand-over, few enough to spread. */
enum { RUN = 64, RUNS_PER_THREAD = 4 };

enum { MAX_KEY = 100 };

void plans_init(struct plans *p)
{
	*p = (struct plans){
		.objects = store_new(),
		.boxes = lonlat_index_new(),
		.plans = spool_new(),
		.bounds_deg = {INFINITY, INFINITY, -INFINITY, -INFINITY},
	};
}

void plans_release(struct plans *p)
{
	store_free(p->objects);
	lonlat_index_free(p->boxes);
	spool_free(p->plans);
}

int plans_put(struct plans *p, const struct plan *plan, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_add(&b, plan, sizeof(*plan));
	if (plan->detail)
		buf_adds(&b, plan->detail);
	rc = spool_put(p->plans, b.data, b.len, err);
	buf_release(&b);
	p->n++;
	return rc;
}

int plans_rewind(struct plans *p, struct err *err)
{
	return spool_rewind(p->plans, err);
}

int plans_next(struct plans *p, struct plan *out, struct err *err)
{
	struct str s;
	int rc = spool_next(p->plans, &s, err);

	if (rc <= 0)
		return rc;
	memcpy(out, s.s, sizeof(*out));
	if (out->detail)
		out->detail =
			xmemdup0(s.s + sizeof(*out), s.len - sizeof(*out));
	return 1;
}

/* An object that was looked at. */
struct tried {
	struct item *item;
	struct object object; /* views of the item */
	enum fate fate;
	char *why; /* owned, or NULL */
	struct samples fitting;
};

struct run {
	size_t n;
	struct tried tried[RUN];
};

struct planner {
	struct plans *plans;
	const struct join_opts *opts;
	struct keys keys;
	struct chooser *choosers; /* [threads + 1], the last is the owner's */
	struct shape *shapes;     /* [threads] */
	struct chooser *own;
	struct buf bytes, key; /* room */
};

static void try_object(struct chooser *c, struct shape *scratch,
	struct tried *t)
{
	char why[WHY_TEXT];
	const char *reason;
	struct err err;

	if (object_read(&t->object, &t->item->rec, scratch, &reason, &err)) {
		item_fault(t->item, reason, "%s", err.msg);
		return;
	}
	if (t->object.halo)
		return;
	t->fate = choose(c, &t->object, &t->fitting, why);
	if (t->fate != CHOSEN)
		t->why = xstrdup(why);
}

static void try_run(void *ctx, void *job, unsigned worker)
{
	struct planner *p = ctx;
	struct run *run = job;

	for (size_t i = 0; i < run->n; i++)
		try_object(&p->choosers[worker], &p->shapes[worker],
			&run->tried[i]);
}

void bounds_widen(struct rect *all, const double box[4])
{
	all->x0 = MIN(all->x0, box[0] > box[2] ? -180 : box[0]);
	all->x1 = MAX(all->x1, box[0] > box[2] ? 180 : box[2]);
	all->y0 = MIN(all->y0, box[1]);
	all->y1 = MAX(all->y1, box[3]);
}

/* Keeps the object's record and box. */
static int keep(struct planner *p, const struct tried *t, struct err *err)
{
	static const double nowhere[4] = {NAN, NAN, NAN, NAN};
	struct val bytes = rec_bytes(&t->item->rec, &p->bytes);
	bool good = t->item->verdict == KEEP;

	if (good)
		bounds_widen(&p->plans->bounds_deg, t->object.bbox);
	if (store_put(p->plans->objects, bytes.p, bytes.len, err))
		return -1;
	return lonlat_index_add(p->plans->boxes,
		good ? t->object.bbox : nowhere, err);
}

/*
 * Gives a sample that fits its key. When that was given to another one it gets
 * a new one, and with it, maybe, another window. WINDOW_LEAVES: then it does
 * not fit any more.
 */
static enum fate enter(struct planner *p, const struct object *o,
	struct sample *s, bool *too_long)
{
	char why[WHY_TEXT];
	struct buf *key = &p->key;
	size_t len;

	buf_reset(key);
	sample_key(s, o, key);
	len = key->len;
	s->copy = keys_next(&p->keys, (struct str){key->data, len});
	if (s->copy > 1 && choose_window(p->own, o, s, why) != CHOSEN)
		return WINDOW_LEAVES;
	key_add_copy(key, s->copy);
	*too_long = key->len > MAX_KEY;
	if (*too_long)
		return WINDOW_LEAVES;
	keys_take(&p->keys, (struct str){key->data, len}, s->copy);
	return CHOSEN;
}

/* To all of the image that a window may reach which shows no object. */
static void widen(struct window *win, const struct image *img)
{
	int64_t right = win->col + win->w * (NEGATIVE_SIDES + 1);
	int64_t bottom = win->row + win->h * (NEGATIVE_SIDES + 1);

	win->col = MAX(win->col - win->w * NEGATIVE_SIDES, 0);
	win->row = MAX(win->row - win->h * NEGATIVE_SIDES, 0);
	win->w = MIN(right, (int64_t)img->field.size[0]) - win->col;
	win->h = MIN(bottom, (int64_t)img->field.size[1]) - win->row;
}

/* How far the window goes from the object's lon and lat. */
static int measure(struct planner *p, const struct object *o,
	const struct sample *s, struct err *err)
{
	struct crs *crs =
		crs_room_get(&p->own->crs, p->own->catalog, s->image, err);
	struct window win = s->win;
	double window[4], box[4];

	if (!crs)
		return -1;
	if (p->opts->negatives)
		widen(&win, s->image);
	if (image_window_box(s->image, crs, &win, window))
		return 0;
	window_surroundings(window, box);
	for (int i = 0; i < 4; i++)
		p->plans->reach_m = MAX(p->plans->reach_m,
			geodesic_distance_m(o->lon, o->lat, box[i & 2],
				box[1 + (i & 1) * 2]));
	return 0;
}

/* The plans of an object's samples, or of its being set aside. */
static int decide(struct planner *p, struct tried *t, struct plan *plan,
	struct err *err)
{
	struct item *item = t->item;
	uint64_t n = 0;
	bool too_long = false;

	for (size_t i = 0; i < t->fitting.n && n < p->opts->per_object; i++) {
		plan->sample = t->fitting.items[i];
		if (enter(p, &t->object, &plan->sample, &too_long) != CHOSEN)
			continue;
		n++;
		if (plans_put(p->plans, plan, err) ||
			(p->plans->measure &&
				measure(p, &t->object, &plan->sample, err)))
			return -1;
	}
	if (!n && t->fate == CHOSEN)
		t->fate = WINDOW_LEAVES;
	if (!too_long)
		p->plans->counts[t->fate]++;
	if (n)
		return 0;
	if (too_long)
		item_fault(item, "key too long",
			"'%s' has more than %d bytes; img-catalog --src sets "
			"a shorter source",
			buf_str(&p->key), MAX_KEY);
	else
		item_drop(item, fate_reason(t->fate), "%s",
			t->why ? t->why : "");
	return 1;
}

static int take_object(struct planner *p, struct tried *t, struct err *err)
{
	struct item *item = t->item;
	struct plan plan = {
		.object = (uint32_t)store_count(p->plans->objects),
		.number = item->number,
		.offset = item->offset,
	};
	int rc;

	if (keep(p, t, err))
		return -1;
	if (item->verdict == KEEP && t->object.halo)
		return 0; /* a neighbour only: nothing comes out for it */
	rc = item->verdict == KEEP ? decide(p, t, &plan, err) : 1;
	if (rc <= 0)
		return rc;
	plan.sample = (struct sample){NULL, {0, 0, 0, 0}, {0, 0, 0, 0}, 0};
	plan.verdict = item->verdict;
	plan.reason = item->reason;
	plan.detail = item->detail;
	return plans_put(p->plans, &plan, err);
}

/* Takes a run's objects, unless something has failed before; frees it. */
static int take_run(struct planner *p, struct run *run, int rc, struct err *err)
{
	for (size_t i = 0; i < run->n; i++) {
		struct tried *t = &run->tried[i];

		if (!rc)
			rc = take_object(p, t, err);
		item_free(t->item);
		free(t->why);
		samples_release(&t->fitting);
	}
	free(run);
	return rc;
}

/* The next objects; NULL at the end, and on an error with *rc -1. */
static struct run *next_run(struct filter *f, int *rc, struct err *err)
{
	struct run *run = xcalloc(1, sizeof(*run));
	struct item *item;

	while (run->n < RUN && (*rc = filter_next(f, &item, err)) > 0)
		run->tried[run->n++].item = item_keep(item);
	if (run->n && *rc >= 0) {
		*rc = 0;
		return run;
	}
	for (size_t i = 0; i < run->n; i++)
		item_free(run->tried[i].item);
	free(run);
	return NULL;
}

static int plan_all(struct planner *p, struct filter *f, unsigned threads,
	struct err *err)
{
	struct workers *w = workers_new(threads,
		(size_t)RUNS_PER_THREAD * threads, try_run, p);
	struct run *run;
	int rc = 0;

	while (!rc && (run = next_run(f, &rc, err))) {
		workers_put(w, run);
		if (workers_full(w))
			rc = take_run(p, workers_get(w), rc, err);
	}
	while ((run = workers_get(w)))
		rc = take_run(p, run, rc, err);
	workers_free(w);
	return rc;
}

int plans_make(struct plans *plans, struct filter *f,
	const struct catalog *catalog, const struct join_opts *opts,
	struct err *err)
{
	unsigned threads = (unsigned)MAX(opts->threads, 1);
	struct planner p = {.plans = plans, .opts = opts};
	int rc;

	p.choosers = xcalloc(threads + 1, sizeof(*p.choosers));
	p.shapes = xcalloc(threads, sizeof(*p.shapes));
	p.own = &p.choosers[threads];
	for (unsigned i = 0; i <= threads; i++)
		p.choosers[i] =
			(struct chooser){.opts = opts, .catalog = catalog};
	rc = plan_all(&p, f, threads, err);
	for (unsigned i = 0; i <= threads; i++)
		chooser_release(&p.choosers[i]);
	for (unsigned i = 0; i < threads; i++)
		shape_release(&p.shapes[i]);
	free(p.choosers);
	free(p.shapes);
	keys_release(&p.keys);
	buf_release(&p.bytes);
	buf_release(&p.key);
	if (rc || store_seal(plans->objects, err))
		return -1;
	return lonlat_index_build(plans->boxes, err);
}
