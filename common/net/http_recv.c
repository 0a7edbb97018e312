#include "base/base.h"
#include "net/http_priv.h"

#include <stdio.h>
#include <strings.h>

#include "base/num.h"

/* What of another body than the one asked for may be wanted for a message, and
 * what of it is read so that the connection may be used again. */
enum { SAID_BYTES = 4096, READ_ON_BYTES = 1 << 20 };
/* Room made before a byte has come, whatever is announced. */
enum { RESERVED_BYTES = 16 << 20 };
/* And behind them, for what the body's owner appends. */
enum { TAIL_BYTES = 64 };
/* Bytes passed over where a server sends all instead of a part. */
#define PASSED_OVER (64ULL << 20)

/* The number that s begins with; s is moved behind it. */
static int number(struct str *s, uint64_t *out)
{
	char text[I64_TEXT];
	size_t n = 0;

	while (n < s->len && s->s[n] >= '0' && s->s[n] <= '9')
		n++;
	if (!n || n >= sizeof(text))
		return -1;
	memcpy(text, s->s, n);
	text[n] = '\0';
	s->s += n;
	s->len -= n;
	return parse_u64(text, out);
}

static bool eat(struct str *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->len < n || strncasecmp(s->s, prefix, n))
		return false;
	s->s += n;
	s->len -= n;
	return true;
}

/* "bytes 0-9/100", where the total may be "*"; of 416 "*" is in front of the
 * slash (RFC 9110 section 14.4). */
static void take_range(struct reply *r, struct str v)
{
	uint64_t first = 0, last = 0;

	if (!eat(&v, "bytes "))
		return;
	if (!eat(&v, "*")) {
		if (number(&v, &first) || !eat(&v, "-") || number(&v, &last) ||
			last < first || last == UINT64_MAX)
			return;
		r->ranged = true;
		r->first = first;
		r->end = last + 1;
	}
	if (eat(&v, "/") && number(&v, &r->total))
		r->total = UINT64_MAX;
}

/* RFC 9111 section 5.2.2; UINT64_MAX: it does not say. */
static uint64_t age_of(struct str v)
{
	uint64_t age = UINT64_MAX, n;
	bool again = false;

	while (v.len) {
		while (v.len && (*v.s == ' ' || *v.s == ',')) {
			v.s++;
			v.len--;
		}
		if (eat(&v, "no-store"))
			return HTTP_NO_STORE;
		again = again || eat(&v, "no-cache");
		if (eat(&v, "max-age=") && !number(&v, &n))
			age = n;
		while (v.len && *v.s != ',') {
			v.s++;
			v.len--;
		}
	}
	return again ? 0 : age;
}

static void take_type(struct buf *type, struct str v)
{
	size_t n = 0;

	while (n < v.len && v.s[n] != ';' && v.s[n] != ' ')
		n++;
	buf_reset(type);
	for (size_t i = 0; i < n; i++)
		buf_addc(type, v.s[i] >= 'A' && v.s[i] <= 'Z'
				       ? (char)(v.s[i] - 'A' + 'a')
				       : v.s[i]);
	buf_str(type);
}

static void take_status(struct slot *slot, struct str v)
{
	struct http_answer *a = slot->job->a;
	uint64_t status = 0;

	while (v.len && *v.s != ' ') {
		v.s++;
		v.len--;
	}
	if (!eat(&v, " ") || number(&v, &status) || status > 999)
		status = 0;
	slot->reply = (struct reply){.status = (int)status,
		.length = UINT64_MAX,
		.total = UINT64_MAX};
	buf_reset(&a->etag);
	buf_reset(&a->type);
	a->max_age = UINT64_MAX;
}

static bool is(struct str name, const char *wanted)
{
	return name.len == strlen(wanted) &&
	       !strncasecmp(name.s, wanted, name.len);
}

/* Those that nobody needs cost one switch. */
static void take_field(struct slot *slot, struct str name, struct str v)
{
	struct reply *r = &slot->reply;
	struct http_answer *a = slot->job->a;

	switch (*name.s | 0x20) {
	case 'e':
		if (is(name, "etag") && v.len && *v.s == '"') {
			buf_reset(&a->etag);
			buf_add(&a->etag, v.s, v.len);
			buf_str(&a->etag);
		}
		break;
	case 'c':
		if (is(name, "content-length")) {
			if (number(&v, &r->length))
				r->length = UINT64_MAX;
		} else if (is(name, "content-type")) {
			take_type(&a->type, v);
		} else if (is(name, "content-range")) {
			take_range(r, v);
		} else if (is(name, "content-encoding")) {
			r->packed = !is(v, "identity");
		} else if (is(name, "cache-control")) {
			a->max_age = age_of(v);
		}
		break;
	case 'x':
		if (is(name, "x-amz-bucket-region"))
			snprintf(r->region, sizeof(r->region), "%.*s",
				(int)MIN(v.len, sizeof(r->region)), v.s);
		break;
	default:
		break;
	}
}

static struct str trim(struct str v)
{
	while (v.len && strchr(" \t\r\n", v.s[v.len - 1]))
		v.len--;
	while (v.len && (*v.s == ' ' || *v.s == '\t')) {
		v.s++;
		v.len--;
	}
	return v;
}

size_t take_header(char *p, size_t size, size_t n, void *ctx)
{
	struct slot *slot = ctx;
	struct str line = trim((struct str){p, size * n});
	const char *colon;

	if (str_starts(line, "HTTP/")) {
		take_status(slot, line);
	} else if (line.len && !slot->reply.in_body) { /* no trailer */
		colon = memchr(line.s, ':', line.len);
		if (colon > line.s)
			take_field(slot,
				(struct str){line.s, (size_t)(colon - line.s)},
				trim((struct str){colon + 1,
					line.len - 1 -
						(size_t)(colon - line.s)}));
	}
	return size * n;
}

/* A part, or all of it instead. */
static enum stop begin_part(struct reply *r, const struct http_request *req)
{
	if (r->packed)
		return STOP_PACKED;
	r->room = req->length;
	if (r->status != 206)
		r->skip = req->offset;
	else if (!r->ranged || r->first != req->offset ||
		 r->end - r->first > req->length)
		return STOP_PART;
	return req->length > req->limit ||
			       r->skip > MAX(PASSED_OVER, req->limit)
		       ? STOP_LARGE
		       : STOP_NO;
}

/* Before the first byte: what of the body is wanted. */
static enum stop begin_body(struct slot *slot)
{
	const struct http_request *req = &slot->job->req;
	struct reply *r = &slot->reply;
	bool fine = r->status >= 200 && r->status < 300;
	bool known = !r->packed && r->length != UINT64_MAX;
	enum stop stop = STOP_NO;

	r->in_body = true;
	r->room = fine ? req->limit : SAID_BYTES;
	if (fine && req->length)
		stop = begin_part(r, req);
	else if (fine && known && r->length > r->room)
		stop = STOP_LARGE;
	if (!stop && known && r->length > r->skip)
		buf_reserve(&slot->job->a->body,
			(size_t)MIN(MIN(r->length - r->skip, r->room),
				RESERVED_BYTES) +
				TAIL_BYTES);
	return stop;
}

/* Bytes of a body that is not the one asked for. */
static size_t take_said(struct slot *slot, const char *p, size_t n)
{
	struct reply *r = &slot->reply;
	size_t part = (size_t)MIN(n, r->room);

	buf_add(&slot->job->a->body, p, part);
	r->room -= part;
	if (r->got > READ_ON_BYTES)
		r->stop = STOP_LONG;
	return r->stop ? 0 : n;
}

/* Bytes of the part that was asked for, or of all that came instead. */
static void take_part(struct slot *slot, const char *p, size_t n)
{
	struct reply *r = &slot->reply;
	size_t part = (size_t)MIN(n, r->skip);

	r->skip -= part;
	p += part;
	n -= part;
	part = (size_t)MIN(n, r->room);
	buf_add(&slot->job->a->body, p, part);
	r->room -= part;
	if (r->status == 206)
		r->stop = n > part ? STOP_PART : STOP_NO;
	else if (!r->room && r->got != r->length)
		r->stop = STOP_DONE; /* the rest is not read */
}

size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
	struct slot *slot = ctx;
	struct reply *r = &slot->reply;

	n *= size;
	if (!r->in_body)
		r->stop = begin_body(slot);
	if (r->stop)
		return n ? 0 : 1;
	count(&slot->http->bytes, n);
	r->got += n;
	if (r->status < 200 || r->status >= 300)
		return take_said(slot, p, n);
	if (slot->job->req.length) {
		take_part(slot, p, n);
	} else if (n <= r->room) {
		buf_add(&slot->job->a->body, p, n);
		r->room -= n;
	} else {
		r->stop = STOP_LARGE;
	}
	return r->stop ? 0 : n;
}
