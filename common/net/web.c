#include "base/base.h"
#include "net/web.h"

#include <inttypes.h>
#include <pthread.h>

#include "base/hash.h"
#include "base/log.h"
#include "net/allow.h"
#include "net/cache.h"
#include "net/s3.h"
#include "net/sas.h"
#include "net/url.h"

/* A request that the cache could not answer. */
struct job {
	struct web *web;
	char *url;
	char *name;  /* in the cache */
	char *shown; /* in messages; NULL: the URL, without secrets */
	char *etag;  /* of a part, or NULL */
	uint64_t limit, offset, length;
	http_check_fn *check;
	web_done_fn *done;
	void *ctx;
	struct cache_entry old; /* with an ETag: may be found unchanged */
	struct buf signed_url;  /* len 0: the URL needs no token */
	bool signed_again;
	struct job *next;
};

struct web {
	struct http *http;
	struct cache *cache; /* or NULL */
	bool offline;
	char **allowed; /* [nallowed] */
	size_t nallowed;
	/*
	 * URLs get their tokens in a thread of their own, for whoever asks may
	 * be the HTTP client's, and a token comes by it. NULL: none need any.
	 */
	struct sas *sas;
	pthread_t signer;
	pthread_mutex_t lock;
	pthread_cond_t some;
	struct job *first, **last; /* to be signed */
	bool ending;
};

void web_answer_release(struct web_answer *a)
{
	buf_release(&a->body);
	buf_release(&a->etag);
	buf_release(&a->type);
}

static void *sign_all(void *arg);

struct web *web_new(const struct web_options *o, struct err *err)
{
	struct http_options http = o->http;
	struct web *w;
	int code;

	if (o->offline && !o->cache) {
		err_set(err, "offline, all comes from the cache: name one");
		return NULL;
	}
	w = xcalloc(1, sizeof(*w));
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->some, NULL);
	w->last = &w->first;
	w->offline = o->offline;
	w->nallowed = o->nallowed;
	w->allowed = xcalloc(o->nallowed, sizeof(*w->allowed));
	for (size_t i = 0; i < o->nallowed; i++)
		w->allowed[i] = xstrdup(o->allowed[i]);
	http.prefixes = (const char *const *)w->allowed;
	http.nprefixes = w->nallowed;
	w->http = http_new(&http, err);
	if (w->http && o->cache)
		w->cache = cache_open(o->cache, o->cache_bytes, o->cache_age_s,
			err);
	if (!w->http || (o->cache && !w->cache)) {
		web_free(w);
		return NULL;
	}
	if (o->sas) {
		w->sas = sas_new(w->http);
		code = pthread_create(&w->signer, NULL, sign_all, w);
		if (code)
			xfail("cannot start a thread (see ulimit -u and -v)",
				code);
	}
	return w;
}

static void free_job(struct job *j)
{
	free(j->url);
	free(j->name);
	free(j->shown);
	free(j->etag);
	cache_entry_release(&j->old);
	buf_release(&j->signed_url);
	free(j);
}

/* Hands an answer over; what is left in it goes. */
static void give(web_done_fn *done, void *ctx, struct web_answer *a)
{
	if (a->fault == HTTP_FINE)
		*a->err.msg = '\0';
	done(ctx, a);
	web_answer_release(a);
}

static void finish(struct job *j, struct web_answer *a)
{
	web_done_fn *done = j->done;
	void *ctx = j->ctx;

	free_job(j);
	give(done, ctx, a);
}

static void fail(struct job *j, enum http_fault fault, const char *msg)
{
	struct web_answer a = {.fault = fault};
	struct buf shown = BUF_INIT;

	url_show(j->url, &shown);
	err_set(&a.err, "%.500s: %s", shown.data, msg);
	buf_release(&shown);
	finish(j, &a);
}

static bool is_ending(struct web *w)
{
	bool yes;

	pthread_mutex_lock(&w->lock);
	yes = w->ending;
	pthread_mutex_unlock(&w->lock);
	return yes;
}

void web_free(struct web *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_signal(&w->some);
	pthread_mutex_unlock(&w->lock);
	if (w->sas)
		pthread_join(w->signer, NULL);
	http_free(w->http);
	sas_free(w->sas);
	cache_close(w->cache);
	for (size_t i = 0; i < w->nallowed; i++)
		free(w->allowed[i]);
	free(w->allowed);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->some);
	free(w);
}

int web_may(const struct web *w, const char *url, struct err *err)
{
	struct buf shown = BUF_INIT;

	if (url_is_http(url) || s3_is(url))
		return allow_name(url, (const char *const *)w->allowed,
			w->nallowed, err);
	url_show(url, &shown);
	err_set(err, "'%.500s' is no http, https, s3 or gs URL", shown.data);
	buf_release(&shown);
	return -1;
}

struct http_counts web_counts(const struct web *w)
{
	return http_counts(w->http);
}

/* What a request's body is called in the cache. */
static void add_name(struct buf *b, const struct web_request *req)
{
	uint8_t sum[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct sha256 *h;

	if (req->name) {
		buf_adds(b, req->name);
	} else {
		url_show(req->url, b);
		if (strcmp(b->data, req->url)) {
			/* what is not shown may be a key of the thing */
			h = sha256_new();
			sha256_add(h, req->url, strlen(req->url));
			sha256_value(h, sum);
			sha256_free(h);
			hex_bytes(sum, sizeof(sum), hex);
			buf_addf(b, " sha256 %s", hex);
		}
	}
	/* no URL has a blank */
	if (req->length)
		buf_addf(b, " bytes %" PRIu64 "+%" PRIu64, req->offset,
			req->length);
	buf_str(b);
}

static int check_body(void *ctx, const struct http_answer *a, struct err *err)
{
	struct job *j = ctx;

	return j->check(j->ctx, a, err);
}

static void take_answer(void *ctx, struct http_answer *a);

static void ask(struct job *j)
{
	bool old = j->old.etag.len;

	http_start(j->web->http,
		&(struct http_request){.url = j->signed_url.len
						      ? buf_str(&j->signed_url)
						      : j->url,
			.name = j->shown,
			.limit = j->limit,
			.offset = j->offset,
			.length = j->length,
			.etag = old ? buf_str(&j->old.etag) : j->etag,
			.check = j->check ? check_body : NULL,
			.done = take_answer,
			.ctx = j});
}

/* Lets the signer ask, or asks. */
static void send_job(struct job *j)
{
	struct web *w = j->web;
	bool ending;

	if (!w->sas || !sas_is_for(w->sas, j->url)) {
		ask(j);
		return;
	}
	pthread_mutex_lock(&w->lock);
	ending = w->ending;
	if (!ending) {
		j->next = NULL;
		*w->last = j;
		w->last = &j->next;
		pthread_cond_signal(&w->some);
	}
	pthread_mutex_unlock(&w->lock);
	if (ending)
		fail(j, HTTP_ENDED, "the program ends");
}

/* Waits for a URL that needs a token; NULL: the end, and none is left. */
static struct job *next_job(struct web *w, bool *ending)
{
	struct job *j;

	pthread_mutex_lock(&w->lock);
	while (!w->first && !w->ending)
		pthread_cond_wait(&w->some, &w->lock);
	j = w->first;
	if (j) {
		w->first = j->next;
		if (!w->first)
			w->last = &w->first;
	}
	*ending = w->ending;
	pthread_mutex_unlock(&w->lock);
	return j;
}

static void *sign_all(void *arg)
{
	struct web *w = arg;
	struct job *j;
	bool ending;

	while ((j = next_job(w, &ending))) {
		struct buf url = BUF_INIT;
		struct err err;
		bool new;

		if (ending) {
			fail(j, HTTP_ENDED, "the program ends");
			continue;
		}
		if (sas_sign(w->sas, j->url, &url, &err)) {
			buf_release(&url);
			fail(j, HTTP_UNREACHABLE, err.msg);
			continue;
		}
		new = strcmp(buf_str(&url), buf_str(&j->signed_url)) != 0;
		buf_release(&j->signed_url);
		j->signed_url = url;
		if (new)
			ask(j);
		else
			fail(j, HTTP_STATUS,
				"HTTP 403, with a token that the "
				"service says is still good");
	}
	return NULL;
}

/* The old body is good for another while. */
static void renew(struct job *j, struct web_answer *out)
{
	cache_touch(j->web->cache, str_from(j->name));
	out->fault = HTTP_FINE;
	out->cached = true;
	out->body = j->old.body;
	out->etag = j->old.etag;
	out->type = j->old.type;
	out->total = j->old.total;
	out->fresh_s = j->old.fresh_s;
	j->old = (struct cache_entry){.total = 0};
}

static void take_answer(void *ctx, struct http_answer *a)
{
	struct job *j = ctx;
	struct web_answer out = {.fault = a->fault, .err = a->err};

	if (a->status == 403 && j->signed_url.len && !j->signed_again) {
		j->signed_again = true; /* the token's time may have ended */
		send_job(j);
		return;
	}
	if (a->fault == HTTP_FINE) {
		out.body = a->body;
		out.etag = a->etag;
		out.type = a->type;
		out.total = a->total;
		out.fresh_s = a->max_age;
		out.cut = j->length && a->status == 200;
		a->body = a->etag = a->type = (struct buf)BUF_INIT;
	} else if (a->fault == HTTP_SAME) { /* it was asked with an ETag */
		renew(j, &out);
	}
	finish(j, &out);
}

/* A version that is asked for is this one, or else the entry is no use. */
static bool fits(const struct cache_entry *e, const struct web_request *req)
{
	return !req->length || !req->etag ||
	       str_is((struct str){e->etag.data, e->etag.len}, req->etag);
}

/* The cache's answer, when it has one that is wanted; else perhaps an old one.
 * True when there is nothing to ask. */
static bool look_up(struct web *w, const struct web_request *req,
	const char *name, struct cache_entry *old, struct web_answer *out)
{
	struct cache_entry e = {.total = 0};
	bool pinned = req->length && req->etag;
	struct err err;
	int rc = cache_get(w->cache, str_from(name), &e, &err);

	if (rc < 0)
		log_debug("%s", err.msg); /* as if it were not there */
	if (rc == 1 && fits(&e, req) && e.body.len <= req->limit &&
		(w->offline || pinned || !e.stale)) {
		*out = (struct web_answer){.fault = HTTP_FINE,
			.body = e.body,
			.etag = e.etag,
			.type = e.type,
			.total = e.total,
			.fresh_s = e.fresh_s,
			.cut = e.cut,
			.cached = true};
		return true;
	}
	if (w->offline) {
		out->fault = HTTP_NONE;
		err_set(&out->err, "%.500s: not in the cache (--offline)",
			name);
	} else if (rc == 1 && !req->length && e.etag.len &&
		   e.body.len <= req->limit) {
		*old = e; /* may be found unchanged */
		return false;
	}
	cache_entry_release(&e);
	return w->offline;
}

void web_get(struct web *w, const struct web_request *req)
{
	struct web_answer a = {.fault = HTTP_FINE};
	struct cache_entry old = {.total = 0};
	struct buf name = BUF_INIT;
	struct job *j;

	add_name(&name, req);
	if (web_may(w, req->url, &a.err)) {
		a.fault = HTTP_REFUSED;
		goto now;
	}
	if (is_ending(w)) {
		a.fault = HTTP_ENDED;
		err_set(&a.err, "the program ends");
		goto now;
	}
	if (w->cache && !(req->anew && !w->offline) &&
		look_up(w, req, name.data, &old, &a))
		goto now;
	j = xcalloc(1, sizeof(*j));
	*j = (struct job){.web = w,
		.url = xstrdup(req->url),
		.name = buf_detach(&name),
		.shown = req->name ? xstrdup(req->name) : NULL,
		.etag = req->length && req->etag ? xstrdup(req->etag) : NULL,
		.limit = req->limit,
		.offset = req->offset,
		.length = req->length,
		.check = req->check,
		.done = req->done,
		.ctx = req->ctx,
		.old = old};
	send_job(j);
	return;
now:
	buf_release(&name);
	give(req->done, req->ctx, &a);
}

bool web_has(struct web *w, const struct web_request *req)
{
	struct buf name = BUF_INIT;
	bool has;

	if (!w->cache)
		return false;
	add_name(&name, req);
	has = cache_has(w->cache, (struct str){name.data, name.len});
	buf_release(&name);
	return has;
}

int web_keep(struct web *w, const struct web_request *req,
	const struct web_answer *a, struct err *err)
{
	struct cache_entry e = {.body = a->body, /* a view, as the others */
		.etag = a->etag,
		.type = a->type,
		.total = a->total,
		.cut = a->cut,
		.fresh_s = a->fresh_s};
	struct buf name = BUF_INIT;
	int rc;

	if (!w->cache || a->cached || a->fault != HTTP_FINE ||
		a->fresh_s == HTTP_NO_STORE)
		return 0;
	add_name(&name, req);
	rc = cache_put(w->cache, (struct str){name.data, name.len}, &e, err);
	buf_release(&name);
	return rc;
}

void web_forget(struct web *w, const struct web_request *req)
{
	struct buf name = BUF_INIT;

	if (!w->cache)
		return;
	add_name(&name, req);
	cache_remove(w->cache, (struct str){name.data, name.len});
	buf_release(&name);
}
