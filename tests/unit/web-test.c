/*
 * The web's own ways: tokens that are signed again, from which thread, and what
 * becomes of requests at the end. A server of a few lines answers; sas.h's
 * functions are this program's own.
 */
#include "base/base.h"
#include "net/web.h"
#include "net/sas.h"
#include "unit/tap.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static struct buf asked; /* paths that the server was asked for, a line each */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
static unsigned port;

static void reply(int fd, const char *status, const char *body)
{
	struct buf b = BUF_INIT;

	buf_addf(&b,
		"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n"
		"\r\n%s",
		status, strlen(body), body);
	(void)!write(fd, b.data, b.len);
	buf_release(&b);
	close(fd);
}

/* Answers a request; one for "silent" never. */
static void answer(int fd)
{
	struct buf b = BUF_INIT;
	char *path, *save;
	ssize_t n = 1;

	while (n > 0 && !strstr(buf_str(&b), "\r\n\r\n")) {
		buf_reserve(&b, 4096);
		n = read(fd, b.data + b.len, 4096);
		b.len += n > 0 ? (size_t)n : 0;
	}
	strtok_r(b.data, " ", &save);
	path = strtok_r(NULL, " ", &save);
	pthread_mutex_lock(&lock);
	buf_addf(&asked, "%s\n", path ? path : "?");
	pthread_cond_broadcast(&change);
	pthread_mutex_unlock(&lock);
	if (path && strstr(path, "silent")) {
		buf_release(&b);
		return;
	}
	if (path && (strstr(path, "sig=1") || strstr(path, "never")))
		reply(fd, "403 Forbidden", "expired");
	else
		reply(fd, "200 OK", "body");
	buf_release(&b);
}

static void *serve(void *arg)
{
	int *s = arg;

	for (;;)
		answer(accept(*s, NULL, NULL));
	return NULL;
}

static void start_server(void)
{
	static int s;
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	pthread_t thread;

	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s < 0 || bind(s, (struct sockaddr *)&a, len) || listen(s, 64) ||
		getsockname(s, (struct sockaddr *)&a, &len) ||
		pthread_create(&thread, NULL, serve, &s))
		ok(false, "a server");
	pthread_detach(thread);
	port = ntohs(a.sin_port);
}

/* How often a path was asked for. */
static unsigned count(const char *path)
{
	unsigned n = 0;
	size_t len = strlen(path);

	pthread_mutex_lock(&lock);
	for (const char *s = buf_str(&asked); (s = strstr(s, path)); s += len)
		n += s[len] == '\n';
	pthread_mutex_unlock(&lock);
	return n;
}

/* sas.h: tokens are numbered; all URLs with "blob" need one. */
struct sas {
	unsigned number;
	pthread_t signer;
};

static struct sas fake;

struct sas *sas_new(struct http *h)
{
	(void)h;
	return &fake;
}

void sas_free(struct sas *s)
{
	(void)s;
}

bool sas_is_for(const struct sas *s, const char *url)
{
	(void)s;
	return strstr(url, "blob");
}

int sas_sign(struct sas *s, const char *url, struct buf *out, struct err *err)
{
	pthread_mutex_lock(&lock);
	s->signer = pthread_self();
	s->number++;
	pthread_mutex_unlock(&lock);
	if (strstr(url, "none"))
		return err_set(err, "no token today");
	buf_addf(out, "%s?sig=%u", url, strstr(url, "never") ? 7 : s->number);
	return 0;
}

static struct web *open_web(const char *cache, bool sas)
{
	struct web_options o = {.http.limits = HTTP_LIMITS_USUAL,
		.cache = cache,
		.sas = sas};
	struct err err = {""};
	struct web *w;

	o.http.limits.tries = 1;
	w = web_new(&o, &err);
	if (!w)
		ok(false, "%s", err.msg);
	return w;
}

static struct web_request request(struct buf *url, const char *path)
{
	buf_reset(url);
	buf_addf(url, "http://127.0.0.1:%u/%s", port, path);
	return (struct web_request){.url = buf_str(url), .limit = 1000};
}

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t there;
	bool done;
	struct web_answer *out;
	http_check_fn *check;
	void *ctx;
};

static int check_waiting(void *ctx, const struct http_answer *a,
	struct err *err)
{
	struct waiting *wait = ctx;

	return wait->check(wait->ctx, a, err);
}

static void end_waiting(void *ctx, struct web_answer *a)
{
	struct waiting *wait = ctx;

	pthread_mutex_lock(&wait->lock);
	*wait->out = *a;
	a->body = a->etag = a->type = (struct buf)BUF_INIT;
	wait->done = true;
	pthread_cond_signal(&wait->there);
	pthread_mutex_unlock(&wait->lock);
}

/* Waits for an answer, and keeps a good one; check gets the request's ctx. */
static int web_read(struct web *w, const struct web_request *req,
	struct web_answer *out, struct err *err)
{
	struct waiting wait = {.lock = PTHREAD_MUTEX_INITIALIZER,
		.there = PTHREAD_COND_INITIALIZER,
		.out = out,
		.check = req->check,
		.ctx = req->ctx};
	struct web_request mine = *req;

	mine.done = end_waiting;
	mine.check = req->check ? check_waiting : NULL;
	mine.ctx = &wait;
	web_get(w, &mine);
	pthread_mutex_lock(&wait.lock);
	while (!wait.done)
		pthread_cond_wait(&wait.there, &wait.lock);
	pthread_mutex_unlock(&wait.lock);
	pthread_mutex_destroy(&wait.lock);
	pthread_cond_destroy(&wait.there);
	if (out->fault == HTTP_FINE)
		return web_keep(w, req, out, err);
	*err = out->err;
	return -1;
}

/* What comes of a path; the answer's fault, with a body only if fine. */
static enum http_fault read_path(struct web *w, const char *path, bool *cached,
	struct err *err)
{
	struct buf url = BUF_INIT;
	struct web_request req = request(&url, path);
	struct web_answer a;
	enum http_fault fault;
	int rc = web_read(w, &req, &a, err);

	fault = a.fault;
	*cached = a.cached;
	if (!rc != (fault == HTTP_FINE) ||
		(!rc && !str_is((struct str){a.body.data, a.body.len}, "body")))
		ok(false, "the answer is whole");
	web_answer_release(&a);
	buf_release(&url);
	return fault;
}

static void test_tokens(const char *folder)
{
	struct web *w = open_web(folder, true);
	struct buf find = BUF_INIT;
	struct err err = {""};
	bool cached;

	ok(read_path(w, "blob/a", &cached, &err) == HTTP_FINE && !cached &&
			count("/blob/a?sig=1") == 1 &&
			count("/blob/a?sig=2") == 1 && fake.number == 2,
		"a token that is over is followed by another");
	ok(read_path(w, "blob/a", &cached, &err) == HTTP_FINE && cached &&
			fake.number == 2,
		"the cache knows it without one");
	buf_addf(&find, "grep -rq blob/a '%s' && ! grep -rq sig= '%s'", folder,
		folder);
	ok(!system(buf_str(&find)), "and holds none");
	ok(read_path(w, "blob/never", &cached, &err) == HTTP_STATUS &&
			count("/blob/never?sig=7") == 1,
		"the same token is not tried twice: %s", err.msg);
	ok(read_path(w, "blob/none", &cached, &err) == HTTP_UNREACHABLE &&
			!count("/blob/none") &&
			strstr(err.msg, "/blob/none: no token today"),
		"without a token nothing is asked: %s", err.msg);
	ok(read_path(w, "plain", &cached, &err) == HTTP_FINE &&
			count("/plain") == 1,
		"what needs none gets none");
	buf_release(&find);
	web_free(w);
}

/* Requests that are each begun by the one before it. */
struct chain {
	struct web *web;
	unsigned left;
	enum http_fault fault;
	bool done, same_thread;
};

static void go_on(void *ctx, struct web_answer *a)
{
	struct chain *c = ctx;
	struct buf url = BUF_INIT, path = BUF_INIT;
	struct web_request req;

	pthread_mutex_lock(&lock);
	c->same_thread =
		c->same_thread || pthread_equal(pthread_self(), fake.signer);
	c->fault = a->fault;
	c->done = !c->left--;
	pthread_cond_broadcast(&change);
	pthread_mutex_unlock(&lock);
	if (c->done)
		return;
	buf_addf(&path, "blob/chain%u", c->left);
	req = request(&url, buf_str(&path));
	req.done = go_on;
	req.ctx = c;
	web_get(c->web, &req);
	buf_release(&path);
	buf_release(&url);
}

static void test_threads(void)
{
	struct web *w = open_web(NULL, true);
	struct chain c = {.web = w, .left = 10};
	struct buf url = BUF_INIT;
	struct web_request req = request(&url, "blob/first");

	fake.number = 20;
	req.done = go_on;
	req.ctx = &c;
	web_get(w, &req);
	pthread_mutex_lock(&lock);
	while (!c.done)
		pthread_cond_wait(&change, &lock);
	pthread_mutex_unlock(&lock);
	ok(!c.same_thread && c.fault == HTTP_FINE,
		"done functions ask for more, and tokens come in a thread of "
		"their own");
	buf_release(&url);
	web_free(w);
}

static void test_end(void)
{
	struct web *w = open_web(NULL, false);
	struct chain c = {.web = w, .left = 3};
	struct buf url = BUF_INIT;
	struct web_request req = request(&url, "silent");

	req.done = go_on;
	req.ctx = &c;
	web_get(w, &req);
	pthread_mutex_lock(&lock);
	while (!strstr(buf_str(&asked), "/silent\n"))
		pthread_cond_wait(&change, &lock);
	pthread_mutex_unlock(&lock);
	web_free(w);
	ok(c.done && c.fault == HTTP_ENDED,
		"what is under way ends, and so does what it begins");
	web_free(NULL);
	buf_release(&url);
}

static int dislike(void *ctx, const struct http_answer *a, struct err *err)
{
	unsigned *n = ctx;

	++*n;
	return err_set(err, "%zu bytes that nobody likes", a->body.len);
}

static void test_check(const char *folder)
{
	struct web *w = open_web(folder, false);
	struct buf url = BUF_INIT;
	struct web_request req = request(&url, "bad");
	struct err err = {""};
	struct web_answer a;
	unsigned looked = 0;
	bool cached;

	req.check = dislike;
	req.ctx = &looked;
	ok(web_read(w, &req, &a, &err) && a.fault == HTTP_BAD && looked == 1 &&
			strstr(err.msg, "4 bytes that nobody likes"),
		"a body that is not liked: %s", err.msg);
	web_answer_release(&a);
	ok(read_path(w, "bad", &cached, &err) == HTTP_FINE && !cached,
		"is not kept");
	web_forget(w, &req);
	ok(read_path(w, "bad", &cached, &err) == HTTP_FINE && !cached &&
			count("/bad") == 3,
		"one that is forgotten is asked for again");
	ok(read_path(w, "bad", &cached, &err) == HTTP_FINE && cached,
		"and kept");
	ok(web_may(w, "ftp://a.example/", &err) && web_may(w, "/x", &err) &&
			!web_may(w, "s3://bucket/key", &err) &&
			!web_may(w, "HTTPS://a.example/", &err),
		"http, https, s3 and gs: %s", err.msg);
	buf_release(&url);
	web_free(w);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct buf b = BUF_INIT;
	char *folder;

	buf_addf(&b, "%s/web-test.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	folder = mkdtemp(buf_detach(&b));
	start_server();
	test_tokens(folder);
	test_threads();
	test_end();
	test_check(folder);
	buf_addf(&b, "rm -rf '%s'", folder);
	(void)!system(buf_str(&b));
	buf_release(&b);
	free(folder);
	return tap_done();
}
