/*
 * rtree-bench.h - what the programs of tests/bench/rtree have in common; C and
 * C++.
 *
 *	PROGRAM FOOTPRINTS OBJECTS THREADS [VARIANT]
 *
 * Builds an index of the boxes of FOOTPRINTS and looks up each box of OBJECTS,
 * files of rtree-boxes.c. Prints on one line: CPU seconds to build, CPU seconds
 * of the queries per thread, number of pairs, and a sum over all pairs that
 * tells them apart.
 *
 * The program that includes this defines index_new() and query(). Threads take
 * the objects in blocks of BLOCK; what prepare() does for a block is not timed.
 */
#ifndef BENCH_RTREE_BENCH_H
#define BENCH_RTREE_BENCH_H

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 8192, MAX_THREADS = 64 };

struct box {
	double x0, y0, x1, y1;
};

struct pairs {
	uint64_t n, sum;
};

struct worker {
	pthread_t thread;
	struct job *job;
	double seconds;
	struct pairs pairs;
};

struct job {
	void *index;
	const struct box *objects;
	size_t n, at; /* at: of the next block, atomically */
};

/* A new index; variant: NULL, or which kind of it. */
static void *index_new(const struct box *boxes, size_t n, const char *variant);
/* What a thread needs for its queries. */
static void *room_new(void);
static void prepare(void *room, const struct box *boxes, size_t n);
/* Calls pair() for each pair; the first box has the number `first`. */
static void query(const void *index, void *room, const struct box *boxes,
	size_t n, size_t first, struct pairs *pairs);

static inline void pair(struct pairs *p, size_t object, uint64_t footprint)
{
	p->n++;
	p->sum += (footprint * UINT64_C(2654435761)) ^ object;
}

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const struct box *map_boxes(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	void *p;

	if (fd >= 0 && !fstat(fd, &st)) {
		*n = (size_t)st.st_size / sizeof(struct box);
		p = mmap(NULL, (size_t)st.st_size, PROT_READ,
			MAP_PRIVATE | MAP_POPULATE, fd, 0);
		close(fd);
		if (p != MAP_FAILED)
			return (const struct box *)p;
	}
	perror(path);
	exit(1);
}

static void *work(void *arg)
{
	struct worker *w = (struct worker *)arg;
	struct job *job = w->job;
	void *room = room_new();

	for (;;) {
		size_t at =
			__atomic_fetch_add(&job->at, BLOCK, __ATOMIC_RELAXED);
		size_t n;
		double start;

		if (at >= job->n)
			return NULL;
		n = job->n - at < BLOCK ? job->n - at : BLOCK;
		prepare(room, job->objects + at, n);
		start = seconds(CLOCK_THREAD_CPUTIME_ID);
		query(job->index, room, job->objects + at, n, at, &w->pairs);
		w->seconds += seconds(CLOCK_THREAD_CPUTIME_ID) - start;
	}
}

int main(int argc, char **argv)
{
	static struct worker workers[MAX_THREADS];
	struct job job;
	const struct box *footprints;
	struct pairs pairs = {0, 0};
	size_t nfootprints, nthreads;
	double start, build, spent = 0;

	if (argc < 4)
		return 2;
	nthreads = (size_t)strtoul(argv[3], NULL, 10);
	if (!nthreads || nthreads > MAX_THREADS)
		return 2;
	footprints = map_boxes(argv[1], &nfootprints);
	job.objects = map_boxes(argv[2], &job.n);
	job.at = 0;
	start = seconds(CLOCK_PROCESS_CPUTIME_ID);
	job.index =
		index_new(footprints, nfootprints, argc > 4 ? argv[4] : NULL);
	build = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
	for (size_t i = 0; i < nthreads; i++) {
		workers[i].job = &job;
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			return 1;
	}
	for (size_t i = 0; i < nthreads; i++) {
		pthread_join(workers[i].thread, NULL);
		spent += workers[i].seconds;
		pairs.n += workers[i].pairs.n;
		pairs.sum += workers[i].pairs.sum;
	}
	printf("%.4f %.4f %llu %llx\n", build, spent / (double)nthreads,
		(unsigned long long)pairs.n, (unsigned long long)pairs.sum);
	return 0;
}

#endif
