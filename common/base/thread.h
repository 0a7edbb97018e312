/*
 * thread.h - workers whose results come back in the order of the jobs.
 *
 * One thread (the owner) puts jobs in and takes them out; `threads` workers
 * call fn on them, each with its own number 0 … threads-1 for private state.
 * At most `depth` jobs are between put and get, which bounds memory.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <stddef.h>

struct workers;
typedef void work_fn(void *ctx, void *job, unsigned worker);

/*
 * Fewer workers where not all threads can be had; the end of the program, with
 * a message, where there is none.
 */
struct workers *workers_new(unsigned threads, size_t depth, work_fn *fn,
	void *ctx);
/* True when the next put would exceed `depth`: get first. */
bool workers_full(const struct workers *w);
void workers_put(struct workers *w, void *job);
/* The oldest job, waiting until it is done; NULL when none is under way. */
void *workers_get(struct workers *w);
/* The oldest job if it is done already, else NULL. */
void *workers_poll(struct workers *w);
/* Waits for the jobs under way, then ends the threads; the jobs are the
 * owner's: take them out with workers_get() first. */
void workers_free(struct workers *w);

/* The CPUs this process may use: affinity and cgroup quota, at least 1. */
unsigned cpu_count(void);

#endif
