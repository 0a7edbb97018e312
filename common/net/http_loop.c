#include "base/base.h"
#include "net/http_priv.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

/* Sockets that one look at them may find ready. */
enum { EVENTS = 256 };

/* libcurl wants to know something else, or nothing more, of a socket. */
static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *ctx,
	void *known)
{
	struct http *h = ctx;
	struct epoll_event e = {.data.fd = fd};
	int op = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, &e);
		return 0;
	}
	if (what & CURL_POLL_IN)
		e.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		e.events |= EPOLLOUT;
	if (epoll_ctl(h->epoll, op, fd, &e))
		xfail("cannot watch a socket", errno);
	if (!known)
		curl_multi_assign(h->multi, fd, h);
	return 0;
}

static int set_curl_timer(CURLM *multi, long ms, void *ctx)
{
	struct http *h = ctx;

	(void)multi;
	h->curl_at = ms < 0 ? INFINITY : ms ? clock_s() + (double)ms / 1e3 : 0;
	return 0;
}

int loop_set_up(struct http *h)
{
	struct epoll_event e = {.events = EPOLLIN, .data.fd = h->wake};

	if (epoll_ctl(h->epoll, EPOLL_CTL_ADD, h->wake, &e))
		return -1;
	h->multi = curl_multi_init();
	if (!h->multi)
		xfail("cannot start transfers", 0);
	h->curl_at = INFINITY;
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, set_curl_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)h->most);
	return 0;
}

static struct slot *take_slot(struct http *h, struct job *j)
{
	struct slot *slot = h->free;

	if (slot) {
		h->free = slot->next;
	} else {
		slot = xcalloc(1, sizeof(*slot));
		if (slot_set_up(h, slot))
			xfail("cannot start a transfer", 0);
	}
	slot->job = j;
	slot->prev = NULL;
	slot->next = h->busy;
	if (h->busy)
		h->busy->prev = slot;
	h->busy = slot;
	return slot;
}

void slot_release(struct slot *slot)
{
	struct http *h = slot->http;
	struct host *host = slot->host;

	curl_multi_remove_handle(h->multi, slot->easy);
	if (slot->next)
		slot->next->prev = slot->prev;
	if (slot->prev)
		slot->prev->next = slot->next;
	else
		h->busy = slot->next;
	slot->job = NULL;
	slot->next = h->free;
	h->free = slot;
	h->running--;
	host->running--;
	host_update(h, host);
}

static void start_try(struct http *h, struct job *j)
{
	struct slot *slot = take_slot(h, j);

	slot->host = j->origin->host;
	if (job_begin(h, j)) {
		slot_release(slot);
		job_end(h, j, HTTP_REFUSED);
		return;
	}
	slot_fill(slot);
	if (curl_multi_add_handle(h->multi, slot->easy))
		xfail("cannot start a transfer", 0);
}

static void take_inbox(struct http *h)
{
	struct queue all;

	pthread_mutex_lock(&h->lock);
	all = h->inbox;
	h->inbox = (struct queue){NULL, NULL};
	pthread_mutex_unlock(&h->lock);
	for (struct job *j = all.first, *next; j; j = next) {
		next = j->next;
		j->in = NULL;
		j->next = j->prev = NULL;
		job_arrive(h, j);
	}
}

/* What has waited long enough. */
static void fire_timers(struct http *h)
{
	while (h->timers.len && h->timers.timers[0]->at <= h->now) {
		struct timer *t = h->timers.timers[0];
		struct job *j;

		heap_remove(&h->timers, t);
		if (t->host) {
			host_update(h, (struct host *)t);
			continue;
		}
		j = timer_job(t);
		if (!j->in) {
			host_add(h, j);
			continue;
		}
		queue_remove(j);
		host_update(h, j->origin->host);
		job_give_up(h, j);
	}
}

/* What libcurl is done with. */
static void reap(struct http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left))) {
		struct slot *slot = NULL;
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &slot);
		try_ended(slot, code);
	}
}

/* Milliseconds until something is to be done, -1: until something comes. */
static int idle_ms(struct http *h)
{
	double at = h->curl_at;

	if (h->turn && h->running < h->most)
		return 0;
	if (h->timers.len)
		at = MIN(at, h->timers.timers[0]->at);
	if (at == INFINITY)
		return -1;
	at -= clock_s();
	return at <= 0 ? 0 : (int)(MIN(at, 1000) * 1000) + 1;
}

/* Whether the client is to end. */
static bool look_up(struct http *h)
{
	struct epoll_event events[EVENTS];
	int ms = idle_ms(h), n, running;
	eventfd_t wakes;
	bool ending;

	pthread_mutex_lock(&h->lock);
	if (h->inbox.first || h->ending)
		ms = 0;
	h->sleeping = ms != 0;
	pthread_mutex_unlock(&h->lock);
	n = epoll_wait(h->epoll, events, EVENTS, ms);
	pthread_mutex_lock(&h->lock);
	h->sleeping = false;
	ending = h->ending;
	pthread_mutex_unlock(&h->lock);
	h->now = clock_s();
	for (int i = 0; i < n; i++) {
		int fd = events[i].data.fd, what = 0;

		if (fd == h->wake) {
			(void)eventfd_read(fd, &wakes);
			continue;
		}
		if (events[i].events & EPOLLIN)
			what |= CURL_CSELECT_IN;
		if (events[i].events & EPOLLOUT)
			what |= CURL_CSELECT_OUT;
		if (events[i].events & (EPOLLERR | EPOLLHUP))
			what |= CURL_CSELECT_ERR;
		curl_multi_socket_action(h->multi, fd, what, &running);
	}
	return ending;
}

static void end_job(struct http *h, struct job *j)
{
	(void)err_set(&j->a->err, "the program ends");
	job_end(h, j, HTTP_ENDED);
}

static void end_queue(struct http *h, struct queue *q)
{
	struct job *j;

	while ((j = q->first)) {
		queue_remove(j);
		heap_remove(&h->timers, &j->timer);
		if (!j->a)
			(void)job_begin(h, j);
		end_job(h, j);
	}
}

/* Everything gets an answer. */
static void end_all(struct http *h)
{
	while (h->busy) {
		struct job *j = h->busy->job;

		slot_release(h->busy);
		end_job(h, j);
	}
	for (size_t i = 0; i < h->named.len; i++) {
		end_queue(h, &h->hosts[i]->begun);
		end_queue(h, &h->hosts[i]->fresh);
		host_update(h, h->hosts[i]);
	}
	while (h->timers.len) {
		struct job *j = timer_job(h->timers.timers[0]);

		heap_remove(&h->timers, &j->timer);
		end_job(h, j);
	}
	take_inbox(h);
}

static bool anything_left(struct http *h)
{
	bool any;

	pthread_mutex_lock(&h->lock);
	any = h->inbox.first;
	pthread_mutex_unlock(&h->lock);
	return any || h->turn || h->timers.len || h->busy;
}

void *loop_run(void *ctx)
{
	struct http *h = ctx;
	int running;

	do {
		struct job *j;

		h->now = clock_s();
		take_inbox(h);
		fire_timers(h);
		while ((j = host_take(h)))
			start_try(h, j);
		if (h->curl_at <= h->now) {
			h->curl_at = INFINITY;
			curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT,
				0, &running);
		}
		reap(h);
	} while (!look_up(h));
	do
		end_all(h);
	while (anything_left(h));
	return NULL;
}
