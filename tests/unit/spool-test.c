/*
 * spool.h and store.h: what is put in comes out again, from memory and disk.
 */
#include "base/base.h"
#include "base/spool.h"
#include "base/store.h"

#include "tap.h"

/* String number i of test_store(): some are empty, some long. */
static size_t stored(uint32_t i, char *text)
{
	size_t len = i % 7 * (i % 5) * (i % 11) + (i == 40 ? 100000 : 0);

	memset(text, 'a' + (int)(i % 26), len);
	return len;
}

static bool store_holds(uint32_t n, uint32_t step)
{
	static char text[1 << 17];
	struct store *s = store_new();
	struct buf room = BUF_INIT;
	struct err err;
	uint32_t numbers[64];
	struct str out[64];
	bool good = true;

	for (uint32_t i = 0; good && i < n; i++)
		good = !store_put(s, text, stored(i, text), &err);
	good = good && store_count(s) == n && !store_seal(s, &err);
	for (uint32_t i = 0; good && i < n; i += step * 16) {
		size_t m = 0;

		while (m < 64 && i + m * step < n) {
			numbers[m] = i + (uint32_t)m * step;
			m++;
		}
		good = !store_read(s, numbers, m, &room, out, &err);
		for (size_t j = 0; good && j < m; j++)
			good = out[j].len == stored(numbers[j], text) &&
			       !memcmp(out[j].s, text, out[j].len);
	}
	store_free(s);
	buf_release(&room);
	return good;
}

static void test_store(void)
{
	struct store *s = store_new();
	struct err err;
	char byte = 0;

	ok(store_holds(0, 1) && store_holds(1, 1), "a store of few strings");
	ok(store_holds(900, 1) && store_holds(900, 7), "one in memory");
	ok(store_holds(60000, 1) && store_holds(60000, 313), "one in a file");
	ok(store_put(s, &byte, (size_t)1 << 30, &err) &&
			strstr(err.msg, "1073741824"),
		"a string that is too long for it");
	store_free(s);
	store_free(NULL);
}

static bool spool_gives(struct spool *s, size_t i, size_t len)
{
	struct err err;
	struct str out;

	if (spool_next(s, &out, &err) != 1 || out.len != len)
		return false;
	return !i || (out.s[0] == (char)i && out.s[len - 1] == 'x');
}

/* Puts n strings of growing length in, reads them back, twice. */
static bool spool_holds(size_t n, size_t step)
{
	struct spool *s = spool_new();
	char *text = xcalloc(n * step + 1, 1);
	bool good = true;
	struct err err;
	struct str out;

	memset(text, 'x', n * step);
	for (size_t i = 0; i < n; i++) {
		text[0] = (char)i;
		good = good && !spool_put(s, text, i * step, &err);
	}
	for (int round = 0; round < 2; round++) {
		good = good && !spool_rewind(s, &err);
		for (size_t i = 0; i < n && good; i++)
			good = spool_gives(s, i, i * step);
		/* the second round starts in the middle of the first */
		if (round == 0 && n > 1)
			good = good && !spool_rewind(s, &err) &&
			       spool_next(s, &out, &err) == 1;
		else
			good = good && spool_next(s, &out, &err) == 0;
	}
	spool_free(s);
	free(text);
	return good;
}

static void test_spool(void)
{
	ok(spool_holds(0, 1), "an empty spool");
	ok(spool_holds(100, 3), "a spool in memory");
	ok(spool_holds(2000, 7), "a spool in a file");
	ok(spool_holds(5, 3000000), "strings longer than its memory");
}

int main(void)
{
	test_spool();
	test_store();
	return tap_done();
}
