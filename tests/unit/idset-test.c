/* Sets of ids: any ids, from many threads, and their ranks. */
#include "base/base.h"
#include "osm/idset.h"
#include "base/thread.h"
#include "tap.h"

#include <inttypes.h>

/* In ascending order; on both sides of every border that the set has. */
static const int64_t borders[] = {INT64_MIN, INT64_MIN + 1,
	-(INT64_C(1) << 36) - 1, -(INT64_C(1) << 36), -(INT64_C(1) << 32) - 1,
	-(INT64_C(1) << 32), -4097, -4096, -4095, -65, -64, -63, -1, 0, 1, 63,
	64, 4095, 4096, (INT64_C(1) << 32) - 1, INT64_C(1) << 32,
	(INT64_C(1) << 36) - 1, INT64_C(1) << 36, INT64_C(1) << 52,
	INT64_MAX - 1, INT64_MAX};

static bool has_rank(const struct idset *s, int64_t id, uint64_t rank)
{
	return idset_has(s, id) && idset_rank(idset_block(s, id), id) == rank;
}

static void test_empty(void)
{
	struct idset s = IDSET_INIT;

	ok(!idset_has(&s, 0) && !idset_has(&s, -1) && !idset_has(&s, INT64_MAX),
		"nothing is in an empty set");
	idset_seal(&s);
	ok(s.n == 0 && !idset_has(&s, 0), "and it can be sealed");
	idset_release(&s);
	idset_add(&s, 5);
	ok(idset_has(&s, 5) && !idset_has(&s, 4), "once released it is as new");
	idset_release(&s);
}

/* Added from the last to the first, each twice. */
static void test_borders(void)
{
	struct idset s = IDSET_INIT;
	size_t n = ARRAY_SIZE(borders), bad = 0;

	for (size_t i = n; i-- > 0;) {
		bad += idset_has(&s, borders[i]);
		idset_add(&s, borders[i]);
		idset_add(&s, borders[i]);
	}
	ok(!bad, "no id stands for another");
	idset_seal(&s);
	ok(s.n == n, "each counts once: %" PRIu64, s.n);
	for (size_t i = 0; i < n; i++)
		bad += !has_rank(&s, borders[i], i);
	ok(!bad, "ranks ascend from INT64_MIN to INT64_MAX");
	ok(!idset_has(&s, 2) && !idset_has(&s, INT64_C(1) << 40) &&
			!idset_has(&s, (INT64_C(1) << 52) + 1),
		"ids beside them are not there");
	idset_release(&s);
}

/* Every third id over several blocks: ranks within words and over them. */
static void test_dense(void)
{
	enum { FIRST = -10000, LAST = 10000, STEP = 3 };
	struct idset s = IDSET_INIT;
	size_t bad = 0;
	uint64_t rank = 0;

	for (int64_t id = FIRST; id <= LAST; id += STEP)
		idset_add(&s, id);
	idset_seal(&s);
	for (int64_t id = FIRST; id <= LAST; id++) {
		if ((id - FIRST) % STEP)
			bad += idset_has(&s, id);
		else
			bad += !has_rank(&s, id, rank++);
	}
	ok(!bad && s.n == rank, "every third of 20,001 ids: %" PRIu64, s.n);
	idset_release(&s);
}

enum { THREADS = 8, JOBS = 64, PER_JOB = 2000 };

/* Jobs share blocks, words and regions, and half of them far ones. */
static int64_t id_of(size_t job, size_t i)
{
	int64_t region = (int64_t)(i % 5) - 2;

	return region * (INT64_C(1) << (job % 2 ? 32 : 40)) +
	       (int64_t)(job / 2 + i * 7);
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void add_ids(void *ctx, void *job, unsigned worker)
{
	size_t number = *(size_t *)job;
	int64_t ids[PER_JOB];

	(void)worker;
	for (size_t i = 0; i < PER_JOB; i++)
		ids[i] = id_of(number, i);
	/* now and then many of one word */
	qsort(ids, PER_JOB / 2, sizeof(*ids), by_id);
	idset_add_all(ctx, ids, PER_JOB);
}

static void test_threads(void)
{
	struct idset s = IDSET_INIT, one = IDSET_INIT;
	struct workers *w = workers_new(THREADS, JOBS, add_ids, &s);
	size_t numbers[JOBS], bad = 0;

	for (size_t i = 0; i < JOBS; i++) {
		numbers[i] = i;
		workers_put(w, &numbers[i]);
	}
	while (workers_get(w))
		;
	workers_free(w);
	for (size_t i = 0; i < JOBS; i++)
		add_ids(&one, &numbers[i], 0);
	idset_seal(&s);
	idset_seal(&one);
	for (size_t i = 0; i < JOBS; i++)
		for (size_t k = 0; k < PER_JOB; k++) {
			int64_t id = id_of(i, k);

			bad += !has_rank(&s, id,
				idset_rank(idset_block(&one, id), id));
		}
	ok(!bad && s.n == one.n,
		"%d threads at once make the set that one makes: %" PRIu64,
		THREADS, s.n);
	idset_release(&s);
	idset_release(&one);
}

int main(void)
{
	test_empty();
	test_borders();
	test_dense();
	test_threads();
	return tap_done();
}
