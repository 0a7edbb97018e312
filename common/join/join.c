#include "base/base.h"
#include "join/join.h"

#include "base/thread.h"
#include "filter/table.h"
#include "join/caps.h"
#include "join/sample.h"

/* Objects per job: enough to hide the hand-over, few enough to spread. */
enum { RUN = 64, RUNS_PER_THREAD = 4 };

struct join {
	struct filter *f;
	const struct join_opts *opts;
	struct catalog catalog;
	struct objects objects;
	struct samples samples;    /* by object; of halo objects none */
	struct sample_room *rooms; /* [threads] */
	struct taglist tags;       /* room */
};

/* What becomes of samples first … first+n-1. */
struct run {
	size_t first, n;
	struct item *items[RUN];
};

static int read_objects(struct join *j, struct err *err)
{
	struct shape scratch = SHAPE_INIT;
	struct item *item;
	int rc;

	while ((rc = filter_next(j->f, &item, err)) > 0) {
		objects_add(&j->objects, item_keep(item), &scratch);
		if (j->objects.n == UINT32_MAX) {
			rc = err_set(err,
				"more than %u objects: split the "
				"input",
				UINT32_MAX - 1);
			break;
		}
	}
	shape_release(&scratch);
	return rc;
}

/* A halo object is a neighbour only: nothing comes out for it. */
static void choose_one(struct chooser *c, uint32_t number, struct samples *all)
{
	const struct object *o = &c->objects->items[number];

	if (o->fault)
		samples_add(all, &(struct sample){.object = number});
	else if (!o->halo)
		choose(c, number, all);
}

static void choose_all(struct join *j)
{
	struct chooser c;

	chooser_init(&c, j->opts, &j->catalog, &j->objects);
	for (size_t i = 0; i < j->objects.n; i++)
		choose_one(&c, (uint32_t)i, &j->samples);
	chooser_hint(&c, j->f);
	chooser_release(&c);
}

static void make_run(void *ctx, void *job, unsigned worker)
{
	struct join *j = ctx;
	struct run *run = job;

	for (size_t i = 0; i < run->n; i++) {
		run->items[i] =
			sample_make(&j->rooms[worker], j->opts, &j->catalog,
				&j->objects, &j->samples.items[run->first + i]);
	}
}

/* Emits a run unless something has failed before; frees it. */
static int emit_run(struct join *j, struct run *run, int rc, struct err *err)
{
	for (size_t i = 0; i < run->n; i++) {
		if (!rc)
			rc = filter_emit(j->f, run->items[i], err);
		else
			item_free(run->items[i]);
	}
	free(run);
	return rc;
}

/* Calls fn with each tag that shows in the sample; whether one gave true. */
static bool any_tag(struct join *j, const struct sample *s, struct caps *caps,
	bool (*fn)(struct caps *caps, const struct tag *tag,
		const struct sample *s))
{
	const struct object *o = &j->objects.items[s->object];
	bool any = false;

	taglist_fill(&j->tags, o->tags, o->tag_gsd_m, s->image->field.gsd_m,
		j->opts->gsd_slack);
	for (size_t i = 0; i < j->tags.n; i++)
		any |= fn(caps, &j->tags.items[i], s);
	return any || !j->tags.n;
}

static bool add_tag(struct caps *caps, const struct tag *tag,
	const struct sample *s)
{
	caps_add(caps, tag->key, tag->value, str_from(s->key));
	return false;
}

static bool holds_tag(struct caps *caps, const struct tag *tag,
	const struct sample *s)
{
	return caps_hold(caps, tag->key, tag->value, str_from(s->key));
}

static int cap_all(struct join *j, struct err *err)
{
	const struct join_opts *o = j->opts;
	struct caps *caps, *known;
	int rc = 0;

	if (!o->max_per_tag)
		return 0;
	caps = caps_new(o->max_per_tag, o->seed);
	known = o->caps ? caps_new(o->max_per_tag, o->seed) : caps;
	if (o->caps && (filter_add_file(j->f, o->caps, err) ||
			       caps_load(known, o->caps, err)))
		rc = -1;
	for (size_t i = 0; i < j->samples.n && !rc; i++)
		if (j->samples.items[i].image)
			(void)any_tag(j, &j->samples.items[i], caps, add_tag);
	for (size_t i = 0; i < j->samples.n && !rc; i++)
		if (j->samples.items[i].image)
			j->samples.items[i].over_cap = !any_tag(j,
				&j->samples.items[i], known, holds_tag);
	if (!rc && o->caps_out)
		rc = caps_save(caps, o->caps_out, err);
	if (known != caps)
		caps_free(known);
	caps_free(caps);
	return rc;
}

static int emit_all(struct join *j, struct err *err)
{
	unsigned threads = (unsigned)MAX(j->opts->threads, 1);
	struct workers *w;
	struct run *run;
	int rc = 0;

	j->rooms = xcalloc(threads, sizeof(*j->rooms));
	w = workers_new(threads, (size_t)RUNS_PER_THREAD * threads, make_run,
		j);
	for (size_t i = 0; i < j->samples.n && !rc; i += RUN) {
		if (workers_full(w))
			rc = emit_run(j, workers_get(w), rc, err);
		run = xcalloc(1, sizeof(*run));
		run->first = i;
		run->n = MIN(j->samples.n - i, RUN);
		workers_put(w, run);
	}
	while ((run = workers_get(w)))
		rc = emit_run(j, run, rc, err);
	workers_free(w);
	for (unsigned i = 0; i < threads; i++)
		sample_room_release(&j->rooms[i], &j->catalog);
	free(j->rooms);
	return rc;
}

int join_run(struct filter *f, const char *catalog, const struct join_opts *o,
	struct err *err)
{
	struct join j = {.f = f, .opts = o};
	int rc = -1;

	if (catalog_read(&j.catalog, f, catalog, err) || read_objects(&j, err))
		goto out;
	choose_all(&j);
	rc = cap_all(&j, err);
	if (!rc)
		rc = emit_all(&j, err);
out:
	taglist_release(&j.tags);
	samples_release(&j.samples);
	objects_release(&j.objects);
	catalog_release(&j.catalog);
	return rc;
}
