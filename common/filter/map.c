/*
 * The record-wise loop: runs of records go to the workers and come back in
 * order. The main thread only finds where records end and copies bytes; the
 * workers find the fields, call the tool and pack what it keeps. A segment is
 * drained before its end record is written.
 */
#include "base/base.h"
#include "filter/priv.h"
#include "base/thread.h"

enum {
	RUNS_PER_THREAD = 4,
	RUN_BYTES = 16 << 20, /* a run is full at so many */
	KEEP_BYTES = 1 << 20, /* room that a run keeps for its next use */
};

/* Where a record stands in a run's bytes, and stood in the input. */
struct place {
	size_t begin, size;
	uint64_t number, offset;
};

struct run {
	struct buf in;        /* the records as read */
	struct place *places; /* [n] */
	size_t n;
	struct item *items;  /* [n], for as long as a worker needs them */
	struct item **valid; /* [nvalid]: those that are no bad records */
	size_t nvalid;
	struct buf out; /* what was kept, packed */
	size_t *ends;   /* [npacked] where out stood behind each record */
	size_t npacked; /* n, but where rc is an error: those before it */
	int rc;
	struct err err;
	struct run *next; /* among those that wait to be used again */
};

struct mapper {
	struct filter *f;
	item_fn *fn;
	void *ctx;
	size_t batch;
	struct workers *workers;
	struct run *open;  /* the run that is being filled, or NULL */
	struct run *spare; /* a list */
};

static struct run *run_new(struct mapper *m)
{
	struct run *run = m->spare;

	if (run) {
		m->spare = run->next;
		return run;
	}
	run = xcalloc(1, sizeof(*run));
	run->places = xcalloc(m->batch, sizeof(*run->places));
	run->items = xcalloc(m->batch, sizeof(*run->items));
	run->valid = xcalloc(m->batch, sizeof(*run->valid));
	run->ends = xcalloc(m->batch, sizeof(*run->ends));
	for (size_t i = 0; i < m->batch; i++)
		run->items[i].lent = true;
	return run;
}

static void empty(struct buf *b)
{
	if (b->cap > KEEP_BYTES)
		buf_release(b);
	buf_reset(b);
}

/* Gives it back, to be used again. */
static void run_done(struct mapper *m, struct run *run)
{
	for (size_t i = 0; i < run->n; i++)
		item_free(&run->items[i]);
	empty(&run->in);
	empty(&run->out);
	run->n = run->nvalid = run->npacked = 0;
	run->rc = 0;
	run->next = m->spare;
	m->spare = run;
}

static void run_free(struct mapper *m, struct run *run)
{
	for (size_t i = 0; i < m->batch; i++)
		rec_release(&run->items[i].rec);
	buf_release(&run->in);
	buf_release(&run->out);
	free(run->places);
	free(run->items);
	free(run->valid);
	free(run->ends);
	free(run);
}

static void read_items(const struct filter *f, struct run *run)
{
	for (size_t i = 0; i < run->n; i++) {
		const struct place *at = &run->places[i];
		struct item *item = &run->items[i];

		(void)rec_scan(&item->rec, (uint8_t *)run->in.data + at->begin,
			at->size);
		item_begin(f, item, at->number, at->offset);
		if (item->verdict == KEEP)
			run->valid[run->nvalid++] = item;
	}
}

static int pack_items(const struct filter *f, struct run *run)
{
	for (size_t i = 0; i < run->n; i++) {
		size_t before = run->out.len;

		if (run->items[i].verdict == KEEP && f->out) {
			rec_pack(&run->items[i].rec, &run->out);
			if (rec_writer_fits(f->out, run->out.len - before,
				    &run->err))
				return -1;
		}
		run->ends[i] = run->out.len;
		run->npacked++;
	}
	return 0;
}

static void work(void *ctx, void *job, unsigned worker)
{
	struct mapper *m = ctx;
	struct run *run = job;

	read_items(m->f, run);
	if (run->nvalid)
		run->rc = m->fn(m->ctx, run->valid, run->nvalid, worker,
			&run->err);
	if (!run->rc)
		run->rc = pack_items(m->f, run);
}

/* Writes n records, which stand in out from `begin` to `end`. */
static int write_kept(struct filter *f, const struct run *run, size_t n,
	size_t begin, size_t end, struct err *err)
{
	struct val v = {(const uint8_t *)run->out.data + begin, end - begin};

	f->n_out += n;
	return n && f->out ? rec_writer_run(f->out, v, n, err) : 0;
}

/* Writes what a run has kept, sets the rest aside, and gives the run back. */
static int emit_run(struct mapper *m, struct run *run, struct err *err)
{
	size_t begin = 0, end = 0, n = 0;
	int rc = 0;

	for (size_t i = 0; i < run->npacked && !rc; i++) {
		end = run->ends[i];
		if (run->items[i].verdict == KEEP) {
			n++;
			continue;
		}
		/* in order: a fault may end the run (--strict) */
		rc = write_kept(m->f, run, n, begin, end, err);
		begin = end;
		n = 0;
		if (!rc)
			rc = set_aside(m->f, &run->items[i], err);
	}
	if (!rc)
		rc = write_kept(m->f, run, n, begin, end, err);
	if (!rc && run->rc) {
		*err = run->err;
		rc = run->rc;
	}
	run_done(m, run);
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
		run_done(m, run);
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

static int add_record(struct mapper *m, const struct rec_view *v,
	struct err *err)
{
	struct run *run = m->open;

	if (!run)
		run = m->open = run_new(m);
	run->places[run->n++] =
		(struct place){run->in.len, v->val.len, v->number, v->offset};
	buf_add(&run->in, v->val.p, v->val.len);
	return run->n == m->batch || run->in.len >= RUN_BYTES ? submit(m, err)
							      : 0;
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
		return add_record(m, &v, err);
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
	struct mapper m = {f, fn, ctx, MAX(batch, 1), NULL, NULL, NULL};
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
		run_done(&m, run);
	if (m.open)
		run_done(&m, m.open);
	workers_free(m.workers);
	while ((run = m.spare)) {
		m.spare = run->next;
		run_free(&m, run);
	}
	return rc > 0 ? 0 : -1;
}
