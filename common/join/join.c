#include "base/base.h"
#include "join/join.h"

#include "base/thread.h"
#include "join/sample.h"

/* Plans per job: the more, the more of their surroundings are read once. */
enum { RUN = 256, RUNS_PER_THREAD = 3 };

struct join {
	struct filter *f;
	const struct join_opts *opts;
	struct catalog catalog;
	struct plans plans;
	uint8_t *over_cap;          /* [plans.n]; NULL: none is */
	struct sample_room **rooms; /* [threads] */
};

/* Some plans, and what becomes of them. */
struct run {
	size_t n;
	struct plan plans[RUN];
	struct item *items[RUN];
	bool failed;
	struct err err;
};

static void make_run(void *ctx, void *job, unsigned worker)
{
	struct join *j = ctx;
	struct run *run = job;

	run->failed = samples_make(j->rooms[worker], &j->plans, run->plans,
			      run->n, run->items, &run->err) != 0;
}

/* Emits a run unless something has failed before; frees it. */
static int emit_run(struct join *j, struct run *run, int rc, struct err *err)
{
	if (!rc && run->failed) {
		*err = run->err;
		rc = -1;
	}
	for (size_t i = 0; i < run->n; i++) {
		free(run->plans[i].detail);
		if (run->failed)
			continue;
		if (!rc)
			rc = filter_emit(j->f, run->items[i], err);
		else
			item_free(run->items[i]);
	}
	free(run);
	return rc;
}

/* The next plans, the first of which is number *at; NULL at the end, and on an
 * error with *rc -1. */
static struct run *next_run(struct join *j, size_t *at, int *rc,
	struct err *err)
{
	struct run *run = xcalloc(1, sizeof(*run));
	long n = plans_next(&j->plans, run->plans, RUN, err);

	if (n <= 0) {
		*rc = n < 0 ? -1 : 0;
		free(run);
		return NULL;
	}
	run->n = (size_t)n;
	for (size_t i = 0; j->over_cap && i < run->n; i++) {
		struct plan *plan = &run->plans[i];

		if (!j->over_cap[*at + i])
			continue;
		plan->verdict = DROP;
		plan->reason = "over the cap";
		plan->detail =
			xstrdup("each of its tags has --max-per-tag others");
	}
	*at += run->n;
	return run;
}

static int emit_all(struct join *j, struct err *err)
{
	unsigned threads = (unsigned)MAX(j->opts->threads, 1);
	size_t at = 0;
	struct workers *w;
	struct run *run;
	int rc = plans_rewind(&j->plans, err);

	j->rooms = xcalloc(threads, sizeof(*j->rooms));
	for (unsigned i = 0; i < threads; i++)
		j->rooms[i] = sample_room_new(j->opts, &j->catalog);
	w = workers_new(threads, (size_t)RUNS_PER_THREAD * threads, make_run,
		j);
	while (!rc && (run = next_run(j, &at, &rc, err))) {
		workers_put(w, run);
		if (workers_full(w))
			rc = emit_run(j, workers_get(w), rc, err);
	}
	while ((run = workers_get(w)))
		rc = emit_run(j, run, rc, err);
	workers_free(w);
	for (unsigned i = 0; i < threads; i++)
		sample_room_free(j->rooms[i]);
	free(j->rooms);
	return rc;
}

int join_run(struct filter *f, const char *catalog, const struct join_opts *o,
	struct err *err)
{
	struct join j = {.f = f, .opts = o};
	int rc = -1;

	plans_init(&j.plans);
	if (catalog_read(&j.catalog, f, catalog, err) ||
		plans_make(&j.plans, f, &j.catalog, o, err))
		goto out;
	plans_hint(&j.plans, &j.catalog, f);
	rc = plans_cap(&j.plans, f, o, &j.over_cap, err);
	if (!rc)
		rc = emit_all(&j, err);
out:
	free(j.over_cap);
	plans_release(&j.plans);
	catalog_release(&j.catalog);
	return rc;
}
