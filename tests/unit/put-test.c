/* put.h writes the bytes that pack.h does, at every border of a format. */
#include "base/base.h"
#include "rec/pack.h"
#include "rec/put.h"
#include "tap.h"

#include <inttypes.h>
#include <math.h>

/* Room of exactly what a value may take, and a text as long as needed with
 * the bytes behind that may be read. */
enum { LONGEST = UINT16_MAX + 2 };

static size_t bad;

/* Whether the n bytes at p are those of b; frees both. */
static void compare(uint8_t *p, size_t n, struct buf *b)
{
	if (n != b->len || memcmp(p, b->data, n)) {
		printf("# %zu bytes, not %zu\n", n, b->len);
		bad++;
	}
	free(p);
	buf_release(b);
}

static void test_strings(void)
{
	static const size_t lens[] = {0, 1, 30, 31, 32, 33, 63, 64, 127, 128,
		254, 255, 256, 257, 65534, 65535, 65536, LONGEST};

	bad = 0;
	for (size_t i = 0; i < ARRAY_SIZE(lens); i++) {
		size_t len = lens[i];
		char *text = xmalloc(len + PUT_SLACK);
		uint8_t *p = xmalloc(len + PUT_SLACK + 5);
		struct buf b = BUF_INIT;

		for (size_t k = 0; k < len + PUT_SLACK; k++)
			text[k] = (char)('a' + k % 26);
		pack_str(&b, text, len);
		compare(p, (size_t)(put_str(p, text, len) - p), &b);
		p = xmalloc(len + PUT_SLACK + 5);
		b = (struct buf)BUF_INIT;
		pack_bin(&b, text, len);
		compare(p, (size_t)(put_bin(p, text, len) - p), &b);
		free(text);
	}
	ok(!bad, "strings and bytes of %zu lengths", ARRAY_SIZE(lens));
}

static void test_maps(void)
{
	static const size_t sizes[] = {0, 1, 14, 15, 16, 17, 255, 256, 65535,
		65536, UINT32_MAX};

	bad = 0;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint8_t *p = xmalloc(5);
		struct buf b = BUF_INIT;

		pack_wide_map(&b, sizes[i]);
		compare(p, (size_t)(put_map(p, sizes[i]) - p), &b);
	}
	ok(!bad, "maps of %zu sizes", ARRAY_SIZE(sizes));
}

static void test_numbers(void)
{
	static const double doubles[] = {0, -0.0, 1, -1.5, 179.9999999,
		(double)INFINITY, (double)NAN, 5e-324};

	bad = 0;
	for (unsigned bits = 0; bits <= 64; bits++)
		for (int by = -1; by <= 1; by++) {
			uint64_t v = (bits < 64 ? UINT64_C(1) << bits : 0) +
				     (uint64_t)(int64_t)by;
			uint8_t *p = xmalloc(9);
			struct buf b = BUF_INIT;

			pack_u64(&b, v);
			compare(p, (size_t)(put_u64(p, v) - p), &b);
		}
	ok(!bad, "numbers round every power of two");
	bad = 0;
	for (size_t i = 0; i < ARRAY_SIZE(doubles); i++) {
		uint8_t *p = xmalloc(9);
		struct buf b = BUF_INIT;

		pack_f64(&b, doubles[i]);
		compare(p, (size_t)(put_f64(p, doubles[i]) - p), &b);
	}
	ok(!bad, "doubles");
}

int main(void)
{
	test_strings();
	test_maps();
	test_numbers();
	return tap_done();
}
