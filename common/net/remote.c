#include "base/base.h"
#include "net/remote_part.h"

#include "base/hash.h"
#include "base/log.h"
#include "net/url.h"

enum {
	CLOSED_MAX = 64,
	FAILED_S = 60,    /* until a file that failed is asked again */
	PAGE = FIRST_LEN, /* what reads are rounded to */
};

struct remotes *remotes_new(struct web *w, uint64_t memory)
{
	struct remotes *r = xcalloc(1, sizeof(*r));

	r->web = w;
	r->memory = memory;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->change, NULL);
	return r;
}

static struct remote **bucket_of(struct remotes *r, const char *url)
{
	return &r->files[hash_xxh3(url, strlen(url)) % BUCKETS];
}

static void take_out(struct remote *f)
{
	struct remote **at = bucket_of(f->set, f->url);

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
}

void remote_unlist(struct remote *f)
{
	f->changed = true;
	take_out(f);
}

static void free_file(struct remote *f)
{
	while (f->nparts)
		part_drop(f->parts[f->nparts - 1]);
	free(f->parts);
	free(f->url);
	free(f->etag);
	free(f->why);
	free(f);
}

static void unlink_closed(struct remote *f)
{
	struct remotes *r = f->set;

	*(f->newer ? &f->newer->older : &r->last_closed) = f->older;
	*(f->older ? &f->older->newer : &r->first_closed) = f->newer;
	f->newer = f->older = NULL;
	r->nclosed--;
}

/* A closed file is forgotten. */
static void forget(struct remote *f)
{
	unlink_closed(f);
	take_out(f);
	free_file(f);
}

void remote_unref(struct remote *f)
{
	struct remotes *r = f->set;

	if (--f->refs)
		return;
	if (f->changed) {
		free_file(f);
		return;
	}
	f->older = r->last_closed;
	*(r->last_closed ? &r->last_closed->newer : &r->first_closed) = f;
	r->last_closed = f;
	if (++r->nclosed > CLOSED_MAX)
		forget(r->first_closed);
}

void remotes_free(struct remotes *r)
{
	if (!r)
		return;
	while (r->first_closed)
		forget(r->first_closed);
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->change);
	free(r);
}

static struct remote *look_up(struct remotes *r, const char *url)
{
	struct remote *f = *bucket_of(r, url);

	while (f && strcmp(f->url, url) != 0)
		f = f->next;
	return f;
}

/* The file, with one user more; NULL: it is not known, or worth a new try. */
static struct remote *find(struct remotes *r, const char *url)
{
	struct remote *f = look_up(r, url);
	struct timespec now;

	if (!f)
		return NULL;
	if (!f->refs && f->state == REMOTE_FAILED) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - f->since.tv_sec >= FAILED_S) {
			forget(f);
			return NULL;
		}
	}
	if (!f->refs)
		unlink_closed(f);
	f->refs++;
	return f;
}

static struct remote *add(struct remotes *r, const char *url)
{
	struct remote *f = xcalloc(1, sizeof(*f));
	struct remote **bucket = bucket_of(r, url);

	f->set = r;
	f->url = xstrdup(url);
	f->refs = 1;
	f->next = *bucket;
	*bucket = f;
	return f;
}

/* Keeps what nobody will look at: that it is not kept harms no one. */
static void keep_unseen(struct part *p)
{
	struct err err;

	if (part_keep(p, &err))
		log_debug("%s", err.msg);
}

struct remote *remote_open(struct remotes *r, const char *url, struct err *err)
{
	struct part *first = NULL;
	struct remote *f;

	pthread_mutex_lock(&r->lock);
	f = find(r, url);
	if (!f) {
		f = add(r, url);
		first = part_new(f, 0, FIRST_LEN);
		pthread_mutex_unlock(&r->lock);
		part_send(first);
		pthread_mutex_lock(&r->lock);
	}
	while (f->state == REMOTE_OPENING)
		pthread_cond_wait(&r->change, &r->lock);
	if (first && first->state == PART_THERE) {
		pthread_mutex_unlock(&r->lock);
		keep_unseen(first);
		pthread_mutex_lock(&r->lock);
	}
	if (first)
		part_unpin(first);
	if (f->state == REMOTE_FAILED) {
		*err = *f->why;
		remote_unref(f);
		f = NULL;
	}
	pthread_mutex_unlock(&r->lock);
	return f;
}

void remote_close(struct remote *f)
{
	struct remotes *r;

	if (!f)
		return;
	r = f->set;
	pthread_mutex_lock(&r->lock);
	remote_unref(f);
	pthread_mutex_unlock(&r->lock);
}

enum http_fault remote_fault(struct remotes *r, const char *url)
{
	enum http_fault fault = HTTP_FINE;
	const struct remote *f;

	pthread_mutex_lock(&r->lock);
	f = look_up(r, url);
	if (f && f->state == REMOTE_FAILED)
		fault = f->fault;
	pthread_mutex_unlock(&r->lock);
	return fault;
}

uint64_t remote_size(const struct remote *f)
{
	return f->size;
}

/* Bytes of a part that go to a reader. */
struct piece {
	struct part *part;
	size_t len;
	bool sent; /* or: is to be, by this reader */
};

struct pieces {
	struct piece *items; /* [n] */
	size_t n, cap;
};

static void add_piece(struct pieces *l, struct part *p, size_t len, bool sent)
{
	xgrow(&l->items, &l->cap, l->n + 1, sizeof(*l->items));
	l->items[l->n++] = (struct piece){p, len, sent};
}

/* The page that has `at`: the same whoever reads, in what order. */
static struct part *new_page(struct remote *f, uint64_t at)
{
	uint64_t page = at / PAGE * PAGE;

	return part_new(f, page, (size_t)(MIN(page + PAGE, f->size) - page));
}

/* Finds what there is of [at, end), and asks for the rest in pages. */
static void cover(struct remote *f, uint64_t at, uint64_t end, struct pieces *l)
{
	while (at < end) {
		struct part *p = part_find(f, at);
		bool there = p;
		uint64_t to;

		if (there)
			part_pin(p);
		else
			p = new_page(f, at);
		to = MIN(end, part_end(p));
		add_piece(l, p, (size_t)(to - at), there);
		at = to;
	}
}

/* Sends what is to be sent, and waits for all: whether all came. */
static bool fetch(struct remotes *r, struct pieces *l, struct err *err)
{
	bool good = true;

	for (size_t i = 0; i < l->n; i++)
		if (!l->items[i].sent)
			part_send(l->items[i].part);
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < l->n; i++)
		while (l->items[i].part->state == PART_ASKED)
			pthread_cond_wait(&r->change, &r->lock);
	pthread_mutex_unlock(&r->lock);
	for (size_t i = 0; i < l->n && good; i++) {
		const struct part *p = l->items[i].part;

		good = p->state == PART_THERE;
		if (!good)
			*err = p->answer.err;
	}
	for (size_t i = 0; i < l->n; i++)
		if (!l->items[i].sent && l->items[i].part->state == PART_THERE)
			keep_unseen(l->items[i].part);
	return good;
}

/* Says what is wrong with a range of the file: -1, or 0. */
int remote_check(const struct remote *f, uint64_t offset, size_t len,
	struct err *err)
{
	struct buf shown = BUF_INIT;

	if (!f->changed && offset <= f->size && len <= f->size - offset)
		return 0;
	url_show(f->url, &shown);
	err_set(err, "%.500s: %s", shown.data,
		f->changed ? "it has changed while it was read"
			   : "a range goes beyond its end");
	buf_release(&shown);
	return -1;
}

long remote_read(struct remote *f, void *to, size_t len, uint64_t offset,
	struct err *err)
{
	struct remotes *r = f->set;
	struct pieces l = {NULL, 0, 0};
	char *next = to;
	int rc;

	if (offset >= f->size)
		return 0;
	len = (size_t)MIN(len, f->size - offset);
	pthread_mutex_lock(&r->lock);
	rc = remote_check(f, offset, len, err);
	if (!rc)
		cover(f, offset, offset + len, &l);
	pthread_mutex_unlock(&r->lock);
	if (!rc && !fetch(r, &l, err))
		rc = -1;
	for (size_t i = 0; i < l.n && !rc; i++) {
		const struct part *p = l.items[i].part;

		memcpy(next, p->answer.body.data + (size_t)(offset - p->offset),
			l.items[i].len);
		next += l.items[i].len;
		offset += l.items[i].len;
	}
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < l.n; i++)
		part_unpin(l.items[i].part);
	pthread_mutex_unlock(&r->lock);
	free(l.items);
	return rc ? -1 : (long)len;
}

int remote_keep(struct remote *f, uint64_t offset, const struct web_answer *a,
	struct err *err)
{
	struct remotes *r = f->set;
	struct part *p = NULL;
	int rc;

	if (a->cached)
		return 0;
	pthread_mutex_lock(&r->lock);
	/* what comes only as a whole is kept so, for it is asked for so */
	if (f->only_whole && f->nparts)
		p = part_find(f, offset);
	if (p && (p->asked || p->state != PART_THERE))
		p = NULL;
	if (p)
		part_pin(p);
	pthread_mutex_unlock(&r->lock);
	if (!p)
		return web_keep(r->web,
			&(struct web_request){.url = f->url,
				.offset = offset,
				.length = a->body.len},
			a, err);
	rc = part_keep(p, err);
	pthread_mutex_lock(&r->lock);
	part_unpin(p);
	pthread_mutex_unlock(&r->lock);
	return rc;
}
