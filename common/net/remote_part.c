#include "base/base.h"
#include "net/remote_part.h"

#include "net/url.h"

/* How many of the file's parts begin at or before the byte. */
static size_t count_until(const struct remote *f, uint64_t at)
{
	size_t low = 0, high = f->nparts;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (f->parts[mid]->offset <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct part *part_find(struct remote *f, uint64_t at)
{
	struct part *best = NULL;
	size_t i = count_until(f, at);

	while (i-- && at - f->parts[i]->offset < f->longest)
		if (part_end(f->parts[i]) > at &&
			(!best || part_end(f->parts[i]) > part_end(best)))
			best = f->parts[i];
	return best;
}

static void insert(struct remote *f, struct part *p)
{
	size_t i = count_until(f, p->offset);

	xgrow(&f->parts, &f->cap, f->nparts + 1, sizeof(struct part *));
	memmove(f->parts + i + 1, f->parts + i,
		(f->nparts - i) * sizeof(struct part *));
	f->parts[i] = p;
	f->nparts++;
	f->longest = MAX(f->longest, p->len);
}

static void unlink_use(struct part *p)
{
	struct remotes *r = p->file->set;

	*(p->newer ? &p->newer->older : &r->newest) = p->older;
	*(p->older ? &p->older->newer : &r->oldest) = p->newer;
	p->newer = p->older = NULL;
}

static void link_use(struct part *p)
{
	struct remotes *r = p->file->set;

	p->older = r->newest;
	*(r->newest ? &r->newest->newer : &r->oldest) = p;
	r->newest = p;
}

struct part *part_new(struct remote *f, uint64_t offset, size_t len)
{
	struct part *p = xcalloc(1, sizeof(*p));

	p->file = f;
	p->offset = f->only_whole ? 0 : offset;
	p->len = f->only_whole ? (size_t)f->size : len;
	p->asked = f->only_whole ? 0 : len;
	p->refs = 3; /* the list's, the request's, the caller's */
	f->refs++;   /* the request's */
	insert(f, p);
	return p;
}

void part_extend(struct part *p, size_t len)
{
	p->len = p->asked = len;
	p->file->longest = MAX(p->file->longest, len);
}

static void unref(struct part *p)
{
	if (--p->refs)
		return;
	web_answer_release(&p->answer);
	free(p);
}

void part_drop(struct part *p)
{
	struct remote *f = p->file;
	size_t i = count_until(f, p->offset);

	while (f->parts[--i] != p)
		continue;
	memmove(f->parts + i, f->parts + i + 1,
		(--f->nparts - i) * sizeof(struct part *));
	if (p->state == PART_THERE) {
		unlink_use(p);
		f->set->used -= p->len;
	}
	unref(p);
}

/* What was read longest ago goes, but not what was read last. */
static void make_room(struct remotes *r)
{
	struct part *p = r->oldest, *newer;

	for (; r->used > r->memory && p && p != r->newest; p = newer) {
		newer = p->newer;
		if (p->refs == 1)
			part_drop(p);
	}
}

void part_pin(struct part *p)
{
	p->refs++;
	if (p->state != PART_THERE)
		return;
	unlink_use(p);
	link_use(p);
}

void part_unpin(struct part *p)
{
	struct remotes *r = p->file->set;

	unref(p);
	make_room(r);
}

void part_give(const struct part *p, const struct waiter *w)
{
	bool same = w->offset == p->offset && w->len == p->len;
	/* what was fetched ahead was kept without a look */
	struct web_answer a = {.fault = p->answer.fault,
		.total = p->answer.total,
		.fresh_s = p->answer.fresh_s,
		.cached = same && p->answer.cached};

	if (a.fault == HTTP_FINE) {
		*a.err.msg = '\0';
		buf_add(&a.body,
			p->answer.body.data + (size_t)(w->offset - p->offset),
			w->len);
		buf_add(&a.etag, p->answer.etag.data, p->answer.etag.len);
		buf_add(&a.type, p->answer.type.data, p->answer.type.len);
	} else {
		a.err = p->answer.err;
	}
	w->done(w->ctx, &a);
	web_answer_release(&a);
}

/* Says of an answer that it is none, and why. */
static void blame(const struct remote *f, struct web_answer *a,
	enum http_fault fault, const char *why)
{
	struct buf shown = BUF_INIT;

	url_show(f->url, &shown);
	a->fault = fault;
	err_set(&a->err, "%.500s: %s", shown.data, why);
	buf_release(&shown);
}

/* Whether it is another version than the one that was opened. */
static bool is_other(const struct remote *f, struct web_answer *a)
{
	return (a->total != UINT64_MAX && a->total != f->size) ||
	       (f->etag && a->etag.len &&
		       strcmp(f->etag, buf_str(&a->etag)) != 0);
}

/* Takes from the first answer what it says of the file. */
static void learn(struct part *p, struct web_answer *a)
{
	struct remote *f = p->file;

	if (a->total == UINT64_MAX) {
		blame(f, a, HTTP_STATUS,
			"the server does not say how large it is");
		return;
	}
	f->size = a->total;
	p->len = (size_t)MIN(p->len, f->size);
	if (a->etag.len)
		f->etag = xstrdup(buf_str(&a->etag));
}

/* Looks whether the answer is what was asked for. */
static void judge(struct part *p, struct web_answer *a)
{
	struct remote *f = p->file;

	if (a->fault == HTTP_FINE && f->state == REMOTE_OPENING)
		learn(p, a);
	else if (a->fault == HTTP_FINE && is_other(f, a))
		a->fault = HTTP_CHANGED;
	if (a->fault == HTTP_FINE && a->body.len != p->len)
		blame(f, a, HTTP_SHORT, "other bytes came than were asked for");
	if (a->fault == HTTP_CHANGED)
		blame(f, a, HTTP_CHANGED, "it has changed while it was read");
	if (a->fault == HTTP_TOO_LARGE ||
		(a->fault == HTTP_FINE && a->cut && f->size > WHOLE_MAX))
		blame(f, a, HTTP_TOO_LARGE,
			"the server gives it only as a whole, which is "
			"more than 64 MiB");
}

/* The first part has come, or not. */
static void open_file(struct remote *f, const struct web_answer *a)
{
	f->state = a->fault == HTTP_FINE ? REMOTE_OPEN : REMOTE_FAILED;
	if (f->state == REMOTE_OPEN)
		return;
	f->fault = a->fault;
	f->why = xmalloc(sizeof(*f->why));
	*f->why = a->err;
	clock_gettime(CLOCK_MONOTONIC, &f->since);
}

/* Puts an answer in its place. */
static void settle(struct part *p, struct web_answer *a)
{
	struct remote *f = p->file;

	p->answer = *a;
	a->body = a->etag = a->type = (struct buf)BUF_INIT;
	if (f->state == REMOTE_OPENING)
		open_file(f, &p->answer);
	if (p->answer.fault == HTTP_FINE) {
		p->state = PART_THERE;
		p->kept = p->answer.cached;
		f->only_whole = f->only_whole || p->answer.cut;
		f->set->used += p->len;
		link_use(p);
		make_room(f->set);
		return;
	}
	part_drop(p);
	p->state = PART_FAILED;
	if (p->answer.fault == HTTP_CHANGED && !f->changed)
		remote_unlist(f);
}

static void set_request(const struct part *p, struct web_request *req)
{
	*req = (struct web_request){.url = p->file->url,
		.limit = MAX(p->len, (size_t)WHOLE_MAX),
		.offset = p->asked ? p->offset : 0,
		.length = p->asked,
		.etag = p->file->etag};
}

static void take_part(void *ctx, struct web_answer *a)
{
	struct part *p = ctx;
	struct remote *f = p->file;
	struct remotes *r = f->set;
	struct waiter *w, *next;

	pthread_mutex_lock(&r->lock);
	judge(p, a);
	if (a->fault == HTTP_CHANGED && !f->changed) {
		/* before anybody hears of it, for they may open it anew */
		pthread_mutex_unlock(&r->lock);
		web_forget(r->web, &(struct web_request){.url = f->url,
					   .length = FIRST_LEN});
		pthread_mutex_lock(&r->lock);
	}
	settle(p, a);
	w = p->waiters;
	p->waiters = NULL;
	pthread_cond_broadcast(&r->change);
	pthread_mutex_unlock(&r->lock);
	for (; w; w = next) {
		next = w->next;
		part_give(p, w);
		free(w);
	}
	pthread_mutex_lock(&r->lock);
	part_unpin(p);
	remote_unref(f);
	pthread_mutex_unlock(&r->lock);
}

void part_send(struct part *p)
{
	struct web_request req;

	set_request(p, &req);
	req.done = take_part;
	req.ctx = p;
	web_get(p->file->set->web, &req);
}

int part_keep(struct part *p, struct err *err)
{
	struct remotes *r = p->file->set;
	struct web_request req;
	bool kept;

	pthread_mutex_lock(&r->lock);
	kept = p->kept;
	p->kept = true;
	pthread_mutex_unlock(&r->lock);
	set_request(p, &req);
	return kept ? 0 : web_keep(r->web, &req, &p->answer, err);
}
