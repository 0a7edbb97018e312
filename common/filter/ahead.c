#include "base/base.h"
#include "filter/ahead.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/spill.h"
#include "filter/priv.h"

/* How long the input may keep silent before what is done goes out; for how
 * long more is gathered, where all had to wait, so that one awakening is for
 * many. */
enum { POLL_MS = 5, GATHER_NS = 500000 };

struct slot {
	struct spill_place record, result;
	uint64_t number, offset; /* of the item */
	enum verdict verdict;
	bool done;
	const char *reason;
	char *detail;
};

struct ahead {
	struct filter *f;
	const struct ahead_ops *ops;
	void *ctx;
	struct spill *spill;
	struct item item; /* on its way out */
	struct buf bytes, result;
	struct buf packed;

	pthread_mutex_t lock;
	pthread_cond_t progress; /* the first record under way is done */
	struct slot *ring;       /* [cap], ticket t in t % cap */
	size_t cap, limit;
	uint64_t first, next; /* tickets under way or done, not yet written */
	size_t waiting;       /* of them, those not done */
	bool failed;          /* a result could not be put aside: `why` */
	struct err why;

	bool lost; /* writing failed while the input was waited for: `loss` */
	struct err loss;
};

struct ahead *ahead_new(struct filter *f, size_t limit, size_t memory)
{
	struct ahead *a = xcalloc(1, sizeof(*a));
	pthread_condattr_t attr;

	a->f = f;
	a->limit = MAX(limit, 1);
	a->spill = spill_new(memory);
	a->item.lent = true;
	pthread_mutex_init(&a->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&a->progress, &attr);
	pthread_condattr_destroy(&attr);
	return a;
}

static struct slot *slot_of(struct ahead *a, uint64_t ticket)
{
	return &a->ring[ticket % a->cap];
}

static void empty_slot(struct ahead *a, struct slot *s)
{
	spill_drop(a->spill, &s->record);
	spill_drop(a->spill, &s->result);
	free(s->detail);
	s->detail = NULL;
}

void ahead_free(struct ahead *a)
{
	if (!a)
		return;
	for (; a->first < a->next; a->first++)
		empty_slot(a, slot_of(a, a->first));
	item_free(&a->item);
	rec_release(&a->item.rec);
	buf_release(&a->bytes);
	buf_release(&a->result);
	buf_release(&a->packed);
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->progress);
	spill_free(a->spill);
	free(a->ring);
	free(a);
}

/* The ring holds one more; the lock is held. */
static void make_room(struct ahead *a)
{
	size_t n = (size_t)(a->next - a->first), cap = MAX(a->cap * 2, 256);
	struct slot *ring;

	if (n < a->cap)
		return;
	ring = xcalloc(cap, sizeof(*ring));
	for (uint64_t t = a->first; t < a->next; t++)
		ring[t % cap] = *slot_of(a, t);
	free(a->ring);
	a->ring = ring;
	a->cap = cap;
}

static void settle(struct ahead *a, uint64_t ticket, struct slot with)
{
	struct slot *s;

	pthread_mutex_lock(&a->lock);
	s = slot_of(a, ticket);
	s->result = with.result;
	s->verdict = with.verdict;
	s->reason = with.reason;
	s->detail = with.detail;
	s->done = true;
	a->waiting--;
	if (ticket == a->first || !a->waiting)
		pthread_cond_signal(&a->progress);
	pthread_mutex_unlock(&a->lock);
}

void ahead_done(struct ahead *a, uint64_t ticket, struct buf *result)
{
	struct slot s = {.verdict = KEEP};
	struct err err;

	if (spill_give(a->spill, result, &s.result, &err)) {
		pthread_mutex_lock(&a->lock);
		if (!a->failed)
			a->why = err;
		a->failed = true;
		pthread_mutex_unlock(&a->lock);
	}
	settle(a, ticket, s);
}

void ahead_drop(struct ahead *a, uint64_t ticket, enum verdict verdict,
	const char *reason, const char *fmt, ...)
{
	struct slot s = {.verdict = verdict, .reason = reason};
	struct buf text = BUF_INIT;
	char room[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(room, sizeof(room), fmt, ap);
	va_end(ap);
	buf_adds(&text, room);
	s.detail = buf_detach(&text);
	settle(a, ticket, s);
}

size_t ahead_waiting(struct ahead *a)
{
	size_t n;

	pthread_mutex_lock(&a->lock);
	n = a->waiting;
	pthread_mutex_unlock(&a->lock);
	return n;
}

/* The first record's slot, taken out, when it is done. */
static bool take_first(struct ahead *a, struct slot *out)
{
	bool done;

	pthread_mutex_lock(&a->lock);
	done = a->first < a->next && slot_of(a, a->first)->done;
	if (done) {
		*out = *slot_of(a, a->first);
		a->first++;
	}
	pthread_mutex_unlock(&a->lock);
	return done;
}

static int emit(struct ahead *a, struct slot *s, struct err *err)
{
	struct item *item = &a->item;
	int rc;

	buf_reset(&a->bytes);
	buf_reset(&a->result);
	rc = spill_take(a->spill, &s->record, &a->bytes, err);
	if (!rc)
		rc = spill_take(a->spill, &s->result, &a->result, err);
	if (rc) {
		empty_slot(a, s);
		return -1;
	}
	(void)rec_scan(&item->rec, (uint8_t *)a->bytes.data, a->bytes.len);
	item->number = s->number;
	item->offset = s->offset;
	item->verdict = s->verdict;
	item->reason = s->reason;
	item->detail = s->detail;
	if (item->verdict == KEEP && a->result.len)
		rc = a->ops->finish(a->ctx, item,
			(struct str){a->result.data, a->result.len}, err);
	if (rc)
		item_free(item);
	else
		rc = filter_emit(a->f, item, err);
	return rc;
}

/* Before it may take a while: what is done must not wait in a buffer. */
static int flush(struct ahead *a, struct err *err)
{
	return a->f->out ? rec_writer_flush_data(a->f->out, err) : 0;
}

static int emit_done(struct ahead *a, struct err *err)
{
	struct slot s;
	int rc = 0;

	while (!rc && take_first(a, &s))
		rc = emit(a, &s, err);
	if (!rc && a->failed) {
		*err = a->why;
		rc = -1;
	}
	return rc;
}

/* Until the first is done, or a second has gone. */
static void wait_first(struct ahead *a)
{
	const struct timespec gather = {.tv_nsec = GATHER_NS};
	struct timespec t;
	bool waits;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec++;
	pthread_mutex_lock(&a->lock);
	waits = a->first < a->next && !slot_of(a, a->first)->done;
	if (waits)
		(void)pthread_cond_timedwait(&a->progress, &a->lock, &t);
	pthread_mutex_unlock(&a->lock);
	if (waits)
		nanosleep(&gather, NULL);
}

/* Writes what is done until at most `most` are under way. */
static int drain(struct ahead *a, size_t most, struct err *err)
{
	if (emit_done(a, err))
		return -1;
	while (a->next - a->first > most) {
		a->ops->idle(a->ctx);
		if (flush(a, err))
			return -1;
		wait_first(a);
		if (emit_done(a, err) || a->ops->watch(a->ctx, err))
			return -1;
	}
	return 0;
}

/* Before the input may be waited for: until then what is done goes out. */
static void on_wait(void *ctx, int fd)
{
	struct ahead *a = ctx;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (!a->lost && !poll(&p, 1, 0)) {
		bool all = a->first == a->next;

		a->ops->idle(a->ctx);
		a->lost = emit_done(a, &a->loss) || flush(a, &a->loss) ||
			  a->ops->watch(a->ctx, &a->loss);
		if (all || a->lost || poll(&p, 1, POLL_MS))
			break;
	}
}

static int begin(struct ahead *a, const struct rec_view *v, struct err *err)
{
	struct item *item = &a->f->item;
	struct slot s = {.number = v->number, .offset = v->offset};
	enum begun begun = BEGUN_DONE;
	uint64_t ticket = a->next;
	struct val bytes;

	rec_view_rec(&item->rec, v->rec);
	item_begin(a->f, item, v->number, v->offset);
	bytes = rec_bytes(&item->rec, &a->packed);
	if (spill_put(a->spill, bytes.p, bytes.len, &s.record, err)) {
		item_free(item);
		return -1;
	}
	pthread_mutex_lock(&a->lock);
	make_room(a);
	a->next++;
	a->waiting++;
	*slot_of(a, ticket) = s;
	pthread_mutex_unlock(&a->lock);
	if (item->verdict == KEEP)
		begun = a->ops->begin(a->ctx, a, item, ticket, err);
	if (begun == BEGUN_DONE) {
		s = (struct slot){.verdict = item->verdict,
			.reason = item->reason,
			.detail = item->detail};
		item->detail = NULL;
		settle(a, ticket, s);
	}
	item_free(item);
	return begun == BEGUN_ERROR ? -1 : 0;
}

/* Takes one step of the input; 1 at its end. */
static int step(struct ahead *a, struct err *err)
{
	struct filter *f = a->f;
	struct rec_view v;
	int rc;

	if (drain(a, a->limit - 1, err))
		return -1;
	rc = next_view(f, &v, err);
	if (a->lost) {
		*err = a->loss;
		return -1;
	}
	if (rc) {
		struct err later;

		/* deliver every record before the fault */
		(void)!drain(a, 0, &later);
		return -1;
	}
	switch (v.kind) {
	case REC_HEADER:
		break;
	case REC_DATA:
		return filter_begin_segment(f, err) || begin(a, &v, err) ? -1
									 : 0;
	case REC_END:
		if (filter_begin_segment(f, err) || drain(a, 0, err))
			return -1;
		return filter_end_segment(f, err);
	case REC_EOF:
		return 1;
	}
	return 0;
}

int ahead_run(struct ahead *a, const struct ahead_ops *ops, void *ctx,
	struct err *err)
{
	int rc;

	a->ops = ops;
	a->ctx = ctx;
	a->f->mapped = true;
	rec_reader_on_wait(a->f->in, on_wait, a);
	do
		rc = step(a, err);
	while (!rc);
	rec_reader_on_wait(a->f->in, NULL, NULL);
	return rc > 0 ? 0 : -1;
}
