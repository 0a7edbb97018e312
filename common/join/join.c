#include "base/base.h"
#include "join/join.h"

#include "base/sort.h"
#include "base/thread.h"
#include "join/negative.h"
#include "join/sample.h"

enum {
	BLOCK = 1 << 19, /* samples that are sorted by image and place: the
			  * more, the more of what lies together is found
			  * together */
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
	struct shot *shots;         /* [BLOCK], in the order of the plans */
	uint32_t *order;            /* [BLOCK]: of shots, by image and place */
	struct buf bytes;           /* room */
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

/* An object's record, as it came in; NULL on an error. */
static struct item *read_item(struct join *j, uint32_t object, uint64_t number,
	uint64_t offset, struct err *err)
{
	struct item *item = item_new();
	struct str text;

	item->number = number;
	item->offset = offset;
	if (filter_keeps_rejects(j->f) &&
		(store_read(j->plans.objects, &object, 1, &j->bytes, &text,
			 err) ||
			rec_parse(&item->rec, (const uint8_t *)text.s, text.len,
				err))) {
		item_free(item);
		return NULL;
	}
	return item;
}

static int set_aside(struct join *j, struct plan *plan, struct err *err)
{
	struct item *item =
		read_item(j, plan->object, plan->number, plan->offset, err);

	if (!item)
		return -1;
	item->verdict = plan->verdict;
	item->reason = plan->reason;
	item->detail = plan->detail;
	plan->detail = NULL;
	return filter_emit(j->f, item, err);
}

/* The next samples' number; what stands between them is set aside. */
static int next_block(struct join *j, size_t *n, struct err *err)
{
	struct plan plan;
	int rc = 1;

	*n = 0;
	while (*n < BLOCK && (rc = plans_next(&j->plans, &plan, err)) > 0) {
		if (j->over_cap && j->over_cap[j->at]) {
			plan.verdict = DROP;
			plan.reason = "over the cap";
			plan.detail = xstrdup("each of its tags has "
					      "--max-per-tag others");
		}
		j->at++;
		if (plan.verdict == KEEP)
			shot_set(&j->shots[(*n)++], &plan);
		else if (set_aside(j, &plan, err))
			rc = -1;
		free(plan.detail);
		if (rc < 0)
			break;
	}
	return rc < 0 ? -1 : 0;
}

/* A shot's place: its image, and where its window is there on a curve that
 * keeps near what is near (Morton 1966). */
struct place_key {
	uint64_t place;
	uint32_t shot;
};

/* 16 bits, each with a 0 above it. */
static uint32_t spread(uint32_t v)
{
	v = (v | v << 8) & 0x00ff00ff;
	v = (v | v << 4) & 0x0f0f0f0f;
	v = (v | v << 2) & 0x33333333;
	return (v | v << 1) & 0x55555555;
}

static uint32_t place_in_image(const struct shot *s)
{
	const uint64_t *size = s->image->field.size;
	double col = (double)s->win.col / (double)size[0] * 65535;
	double row = (double)s->win.row / (double)size[1] * 65535;

	return spread((uint32_t)col) | spread((uint32_t)row) << 1;
}

static bool is_before(const struct place_key *a, const struct place_key *b)
{
	return a->place < b->place;
}

SORT_DEFINE(sort_keys, struct place_key, is_before)

static void sort_block(struct join *j, size_t n)
{
	struct place_key *keys = xcalloc(n, sizeof(*keys));

	for (size_t i = 0; i < n; i++) {
		const struct shot *s = &j->shots[i];
		uint64_t image = (uint64_t)(s->image - j->catalog.images);

		keys[i].place = image << 32 | place_in_image(s);
		keys[i].shot = (uint32_t)i;
	}
	sort_keys(keys, n);
	for (size_t i = 0; i < n; i++)
		j->order[i] = keys[i].shot;
	free(keys);
}

static struct job *new_job(const struct join *j, const uint32_t *order,
	size_t n)
{
	struct job *job = xcalloc(1, sizeof(*job));

	job->n = n;
	for (size_t i = 0; i < n; i++)
		job->shots[i] = &j->shots[order[i]];
	return job;
}

/* What has no place on the globe, after all. */
static int emit_fault(struct join *j, const struct shot *shot, struct err *err)
{
	struct item *item =
		read_item(j, shot->object, shot->number, shot->offset, err);

	if (!item)
		return -1;
	item_fault(item, "broken position",
		"the window has no place on the globe");
	return filter_emit(j->f, item, err);
}

static int emit(struct join *j, const struct job *job, struct err *err)
{
	char *at = job->records.data;

	for (size_t i = 0; i < job->n; at += job->len[i++]) {
		const struct buf record = {.data = at, .len = job->len[i]};

		if (record.len ? filter_put(j->f, &record, err)
			       : emit_fault(j, job->shots[i], err))
			return -1;
	}
	return 0;
}

/* Puts out what was made, unless something has failed before; frees the job. */
static int end_job(struct join *j, struct job *job, int rc, struct err *err)
{
	if (!rc && job->failed) {
		*err = job->err;
		rc = -1;
	}
	if (!rc)
		rc = emit(j, job, err);
	buf_release(&job->records);
	free(job);
	return rc;
}

static int emit_blocks(struct join *j, struct workers *w, struct err *err)
{
	struct job *job;
	size_t n = 0;
	int rc = plans_rewind(&j->plans, err);

	while (!rc && !(rc = next_block(j, &n, err)) && n) {
		sort_block(j, n);
		for (size_t i = 0; i < n && !rc; i += JOB) {
			if (workers_full(w))
				rc = end_job(j, workers_get(w), rc, err);
			workers_put(w,
				new_job(j, &j->order[i], MIN(n - i, JOB)));
		}
		while ((job = workers_get(w)))
			rc = end_job(j, job, rc, err);
	}
	return rc;
}

static int emit_all(struct join *j, struct err *err)
{
	unsigned threads = (unsigned)MAX(j->opts->threads, 1);
	struct workers *w;
	int rc;

	j->shots = xcalloc(BLOCK, sizeof(*j->shots));
	j->order = xcalloc(BLOCK, sizeof(*j->order));
	j->rooms = xcalloc(threads, sizeof(*j->rooms));
	for (unsigned i = 0; i < threads; i++)
		j->rooms[i] = sample_room_new(j->opts, &j->catalog);
	w = workers_new(threads, (size_t)JOBS_PER_THREAD * threads, make_job,
		j);
	rc = emit_blocks(j, w, err);
	workers_free(w);
	for (unsigned i = 0; i < threads; i++)
		sample_room_free(j->rooms[i]);
	free(j->rooms);
	free(j->shots);
	free(j->order);
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
		rc = negatives_emit(&j.plans, f, &j.catalog, o, err);
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
