#include "base/base.h"
#include "fetch/priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/sort.h"

enum {
	EARLY = 512, /* windows of tiles that are enough to begin with */
	RUN = 32,    /* windows of a local image that a hand takes at once */
	OTHERS_OPEN = 2, /* images that a hand for others keeps open */
	TAKEN = 64,      /* windows whose blocks are asked for at once */
	ACTIVE = 32,     /* groups that are worked on at a time */
	/* blocks under way: of all images, and of one, so that a server that
	 * keeps silent does not stop the others */
	FLYING = 1024,
	GROUP_FLYING = 256,
	GATHER_NS = 300000,
};

/* Bodies that wait for a hand: more are not asked for. With a cache few, for
 * what is not kept yet is lost when the run is killed. */
#define HELD_BYTES       ((size_t)48 << 20)
#define HELD_BYTES_CACHE ((size_t)4 << 20)

static bool before(struct want *const *a, struct want *const *b)
{
	const struct want *x = *a, *y = *b;

	if (x->scene != y->scene)
		return x->scene->number < y->scene->number;
	return x->order != y->order ? x->order < y->order
				    : x->ticket < y->ticket;
}

SORT_DEFINE(sort_wants, struct want *, before)

/* Lock held, as below. */
static void wake_all(struct fetcher *f)
{
	pthread_cond_broadcast(&f->has_work[0]);
	pthread_cond_broadcast(&f->has_work[1]);
}

/* A hand for the processor, if one is idle and none is on its way. */
static void wake_one(struct fetcher *f)
{
	if (f->waiting_hands && !f->gathering_hands)
		pthread_cond_signal(&f->has_work[1]);
}

/* The counter of a window's tile; NULL: it is of none. */
static uint32_t *coming(const struct fetcher *f, const struct want *w)
{
	const struct scene *s = w->scene;
	struct block_key k = {.scene = s->number};

	if (s->kind != SCENE_TILES || !s->f.tile.px)
		return NULL;
	k.col = w->win.col / s->f.tile.px;
	k.row = w->win.row / s->f.tile.px;
	return &f->coming[block_key_hash(&k) % COMING];
}

bool want_is_last(const struct fetcher *f, const struct want *w)
{
	const struct group *g = w->group;
	const uint32_t *n = coming(f, w);

	return g->single && !g->early && n && !*n &&
	       !(g->at < g->n && g->wants[g->at]->order == w->order);
}

void fetcher_add(struct fetcher *f, struct want *w)
{
	uint32_t *n;

	pthread_mutex_lock(&f->lock);
	f->idle = false;
	xgrow(&f->incoming, &f->incoming_cap, f->nincoming + 1,
		sizeof(struct want *));
	f->incoming[f->nincoming++] = w;
	f->ntiles += scene_is_service(w->scene);
	n = coming(f, w);
	if (n)
		++*n;
	if (f->nincoming >= f->sweep || f->ntiles == EARLY)
		wake_all(f);
	pthread_mutex_unlock(&f->lock);
}

static void add_group(struct fetcher *f, struct want **wants, size_t n,
	bool early)
{
	struct group *g = xcalloc(1, sizeof(*g));

	g->scene = wants[0]->scene;
	g->wants = xcalloc(n, sizeof(struct want *));
	g->n = g->left = n;
	g->early = early;
	memcpy(g->wants, wants, n * sizeof(struct want *));
	for (size_t i = 0; i < n; i++)
		wants[i]->group = g;
	*f->last_group = g;
	f->last_group = &g->next;
}

/* Whether there are windows that nobody has taken. */
static bool has_untaken(const struct fetcher *f)
{
	for (const struct group *g = f->groups; g; g = g->next)
		if (g->at < g->n)
			return true;
	return false;
}

/* Whether what has come in is enough, or all there is. For tiles a server is
 * waited for: it should not have to wait for us. */
static bool is_sweep(const struct fetcher *f)
{
	return f->nincoming >= f->sweep || (f->nincoming && f->idle) ||
	       (f->ntiles >= EARLY && f->ntiles == f->nincoming);
}

/* It becomes groups, when it is time. */
static void form_sweep(struct fetcher *f)
{
	bool early = f->nincoming < f->sweep && !f->idle;
	size_t i = 0, j;
	uint32_t *n;

	if (!is_sweep(f) || has_untaken(f))
		return;
	for (j = 0; j < f->nincoming; j++) {
		n = coming(f, f->incoming[j]);
		if (n)
			--*n;
	}
	sort_wants(f->incoming, f->nincoming);
	for (; i < f->nincoming; i = j) {
		for (j = i + 1; j < f->nincoming; j++)
			if (f->incoming[j]->scene != f->incoming[i]->scene)
				break;
		add_group(f, f->incoming + i, j - i, early);
	}
	f->nincoming = f->ntiles = 0;
	wake_all(f);
}

static void drop_group(struct fetcher *f, struct group *g)
{
	struct group **p = &f->groups;

	while (*p != g)
		p = &(*p)->next;
	*p = g->next;
	if (!*p)
		f->last_group = p;
	free(g->wants);
	free(g);
}

void want_done(struct fetcher *f, struct want *w)
{
	struct group *g = w->group;

	pthread_mutex_lock(&f->lock);
	blobs_drop(f, w);
	f->progress++;
	if (!--g->left && g->state != GROUP_OPENING)
		drop_group(f, g);
	scenes_put(f, w->scene);
	/* others may have waited for room */
	wake_one(f);
	pthread_mutex_unlock(&f->lock);
	want_free(w);
}

void want_drop(struct fetcher *f, struct want *w, enum verdict verdict,
	const char *reason, const char *fmt, ...)
{
	struct err text;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text.msg, sizeof(text.msg), fmt, ap);
	va_end(ap);
	ahead_drop(f->ahead, w->ticket, verdict, reason, "%s", text.msg);
	want_done(f, w);
}

void want_ready(struct fetcher *f, struct want *w)
{
	w->next = NULL;
	*f->last_ready = w;
	f->last_ready = &w->next;
	wake_one(f);
}

static struct want *pop_ready(struct fetcher *f)
{
	struct want *w = f->ready;

	if (w) {
		f->ready = w->next;
		if (!f->ready)
			f->last_ready = &f->ready;
	}
	return w;
}

/* The functions from here to take_work() do one piece of work, for which they
 * leave the lock, or return false. */

static bool do_ready(struct hand *h)
{
	struct fetcher *f = h->f;
	struct want *w = pop_ready(f);

	if (!w)
		return false;
	if (f->ready)
		wake_one(f);
	pthread_mutex_unlock(&f->lock);
	want_render(h, w);
	pthread_mutex_lock(&f->lock);
	return true;
}

static size_t take(struct group *g, struct want **out, size_t most)
{
	size_t n = MIN(most, g->n - g->at);

	memcpy(out, g->wants + g->at, n * sizeof(struct want *));
	g->at += n;
	return n;
}

typedef bool group_fits(const struct hand *h, const struct group *g);

/*
 * The first group that fits, among so many that are not over: images are
 * worked on in their order, a few at a time.
 */
static struct group *find_group(const struct hand *h, group_fits *fits)
{
	size_t seen = 0;

	for (struct group *g = h->f->groups; g && seen < ACTIVE; g = g->next) {
		if (fits(h, g))
			return g;
		seen += g->at < g->n;
	}
	return NULL;
}

/* Whether a hand of this kind reads the image: others may wait for it. */
static bool is_for(const struct hand *h, const struct group *g)
{
	return h->cpu == (g->scene->kind != SCENE_REMOTE);
}

static bool can_ask(const struct hand *h, const struct group *g)
{
	(void)h;
	return g->state == GROUP_GOING && g->at < g->n &&
	       scene_is_fetched(g->scene) && g->flying < GROUP_FLYING;
}

static bool can_open(const struct hand *h, const struct group *g)
{
	return g->state == GROUP_NEW && !g->scene->opening && is_for(h, g);
}

static bool can_run(const struct hand *h, const struct group *g)
{
	return g->state == GROUP_GOING && g->at < g->n &&
	       !scene_is_fetched(g->scene) && is_for(h, g);
}

/* Asks for what the next windows of some image need. */
static bool do_ask(struct hand *h)
{
	struct fetcher *f = h->f;
	struct want *wants[TAKEN];
	struct group *g;
	size_t n;

	if (f->flying >= FLYING ||
		f->held_bytes >=
			(f->plan->o->cache ? HELD_BYTES_CACHE : HELD_BYTES))
		return false;
	g = find_group(h, can_ask);
	if (!g)
		return false;
	n = take(g, wants, TAKEN);
	pthread_mutex_unlock(&f->lock);
	blobs_ask(f, wants, n);
	pthread_mutex_lock(&f->lock);
	return true;
}

/* Opens an image that no hand has begun with. */
static bool do_open(struct hand *h)
{
	struct fetcher *f = h->f;
	struct group *g = find_group(h, can_open);
	struct scene *s;
	size_t n;

	if (!g)
		return false;
	s = g->scene;
	s->opening = true;
	s->users++; /* its records may all be set aside */
	g->state = GROUP_OPENING;
	pthread_mutex_unlock(&f->lock);
	n = group_open(h, g);
	pthread_mutex_lock(&f->lock);
	g->n = n;
	s->opening = false;
	scenes_put(f, s);
	g->state = GROUP_GOING;
	if (!g->left)
		drop_group(f, g);
	wake_all(f);
	return true;
}

/* Reads a run of windows of one image. */
static bool do_run(struct hand *h)
{
	struct fetcher *f = h->f;
	struct want *wants[RUN];
	struct group *g = find_group(h, can_run);
	size_t n;

	if (!g)
		return false;
	n = take(g, wants, h->cpu ? RUN : 1);
	pthread_mutex_unlock(&f->lock);
	for (size_t i = 0; i < n; i++)
		want_render(h, wants[i]);
	pthread_mutex_lock(&f->lock);
	return true;
}

static bool do_work(struct hand *h)
{
	struct fetcher *f = h->f;

	form_sweep(f);
	if (!h->cpu)
		return do_open(h) || do_run(h);
	/* the network first: it works while we do */
	if (f->flying < GROUP_FLYING / 2 && do_ask(h))
		return true;
	return do_ready(h) || do_ask(h) || do_open(h) || do_run(h);
}

/* Until there may be work. Answers come one by one: more of them are gathered,
 * so that one awakening is for many. */
static void wait_for_work(struct hand *h)
{
	const struct timespec gather = {.tv_nsec = GATHER_NS};
	struct fetcher *f = h->f;

	f->waiting_hands += h->cpu;
	pthread_cond_wait(&f->has_work[h->cpu], &f->lock);
	f->waiting_hands -= h->cpu;
	if (!h->cpu || f->ending)
		return;
	f->gathering_hands++;
	pthread_mutex_unlock(&f->lock);
	nanosleep(&gather, NULL);
	pthread_mutex_lock(&f->lock);
	f->gathering_hands--;
}

static void *hand_main(void *arg)
{
	struct hand *h = arg;
	struct fetcher *f = h->f;

	/* images on servers are no files: these may be fewer */
	h->pool = raster_pool_new(h->cpu ? f->open_files : OTHERS_OPEN);
	h->codec = jpeg_codec_new();
	pthread_mutex_lock(&f->lock);
	while (!f->ending) {
		if (!do_work(h))
			wait_for_work(h);
	}
	pthread_mutex_unlock(&f->lock);
	raster_pool_free(h->pool);
	jpeg_codec_free(h->codec);
	return NULL;
}

int hands_start(struct fetcher *f, bool cpu, unsigned n, struct err *err)
{
	unsigned started = 0;

	f->hands = xreallocarray(f->hands, f->nhands + n, sizeof(*f->hands));
	for (; started < n; started++) {
		struct hand *h = xcalloc(1, sizeof(*h));

		h->f = f;
		h->cpu = cpu;
		if (pthread_create(&h->thread, NULL, hand_main, h)) {
			free(h);
			break;
		}
		f->hands[f->nhands++] = h;
	}
	/* fewer will do */
	if (n && !started)
		return err_set(err, "cannot start a thread (see ulimit -u and "
				    "-v)");
	return 0;
}

void hands_stop(struct fetcher *f)
{
	pthread_mutex_lock(&f->lock);
	f->ending = true;
	wake_all(f);
	pthread_mutex_unlock(&f->lock);
	for (unsigned i = 0; i < f->nhands; i++)
		pthread_join(f->hands[i]->thread, NULL);
	for (unsigned i = 0; i < f->nhands; i++)
		free(f->hands[i]);
	free(f->hands);
	f->hands = NULL;
	f->nhands = 0;
}
