/*
 * http.h - whole bodies over HTTP and HTTPS, with a patience that ends.
 *
 * libcurl does the talking. What may pass is tried again: 408, 429 and 5xx,
 * time-outs, connections refused or reset, bodies that end too soon. Between
 * two tries lies exponential back-off with full jitter (Brooker 2015,
 * "Exponential backoff and jitter"), its chance drawn from the URL; Retry-After
 * is kept to. Redirects are followed to http and https only. Link-local
 * addresses are never asked (address.h), whatever a name resolves to.
 *
 * Of the environment: SKYFILTERS_CONTACT goes into User-Agent;
 * SKYFILTERS_HTTP_BEARER is a token for the host SKYFILTERS_HTTP_BEARER_HOST
 * ("host" or "host:port") alone, over https or to this machine; http_proxy,
 * https_proxy, all_proxy, no_proxy, CURL_CA_BUNDLE and SSL_CERT_FILE are as
 * curl has them.
 *
 * A struct http keeps its connections; it belongs to one thread at a time.
 * Errors name the URL as url_show() has it.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct http;

struct http_limits {
	unsigned connect_s; /* until a connection stands */
	unsigned stall_s;   /* without a byte */
	unsigned whole_s;   /* all tries of a request and the waits between */
	unsigned tries;
	unsigned redirects;  /* of one try */
	unsigned backoff_ms; /* the longest wait before the second try; the
			      * next ones may be twice as long each */
};

#define HTTP_LIMITS_USUAL                                                      \
	{                                                                      \
		.connect_s = 30, .stall_s = 60, .whole_s = 300, .tries = 5,    \
		.redirects = 5, .backoff_ms = 500                              \
	}

struct http *http_new(const struct http_limits *limits, struct err *err);
/* NULL is fine. */
void http_free(struct http *h);

struct http_request {
	const char *url;
	struct str post;    /* JSON to be sent; s NULL: a GET */
	const char *accept; /* media types, or NULL */
	uint64_t limit;     /* bytes of the body, unpacked */
};

/*
 * The body of a 2xx answer is appended to `body`; where it came from after
 * redirects to `from` (or NULL). -1 when there is none; `body` may then hold a
 * part.
 */
int http_fetch(struct http *h, const struct http_request *req, struct buf *body,
	struct buf *from, struct err *err) MUST_USE;

#endif
