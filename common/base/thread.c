#include "base/base.h"
#include "base/thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

struct slot {
	void *job;
	bool done;
};

struct worker {
	struct workers *pool;
	unsigned number;
	pthread_t thread;
};

/*
 * A ring of `depth` slots: jobs first … next-1 are under way or done, those
 * from `start` on have not been taken by a worker yet.
 */
struct workers {
	pthread_mutex_t lock;
	pthread_cond_t has_work, has_result;
	struct slot *ring; /* [depth] */
	size_t depth;
	uint64_t first, start, next;
	bool ending;
	work_fn *fn;
	void *ctx;
	struct worker *workers; /* [n] */
	unsigned n;
};

static void *worker_main(void *arg)
{
	struct worker *self = arg;
	struct workers *w = self->pool;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		struct slot *s;

		while (w->start == w->next && !w->ending)
			pthread_cond_wait(&w->has_work, &w->lock);
		if (w->start == w->next)
			break;
		s = &w->ring[w->start++ % w->depth];
		pthread_mutex_unlock(&w->lock);
		w->fn(w->ctx, s->job, self->number);
		pthread_mutex_lock(&w->lock);
		s->done = true;
		/* the owner waits for the first only */
		if (s == &w->ring[w->first % w->depth])
			pthread_cond_signal(&w->has_result);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct workers *workers_new(unsigned threads, size_t depth, work_fn *fn,
	void *ctx)
{
	struct workers *w = xcalloc(1, sizeof(*w));

	w->n = MAX(threads, 1);
	w->depth = MAX(depth, w->n);
	w->fn = fn;
	w->ctx = ctx;
	w->ring = xcalloc(w->depth, sizeof(*w->ring));
	w->workers = xcalloc(w->n, sizeof(*w->workers));
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->has_work, NULL);
	pthread_cond_init(&w->has_result, NULL);
	for (unsigned i = 0; i < w->n; i++) {
		int code;

		w->workers[i] = (struct worker){.pool = w, .number = i};
		code = pthread_create(&w->workers[i].thread, NULL, worker_main,
			&w->workers[i]);
		if (code && !i)
			xfail("cannot start a thread (see ulimit -u and -v)",
				code);
		if (code)
			w->n = i; /* fewer will do */
	}
	return w;
}

bool workers_full(const struct workers *w)
{
	return w->next - w->first == w->depth;
}

void workers_put(struct workers *w, void *job)
{
	pthread_mutex_lock(&w->lock);
	w->ring[w->next++ % w->depth] = (struct slot){job, false};
	pthread_cond_signal(&w->has_work);
	pthread_mutex_unlock(&w->lock);
}

static void *take(struct workers *w, bool wait)
{
	void *job = NULL;
	struct slot *s;

	pthread_mutex_lock(&w->lock);
	s = &w->ring[w->first % w->depth];
	if (w->first != w->next) {
		while (wait && !s->done)
			pthread_cond_wait(&w->has_result, &w->lock);
		if (s->done) {
			job = s->job;
			w->first++;
		}
	}
	pthread_mutex_unlock(&w->lock);
	return job;
}

void *workers_get(struct workers *w)
{
	return take(w, true);
}

void *workers_poll(struct workers *w)
{
	return take(w, false);
}

void workers_free(struct workers *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_broadcast(&w->has_work);
	pthread_mutex_unlock(&w->lock);
	for (unsigned i = 0; i < w->n; i++)
		pthread_join(w->workers[i].thread, NULL);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->has_work);
	pthread_cond_destroy(&w->has_result);
	free(w->ring);
	free(w->workers);
	free(w);
}

/* CPUs by the cgroup v2 quota of this process's group, rounded up; 0: none. */
static unsigned cgroup_cpus(void)
{
	FILE *f = fopen("/sys/fs/cgroup/cpu.max", "re");
	double quota, period;
	unsigned n = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%lf %lf", &quota, &period) == 2 && period > 0)
		n = (unsigned)((quota + period - 1) / period);
	fclose(f);
	return n;
}

unsigned cpu_count(void)
{
	cpu_set_t set;
	unsigned n = 1, quota = cgroup_cpus();

	if (!sched_getaffinity(0, sizeof(set), &set))
		n = (unsigned)MAX(CPU_COUNT(&set), 1);
	return quota && quota < n ? quota : n;
}
