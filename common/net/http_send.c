#include "base/base.h"
#include "net/http_priv.h"

#include <inttypes.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/s3.h"

/* The first byte of a copy, NUL behind it; NULL: there is none. */
static char *copy(char **to, const void *p, size_t len)
{
	char *s = *to;

	if (!p)
		return NULL;
	memcpy(s, p, len);
	s[len] = '\0';
	*to += len + 1;
	return s;
}

struct job *job_new(const struct http_request *req)
{
	size_t url = strlen(req->url), post = req->post.s ? req->post.len : 0;
	size_t secret = req->secret ? strlen(req->secret) : 0;
	size_t name = req->name ? strlen(req->name) : 0;
	struct buf accept = BUF_INIT, match = BUF_INIT, range = BUF_INIT;
	struct job *j;
	char *to;

	if (req->accept)
		buf_addf(&accept, "Accept: %s", req->accept);
	if (req->etag)
		buf_addf(&match, "%s: %s",
			req->length ? "If-Match" : "If-None-Match", req->etag);
	if (req->length)
		buf_addf(&range, "Range: bytes=%" PRIu64 "-%" PRIu64,
			req->offset, req->offset + req->length - 1);
	j = xmalloc(sizeof(*j) + url + post + secret + name + accept.len +
		    match.len + range.len + 7);
	*j = (struct job){.req = *req};
	to = j->text;
	j->req.url = copy(&to, req->url, url);
	j->req.post.s = copy(&to, req->post.s, post);
	j->req.secret = copy(&to, req->secret, secret);
	j->req.name = copy(&to, req->name, name);
	j->accept = copy(&to, accept.data, accept.len);
	j->match = copy(&to, match.data, match.len);
	j->range = copy(&to, range.data, range.len);
	buf_release(&accept);
	buf_release(&match);
	buf_release(&range);
	return j;
}

/* Only where a name resolves to is known here. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose,
	struct curl_sockaddr *a)
{
	struct slot *slot = ctx;
	char text[ADDRESS_TEXT];

	if (purpose == CURLSOCKTYPE_IPCXN &&
		address_forbidden(&a->addr, text) && !slot->job->origin->ours &&
		!is_allowed(slot->http, text)) {
		memcpy(slot->forbidden, text, sizeof(text));
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

int slot_set_up(struct http *h, struct slot *slot)
{
	CURL *c = slot->easy = curl_easy_init();

	if (!c)
		return -1;
	slot->http = h;
	slot->nodes = xcalloc(h->nnodes, sizeof(*slot->nodes));
	if (h->ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, h->ca);
	if (h->no_proxy)
		curl_easy_setopt(c, CURLOPT_NOPROXY, h->no_proxy);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(c, CURLOPT_PROTOCOLS,
		(long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
	/* a name server that is silent must not hold up the thread */
	curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
#endif
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(c, CURLOPT_PRIVATE, slot);
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 65536L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, slot->why);
	curl_easy_setopt(c, CURLOPT_USERAGENT, h->agent);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, slot);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, slot);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, slot);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)h->limits.connect_s);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)h->limits.stall_s);
	return 0;
}

void slot_free(struct slot *slot)
{
	curl_easy_cleanup(slot->easy);
	free(slot->nodes);
	buf_release(&slot->signature);
	free(slot);
}

static void set_method(struct slot *slot)
{
	struct job *j = slot->job;

	if (j->post) {
		curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)j->req.post.len);
		curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS, j->req.post.s);
	} else if (slot->posting) {
		curl_easy_setopt(slot->easy, CURLOPT_HTTPGET, 1L);
	}
	slot->posting = j->post;
}

/* The next header; the list ends with it. */
static void add_header(struct slot *slot, size_t *n, const char *line)
{
	if (*n)
		slot->nodes[*n - 1].next = &slot->nodes[*n];
	/* libcurl reads it only */
	slot->nodes[(*n)++] = (struct curl_slist){(char *)line, NULL};
}

static void set_headers(struct slot *slot)
{
	struct job *j = slot->job;
	size_t n = 0;

	for (size_t i = 0; i < j->origin->nlines; i++)
		add_header(slot, &n, j->origin->lines[i]);
	if (j->req.secret && !j->hops && j->origin->safe)
		add_header(slot, &n, j->req.secret);
	if (j->accept)
		add_header(slot, &n, j->accept);
	if (j->match)
		add_header(slot, &n, j->match);
	if (j->range) {
		add_header(slot, &n, j->range);
		add_header(slot, &n, "Accept-Encoding: identity");
	}
	if (j->post) {
		add_header(slot, &n, "Content-Type: application/json");
		add_header(slot, &n, "Expect:");
	}
	buf_reset(&slot->signature);
	if (s3_is(j->req.url))
		s3_sign(slot->http->s3, j->req.url, j->a->from.data,
			&slot->signature);
	for (size_t at = 0; at < slot->signature.len;
		at += strlen(slot->signature.data + at) + 1)
		add_header(slot, &n, slot->signature.data + at);
	curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER,
		n ? slot->nodes : NULL);
}

void slot_fill(struct slot *slot)
{
	struct job *j = slot->job;
	struct http *h = slot->http;
	CURL *c = slot->easy;
	bool s3 = s3_is(j->req.url);
	double left = MAX(j->deadline - h->now, 1);

	slot->why[0] = slot->forbidden[0] = '\0';
	slot->reply = (struct reply){.length = UINT64_MAX, .total = UINT64_MAX};
	buf_reset(&j->a->body);
	buf_reset(&j->a->etag);
	buf_reset(&j->a->type);
	j->a->total = j->a->max_age = UINT64_MAX;
	j->a->status = 0;
	curl_easy_setopt(c, CURLOPT_URL, j->a->from.data);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(left * 1000));
	curl_easy_setopt(c, CURLOPT_PIPEWAIT, (long)j->origin->https);
	if (slot->plain != !!j->range) {
		slot->plain = j->range;
		curl_easy_setopt(c, CURLOPT_HTTP_CONTENT_DECODING,
			(long)!slot->plain);
	}
	if (slot->as_is != s3) {
		slot->as_is = s3;
		curl_easy_setopt(c, CURLOPT_PATH_AS_IS, (long)s3);
	}
	set_method(slot);
	set_headers(slot);
}
