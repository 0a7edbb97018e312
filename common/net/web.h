/*
 * web.h - what a program gets from the network: HTTP, with a cache in front,
 * within the user's rules. Rasters and tiles have this one way out.
 *
 * A body that the cache has is taken from there while it is young enough, and
 * after that when the server says that it is unchanged (RFC 9110 section 13,
 * by ETag). A part of a known version (its ETag) is never too old. Any thread.
 *
 * Done functions are called in the caller's own thread, before web_get()
 * returns, when the cache has the answer or there can be none; else in a thread
 * of the web's. There they must be quick; they may call web_get(), but a long
 * chain of requests each begun by the one before it would be as deep on the
 * stack where all are in the cache.
 */
#ifndef NET_WEB_H
#define NET_WEB_H

#include "net/http.h"

struct web;

struct web_options {
	struct http_options http;
	const char *cache; /* folder, or NULL: nothing is kept */
	uint64_t cache_bytes, cache_age_s; /* as cache_open() has them */
	bool offline; /* only what the cache has, however old */
	bool sas;     /* --sign planetary-computer */
	/* What URLs must begin with, one of them, as allow.h has it, also where
	 * redirects lead; n 0: any. */
	const char *const *allowed; /* [nallowed] copied */
	size_t nallowed;
};

/* NULL where the environment is wrong, or the cache cannot be opened. */
struct web *web_new(const struct web_options *o, struct err *err) MUST_USE;
/*
 * Requests under way get HTTP_ENDED from here, and so do those that their done
 * functions start. Waits for nothing but a token that is being asked for (sas).
 * NULL is fine.
 */
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
	bool cut;         /* a part of what the server only sends whole */
};
void web_answer_release(struct web_answer *a);

typedef void web_done_fn(void *ctx, struct web_answer *a);

struct web_request {
	const char *url;
	/*
	 * What it is called in the cache, where the URL has secrets; it must
	 * have none. Two of one name are the same thing. NULL: the URL; where
	 * it has secrets, what url_show() leaves of it and a hash of all.
	 */
	const char *name;
	uint64_t limit;
	uint64_t offset, length; /* as http_request has them */
	const char *etag;        /* of a part: of this version; or NULL */
	bool anew;               /* not out of the cache */
	http_check_fn *check;    /* quick; or NULL. Its ctx is `ctx`. */
	web_done_fn *done;
	void *ctx;
};

/* Takes a request (all of it is copied); done is called once. */
void web_get(struct web *w, const struct web_request *req);
/* Whether the cache has it, by all appearances. */
bool web_has(struct web *w, const struct web_request *req);
/*
 * Keeps an answer that was found good (does nothing for one out of the cache,
 * or that the server wants kept by nobody). Parts are kept under name and
 * range. Of the request, name (or URL), offset and length count.
 */
int web_keep(struct web *w, const struct web_request *req,
	const struct web_answer *a, struct err *err) MUST_USE;
/* Takes it out of the cache: it was found to be of no use. */
void web_forget(struct web *w, const struct web_request *req);

/*
 * -1 when the rules do not let the URL be opened, or it is none of http, https,
 * s3 and gs. web_get() asks this itself: HTTP_REFUSED.
 */
int web_may(const struct web *w, const char *url, struct err *err) MUST_USE;

struct http_counts web_counts(const struct web *w);

#endif
