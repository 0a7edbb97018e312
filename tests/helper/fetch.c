/*
 * fetch [OPTIONS] URL [JSON]: the body of an answer to a GET, or a POST of that
 * JSON. fetch [OPTIONS] -: asks at once for what the lines of standard input
 * name, as URL [OFFSET LENGTH], and prints a line for each answer, in the
 * order of the requests: fault, status, tries, bytes, the begin of their
 * SHA-256, total, ETag, type, seconds that it may be kept, message. Patience is
 * short, and no body is larger than a million bytes.
 *
 * -p N  requests under way to one host     -r N  a second
 * -t N  tries    -w N  seconds in all      -e ETAG
 * -H HOST -h LINE  a header for a host; -c -h LINE: also in the clear
 * -a ADDRESS  allowed     -q  only how many came of each fault
 * -x  stops at the first answer
 * -s N  prints what N threads get when they have the URL signed
 */
#include "base/base.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/log.h"
#include "base/num.h"
#include "net/http.h"
#include "net/sas.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static const char *const faults[] = {"fine", "same", "none", "status",
	"unreachable", "short", "timed-out", "too-large", "bad", "changed",
	"refused", "ended"};

struct options {
	struct http_limits limits;
	struct http_header header;
	const char *allowed[1];
	size_t nallowed;
	const char *etag;
	bool quiet, stop;
	unsigned signers;
};

struct all {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	size_t left;
	size_t counts[ARRAY_SIZE(faults)];
	bool quiet, any;
};

struct one {
	struct all *all;
	char *text; /* the line, then what came */
};

static int check(void *ctx, const struct http_answer *a, struct err *err)
{
	(void)ctx;
	return a->body.len >= 5 && !memcmp(a->body.data, "<html", 5)
		       ? err_set(err, "a page")
		       : 0;
}

static void add_number(struct buf *b, uint64_t n)
{
	if (n == UINT64_MAX)
		buf_adds(b, " -");
	else
		buf_addf(b, " %" PRIu64, n);
}

static char *describe(const struct http_answer *a)
{
	struct sha256 *h = sha256_new();
	uint8_t hash[SHA256_BYTES];
	char hex[17];
	struct buf b = BUF_INIT;

	sha256_add(h, a->body.data, a->body.len);
	sha256_value(h, hash);
	sha256_free(h);
	hex_bytes(hash, 8, hex);
	buf_addf(&b, "%s %d %u %zu %s", faults[a->fault], a->status, a->tries,
		a->body.len, hex);
	add_number(&b, a->total);
	buf_addf(&b, " %s %s", a->etag.len ? a->etag.data : "-",
		a->type.len ? a->type.data : "-");
	add_number(&b, a->max_age);
	if (a->fault)
		buf_addf(&b, " %s", a->err.msg);
	return buf_detach(&b);
}

static void done(void *ctx, struct http_answer *a)
{
	struct one *one = ctx;
	struct all *all = one->all;

	if (!all->quiet) {
		free(one->text);
		one->text = describe(a);
	}
	pthread_mutex_lock(&all->lock);
	all->counts[a->fault]++;
	all->left--;
	all->any = true;
	pthread_cond_signal(&all->cond);
	pthread_mutex_unlock(&all->lock);
}

static void start(struct http *h, const struct options *o, struct one *one)
{
	char *url = xstrdup(one->text), *rest = strchr(url, ' '), *length;
	struct http_request req = {.url = url,
		.limit = 1000000,
		.etag = o->etag,
		.check = check,
		.done = done,
		.ctx = one};

	if (rest) {
		*rest++ = '\0';
		length = strchr(rest, ' ');
		*length++ = '\0';
		if (parse_u64(rest, &req.offset) ||
			parse_u64(length, &req.length))
			exit(2);
	}
	http_start(h, &req);
	free(url);
}

/* All that standard input names; the client ends with it. */
static int fetch_all(struct http *h, const struct options *o, struct err *err)
{
	struct all all = {.lock = PTHREAD_MUTEX_INITIALIZER,
		.cond = PTHREAD_COND_INITIALIZER,
		.quiet = o->quiet};
	struct one *ones = NULL;
	size_t n = 0, cap = 0;
	struct buf text = BUF_INIT, out = BUF_INIT;
	int rc = load_file("/dev/stdin", 1 << 30, &text, err);

	for (char *s = rc ? NULL : (char *)buf_str(&text), *end;
		s && (end = strchr(s, '\n')); s = end + 1) {
		xgrow(&ones, &cap, n + 1, sizeof(*ones));
		ones[n++] = (struct one){&all, xmemdup0(s, (size_t)(end - s))};
	}
	all.left = n;
	for (size_t i = 0; i < n; i++)
		start(h, o, &ones[i]);
	pthread_mutex_lock(&all.lock);
	while (o->stop ? !all.any : all.left)
		pthread_cond_wait(&all.cond, &all.lock);
	pthread_mutex_unlock(&all.lock);
	http_free(h);
	for (size_t i = 0; i < n; i++) {
		if (!o->quiet)
			buf_addf(&out, "%s\n", ones[i].text);
		free(ones[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(faults) && o->quiet; i++)
		if (all.counts[i])
			buf_addf(&out, "%s %zu\n", faults[i], all.counts[i]);
	if (!rc)
		rc = write_all(1, out.data, out.len, err);
	free(ones);
	buf_release(&text);
	buf_release(&out);
	return rc;
}

static int fetch_one(struct http *h, char **argv, struct err *err)
{
	struct http_request req = {.url = argv[0], .limit = 1000000};
	struct buf body = BUF_INIT, from = BUF_INIT;
	int rc;

	if (argv[1])
		req.post = str_from(argv[1]);
	rc = http_fetch(h, &req, &body, &from, err);
	if (!rc) {
		log_info("from %s", buf_str(&from));
		rc = write_all(1, body.data, body.len, err);
	}
	http_free(h);
	buf_release(&body);
	buf_release(&from);
	return rc;
}

struct signer {
	pthread_t thread;
	struct sas *sas;
	const char *url;
	struct buf out;
};

static void *sign(void *ctx)
{
	struct signer *s = ctx;
	struct err err;

	if (sas_sign(s->sas, s->url, &s->out, &err))
		buf_adds(&s->out, err.msg);
	buf_addc(&s->out, '\n');
	return NULL;
}

static int sign_all(struct http *h, unsigned n, const char *url)
{
	struct signer signers[16];
	struct sas *sas = sas_new(h);
	struct err err;
	int rc = 0;

	for (unsigned i = 0; i < n; i++) {
		signers[i] = (struct signer){.sas = sas, .url = url};
		if (pthread_create(&signers[i].thread, NULL, sign, &signers[i]))
			exit(1);
	}
	for (unsigned i = 0; i < n; i++) {
		pthread_join(signers[i].thread, NULL);
		rc |= write_all(1, signers[i].out.data, signers[i].out.len,
			&err);
		buf_release(&signers[i].out);
	}
	sas_free(sas);
	http_free(h);
	return rc;
}

static int take_option(struct options *o, int c)
{
	uint64_t n = 0;

	if (strchr("ptws", c) && parse_u64(optarg, &n))
		return -1;
	switch (c) {
	case 'p':
		o->limits.per_host = (unsigned)n;
		return 0;
	case 't':
		o->limits.tries = (unsigned)n;
		return 0;
	case 'w':
		o->limits.whole_s = (unsigned)n;
		return 0;
	case 's':
		o->signers = (unsigned)MIN(n, 16);
		return 0;
	case 'r':
		return parse_f64(optarg, &o->limits.rate);
	case 'e':
		o->etag = optarg;
		return 0;
	case 'H':
		o->header.host = optarg;
		return 0;
	case 'h':
		o->header.line = optarg;
		return 0;
	case 'a':
		o->allowed[o->nallowed++] = optarg;
		return 0;
	default:
		o->header.clear |= c == 'c';
		o->quiet |= c == 'q';
		o->stop |= c == 'x';
		return c == '?' ? -1 : 0;
	}
}

int main(int argc, char **argv)
{
	struct options o = {.limits = {.connect_s = 2,
				    .stall_s = 2,
				    .whole_s = 5,
				    .tries = 4,
				    .redirects = 3,
				    .backoff_ms = 10,
				    .per_host = 16}};
	struct http_options http = {0};
	struct http *h;
	struct err err;
	int c, rc = -1;

	log_init("fetch", LOG_NORMAL);
	while ((c = getopt(argc, argv, "p:t:w:r:s:e:H:h:a:cqx")) != -1)
		if (take_option(&o, c))
			return 2;
	if (optind == argc)
		return 2;
	http.limits = o.limits;
	http.headers = &o.header;
	http.nheaders = o.header.line ? 1 : 0;
	http.allowed = o.allowed;
	http.nallowed = o.nallowed;
	h = http_new(&http, &err);
	if (h && o.signers)
		rc = sign_all(h, o.signers, argv[optind]);
	else if (h && !strcmp(argv[optind], "-"))
		rc = fetch_all(h, &o, &err);
	else if (h)
		rc = fetch_one(h, argv + optind, &err);
	if (rc)
		log_error("%s", err.msg);
	return rc ? 1 : 0;
}
