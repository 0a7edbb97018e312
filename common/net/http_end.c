#include "base/base.h"
#include "net/http_priv.h"

#include <inttypes.h>

#include "base/hash.h"
#include "net/allow.h"
#include "net/s3.h"
#include "net/url.h"

/* What follows from a try. */
enum next { END, AGAIN, HOP };

static enum next say(struct http_answer *a, enum http_fault fault,
	enum next next, const char *what)
{
	a->fault = fault;
	(void)err_set(&a->err, "%s", what);
	return next;
}

static enum next judge_stop(const struct slot *slot)
{
	const struct reply *r = &slot->reply;
	const struct http_request *req = &slot->job->req;
	struct http_answer *a = slot->job->a;

	switch (r->stop) {
	case STOP_LARGE:
		a->fault = HTTP_TOO_LARGE;
		if (r->skip)
			(void)err_set(&a->err,
				"the server sends all of it instead of the "
				"part from byte %" PRIu64 " on",
				req->offset);
		else
			(void)err_set(&a->err,
				"the body is larger than %" PRIu64 " bytes",
				req->limit);
		return END;
	case STOP_PACKED:
		return say(a, HTTP_BAD, AGAIN,
			"a part was asked for, and it came packed");
	default:
		a->fault = HTTP_BAD;
		(void)err_set(&a->err,
			"another part came than bytes %" PRIu64 " to %" PRIu64,
			req->offset, req->offset + req->length - 1);
		return AGAIN;
	}
}

/* Of a transfer that ran out of time: what it waited for. */
static enum next judge_time(const struct slot *slot, double now)
{
	struct http_answer *a = slot->job->a;
	curl_off_t connected = 0;

	(void)err_set(&a->err, "%s", slot->why);
	a->fault = HTTP_TIMED_OUT;
	if (now >= slot->job->deadline)
		return END;
	curl_easy_getinfo(slot->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
	if (!connected)
		a->fault = HTTP_UNREACHABLE;
	return AGAIN;
}

/* What libcurl's codes come to; those not named will not pass. */
static const struct {
	CURLcode code;
	enum http_fault fault;
	enum next next;
} failures[] = {
	{CURLE_PARTIAL_FILE, HTTP_SHORT, AGAIN},
	{CURLE_BAD_CONTENT_ENCODING, HTTP_BAD, AGAIN},
	{CURLE_WRITE_ERROR, HTTP_BAD, AGAIN},
	{CURLE_WEIRD_SERVER_REPLY, HTTP_BAD, AGAIN},
	{CURLE_UNSUPPORTED_PROTOCOL, HTTP_BAD, AGAIN}, /* HTTP/0.9 */
	{CURLE_COULDNT_RESOLVE_PROXY, HTTP_UNREACHABLE, AGAIN},
	{CURLE_COULDNT_RESOLVE_HOST, HTTP_UNREACHABLE, AGAIN},
	{CURLE_COULDNT_CONNECT, HTTP_UNREACHABLE, AGAIN},
	{CURLE_GOT_NOTHING, HTTP_UNREACHABLE, AGAIN},
	{CURLE_SEND_ERROR, HTTP_UNREACHABLE, AGAIN},
	{CURLE_RECV_ERROR, HTTP_UNREACHABLE, AGAIN},
	{CURLE_HTTP2, HTTP_UNREACHABLE, AGAIN},
	{CURLE_HTTP2_STREAM, HTTP_UNREACHABLE, AGAIN},
	{CURLE_SSL_CONNECT_ERROR, HTTP_UNREACHABLE, AGAIN},
	{CURLE_URL_MALFORMAT, HTTP_REFUSED, END},
};

static enum next judge_failure(const struct slot *slot, CURLcode code)
{
	struct http_answer *a = slot->job->a;
	const char *why = slot->why[0] ? slot->why : curl_easy_strerror(code);

	if (slot->forbidden[0]) {
		(void)err_set(&a->err,
			"%s is link-local or a metadata service: such "
			"addresses are never asked",
			slot->forbidden);
		a->fault = HTTP_REFUSED;
		return END;
	}
	if (code == CURLE_OPERATION_TIMEDOUT)
		return judge_time(slot, slot->http->now);
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++)
		if (failures[i].code == code)
			return say(a, failures[i].fault, failures[i].next, why);
	return say(a, HTTP_UNREACHABLE, END, why);
}

/* Says a status, and what the server says of it, unless that is a page. */
static void say_status(const struct slot *slot)
{
	struct http_answer *a = slot->job->a;
	struct buf hint = BUF_INIT;
	char said[301];
	size_t n = MIN(a->body.len, sizeof(said) - 1);

	for (size_t i = 0; i < n; i++) {
		char c = a->body.data[i];

		said[i] = c >= ' ' && c <= '~' ? c : '?';
	}
	said[n] = '\0';
	if (s3_is(slot->job->req.url))
		s3_explain(slot->http->s3, slot->job->req.url, a->status,
			(struct str){a->body.data, a->body.len}, &hint);
	if (hint.len)
		(void)err_set(&a->err, "HTTP %d%s", a->status, hint.data);
	else if (n && *said != '<')
		(void)err_set(&a->err, "HTTP %d: %s", a->status, said);
	else
		(void)err_set(&a->err, "HTTP %d", a->status);
	buf_release(&hint);
}

static enum next judge_status(const struct slot *slot)
{
	const struct http_request *req = &slot->job->req;
	struct http_answer *a = slot->job->a;
	int status = a->status;

	say_status(slot);
	a->fault = HTTP_STATUS;
	if (status == 404 || status == 410)
		a->fault = HTTP_NONE;
	else if (status == 304 && req->etag && !req->length)
		a->fault = HTTP_SAME;
	else if (status == 412 && req->etag && req->length)
		a->fault = HTTP_CHANGED;
	else if (status == 416 && req->length &&
		 slot->reply.total <= req->offset) {
		a->fault = HTTP_SHORT;
		a->total = slot->reply.total;
		(void)err_prefix(&a->err,
			"it has %" PRIu64 " bytes and none from %" PRIu64 " on",
			a->total, req->offset);
	}
	return status == 408 || status == 429 || status >= 500 ? AGAIN : END;
}

/* Whether as much of it came as was asked for, or as there is. */
static enum next judge_part(const struct slot *slot)
{
	const struct http_request *req = &slot->job->req;
	const struct reply *r = &slot->reply;
	struct http_answer *a = slot->job->a;
	uint64_t there;

	a->total = r->total;
	if (a->status == 206 && !r->ranged)
		return judge_stop(slot); /* and no body */
	if (a->status != 206)
		a->total =
			r->stop || r->length != UINT64_MAX ? r->length : r->got;
	if (a->body.len == req->length)
		return END;
	there = a->total == UINT64_MAX    ? req->length
		: a->total <= req->offset ? 0
					  : a->total - req->offset;
	if (there && a->body.len == there)
		return END;
	a->fault = HTTP_SHORT;
	(void)err_set(&a->err,
		"%zu bytes came of %" PRIu64 " from byte %" PRIu64 " on",
		a->body.len, req->length, req->offset);
	return there ? AGAIN : END;
}

static enum next judge_body(const struct slot *slot)
{
	const struct http_request *req = &slot->job->req;
	struct http_answer *a = slot->job->a;

	a->fault = HTTP_FINE;
	a->total = a->body.len;
	if (req->length && judge_part(slot) == AGAIN)
		return AGAIN;
	if (a->fault == HTTP_FINE && req->check &&
		req->check(req->ctx, a, &a->err)) {
		a->fault = HTTP_BAD;
		return AGAIN;
	}
	return END;
}

/* Where it is asked for first. */
static int place(struct http *h, struct job *j, struct err *err)
{
	struct buf *from = &j->a->from;

	buf_reset(from);
	if (s3_is(j->req.url))
		return s3_place(h->s3, j->req.url, from, err);
	buf_adds(from, j->req.url);
	buf_str(from);
	return 0;
}

/* Where it leads is in a->from then. */
static enum next judge(struct slot *slot, CURLcode code)
{
	struct job *j = slot->job;
	enum stop stop = slot->reply.stop;
	const char *url = NULL;

	j->a->status = slot->reply.status;
	if (stop && stop != STOP_DONE && stop != STOP_LONG)
		return judge_stop(slot);
	if (code && !stop)
		return judge_failure(slot, code);
	if (j->a->status >= 200 && j->a->status < 300)
		return judge_body(slot);
	if (s3_is(j->req.url) && !j->moved &&
		s3_learn(slot->http->s3, j->req.url, j->a->status,
			slot->reply.region) &&
		!place(slot->http, j, &j->a->err)) {
		j->moved = true;
		return HOP;
	}
	curl_easy_getinfo(slot->easy, CURLINFO_REDIRECT_URL, &url);
	if (!url)
		return judge_status(slot);
	buf_reset(&j->a->from);
	buf_adds(&j->a->from, url);
	if (allow_name(buf_str(&j->a->from), slot->http->prefixes,
		    slot->http->nprefixes, &j->a->err)) {
		j->hops++; /* the message names it */
		j->a->fault = HTTP_REFUSED;
		return END;
	}
	return HOP;
}

/* To be used again. */
static void give_answer(struct http *h, struct http_answer *a)
{
	xgrow(&h->answers, &h->answers_cap, h->nanswers + 1, sizeof(a));
	h->answers[h->nanswers++] = a;
}

void job_end(struct http *h, struct job *j, enum http_fault fault)
{
	struct http_answer *a = j->a;

	a->fault = fault;
	if (j->origin && j->a->tries)
		host_count(h, j->origin->host, fault);
	if (fault != HTTP_FINE) {
		buf_reset(&a->body);
		if (a->tries > 1)
			(void)err_prefix(&a->err, "tried %u times, at last",
				a->tries);
		job_name(j);
	}
	j->req.done(j->req.ctx, a);
	count(&h->done, 1);
	if (a->body.cap > 1 << 16)
		buf_release(&a->body);
	give_answer(h, a);
	free(j);
}

/* Of where it goes now. */
static int find_origin(struct http *h, struct job *j, struct err *err)
{
	struct origin *o = origin_of(h, j->a->from.data);

	if (!o)
		return err_set(err, "this is no http or https URL");
	j->origin = o;
	if (o->forbidden[0])
		return err_set(err,
			"%s is link-local or a metadata service: such "
			"addresses are never asked",
			o->forbidden);
	return 0;
}

static struct http_answer *take_answer(struct http *h)
{
	struct http_answer *a;

	if (!h->nanswers)
		return xcalloc(1, sizeof(*a));
	a = h->answers[--h->nanswers];
	a->status = 0;
	a->tries = 0;
	buf_reset(&a->body);
	buf_reset(&a->etag);
	buf_reset(&a->type);
	a->total = a->max_age = UINT64_MAX;
	return a;
}

void answer_free(struct http_answer *a)
{
	buf_release(&a->body);
	buf_release(&a->from);
	buf_release(&a->etag);
	buf_release(&a->type);
	free(a);
}

void job_arrive(struct http *h, struct job *j)
{
	j->a = take_answer(h);
	if (place(h, j, &j->a->err) || find_origin(h, j, &j->a->err)) {
		job_end(h, j, HTTP_REFUSED);
		return;
	}
	/* while it waits, it needs none */
	give_answer(h, j->a);
	j->a = NULL;
	host_add(h, j);
}

int job_begin(struct http *h, struct job *j)
{
	count(&h->requests, 1);
	if (j->a) {
		j->a->tries += !j->hops;
		return 0;
	}
	j->a = take_answer(h);
	j->a->tries = 1;
	j->deadline = h->now + h->limits.whole_s;
	j->post = j->req.post.s;
	return place(h, j, &j->a->err);
}

void job_give_up(struct http *h, struct job *j)
{
	const struct host *host = j->origin->host;

	if (j->a && h->now >= j->deadline) {
		(void)err_prefix(&j->a->err,
			"%u s were over before the next try",
			h->limits.whole_s);
		job_end(h, j, HTTP_TIMED_OUT);
		return;
	}
	if (host_gone(h, host)) {
		if (!j->a)
			j->a = take_answer(h);
		(void)err_set(&j->a->err,
			"nobody has been there for %.0f s, in %u requests",
			h->now - host->since, host->dead);
		job_end(h, j, HTTP_UNREACHABLE);
		return;
	}
	if (j->a) {
		(void)err_prefix(&j->a->err,
			"the host wants to be left alone for %.0f s more",
			host->until - h->now);
		job_end(h, j, j->a->fault);
		return;
	}
	j->a = take_answer(h);
	j->a->status = host->status;
	(void)err_set(&j->a->err,
		"the host said HTTP %d and wants to be left alone for %.0f s "
		"more",
		host->status, host->until - h->now);
	job_end(h, j, HTTP_STATUS);
}

/* How long to wait before the next try: somewhere below a limit that doubles
 * with each. */
static double draw_pause(const struct http *h, const struct job *j)
{
	char purpose[32] = "backoff.";
	double most = h->limits.backoff_ms / 1e3;

	for (unsigned i = 1; i < j->a->tries && i < 32; i++)
		most *= 2;
	purpose[8] = (char)('0' + j->a->tries % 10);
	return most * seeded_unit(0, purpose, str_from(j->req.url));
}

static void try_again(struct http *h, struct job *j, double asked_s)
{
	const struct host *host = j->origin->host;
	unsigned tries = host_gone(h, host) ? 1 : h->limits.tries;
	double at = MAX(h->now + MAX(asked_s, draw_pause(h, j)), host->until);

	if (j->a->tries >= tries) {
		job_end(h, j, j->a->fault);
		return;
	}
	if (at >= j->deadline) {
		(void)err_prefix(&j->a->err,
			"the next try, in %.0f s, would be beyond the %u s of "
			"a request",
			at - h->now, h->limits.whole_s);
		job_end(h, j, j->a->fault);
		return;
	}
	count(&h->retries, 1);
	j->hops = 0;
	j->post = j->req.post.s;
	/* worked a moment ago */
	if (place(h, j, &j->a->err) || find_origin(h, j, &j->a->err))
		job_end(h, j, HTTP_REFUSED);
	else
		heap_set(&h->timers, &j->timer, at);
}

static void follow(struct http *h, struct job *j)
{
	int status = j->a->status;

	j->a->fault = HTTP_STATUS; /* should it end before the next answer */
	(void)err_set(&j->a->err, "HTTP %d", status);
	if (j->hops++ == h->limits.redirects) {
		(void)err_set(&j->a->err, "more than %u redirects",
			h->limits.redirects);
		job_end(h, j, HTTP_REFUSED);
		return;
	}
	/* only these two say that a POST goes on as one */
	j->post = j->post && (status == 307 || status == 308);
	if (find_origin(h, j, &j->a->err))
		job_end(h, j, HTTP_REFUSED);
	else
		host_add(h, j);
}

void try_ended(struct slot *slot, CURLcode code)
{
	struct http *h = slot->http;
	struct job *j = slot->job;
	enum next next = judge(slot, code);
	struct host *host = j->origin->host;
	curl_off_t asked = 0;

	curl_easy_getinfo(slot->easy, CURLINFO_RETRY_AFTER, &asked);
	/* it is the host that has too much to do, not this request */
	if (next == AGAIN && asked > 0)
		host_pause(h, host, h->now + (double)asked, j->a->status);
	else if (next == AGAIN && j->a->status == 429)
		host_pause(h, host, h->now + draw_pause(h, j), 429);
	slot_release(slot);
	if (next == HOP)
		follow(h, j);
	else if (next == AGAIN)
		try_again(h, j, (double)asked);
	else
		job_end(h, j, j->a->fault);
}
