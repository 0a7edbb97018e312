#include "base/base.h"
#include "net/remote_part.h"

enum {
	/* ranges that are wanted, in one request: several requests are
	 * faster than one */
	WANTED_MAX = 1 << 20,
	/* what may lie between two: the sizes around a COG's blocks, and
	 * nothing that others would then find in memory by chance */
	GAP_MAX = 16,
};

static void add_waiter(struct part *p, const struct waiter *w)
{
	struct waiter *mine = xmalloc(sizeof(*mine));

	*mine = *w;
	mine->next = p->waiters;
	p->waiters = mine;
}

/* Gives of a part that is there, though the file be closed thereby. */
static void give_now(struct part *p, const struct waiter *w)
{
	struct remote *f = p->file;
	struct remotes *r = f->set;

	part_give(p, w);
	pthread_mutex_lock(&r->lock);
	part_unpin(p);
	remote_unref(f);
	pthread_mutex_unlock(&r->lock);
}

/* What becomes of a range that is wanted. */
struct wanted {
	struct waiter waiter;
	struct part *part; /* to be given from, to be sent, or NULL */
	bool there, new;
	struct err why; /* of one that cannot be had, where part is NULL */
};

/* Whether `last`, which is not sent yet, may go on to the end of the range. */
static bool may_join(const struct part *last, const struct wanted *w)
{
	uint64_t end = w->waiter.offset + w->waiter.len;
	const struct remote *f;

	if (!last || !last->asked || w->waiter.offset < last->offset ||
		w->waiter.offset > part_end(last) + GAP_MAX ||
		end - last->offset > WANTED_MAX)
		return false;
	f = last->file;
	return !web_has(f->set->web, &(struct web_request){.url = f->url,
					     .offset = w->waiter.offset,
					     .length = w->waiter.len});
}

/* Lock held: finds the range's part, or makes one; the newest is `last`. */
static void place(struct remote *f, struct wanted *w, struct part **last)
{
	uint64_t offset = w->waiter.offset;
	size_t len = w->waiter.len;
	struct part *p = part_find(f, offset);

	if (p && part_end(p) >= offset + len) {
		part_pin(p);
	} else if (may_join(*last, w)) {
		p = *last;
		part_extend(p, MAX(p->len, (size_t)(offset + len - p->offset)));
		part_pin(p);
	} else {
		p = *last = part_new(f, offset, len);
		w->new = true;
	}
	w->part = p;
	w->there = p->state == PART_THERE;
	if (w->there) {
		f->refs++;
		return;
	}
	add_waiter(p, &w->waiter);
	part_unpin(p); /* the request holds it */
}

void remote_want(struct remote *f, const struct remote_range *ranges, size_t n,
	web_done_fn *done)
{
	struct wanted *list = xcalloc(MAX(n, 1), sizeof(*list));
	struct remotes *r = f->set;
	struct part *last = NULL;

	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < n; i++) {
		struct wanted *w = &list[i];

		w->waiter = (struct waiter){done, ranges[i].ctx,
			ranges[i].offset, ranges[i].len, NULL};
		if (!remote_check(f, ranges[i].offset, ranges[i].len,
			    &w->why) &&
			ranges[i].len)
			place(f, w, &last);
	}
	pthread_mutex_unlock(&r->lock);
	for (size_t i = 0; i < n; i++) {
		struct wanted *w = &list[i];
		struct web_answer none = {.fault = HTTP_FINE, .total = f->size};

		if (w->there) {
			give_now(w->part, &w->waiter);
		} else if (w->new) {
			part_send(w->part);
		} else if (!w->part) {
			if (ranges[i].len)
				none.fault =
					f->changed ? HTTP_CHANGED : HTTP_SHORT;
			none.err = w->why;
			done(ranges[i].ctx, &none);
			web_answer_release(&none);
		}
	}
	free(list);
}
