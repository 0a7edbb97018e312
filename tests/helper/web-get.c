/*
 * web-get [-c CACHE] [-s BYTES] [-a AGE_S] [-o] [-S] [-p PREFIX]… [-m MEMORY]:
 * what lines of stdin ask for, all at once, as common/net/web.h and remote.h
 * do it. A line is
 *
 *     get URL               the whole, by web_get(), kept
 *     read URL OFF LEN      by remote_read()
 *     want URL OFF LEN …    by remote_want(), kept
 *     chain URL OFF LEN N   N ranges one behind the other, each wanted by the
 *                           done function of the one before it
 *     wait                  for all before it
 *     sleep MS
 *
 * and for each line but the last two one goes to stdout, in their order: its
 * number, "net", "cache" or "read", bytes, and their SHA-256; or "fault N" or
 * "error" and why. Ranges of a line are one run of bytes.
 */
#include "base/base.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/num.h"
#include "net/remote.h"

enum { RANGES = 64 };

struct run {
	struct web *web;
	struct remotes *remotes;
	pthread_mutex_t lock;
	pthread_cond_t change;
	unsigned left; /* under way */
	atomic_bool bad;
};

struct line {
	struct run *run;
	char *what, *url;
	uint64_t offset[RANGES];
	size_t len[RANGES], n;
	uint64_t times;
	struct remote *file;
	pthread_t thread;
	bool threaded;
	unsigned left;
	struct wish {
		struct line *line;
		size_t i;
		struct buf body;
	} wishes[RANGES];
	struct buf body, say;
};

static void say_body(struct line *l, const char *from)
{
	uint8_t sum[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct sha256 *h = sha256_new();

	sha256_add(h, l->body.data, l->body.len);
	sha256_value(h, sum);
	sha256_free(h);
	hex_bytes(sum, sizeof(sum), hex);
	buf_reset(&l->say);
	buf_addf(&l->say, "%s %zu %s", from, l->body.len, hex);
}

static void say_error(struct line *l, int fault, const char *msg)
{
	buf_reset(&l->say);
	if (fault)
		buf_addf(&l->say, "fault %d %s", fault, msg);
	else
		buf_addf(&l->say, "error %s", msg);
	l->run->bad = true;
}

/* One is done; the answer's last user. */
static void end(struct run *r)
{
	pthread_mutex_lock(&r->lock);
	r->left--;
	pthread_cond_broadcast(&r->change);
	pthread_mutex_unlock(&r->lock);
}

static void begin(struct run *r, unsigned n)
{
	pthread_mutex_lock(&r->lock);
	r->left += n;
	pthread_mutex_unlock(&r->lock);
}

static void got(void *ctx, struct web_answer *a)
{
	struct line *l = ctx;
	struct err err;

	if (a->fault != HTTP_FINE) {
		say_error(l, (int)a->fault, a->err.msg);
	} else if (web_keep(l->run->web, &(struct web_request){.url = l->url},
			   a, &err)) {
		say_error(l, 0, err.msg);
	} else {
		buf_add(&l->body, a->body.data, a->body.len);
		say_body(l, a->cached ? "cache" : "net");
	}
	end(l->run);
}

static void wanted(void *ctx, struct web_answer *a)
{
	struct wish *w = ctx;
	struct line *l = w->line;
	struct run *r = l->run;
	struct err err;
	int rc = 0;

	if (a->fault == HTTP_FINE)
		rc = remote_keep(l->file, l->offset[w->i], a, &err);
	pthread_mutex_lock(&r->lock);
	if (a->fault != HTTP_FINE)
		say_error(l, (int)a->fault, a->err.msg);
	else if (rc)
		say_error(l, 0, err.msg);
	buf_add(&w->body, a->body.data, a->body.len);
	if (!--l->left) {
		for (size_t i = 0; i < l->n; i++)
			buf_add(&l->body, l->wishes[i].body.data,
				l->wishes[i].body.len);
		if (!l->say.len)
			say_body(l, a->cached ? "cache" : "net");
	}
	pthread_mutex_unlock(&r->lock);
	end(r);
}

static void go_on(void *ctx, struct web_answer *a);

static void go_there(struct line *l)
{
	remote_want(l->file, &(struct remote_range){l->offset[0], l->len[0], l},
		1, go_on);
}

static void go_on(void *ctx, struct web_answer *a)
{
	struct line *l = ctx;

	if (a->fault != HTTP_FINE) {
		say_error(l, (int)a->fault, a->err.msg);
		end(l->run);
		return;
	}
	buf_add(&l->body, a->body.data, a->body.len);
	l->offset[0] += l->len[0];
	if (--l->left) {
		go_there(l);
		return;
	}
	say_body(l, "chain");
	end(l->run);
}

static int read_range(struct line *l, struct err *err)
{
	long n;

	buf_extend(&l->body, l->len[0]);
	n = remote_read(l->file, l->body.data, l->len[0], l->offset[0], err);
	l->body.len = n < 0 ? 0 : (size_t)n;
	return n < 0 ? -1 : 0;
}

static void *work(void *arg)
{
	struct remote_range ranges[RANGES];
	struct line *l = arg;
	struct err err;

	l->file = remote_open(l->run->remotes, l->url, &err);
	if (!l->file) {
		say_error(l, 0, err.msg);
		end(l->run);
		return NULL;
	}
	if (!strcmp(l->what, "chain")) {
		l->left = (unsigned)MAX(l->times, 1);
		go_there(l);
		return NULL;
	}
	if (strcmp(l->what, "want") != 0) {
		if (read_range(l, &err))
			say_error(l, 0, err.msg);
		else
			say_body(l, "read");
		end(l->run);
		return NULL;
	}
	l->left = (unsigned)l->n;
	begin(l->run, l->left);
	for (size_t i = 0; i < l->n; i++) {
		l->wishes[i].line = l;
		l->wishes[i].i = i;
		ranges[i] = (struct remote_range){l->offset[i], l->len[i],
			&l->wishes[i]};
	}
	remote_want(l->file, ranges, l->n, wanted);
	end(l->run);
	return NULL;
}

static void start(struct run *r, struct line *l)
{
	l->run = r;
	begin(r, 1);
	if (!strcmp(l->what, "get")) {
		web_get(r->web, &(struct web_request){.url = l->url,
					.limit = 64 << 20,
					.done = got,
					.ctx = l});
		return;
	}
	l->threaded = !pthread_create(&l->thread, NULL, work, l);
}

static void wait_all(struct run *r)
{
	pthread_mutex_lock(&r->lock);
	while (r->left)
		pthread_cond_wait(&r->change, &r->lock);
	pthread_mutex_unlock(&r->lock);
}

static void finish(struct line *l, unsigned number)
{
	if (l->threaded)
		pthread_join(l->thread, NULL);
	remote_close(l->file);
	printf("%u %s\n", number, buf_str(&l->say));
	for (size_t i = 0; i < l->n; i++)
		buf_release(&l->wishes[i].body);
	buf_release(&l->body);
	buf_release(&l->say);
	free(l->what);
	free(l->url);
	free(l);
}

static struct line *parse(char *text)
{
	struct line *l = xcalloc(1, sizeof(*l));
	char *save, *word = strtok_r(text, " \n", &save);
	uint64_t len;

	l->what = xstrdup(word ? word : "wait");
	word = strtok_r(NULL, " \n", &save);
	l->url = xstrdup(word ? word : "");
	while (l->n < RANGES && (word = strtok_r(NULL, " \n", &save))) {
		if (parse_u64(word, &l->offset[l->n]))
			break;
		l->times = l->offset[l->n]; /* where no length follows */
		word = strtok_r(NULL, " \n", &save);
		if (!word || parse_u64(word, &len))
			break;
		l->len[l->n++] = len;
	}
	return l;
}

static bool pause_for(const struct line *l)
{
	struct timespec t = {0, 0};
	uint64_t ms = 0;

	if (!strcmp(l->what, "sleep") && !parse_u64(l->url, &ms)) {
		t.tv_sec = (time_t)(ms / 1000);
		t.tv_nsec = (long)(ms % 1000) * 1000000;
		nanosleep(&t, NULL);
		return true;
	}
	return false;
}

static void read_lines(struct run *r)
{
	struct line **lines = NULL;
	size_t n = 0, cap = 0, room = 0;
	char *text = NULL;

	while (getline(&text, &room, stdin) > 0) {
		struct line *l = parse(text);

		if (!strcmp(l->what, "wait"))
			wait_all(r);
		if (pause_for(l) || !strcmp(l->what, "wait")) {
			free(l->what);
			free(l->url);
			free(l);
			continue;
		}
		xgrow(&lines, &cap, n + 1, sizeof(struct line *));
		lines[n++] = l;
		start(r, l);
	}
	wait_all(r);
	for (size_t i = 0; i < n; i++)
		finish(lines[i], (unsigned)i + 1);
	free(lines);
	free(text);
}

static int parse_options(int argc, char **argv, struct web_options *o,
	uint64_t *memory, const char **prefixes)
{
	int c, rc = 0;

	while ((c = getopt(argc, argv, "c:s:a:oSp:m:")) >= 0) {
		if (c == 'c')
			o->cache = optarg;
		else if (c == 's')
			rc |= parse_bytes(optarg, &o->cache_bytes);
		else if (c == 'a')
			rc |= parse_u64(optarg, &o->cache_age_s);
		else if (c == 'o')
			o->offline = true;
		else if (c == 'S')
			o->sas = true;
		else if (c == 'p')
			prefixes[o->nallowed++] = optarg;
		else if (c == 'm')
			rc |= parse_bytes(optarg, memory);
		else
			return -1;
	}
	return rc;
}

int main(int argc, char **argv)
{
	static const struct http_limits limits = {.connect_s = 2,
		.stall_s = 2,
		.whole_s = 5,
		.tries = 3,
		.redirects = 3,
		.backoff_ms = 10,
		.per_host = 16};
	const char *prefixes[16];
	struct web_options o = {.http = {.limits = limits},
		.allowed = prefixes};
	struct run run = {.lock = PTHREAD_MUTEX_INITIALIZER,
		.change = PTHREAD_COND_INITIALIZER};
	uint64_t memory = 64 << 20;
	struct err err;

	log_init("web-get", LOG_NORMAL);
	if (argc > 32 || parse_options(argc, argv, &o, &memory, prefixes))
		return 2;
	run.web = web_new(&o, &err);
	if (!run.web) {
		log_error("%s", err.msg);
		return 1;
	}
	run.remotes = remotes_new(run.web, memory);
	read_lines(&run);
	log_info("%" PRIu64 " requests", web_counts(run.web).requests);
	web_free(run.web);
	remotes_free(run.remotes);
	return run.bad ? 1 : 0;
}
