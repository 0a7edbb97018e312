/*
 * The record-wise loop: runs of records go to the workers and come back in
 * order. A segment is drained before its end record is written.
 */
#include "base/base.h"
#include "filter/priv.h"
#include "base/thread.h"

enum { RUNS_PER_THREAD = 4 };

struct run {
	struct item **items; /* [n] */
	size_t n;
	int rc;
	struct err err;
};

struct mapper {
	struct filter *f;
	item_fn *fn;
	void *ctx;
	size_t batch;
	struct workers *workers;
	struct run *open; /* the run that is being filled, or NULL */
};

static void work(void *ctx, void *job, unsigned worker)
{
	struct mapper *m = ctx;
	struct run *run = job;

	run->rc = m->fn(m->ctx, run->items, run->n, worker, &run->err);
}

static void run_free(struct run *run)
{
	if (!run)
		return;
	for (size_t i = 0; i < run->n; i++)
		item_free(run->items[i]);
	free(run->items);
	free(run);
}

/* Writes what a run has kept; frees it. */
static int emit_run(struct mapper *m, struct run *run, struct err *err)
{
	int rc = run->rc;

	if (rc)
		*err = run->err;
	for (size_t i = 0; i < run->n && !rc; i++) {
		rc = filter_emit(m->f, run->items[i], err);
		run->items[i] = NULL;
	}
	run_free(run);
	return rc;
}

static int submit(struct mapper *m, struct err *err)
{
	struct run *run = m->open;

	m->open = NULL;
	if (!run)
		return 0;
	if (workers_full(m->workers) &&
		emit_run(m, workers_get(m->workers), err)) {
		run_free(run);
		return -1;
	}
	workers_put(m->workers, run);
	return 0;
}

static int drain(struct mapper *m, struct err *err)
{
	struct run *run;

	while ((run = workers_get(m->workers)))
		if (emit_run(m, run, err))
			return -1;
	return 0;
}

/* A record joins the run; one that is a fault already keeps its place. */
static int add_item(struct mapper *m, struct item *item, struct err *err)
{
	if (item->verdict != KEEP) {
		if (submit(m, err) || drain(m, err)) {
			item_free(item);
			return -1;
		}
		return filter_emit(m->f, item, err);
	}
	if (!m->open) {
		m->open = xcalloc(1, sizeof(*m->open));
		m->open->items = xcalloc(m->batch, sizeof(*m->open->items));
	}
	m->open->items[m->open->n++] = item;
	return m->open->n == m->batch ? submit(m, err) : 0;
}

/* Takes one step of the input; 1 at its end. */
static int step(struct mapper *m, struct err *err)
{
	struct rec_view v;
	struct run *run;

	while ((run = workers_poll(m->workers)))
		if (emit_run(m, run, err))
			return -1;
	if (next_view(m->f, &v, err)) {
		struct err later;

		/* deliver every record before the fault */
		if (!submit(m, &later))
			(void)!drain(m, &later);
		return -1;
	}
	switch (v.kind) {
	case REC_HEADER:
		break;
	case REC_DATA:
		if (filter_begin_segment(m->f, err))
			return -1;
		return add_item(m, item_from(m->f, &v), err);
	case REC_END:
		if (filter_begin_segment(m->f, err) || submit(m, err) ||
			drain(m, err))
			return -1;
		return filter_end_segment(m->f, err);
	case REC_EOF:
		return 1;
	}
	return 0;
}

int filter_map(struct filter *f, item_fn *fn, void *ctx, size_t batch,
	struct err *err)
{
	struct mapper m = {f, fn, ctx, MAX(batch, 1), NULL, NULL};
	unsigned threads = (unsigned)f->common->threads;
	struct run *run;
	int rc;

	f->mapped = true;
	m.workers = workers_new(threads, RUNS_PER_THREAD * (size_t)threads,
		work, &m);
	do
		rc = step(&m, err);
	while (!rc);
	while ((run = workers_get(m.workers)))
		run_free(run);
	run_free(m.open);
	workers_free(m.workers);
	return rc > 0 ? 0 : -1;
}
