#include "base/base.h"
#include "net/http_priv.h"

#include <stdio.h>
#include <strings.h>

#include "net/s3.h"
#include "net/url.h"

/* So many requests in a row found nobody, and pauses begin, up to so long. */
enum { DEAD_HOST = 32, DEAD_PAUSE_S = 10 };

static void place(struct heap *heap, size_t i, struct timer *t)
{
	heap->timers[i] = t;
	t->place = i + 1;
}

static void rise(struct heap *heap, size_t i, struct timer *t)
{
	for (; i && heap->timers[(i - 1) / 2]->at > t->at; i = (i - 1) / 2)
		place(heap, i, heap->timers[(i - 1) / 2]);
	place(heap, i, t);
}

static void sink(struct heap *heap, size_t i, struct timer *t)
{
	for (size_t child; (child = 2 * i + 1) < heap->len; i = child) {
		if (child + 1 < heap->len &&
			heap->timers[child + 1]->at < heap->timers[child]->at)
			child++;
		if (heap->timers[child]->at >= t->at)
			break;
		place(heap, i, heap->timers[child]);
	}
	rise(heap, i, t);
}

void heap_set(struct heap *heap, struct timer *t, double at)
{
	if (!t->place) {
		xgrow(&heap->timers, &heap->cap, heap->len + 1,
			sizeof(struct timer *));
		t->place = ++heap->len;
	}
	t->at = at;
	sink(heap, t->place - 1, t);
}

void heap_remove(struct heap *heap, struct timer *t)
{
	size_t i = t->place;

	if (!i)
		return;
	t->place = 0;
	if (i != heap->len--)
		sink(heap, i - 1, heap->timers[heap->len]);
}

static void join_ring(struct http *h, struct host *host)
{
	if (host->next)
		return;
	if (!h->turn) {
		h->turn = host->next = host->prev = host;
		return;
	}
	host->next = h->turn;
	host->prev = h->turn->prev;
	host->prev->next = host->next->prev = host;
}

static void leave_ring(struct http *h, struct host *host)
{
	if (!host->next)
		return;
	if (h->turn == host)
		h->turn = host->next == host ? NULL : host->next;
	host->next->prev = host->prev;
	host->prev->next = host->next;
	host->next = host->prev = NULL;
}

/* It wants to be left alone for longer than anybody will wait. */
static bool is_closed(const struct http *h, const struct host *host)
{
	return host->until - h->now > h->limits.whole_s;
}

void host_update(struct http *h, struct host *host)
{
	double at = MAX(host->until, host->slot);
	bool full = h->limits.per_host && host->running >= h->limits.per_host;
	bool any = host->begun.first || host->fresh.first;

	if (any && is_closed(h, host))
		at = 0;
	if (any && !full && at > h->now)
		heap_set(&h->timers, &host->timer, at);
	else
		heap_remove(&h->timers, &host->timer);
	if (any && !full && at <= h->now)
		join_ring(h, host);
	else
		leave_ring(h, host);
}

void host_add(struct http *h, struct job *j)
{
	struct host *host = j->origin->host;

	queue_add(j->a ? &host->begun : &host->fresh, j);
	if (j->a)
		heap_set(&h->timers, &j->timer, j->deadline);
	host_update(h, host);
}

void host_pause(struct http *h, struct host *host, double until, int status)
{
	if (until <= host->until)
		return;
	host->until = until;
	host->status = status;
	host_update(h, host);
}

bool host_gone(const struct http *h, const struct host *host)
{
	return host->dead >= DEAD_HOST &&
	       h->now - host->since >= h->limits.whole_s;
}

void host_count(struct http *h, struct host *host, enum http_fault fault)
{
	double pause;

	if (fault == HTTP_REFUSED || fault == HTTP_ENDED)
		return;
	if (fault != HTTP_UNREACHABLE && fault != HTTP_TIMED_OUT) {
		host->dead = 0;
		return;
	}
	if (!host->dead++)
		host->since = h->now;
	pause = MIN((double)host->dead - DEAD_HOST + 1, DEAD_PAUSE_S);
	if (pause > 0 && !host_gone(h, host))
		host_pause(h, host,
			h->now + MIN(pause, h->limits.whole_s / 8.0), 0);
}

struct job *host_take(struct http *h)
{
	while (h->turn && h->running < h->most) {
		struct host *host = h->turn;
		struct job *j = host->begun.first ? host->begun.first
						  : host->fresh.first;

		queue_remove(j);
		heap_remove(&h->timers, &j->timer);
		h->turn = host->next;
		if (is_closed(h, host) ||
			(host_gone(h, host) && h->now < host->probe)) {
			host_update(h, host);
			job_give_up(h, j);
			continue;
		}
		host->probe = h->now + DEAD_PAUSE_S;
		host->running++;
		h->running++;
		/* what the loop was late by is made up for, a little */
		if (h->limits.rate > 0)
			host->slot = MAX(host->slot, h->now - 0.01) +
				     1 / h->limits.rate;
		host_update(h, host);
		return j;
	}
	return NULL;
}

/* "host" or "host:port"; or all names that end so. */
static bool is_bound_to(const char *bound, const char *name)
{
	size_t n = strlen(name), len = strlen(bound);

	if (*bound == '.' && n > len)
		return !strcasecmp(name + n - len, bound);
	return !strcasecmp(name, bound);
}

/* The headers for it, which are safe on their way there. */
static void bind_headers(const struct http *h, struct origin *o,
	const char *name)
{
	o->lines = xcalloc(h->nheaders + 1, sizeof(*o->lines));
	for (size_t i = 0; i < h->nheaders; i++)
		if ((o->safe || h->headers[i].clear) &&
			is_bound_to(h->headers[i].host, name))
			o->lines[o->nlines++] = h->headers[i].line;
}

static struct host *host_named(struct http *h, const char *name,
	const char *port)
{
	struct buf key = BUF_INIT;
	struct host *host;
	size_t *i;

	buf_addf(&key, "%s:%s", name, port);
	for (size_t k = 0; k < key.len; k++)
		if (key.data[k] >= 'A' && key.data[k] <= 'Z')
			key.data[k] = (char)(key.data[k] - 'A' + 'a');
	i = map_put(&h->named, (struct str){key.data, key.len});
	buf_release(&key);
	if (!*i) {
		host = xcalloc(1, sizeof(*host));
		host->timer.host = true;
		xgrow(&h->hosts, &h->hosts_cap, h->named.len, sizeof(host));
		h->hosts[h->named.len - 1] = host;
		*i = h->named.len;
	}
	return h->hosts[*i - 1];
}

/* Libcurl takes the scheme, host and port apart, as it will when it asks. */
static struct origin *make_origin(struct http *h, CURLU *u)
{
	char *scheme = NULL, *host = NULL, *port = NULL, *own = NULL;
	struct origin *o = NULL;
	struct buf name = BUF_INIT;
	bool here;

	if (curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) ||
		curl_url_get(u, CURLUPART_HOST, &host, 0) ||
		curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT))
		goto out;
	if (strcasecmp(scheme, "https") && strcasecmp(scheme, "http"))
		goto out;
	o = xcalloc(1, sizeof(*o));
	o->https = strlen(scheme) == 5;
	o->host = host_named(h, host, port);
	o->ours = is_allowed(h, host);
	if (!o->ours)
		(void)host_forbidden(host, o->forbidden);
	if (is_allowed(h, o->forbidden))
		o->forbidden[0] = '\0';
	here = !strcmp(host, "127.0.0.1") || !strcmp(host, "[::1]") ||
	       !strcasecmp(host, "localhost");
	buf_adds(&name, host);
	if (!curl_url_get(u, CURLUPART_PORT, &own, CURLU_NO_DEFAULT_PORT))
		buf_addf(&name, ":%s", own);
	o->safe = o->https || here;
	bind_headers(h, o, buf_str(&name));
out:
	buf_release(&name);
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_free(own);
	return o;
}

struct origin *origin_of(struct http *h, const char *url)
{
	size_t n = url_is_http(url) ? strcspn(url, ":") + 3 : 0;
	struct origin *o = NULL;
	struct str key;
	CURLU *u;
	size_t *i;
	char *text;

	if (!n || !strcspn(url + n, "/?#"))
		return NULL;
	key = (struct str){url, n + strcspn(url + n, "/?#")};
	i = map_get(&h->spelled, key);
	if (i)
		return h->origins[*i];
	text = xmemdup0(key.s, key.len);
	u = curl_url();
	if (!u)
		xfail("cannot take a URL apart", 0);
	if (!curl_url_set(u, CURLUPART_URL, text, 0))
		o = make_origin(h, u);
	curl_url_cleanup(u);
	free(text);
	if (!o)
		return NULL;
	i = map_put(&h->spelled, key);
	*i = h->spelled.len - 1;
	xgrow(&h->origins, &h->origins_cap, h->spelled.len, sizeof(o));
	h->origins[h->spelled.len - 1] = o;
	return o;
}

void hosts_free(struct http *h)
{
	for (size_t i = 0; i < h->spelled.len; i++) {
		free(h->origins[i]->lines);
		free(h->origins[i]);
	}
	for (size_t i = 0; i < h->named.len; i++)
		free(h->hosts[i]);
	free(h->origins);
	free(h->hosts);
	free(h->timers.timers);
	map_release(&h->spelled);
	map_release(&h->named);
}
