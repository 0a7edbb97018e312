/*
 * web.h - what a program gets from the network: HTTP, with a cache in front,
 * within the user's rules. Rasters and tiles have this one way out.
 *
 * Any thread. Done functions are called in the caller's own thread when the
 * cache has the answer, else in the HTTP client's.
 */
#ifndef NET_WEB_H
#define NET_WEB_H

#include "net/http.h"

struct web;

struct web_options {
	struct http_options http;
	const char *cache; /* folder, or NULL: nothing is kept */
	uint64_t cache_bytes, cache_age_s;
	bool offline; /* only what the cache has, however old */
	bool sas;     /* --sign planetary-computer */
	/* What URLs must begin with, one of them; n 0: any. Where a redirect
	 * leads is the server's word, within address.h. */
	const char *const *allowed; /* [nallowed] copied */
	size_t nallowed;
};

struct web *web_new(const struct web_options *o, struct err *err) MUST_USE;
/* Waits for nothing; requests under way get HTTP_ENDED. NULL is fine. */
void web_free(struct web *w);

/* A body, or a part of one. */
struct web_answer {
	enum http_fault fault; /* HTTP_FINE, or why not: never HTTP_SAME */
	struct err err;
	struct buf body; /* may be taken out */
	struct buf etag, type;
	uint64_t total;
	uint64_t fresh_s; /* as cache_entry has it */
	bool cached;      /* from the cache: looked at before it was kept */
};
void web_answer_release(struct web_answer *a);

typedef void web_done_fn(void *ctx, struct web_answer *a);

struct web_request {
	const char *url;
	/* What it is called in the cache, where the URL has secrets; NULL: the
	 * URL. Two of one name are the same thing. */
	const char *name;
	uint64_t limit;
	uint64_t offset, length; /* as http_request has them */
	const char *etag;        /* of a part: of this version; or NULL */
	bool anew;               /* not out of the cache */
	http_check_fn *check;    /* quick; or NULL. Its ctx is `ctx`. */
	web_done_fn *done;
	void *ctx;
};

void web_get(struct web *w, const struct web_request *req);
/*
 * Keeps an answer that was found good (does nothing for one out of the cache,
 * or that the server wants kept by nobody). Parts are kept under name and
 * range.
 */
int web_keep(struct web *w, const struct web_request *req,
	const struct web_answer *a, struct err *err) MUST_USE;
/* Waits for one and keeps it. -1 and err when the fault is not HTTP_FINE. */
int web_read(struct web *w, const struct web_request *req,
	struct web_answer *out, struct err *err) MUST_USE;

/* -1 when the rules do not let the URL be opened. */
int web_may(const struct web *w, const char *url, struct err *err) MUST_USE;

struct http_counts web_counts(const struct web *w);

#endif
