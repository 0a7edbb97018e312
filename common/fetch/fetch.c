#include "base/base.h"
#include "fetch/priv.h"

#include <math.h>

#include "base/clock.h"

/*
 * Memory: for decoded blocks of ours and of GDAL's, for bytes of remote files,
 * and for records and chips that wait for their turn.
 */
#define BLOCK_BYTES  ((size_t)64 << 20)
#define GDAL_BYTES   (UINT64_C(48) << 20)
#define REMOTE_BYTES (UINT64_C(32) << 20)
#define WAIT_BYTES   ((size_t)48 << 20)

/* Threads that wait for servers: images are opened so many at a time. */
enum { OTHERS = 16 };

struct run {
	struct fetcher f;
	struct plan plan;
	/* what it was when something last moved, and when that was */
	uint64_t moved;
	double since_s;
	bool *hangs;
};

static enum begun begin(void *ctx, struct ahead *a, struct item *item,
	uint64_t ticket, struct err *err)
{
	struct run *r = ctx;
	struct want *w;
	enum begun begun = want_begin(&r->f, item, ticket, &w, err);

	(void)a;
	if (w && w->scene->kind == SCENE_REMOTE && !r->f.has_others) {
		r->f.has_others = true;
		if (hands_start(&r->f, false, OTHERS, err))
			begun = BEGUN_ERROR;
	}
	if (w)
		fetcher_add(&r->f, w);
	return begun;
}

static int finish(void *ctx, struct item *item, struct str result,
	struct err *err)
{
	(void)ctx;
	return chip_set(item, result, err);
}

static void idle(void *ctx)
{
	struct run *r = ctx;
	struct fetcher *f = &r->f;

	pthread_mutex_lock(&f->lock);
	if (!f->idle && f->nincoming) {
		pthread_cond_broadcast(&f->has_work[0]);
		pthread_cond_broadcast(&f->has_work[1]);
	}
	f->idle = true;
	pthread_mutex_unlock(&f->lock);
}

/* Whether anything has moved lately: a byte, an answer, a window. */
static int watch(void *ctx, struct err *err)
{
	struct run *r = ctx;
	const struct fetch_options *o = r->plan.o;
	struct http_counts c = web_counts(r->f.web);
	uint64_t moved = c.bytes + c.requests + c.retries + c.done;
	double now = clock_s(), patience;

	pthread_mutex_lock(&r->f.lock);
	moved += r->f.progress;
	pthread_mutex_unlock(&r->f.lock);
	if (moved != r->moved || r->since_s <= 0) {
		r->moved = moved;
		r->since_s = now;
	}
	patience = 60 + 2 * (double)MAX(o->item_timeout_s, o->stall_timeout_s);
	if (now - r->since_s < patience)
		return 0;
	*r->hangs = true;
	return err_set(err,
		"nothing has moved for %.0f s, though %zu records wait: does a "
		"file system keep silent?",
		now - r->since_s, ahead_waiting(r->f.ahead));
}

static const struct ahead_ops ops = {begin, finish, idle, watch};

static struct http_limits limits_of(const struct fetch_options *o)
{
	struct http_limits l = HTTP_LIMITS_USUAL;

	l.whole_s = (unsigned)o->item_timeout_s;
	l.stall_s = (unsigned)o->stall_timeout_s;
	l.tries = (unsigned)o->tries;
	l.per_host = (unsigned)o->per_host;
	l.rate = o->rate;
	return l;
}

static int open_web(struct fetcher *f, const struct plan *p, struct err *err)
{
	const struct fetch_options *o = p->o;
	struct web_options w = {
		.http =
			{
				.limits = limits_of(o),
				.headers = p->headers,
				.nheaders = p->nheaders,
				.allowed = o->addresses.items,
				.nallowed = o->addresses.n,
			},
		.cache = o->cache,
		.cache_bytes = o->cache_size,
		.cache_age_s =
			isnan(o->cache_days)
				? 0
				: (uint64_t)fmax(o->cache_days * 86400, 1),
		.offline = o->offline,
		.sas = o->sign == SIGN_PLANETARY_COMPUTER,
		.allowed = o->sources.items,
		.nallowed = o->sources.n,
	};

	f->web = web_new(&w, err);
	if (!f->web)
		return -1;
	f->remotes = remotes_new(f->web, REMOTE_BYTES);
	return 0;
}

static int open_rasters(struct fetcher *f, const struct plan *p,
	struct err *err)
{
	struct http_limits limits = limits_of(p->o);
	struct raster_rules rules = {
		.remotes = f->remotes,
		.allowed = p->o->sources.items,
		.nallowed = p->o->sources.n,
		.gdal_http = p->o->gdal_http ? &limits : NULL,
		.cache_bytes = GDAL_BYTES,
	};

	return raster_rule(&rules, err);
}

static void set_up(struct fetcher *f, struct filter *filter,
	const struct plan *p)
{
	f->plan = p;
	f->filter = filter;
	f->last_group = &f->groups;
	f->last_ready = &f->ready;
	f->sweep = MAX((size_t)p->o->lookahead / 2, 1);
	f->coming = xcalloc(COMING, sizeof(*f->coming));
	f->blocks = blocks_new(BLOCK_BYTES);
	f->ahead = ahead_new(filter, (size_t)p->o->lookahead, WAIT_BYTES);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->has_work[0], NULL);
	pthread_cond_init(&f->has_work[1], NULL);
}

/* What was under way when the run ended early. */
static void drop_rest(struct fetcher *f)
{
	struct group *g;

	for (size_t i = 0; i < f->nincoming; i++)
		want_free(f->incoming[i]);
	while ((g = f->groups)) {
		f->groups = g->next;
		for (size_t i = g->at; i < g->n; i++)
			want_free(g->wants[i]);
		free(g->wants);
		free(g);
	}
	free(f->incoming);
	free(f->coming);
}

static void tear_down(struct fetcher *f)
{
	hands_stop(f);
	web_free(f->web); /* its last calls come in here */
	drop_rest(f);
	blobs_release(f);
	scenes_release(f);
	remotes_free(f->remotes);
	blocks_free(f->blocks);
	ahead_free(f->ahead);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->has_work[0]);
	pthread_cond_destroy(&f->has_work[1]);
}

int fetch_run(struct filter *filter, const struct fetch_options *o,
	uint64_t threads, bool *hangs, struct err *err)
{
	struct run r = {.hangs = hangs};
	struct fetcher *f = &r.f;
	int rc = plan_read(&r.plan, o, err);

	set_up(f, filter, &r.plan);
	if (!rc) {
		f->open_files = raster_pool_limit((size_t)threads,
			(size_t)o->open_files, err);
		rc = f->open_files ? 0 : -1;
	}
	if (!rc)
		rc = open_web(f, &r.plan, err);
	if (!rc)
		rc = open_rasters(f, &r.plan, err);
	if (!rc)
		rc = hands_start(f, true, (unsigned)threads, err);
	if (!rc)
		rc = ahead_run(f->ahead, &ops, &r, err);
	if (*hangs)
		return -1;
	tear_down(f);
	if (f->missed)
		filter_hint(filter, "do the images' paths begin elsewhere? "
				    "(--root)");
	plan_release(&r.plan);
	return rc;
}
