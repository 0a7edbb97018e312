#include "base/base.h"
#include "join/join.h"

#include "base/sort.h"
#include "base/thread.h"
#include "join/sample.h"

/* Plans that are carried out together, and come out in their order: the more,
 * the more of what lies together is found together. */
enum {
	BLOCK = 8192,
	BLOCK_BYTES = 1 << 24, /* of objects; or a little more */
	JOB = 128,             /* plans of a block that one thread takes */
	JOBS = BLOCK / JOB,
};

struct join {
	struct filter *f;
	const struct join_opts *opts;
	struct catalog catalog;
	struct plans plans;
	uint8_t *over_cap;          /* [plans.n]; NULL: none is */
	size_t at;                  /* the next plan's place there */
	struct sample_room **rooms; /* [threads] */
};

struct job {
	struct shot *shots; /* [n] */
	size_t n;
	bool failed;
	struct err err;
};

struct block {
	struct plan plans[BLOCK];
	struct shot shots[BLOCK]; /* by image and place */
	size_t n;
	struct job jobs[JOBS];
	size_t njobs;
};

static void make_job(void *ctx, void *job, unsigned worker)
{
	struct join *j = ctx;
	struct job *jb = job;

	jb->failed = samples_make(j->rooms[worker], &j->plans, jb->shots, jb->n,
			     &jb->err) != 0;
}

/* The next plans, in b, which is empty; none at the end. */
static int next_block(struct join *j, struct block *b, struct err *err)
{
	size_t bytes = 0;
	int rc = 0;

	while (b->n < BLOCK && bytes < BLOCK_BYTES) {
		struct plan *plan = &b->plans[b->n];

		rc = plans_next(&j->plans, plan, err);
		if (rc <= 0)
			break;
		if (j->over_cap && j->over_cap[j->at]) {
			plan->verdict = DROP;
			plan->reason = "over the cap";
			plan->detail = xstrdup("each of its tags has "
					       "--max-per-tag others");
		}
		bytes += store_len(j->plans.objects, plan->object);
		b->shots[b->n++].plan = plan;
		j->at++;
	}
	return rc < 0 ? -1 : 0;
}

static void start_block(struct block *b, struct workers *w)
{
	shots_sort(b->shots, b->n);
	for (size_t i = 0; i < b->n; i += JOB) {
		struct job *job = &b->jobs[b->njobs++];

		job->shots = &b->shots[i];
		job->n = MIN(b->n - i, JOB);
		workers_put(w, job);
	}
}

static bool is_before(const struct shot *a, const struct shot *b)
{
	return a->plan < b->plan;
}

SORT_DEFINE(sort_by_plan, struct shot, is_before)

/* Waits for a block, and emits it unless something has failed before; empties
 * it. */
static int end_block(struct join *j, struct block *b, struct workers *w, int rc,
	struct err *err)
{
	for (size_t i = 0; i < b->njobs; i++) {
		struct job *job = workers_get(w);

		if (!rc && job->failed) {
			*err = job->err;
			rc = -1;
		}
	}
	sort_by_plan(b->shots, b->n);
	for (size_t i = 0; i < b->n; i++) {
		if (!rc)
			rc = filter_emit(j->f, b->shots[i].item, err);
		else
			item_free(b->shots[i].item);
		free(b->plans[i].detail);
		b->shots[i].item = NULL;
	}
	b->n = b->njobs = 0;
	return rc;
}

/* One block is made while the one before it comes out. */
static int emit_blocks(struct join *j, struct workers *w, struct err *err)
{
	struct block *now = xcalloc(1, sizeof(*now));
	struct block *before = xcalloc(1, sizeof(*before)), *swap;
	int rc = plans_rewind(&j->plans, err);

	do {
		if (!rc)
			rc = next_block(j, now, err);
		start_block(now, w);
		rc = end_block(j, before, w, rc, err);
		swap = before;
		before = now;
		now = swap;
	} while (before->n);
	free(now);
	free(before);
	return rc;
}

static int emit_all(struct join *j, struct err *err)
{
	unsigned threads = (unsigned)MAX(j->opts->threads, 1);
	struct workers *w;
	int rc;

	j->rooms = xcalloc(threads, sizeof(*j->rooms));
	for (unsigned i = 0; i < threads; i++)
		j->rooms[i] = sample_room_new(j->opts, &j->catalog);
	w = workers_new(threads, 2 * JOBS, make_job, j);
	rc = emit_blocks(j, w, err);
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
