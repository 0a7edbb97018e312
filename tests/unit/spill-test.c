/*
 * spill.h: what is put aside comes back, from memory and from files, in any
 * order, from several threads.
 */
#include "base/base.h"
#include "base/spill.h"

#include <pthread.h>

#include "tap.h"

enum { STRINGS = 3000 };

/* String number i: some are empty, some long. */
static void fill(struct buf *b, size_t i)
{
	size_t len = i % 13 ? i * 37 % 5000 : 0;

	buf_reset(b);
	if (len)
		memset(buf_extend(b, len), 'a' + (int)(i % 26), len);
}

static bool comes_back(struct spill *s, struct spill_place *at, size_t i)
{
	struct buf want = BUF_INIT, have = BUF_INIT;
	struct err err;
	bool same;

	fill(&want, i);
	same = !spill_take(s, at, &have, &err) && have.len == want.len &&
	       (!want.len || !memcmp(have.data, want.data, want.len)) &&
	       !at->p && !at->file;
	buf_release(&want);
	buf_release(&have);
	return same;
}

static bool put(struct spill *s, struct spill_place *at, size_t i)
{
	struct buf b = BUF_INIT;
	struct err err;
	int rc;

	fill(&b, i);
	rc = i % 2 ? spill_put(s, b.data, b.len, at, &err)
		   : spill_give(s, &b, at, &err);
	buf_release(&b);
	return !rc;
}

static void test_order(size_t memory, size_t step)
{
	static struct spill_place at[STRINGS];
	struct spill *s = spill_new(memory);
	size_t in_memory = 0;
	bool good = true;

	for (size_t i = 0; i < STRINGS && good; i++) {
		good = put(s, &at[i], i);
		in_memory += at[i].p ? at[i].len : 0;
	}
	ok(good && in_memory <= memory, "%zu bytes are in memory of %zu",
		in_memory, memory);
	for (size_t i = 0, k = 0; i < STRINGS && good; i++) {
		good = comes_back(s, &at[k], k);
		k = (k + step) % STRINGS;
	}
	ok(good, "in steps of %zu", step);
	/* the room is used again */
	good = put(s, &at[0], 1) && !at[0].file == (memory >= 37);
	ok(good && comes_back(s, &at[0], 1), "and then others");
	spill_free(s);
}

static void *churn(void *arg)
{
	struct spill *s = arg;
	struct spill_place at[50];
	bool good = true;

	for (size_t round = 0; round < 40; round++) {
		for (size_t i = 0; i < 50; i++)
			good = put(s, &at[i], i * 7 + round) && good;
		for (size_t i = 50; i-- > 0;) {
			if (i % 5)
				good = comes_back(s, &at[i], i * 7 + round) &&
				       good;
			else
				spill_drop(s, &at[i]);
		}
	}
	return good ? s : NULL;
}

static void test_threads(void)
{
	struct spill *s = spill_new(100000);
	pthread_t threads[4];
	bool good = true;
	void *got;

	for (size_t i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, churn, s))
			abort();
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], &got);
		good = good && got;
	}
	ok(good, "four threads at once");
	spill_free(s);
}

int main(void)
{
	test_order(0, 1);
	test_order(100000, 7);
	test_order(SIZE_MAX, 1999);
	test_threads();
	return tap_done();
}
