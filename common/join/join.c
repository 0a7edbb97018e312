#include "base/base.h"
#include "join/join.h"

#include "base/thread.h"
#include "join/block.h"
#include "join/negative.h"

enum {
	BLOCK = 1 << 19, /* samples that are made together: the more, the more
			  * of what lies together is found together */
	JOB = 256,       /* of them that one thread takes */
	JOBS_PER_THREAD = 3,
};

struct join {
	struct filter *f;
	const struct join_opts *opts;
	struct catalog catalog;
	struct plans plans;
	uint8_t *over_cap;          /* [plans.n]; NULL: none is */
	size_t at;                  /* the next plan's place there */
	struct sample_room **rooms; /* [threads] */
	struct workers *workers;
	struct buf bytes; /* room */
};

struct job {
	const struct shot *shots[JOB];
	size_t n;
	struct buf records;
	uint32_t len[JOB];
	bool failed;
	struct err err;
};

static void make_job(void *ctx, void *job, unsigned worker)
{
	struct join *j = ctx;
	struct job *jb = job;

	jb->failed = samples_make(j->rooms[worker], &j->plans, jb->shots, jb->n,
			     &jb->records, jb->len, &jb->err) != 0;
}

/* What is set aside comes out as it came in. */
static int set_aside(struct join *j, struct plan *plan, struct err *err)
{
	struct item *item = item_new();
	struct str text;

	item->number = plan->number;
	item->offset = plan->offset;
	item->verdict = plan->verdict;
	item->reason = plan->reason;
	item->detail = plan->detail;
	plan->detail = NULL;
	if (filter_keeps_rejects(j->f) &&
		(store_read(j->plans.objects, &plan->object, 1, &j->bytes,
			 &text, err) ||
			rec_parse(&item->rec, (const uint8_t *)text.s, text.len,
				err))) {
		item_free(item);
		return -1;
	}
	return filter_emit(j->f, item, err);
}

/* The next samples, in b, which is empty; none at the end. What stands between
 * them is set aside. */
static int next_block(struct join *j, struct block *b, struct err *err)
{
	struct plan plan;
	int rc = 1;

	while (!block_is_full(b) &&
		(rc = plans_next(&j->plans, &plan, err)) > 0) {
		if (j->over_cap && j->over_cap[j->at]) {
			plan.verdict = DROP;
			plan.reason = "over the cap";
			plan.detail = xstrdup("each of its tags has "
					      "--max-per-tag others");
		}
		j->at++;
		if (plan.verdict == KEEP)
			block_add(b, &plan);
		else if (set_aside(j, &plan, err))
			rc = -1;
		free(plan.detail);
	}
	block_sort(b, &j->catalog);
	return rc < 0 ? -1 : 0;
}

static struct job *new_job(const struct block *b, size_t begin)
{
	struct job *job = xcalloc(1, sizeof(*job));

	job->n = MIN(block_count(b) - begin, JOB);
	for (size_t i = 0; i < job->n; i++)
		job->shots[i] = block_shot(b, begin + i);
	return job;
}

/* Takes what was made, unless something has failed before; frees the job. */
static int end_job(struct block *b, struct job *job, int rc, struct err *err)
{
	if (!rc && job->failed) {
		*err = job->err;
		rc = -1;
	}
	if (!rc)
		rc = block_keep(b, &job->records, job->len, job->n, err);
	buf_release(&job->records);
	free(job);
	return rc;
}

/* Makes a block while the one before it comes out. */
static int make_block(struct join *j, struct block *b, struct block *before,
	struct err *err)
{
	size_t jobs = (block_count(b) + JOB - 1) / JOB;
	size_t share = jobs ? block_count(before) / jobs + 1 : SIZE_MAX;
	struct job *job;
	int rc = 0;

	for (size_t i = 0; i < jobs && !rc; i++) {
		if (workers_full(j->workers))
			rc = end_job(b, workers_get(j->workers), rc, err);
		workers_put(j->workers, new_job(b, i * JOB));
		if (!rc)
			rc = block_emit(before, &j->plans, j->f, share, err);
	}
	while ((job = workers_get(j->workers)))
		rc = end_job(b, job, rc, err);
	if (!rc)
		rc = block_emit(before, &j->plans, j->f, SIZE_MAX, err);
	return rc ? rc : block_seal(b, err);
}

static int emit_blocks(struct join *j, struct err *err)
{
	struct block *now = block_new(BLOCK), *before = block_new(BLOCK), *swap;
	int rc = plans_rewind(&j->plans, err);

	while (!rc) {
		block_clear(now);
		rc = next_block(j, now, err);
		if (!rc)
			rc = make_block(j, now, before, err);
		swap = before;
		before = now;
		now = swap;
		if (!block_count(before))
			break;
	}
	block_free(now);
	block_free(before);
	return rc;
}

static int emit_all(struct join *j, struct err *err)
{
	unsigned threads = (unsigned)MAX(j->opts->threads, 1);
	int rc;

	j->rooms = xcalloc(threads, sizeof(*j->rooms));
	for (unsigned i = 0; i < threads; i++)
		j->rooms[i] = sample_room_new(j->opts, &j->catalog);
	j->workers = workers_new(threads, (size_t)JOBS_PER_THREAD * threads,
		make_job, j);
	rc = emit_blocks(j, err);
	workers_free(j->workers);
	for (unsigned i = 0; i < threads; i++)
		sample_room_free(j->rooms[i]);
	free(j->rooms);
	buf_release(&j->bytes);
	return rc;
}

int join_run(struct filter *f, const char *catalog, const struct join_opts *o,
	struct err *err)
{
	struct join j = {.f = f, .opts = o};
	int rc = -1;

	plans_init(&j.plans);
	if (catalog_read(&j.catalog, f, catalog, o->offsets, err) ||
		plans_make(&j.plans, f, &j.catalog, o, err))
		goto out;
	plans_hint(&j.plans, &j.catalog, f);
	rc = plans_cap(&j.plans, f, o, &j.over_cap, err);
	if (!rc)
		rc = emit_all(&j, err);
	if (!rc && o->negatives)
		rc = negatives_emit(&j.plans, f, &j.catalog, o->negatives,
			o->seed, err);
out:
	free(j.over_cap);
	plans_release(&j.plans);
	catalog_release(&j.catalog);
	return rc;
}

int join_halo(struct filter *f, const char *catalog, const struct join_opts *o,
	double *metres, struct err *err)
{
	struct catalog c = {.images = NULL};
	struct plans plans;
	int rc;

	plans_init(&plans);
	plans.measure = true;
	rc = catalog_read(&c, f, catalog, o->offsets, err);
	if (!rc)
		rc = plans_make(&plans, f, &c, o, err);
	*metres = plans.reach_m;
	plans_release(&plans);
	catalog_release(&c);
	return rc;
}
