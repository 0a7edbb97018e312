#include "base/base.h"
#include "net/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "base/hash.h"
#include "net/address.h"
#include "net/url.h"

struct http {
	CURL *easy;
	struct http_limits limits;
	char *agent;
	const char *bearer, *bearer_host; /* the environment's, or NULL */
	char why[CURL_ERROR_SIZE];
	char forbidden[ADDRESS_TEXT]; /* the address not asked; empty: none */
	/* the body on its way */
	struct buf *body;
	size_t begin; /* what was there before */
	uint64_t limit;
	bool too_large;
};

/* What became of a try. */
enum outcome { DONE, AGAIN, NEVER };

static void start_curl(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		xfail("cannot start libcurl", 0);
}

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
	struct http *h = ctx;
	size_t have = h->body->len - h->begin;

	n *= size;
	h->too_large = n > h->limit - have;
	if (h->too_large)
		return n ? 0 : 1;
	buf_add(h->body, p, n);
	return n;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose,
	struct curl_sockaddr *a)
{
	struct http *h = ctx;

	if (purpose == CURLSOCKTYPE_IPCXN &&
		address_forbidden(&a->addr, h->forbidden))
		return CURL_SOCKET_BAD;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* The environment's variable; empty ones count as missing. */
static const char *variable(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

/* What goes into a header must not begin another one. */
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

static int read_environment(struct http *h, struct err *err)
{
	const char *contact = variable("SKYFILTERS_CONTACT");
	struct buf agent = BUF_INIT;

	h->bearer = variable("SKYFILTERS_HTTP_BEARER");
	h->bearer_host = variable("SKYFILTERS_HTTP_BEARER_HOST");
	if (check_header("SKYFILTERS_CONTACT", contact, err) ||
		check_header("SKYFILTERS_HTTP_BEARER", h->bearer, err))
		return -1;
	if (h->bearer && !h->bearer_host)
		return err_set(err,
			"SKYFILTERS_HTTP_BEARER is set, but not the host that "
			"it is for: set SKYFILTERS_HTTP_BEARER_HOST");
	buf_addf(&agent, "%s/%s", PACKAGE_NAME, PACKAGE_VERSION);
	if (contact)
		buf_addf(&agent, " (+%s)", contact);
	h->agent = buf_detach(&agent);
	return 0;
}

static void set_up(struct http *h)
{
	const char *ca = variable("CURL_CA_BUNDLE");
	CURL *c = h->easy;

	if (!ca)
		ca = variable("SSL_CERT_FILE");
	if (ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, ca);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(c, CURLOPT_PROTOCOLS,
		(long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, h->why);
	curl_easy_setopt(c, CURLOPT_USERAGENT, h->agent);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, h);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)h->limits.connect_s);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)h->limits.stall_s);
}

struct http *http_new(const struct http_options *o, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct http *h = xcalloc(1, sizeof(*h));

	pthread_once(&once, start_curl);
	h->limits = o->limits;
	if (read_environment(h, err)) {
		http_free(h);
		return NULL;
	}
	h->easy = curl_easy_init();
	if (!h->easy)
		xfail("cannot start a transfer", 0);
	set_up(h);
	return h;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	curl_easy_cleanup(h->easy);
	free(h->agent);
	free(h);
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void wait_s(double s)
{
	struct timespec t = {.tv_sec = (time_t)s};

	t.tv_nsec = (long)((s - (double)t.tv_sec) * 1e9);
	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

/* A part of a URL, to be freed with curl_free(); NULL: it has none. */
static char *part_of(const char *url, CURLUPart part)
{
	CURLU *u = curl_url();
	char *text = NULL;

	if (!u)
		xfail("cannot take a URL apart", 0);
	if (!curl_url_set(u, CURLUPART_URL, url, 0))
		(void)curl_url_get(u, part, &text, CURLU_NO_DEFAULT_PORT);
	curl_url_cleanup(u);
	return text;
}

/* Whether the user's token is for this URL, and safe on its way there. */
static bool takes_bearer(const struct http *h, const char *url)
{
	char *host = part_of(url, CURLUPART_HOST);
	char *port = part_of(url, CURLUPART_PORT);
	bool here =
		host && (!strcmp(host, "127.0.0.1") || !strcmp(host, "[::1]") ||
				!strcasecmp(host, "localhost"));
	struct buf name = BUF_INIT;
	bool yes;

	buf_adds(&name, host ? host : "");
	if (port)
		buf_addf(&name, ":%s", port);
	yes = h->bearer && !strcasecmp(buf_str(&name), h->bearer_host) &&
	      (here || !strncasecmp(url, "https://", 8));
	buf_release(&name);
	curl_free(host);
	curl_free(port);
	return yes;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name,
	const char *value)
{
	struct buf line = BUF_INIT;
	struct curl_slist *longer;

	buf_addf(&line, "%s: %s", name, value);
	longer = curl_slist_append(list, buf_str(&line));
	if (!longer)
		xfail("cannot make a request", ENOMEM);
	buf_release(&line);
	return longer;
}

static struct curl_slist *headers(const struct http *h, const char *url,
	const char *accept, bool post)
{
	struct curl_slist *list = NULL;
	struct buf bearer = BUF_INIT;

	if (accept)
		list = add_header(list, "Accept", accept);
	if (post)
		list = add_header(list, "Content-Type", "application/json");
	if (takes_bearer(h, url)) {
		buf_addf(&bearer, "Bearer %s", h->bearer);
		list = add_header(list, "Authorization", buf_str(&bearer));
		buf_release(&bearer);
	}
	return list;
}

/* One request and its answer, whatever that is. */
static CURLcode perform(struct http *h, const char *url,
	const struct http_request *req, bool post, double left_s)
{
	struct curl_slist *list = headers(h, url, req->accept, post);
	CURL *c = h->easy;
	CURLcode code;

	h->why[0] = h->forbidden[0] = '\0';
	h->too_large = false;
	h->body->len = h->begin;
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(MAX(left_s, 1) * 1000));
	if (post) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)req->post.len);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, req->post.s);
	} else {
		curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
	}
	code = curl_easy_perform(c);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(list);
	return code;
}

/* What may be otherwise the next time. */
static bool may_pass(CURLcode code)
{
	static const CURLcode codes[] = {CURLE_COULDNT_RESOLVE_PROXY,
		CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
		CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING,
		CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2,
		CURLE_HTTP2_STREAM};

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (code == codes[i])
			return true;
	return false;
}

static enum outcome judge_failure(const struct http *h, CURLcode code,
	struct err *err)
{
	if (h->too_large)
		(void)err_set(err, "the body is larger than %" PRIu64 " bytes",
			h->limit);
	else if (h->forbidden[0])
		(void)err_set(err,
			"%s is link-local or a metadata service: such "
			"addresses are never asked",
			h->forbidden);
	else
		(void)err_set(err, "%s",
			h->why[0] ? h->why : curl_easy_strerror(code));
	return !h->too_large && !h->forbidden[0] && may_pass(code) ? AGAIN
								   : NEVER;
}

/* Says a status, and what the server says of it, unless that is a page. */
static enum outcome judge_status(const struct http *h, long status,
	struct err *err)
{
	char said[301];
	size_t n = MIN(h->body->len - h->begin, sizeof(said) - 1);

	if (status >= 200 && status < 300)
		return DONE;
	for (size_t i = 0; i < n; i++) {
		char c = h->body->data[h->begin + i];

		said[i] = c >= ' ' && c <= '~' ? c : '?';
	}
	said[n] = '\0';
	if (n && *said != '<')
		(void)err_set(err, "HTTP %ld: %s", status, said);
	else
		(void)err_set(err, "HTTP %ld", status);
	return status == 408 || status == 429 || status >= 500 ? AGAIN : NEVER;
}

/*
 * One try: the request, and those that its redirects lead to. `from` is where
 * the last one went.
 */
static enum outcome try_once(struct http *h, const struct http_request *req,
	double until, struct buf *from, struct err *err)
{
	bool post = req->post.s;

	buf_reset(from);
	buf_adds(from, req->url);
	for (unsigned hops = 0;; hops++) {
		char *host = part_of(buf_str(from), CURLUPART_HOST);
		char *next = NULL;
		long status = 0;
		bool bad = host && host_forbidden(host, h->forbidden);
		CURLcode code = CURLE_COULDNT_CONNECT;

		curl_free(host);
		if (!bad)
			code = perform(h, buf_str(from), req, post,
				until - now_s());
		if (code)
			return judge_failure(h, code, err);
		curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(h->easy, CURLINFO_REDIRECT_URL, &next);
		if (!next)
			return judge_status(h, status, err);
		if (hops == h->limits.redirects) {
			(void)err_set(err, "more than %u redirects", hops);
			return NEVER;
		}
		/* only these two say that a POST goes on as one */
		post = post && (status == 307 || status == 308);
		next = xstrdup(next);
		buf_reset(from);
		buf_adds(from, next);
		free(next);
	}
}

/* How long to wait before the next try, of which `tries` were made. */
static double pause_s(const struct http *h, const char *url, unsigned tries)
{
	char purpose[32] = "backoff.";
	double most = h->limits.backoff_ms / 1e3;
	curl_off_t asked = 0;

	for (unsigned i = 1; i < tries; i++)
		most *= 2;
	purpose[8] = (char)('0' + tries % 10);
	most *= seeded_unit(0, purpose, str_from(url));
	curl_easy_getinfo(h->easy, CURLINFO_RETRY_AFTER, &asked);
	return MAX((double)asked, most);
}

/* "URL: what", with the place it led to where that is another. */
static int name_url(const char *url, const struct buf *from, struct err *err)
{
	struct buf shown = BUF_INIT, led = BUF_INIT;

	url_show(url, &shown);
	url_show(from->data, &led);
	if (!strcmp(shown.data, led.data))
		(void)err_prefix(err, "%s", shown.data);
	else
		(void)err_prefix(err, "%.300s, which leads to %.300s",
			shown.data, led.data);
	buf_release(&shown);
	buf_release(&led);
	return -1;
}

int http_fetch(struct http *h, const struct http_request *req, struct buf *body,
	struct buf *from, struct err *err)
{
	double until = now_s() + h->limits.whole_s, pause;
	struct buf place = BUF_INIT;
	enum outcome outcome;
	unsigned tries = 1;

	h->body = body;
	h->begin = body->len;
	h->limit = req->limit;
	h->too_large = false;
	while ((outcome = try_once(h, req, until, &place, err)) == AGAIN &&
		tries < h->limits.tries) {
		pause = pause_s(h, req->url, tries);
		if (now_s() + pause >= until) {
			(void)err_prefix(err,
				"the next try, in %.0f s, would be beyond the "
				"%u s of a request",
				pause, h->limits.whole_s);
			break;
		}
		wait_s(pause);
		tries++;
	}
	if (outcome != DONE && tries > 1)
		(void)err_prefix(err, "tried %u times, at last", tries);
	if (outcome != DONE)
		name_url(req->url, &place, err);
	else if (from)
		buf_adds(from, place.data);
	if (from)
		buf_str(from);
	buf_release(&place);
	return outcome == DONE ? 0 : -1;
}
