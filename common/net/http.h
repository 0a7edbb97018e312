/*
 * http.h - bodies and parts of bodies over HTTP and HTTPS, many at once, with
 * a patience that ends.
 *
 * libcurl's multi interface does the talking, in one thread of the client's
 * own; connections are kept, HTTP/2 is used where a server has it over TLS.
 * What may pass is tried again: 408, 429 and 5xx, time-outs, connections
 * refused or reset, bodies that end too soon or are another part than the one
 * asked for, and what the request's `check` takes for passing. Between two
 * tries lies exponential back-off with full jitter (Brooker 2015, "Exponential
 * backoff and jitter"), its chance drawn from the URL; a request that waits
 * takes no other's place. Redirects are followed to http and https only.
 * Link-local addresses are never asked (address.h), whatever a name resolves
 * to.
 *
 * Requests stand in a row for each host (and port), those that have begun in
 * front; hosts take turns. Retry-After is kept to, and no other request goes
 * to that host in the meantime (a 429 without one holds it up for one
 * back-off). No host holds up the others, nor its own row for ever: while one
 * wants to be left alone for longer than limits.whole_s, what waits for it
 * ends as HTTP_STATUS; and after 32 requests in a row to a host have ended as
 * HTTP_UNREACHABLE or HTTP_TIMED_OUT, it is asked with pauses, and once that
 * has gone on for limits.whole_s one every ten seconds gets a try, and the
 * others end as HTTP_UNREACHABLE without one, until a try ends otherwise.
 *
 * Of the environment: SKYFILTERS_CONTACT goes into User-Agent;
 * SKYFILTERS_HTTP_BEARER is a token for the host SKYFILTERS_HTTP_BEARER_HOST
 * ("host" or "host:port") alone, over https or to this machine; http_proxy,
 * https_proxy, all_proxy, no_proxy, CURL_CA_BUNDLE and SSL_CERT_FILE are as
 * curl has them, but that this machine is not asked through a proxy.
 *
 * Any thread may call. Errors name the URL as url_show() has it.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct http;

struct http_limits {
	unsigned connect_s; /* until a connection stands */
	unsigned stall_s;   /* without a byte */
	unsigned whole_s;   /* all tries of a request and the waits between,
			     * from when its first one begins */
	unsigned tries;
	unsigned redirects;  /* of one try */
	unsigned backoff_ms; /* the longest wait before the second try; the
			      * next ones may be twice as long each */
	unsigned per_host;   /* requests under way to one host; 0: any */
	double rate;         /* requests a second to one host; 0: any */
};

#define HTTP_LIMITS_USUAL                                                      \
	{                                                                      \
		.connect_s = 30, .stall_s = 60, .whole_s = 300, .tries = 5,    \
		.redirects = 5, .backoff_ms = 500, .per_host = 16              \
	}

/*
 * A header that goes to one host alone, as a name and a token do, and across
 * no redirect to another. A host that begins with a dot stands for all names
 * that end so. Over https, or to this machine, unless `clear`.
 */
struct http_header {
	const char *host; /* "host", "host:port", ".example.org" */
	const char *line; /* "Name: value" */
	bool clear;       /* also where a proxy or a wire would show it */
};

struct http_options {
	struct http_limits limits;
	const struct http_header *headers; /* [nheaders], copied */
	size_t nheaders;
	/* Addresses and names of address.h that may be asked all the same:
	 * "169.254.1.1"; a name whatever it resolves to. Copied. */
	const char *const *allowed; /* [nallowed] */
	size_t nallowed;
	/* What URLs must begin with, those that redirects lead to as well, as
	 * allow.h has it; must outlive the client. */
	const char *const *prefixes; /* [nprefixes] 0: any */
	size_t nprefixes;
};

/* Frees with http_free(); NULL where the environment is wrong. */
struct http *http_new(const struct http_options *o, struct err *err);
/*
 * Ends its thread. Requests that have no answer yet get HTTP_ENDED, and none
 * may be started any more, nor by their done functions. Not from the client's
 * thread. NULL is fine.
 */
void http_free(struct http *h);

enum http_fault {
	HTTP_FINE,        /* 2xx, and the body is whole */
	HTTP_SAME,        /* 304: what `etag` named is still good */
	HTTP_NONE,        /* 404, 410: there is nothing */
	HTTP_STATUS,      /* another status */
	HTTP_UNREACHABLE, /* no such host, no connection, reset, TLS */
	HTTP_SHORT,       /* the body ended too soon */
	HTTP_TIMED_OUT,   /* limits.whole_s are over, or the last try stalled */
	HTTP_TOO_LARGE,   /* over the request's limit */
	HTTP_BAD,         /* what the request's check said, another part than
			   * the one asked for, or no HTTP */
	HTTP_CHANGED,     /* a part of something else: 412 */
	HTTP_REFUSED,     /* a forbidden address, too many redirects, no URL
			   * of http, no key for s3 */
	HTTP_ENDED,       /* http_free() came first */
};

/* Nobody may keep it. */
#define HTTP_NO_STORE (UINT64_MAX - 1)

struct http_answer {
	enum http_fault fault;
	struct err err; /* says it, where the fault is not HTTP_FINE */
	int status;     /* of the last answer; 0: none came */
	unsigned tries;
	struct buf body;
	struct buf from;  /* where it came from in the end */
	struct buf etag;  /* strong ones only; len 0: none */
	struct buf type;  /* Content-Type without parameters, lower case */
	uint64_t total;   /* bytes of the whole thing; UINT64_MAX: not said */
	uint64_t max_age; /* seconds that it is good for by Cache-Control (0:
			   * it may be kept, but is to be asked for);
			   * UINT64_MAX: not said; HTTP_NO_STORE */
};

/*
 * Looks at a whole body before it is taken: 0, or -1 and err when it is not
 * what was asked for (a page instead of a picture), which is tried again.
 * Called in the client's thread: must be quick.
 */
typedef int http_check_fn(void *ctx, const struct http_answer *a,
	struct err *err);
/*
 * Called once for each request, in the client's thread: must be quick, and may
 * start others. What the answer holds goes after it, but for the bufs that it
 * takes out (buf_swap() or by leaving BUF_INIT behind).
 */
typedef void http_done_fn(void *ctx, struct http_answer *a);

struct http_request {
	const char *url;    /* http, https; s3:// and gs:// as s3.h has them */
	struct str post;    /* JSON to be sent; s NULL: a GET */
	const char *accept; /* media types, or NULL */
	/* A header for the URL's own host: across no redirect, and only over
	 * https or to this machine; or NULL. */
	const char *secret;
	const char *name; /* what messages call it, where the URL holds what
			   * nobody may see; NULL: url_show() */
	uint64_t limit;   /* bytes of the body, unpacked */
	/* Bytes of a part; length 0: the whole. Of a server that sends all of
	 * it the part is cut out, and the rest not read; more than 64 MiB (or
	 * limit) in front of the part are HTTP_TOO_LARGE. Less than asked for
	 * is HTTP_SHORT unless the thing ends there; so is a part that begins
	 * behind its end, and `total` says where that is. */
	uint64_t offset, length;
	const char *etag; /* of a part: only of this version (If-Match), of a
			   * whole: only another one (If-None-Match); or NULL */
	http_check_fn *check; /* or NULL */
	http_done_fn *done;
	void *ctx; /* of both */
};

/* Takes a request (all of it is copied) and returns at once. */
void http_start(struct http *h, const struct http_request *req);
/*
 * Waits for one. The body of a 2xx answer is appended to `body`; where it came
 * from after redirects to `from` (or NULL). -1 when there is none. check, done
 * and ctx are not used. Not from the client's thread.
 */
int http_fetch(struct http *h, const struct http_request *req, struct buf *body,
	struct buf *from, struct err *err) MUST_USE;

/* Counts that only grow: any change is progress. */
struct http_counts {
	uint64_t bytes, requests, retries, done;
};
struct http_counts http_counts(const struct http *h);

#endif
