#include "base/base.h"
#include "net/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/http_priv.h"
#include "net/s3.h"

/* Transfers under way at once, to whatever hosts. */
enum { MOST_RUNNING = 1024, FEWEST_RUNNING = 16 };

void queue_add(struct queue *q, struct job *j)
{
	j->in = q;
	j->next = NULL;
	j->prev = q->last;
	if (q->last)
		q->last->next = j;
	else
		q->first = j;
	q->last = j;
}

void queue_remove(struct job *j)
{
	struct queue *q = j->in;

	if (j->prev)
		j->prev->next = j->next;
	else
		q->first = j->next;
	if (j->next)
		j->next->prev = j->prev;
	else
		q->last = j->prev;
	j->in = NULL;
	j->next = j->prev = NULL;
}

static void start_curl(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		xfail("cannot start libcurl", 0);
}

/* The environment's variable; empty ones count as missing. */
static const char *variable(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

static int check_header(const char *name, const char *s, struct err *err)
{
	for (; s && *s; s++)
		if ((uint8_t)*s < ' ' || *s == 0x7f)
			return err_set(err,
				"%s holds a control character: it cannot be "
				"sent",
				name);
	return 0;
}

static int add_header(struct http *h, const char *host, const char *line,
	bool clear, struct err *err)
{
	struct http_header *to = &h->headers[h->nheaders];

	if (check_header("a header", line, err))
		return -1;
	if (!strchr(line, ':'))
		return err_set(err, "a header for %s has no ':' in it", host);
	*to = (struct http_header){xstrdup(host), xstrdup(line), clear};
	h->nheaders++;
	return 0;
}

static int read_environment(struct http *h, struct err *err)
{
	const char *contact = variable("SKYFILTERS_CONTACT");
	const char *bearer = variable("SKYFILTERS_HTTP_BEARER");
	const char *host = variable("SKYFILTERS_HTTP_BEARER_HOST");
	const char *direct = variable("no_proxy");
	struct buf text = BUF_INIT;
	int rc = 0;

	if (check_header("SKYFILTERS_CONTACT", contact, err) ||
		check_header("SKYFILTERS_HTTP_BEARER", bearer, err))
		return -1;
	if (bearer && !host)
		return err_set(err,
			"SKYFILTERS_HTTP_BEARER is set, but not the host that "
			"it is for: set SKYFILTERS_HTTP_BEARER_HOST");
	buf_addf(&text, "%s/%s", PACKAGE_NAME, PACKAGE_VERSION);
	if (contact)
		buf_addf(&text, " (+%s)", contact);
	h->agent = buf_detach(&text);
	h->ca = variable("CURL_CA_BUNDLE");
	if (!h->ca)
		h->ca = variable("SSL_CERT_FILE");
	/* a proxy would see what only this machine is to see */
	if (!direct)
		direct = variable("NO_PROXY");
	if (direct && !strcmp(direct, "*"))
		buf_adds(&text, direct);
	else
		buf_addf(&text, "%s%slocalhost,127.0.0.1,::1",
			direct ? direct : "", direct ? "," : "");
	h->no_proxy = buf_detach(&text);
	if (bearer) {
		buf_addf(&text, "Authorization: Bearer %s", bearer);
		rc = add_header(h, host, buf_str(&text), false, err);
	}
	buf_release(&text);
	return rc;
}

/* Addresses in one spelling, as address.h has them. */
static char *canonical(const char *s)
{
	char text[ADDRESS_TEXT];
	uint8_t bytes[16];
	size_t n = strlen(s);
	bool bracket = n > 2 && s[0] == '[' && s[n - 1] == ']';
	char *bare = bracket ? xmemdup0(s + 1, n - 2) : xstrdup(s);
	int family = strchr(bare, ':') ? AF_INET6 : AF_INET;

	if (inet_pton(family, bare, bytes) == 1 &&
		inet_ntop(family, bytes, text, sizeof(text))) {
		free(bare);
		return xstrdup(text);
	}
	return bare;
}

bool is_allowed(const struct http *h, const char *text)
{
	bool yes = false;
	char *s;

	if (!h->nallowed)
		return false;
	s = canonical(text);
	for (size_t i = 0; i < h->nallowed; i++)
		yes = yes || !strcasecmp(s, h->allowed[i]);
	free(s);
	return yes;
}

static int copy_options(struct http *h, const struct http_options *o,
	struct err *err)
{
	h->limits = o->limits;
	h->headers = xcalloc(o->nheaders + 1, sizeof(*h->headers));
	h->nnodes = o->nheaders + 16;
	h->prefixes = o->prefixes;
	h->nprefixes = o->nprefixes;
	h->allowed = xcalloc(o->nallowed + 1, sizeof(*h->allowed));
	for (size_t i = 0; i < o->nallowed; i++)
		h->allowed[h->nallowed++] = canonical(o->allowed[i]);
	for (size_t i = 0; i < o->nheaders; i++)
		if (add_header(h, o->headers[i].host, o->headers[i].line,
			    o->headers[i].clear, err))
			return -1;
	return read_environment(h, err);
}

static unsigned most_running(void)
{
	struct rlimit files;
	rlim_t most = MOST_RUNNING;

	/* half of what may be open is for others */
	if (!getrlimit(RLIMIT_NOFILE, &files) &&
		files.rlim_cur != RLIM_INFINITY)
		most = MIN(most, files.rlim_cur / 2);
	return (unsigned)MAX(most, FEWEST_RUNNING);
}

/* Its thread takes no signals: they are the program's. */
static int start_thread(struct http *h, struct err *err)
{
	sigset_t all, before;
	int code;

	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	h->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (h->epoll < 0 || h->wake < 0 || loop_set_up(h))
		return err_errno(err, "cannot wait for the network");
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&h->thread, NULL, loop_run, h);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = code;
	if (code)
		return err_errno(err,
			"cannot start a thread (see ulimit -u and -v)");
	h->started = true;
	return 0;
}

struct http *http_new(const struct http_options *o, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct http *h = xcalloc(1, sizeof(*h));

	pthread_once(&once, start_curl);
	pthread_mutex_init(&h->lock, NULL);
	h->epoll = h->wake = -1;
	h->most = most_running();
	h->s3 = s3_new();
	if (copy_options(h, o, err) || start_thread(h, err)) {
		http_free(h);
		return NULL;
	}
	return h;
}

/* With the lock held. */
static void wake(struct http *h)
{
	if (!h->sleeping)
		return;
	h->sleeping = false;
	if (eventfd_write(h->wake, 1))
		xfail("cannot wake the network's thread", errno);
}

static void free_slots(struct slot *slot)
{
	struct slot *next;

	for (; slot; slot = next) {
		next = slot->next;
		slot_free(slot);
	}
}

void http_free(struct http *h)
{
	if (!h)
		return;
	if (h->started) {
		pthread_mutex_lock(&h->lock);
		h->ending = true;
		wake(h);
		pthread_mutex_unlock(&h->lock);
		pthread_join(h->thread, NULL);
	}
	free_slots(h->free);
	curl_multi_cleanup(h->multi);
	hosts_free(h);
	for (size_t i = 0; i < h->nanswers; i++)
		answer_free(h->answers[i]);
	free(h->answers);
	for (size_t i = 0; i < h->nheaders; i++) {
		free((char *)h->headers[i].host);
		free((char *)h->headers[i].line);
	}
	for (size_t i = 0; i < h->nallowed; i++)
		free(h->allowed[i]);
	free(h->headers);
	free(h->allowed);
	free(h->agent);
	free(h->no_proxy);
	s3_free(h->s3);
	if (h->epoll >= 0)
		close(h->epoll);
	if (h->wake >= 0)
		close(h->wake);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

void http_start(struct http *h, const struct http_request *req)
{
	struct job *j = job_new(req);

	pthread_mutex_lock(&h->lock);
	queue_add(&h->inbox, j);
	wake(h);
	pthread_mutex_unlock(&h->lock);
}

/* One who waits for an answer. */
struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool done;
	struct buf *body, *from;
	struct err *err;
	int rc;
};

static void fetched(void *ctx, struct http_answer *a)
{
	struct waiter *w = ctx;

	if (a->fault == HTTP_FINE) {
		if (w->body->cap) {
			buf_add(w->body, a->body.data, a->body.len);
		} else {
			*w->body = a->body;
			a->body = (struct buf)BUF_INIT;
		}
		if (w->from)
			buf_add(w->from, a->from.data, a->from.len);
	} else {
		*w->err = a->err;
		w->rc = -1;
	}
	pthread_mutex_lock(&w->lock);
	w->done = true;
	pthread_cond_signal(&w->cond);
	pthread_mutex_unlock(&w->lock);
}

int http_fetch(struct http *h, const struct http_request *req, struct buf *body,
	struct buf *from, struct err *err)
{
	struct waiter w = {.lock = PTHREAD_MUTEX_INITIALIZER,
		.cond = PTHREAD_COND_INITIALIZER,
		.body = body,
		.from = from,
		.err = err};
	struct http_request own = *req;

	own.check = NULL;
	own.done = fetched;
	own.ctx = &w;
	http_start(h, &own);
	pthread_mutex_lock(&w.lock);
	while (!w.done)
		pthread_cond_wait(&w.cond, &w.lock);
	pthread_mutex_unlock(&w.lock);
	pthread_mutex_destroy(&w.lock);
	pthread_cond_destroy(&w.cond);
	buf_str(body);
	if (from)
		buf_str(from);
	return w.rc;
}

struct http_counts http_counts(const struct http *h)
{
	return (struct http_counts){.bytes = h->bytes,
		.requests = h->requests,
		.retries = h->retries,
		.done = h->done};
}
