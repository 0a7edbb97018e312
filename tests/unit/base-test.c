#include "base/base.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/num.h"
#include "base/thread.h"
#include "unit/tap.h"

#include <unistd.h>

static void test_numbers(void)
{
	char text[F64_TEXT];
	uint64_t u;
	int64_t i;
	double x;

	ok(!parse_u64("18446744073709551615", &u) && u == UINT64_MAX,
		"the largest u64");
	ok(parse_u64("18446744073709551616", &u), "u64 overflow is refused");
	ok(parse_u64("-1", &u) && parse_u64("", &u) && parse_u64("1 ", &u) &&
			parse_u64(" 1", &u) && parse_u64("+1", &u),
		"signs, blanks and nothing are refused");
	ok(!parse_i64("-9223372036854775808", &i) && i == INT64_MIN,
		"the smallest i64");
	ok(!parse_f64("-.5e1", &x) && x == -5, "a decimal number");
	ok(parse_f64("0x10", &x) && parse_f64("inf", &x) &&
			parse_f64("nan", &x) && parse_f64("1e999", &x) &&
			parse_f64("1,5", &x),
		"hex, inf, nan, overflow and commas are refused");
	f64_text(1, text);
	ok(!strcmp(text, "1.0"), "1 is 1.0");
	f64_text(0.1, text);
	ok(!strcmp(text, "0.1"), "0.1 is 0.1");
	f64_text(1e300, text);
	ok(!strcmp(text, "1e+300"), "1e300 keeps its e");
	f64_text(0.1 + 0.2, text);
	ok(!strcmp(text, "0.30000000000000004"), "17 digits where needed");
}

/* The table version, bit by bit: what both fast ways must agree with. */
static uint32_t crc_slow(const uint8_t *p, size_t len)
{
	uint32_t c = ~0u;

	while (len--) {
		c ^= *p++;
		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ (c & 1 ? 0x82f63b78u : 0);
	}
	return ~c;
}

static void test_hashes(void)
{
	uint8_t bytes[300], digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct sha256 *h = sha256_new();
	bool same = true;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + 1);
	ok(crc32c(0, "123456789", 9) == 0xe3069283, "CRC-32C check value");
	for (size_t n = 0; n < sizeof(bytes); n++)
		same = same && crc32c(0, bytes, n) == crc_slow(bytes, n);
	ok(same, "CRC-32C of every length");
	ok(crc32c(crc32c(0, bytes, 100), bytes + 100, 200) ==
			crc32c(0, bytes, 300),
		"CRC-32C in pieces");
	ok(hash_xxh64("", 0) == 0xef46db3751d8e999, "XXH64 of nothing");
	sha256_add(h, "abc", 3);
	sha256_value(h, digest);
	hex_bytes(digest, sizeof(digest), hex);
	ok(!strncmp(hex, "ba7816bf8f01cfea414140de5dae2223", 32), "SHA-256");
	sha256_free(h);
	ok(seeded_unit(0, "shift", str_from("a1")) !=
			seeded_unit(0, "shift.x", str_from("a1")),
		"another purpose, another number");
	ok(seeded_hash(12, "tie", str_from("k")) == hash_xxh64("12\0tie\0k", 8),
		"the seeded hash is XXH64 of SEED, PURPOSE, KEY");
}

static void test_map(void)
{
	struct map m = MAP_INIT;
	char key[16];
	bool good = true;

	for (size_t i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "key%zu", i);
		*map_put(&m, str_from(key)) = i;
	}
	for (size_t i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "key%zu", i);
		good = good && *map_get(&m, str_from(key)) == i &&
		       str_is(m.entries[i].key, key);
	}
	ok(good && m.len == 1000, "1000 keys, in order of insertion");
	ok(!map_get(&m, str_from("none")), "a key that is not there");
	map_release(&m);
}

static void slow_square(void *ctx, void *job, unsigned worker)
{
	uint64_t *v = job;

	(void)ctx, (void)worker;
	usleep((unsigned)(*v * 37 % 5) * 100);
	*v *= *v;
}

static void test_workers(void)
{
	struct workers *w = workers_new(4, 8, slow_square, NULL);
	uint64_t jobs[200], next = 0;
	bool ordered = true;
	uint64_t *done;

	for (uint64_t i = 0; i < 200; i++) {
		jobs[i] = i;
		if (workers_full(w)) {
			done = workers_get(w);
			ordered = ordered && *done == next * next;
			next++;
		}
		workers_put(w, &jobs[i]);
	}
	while ((done = workers_get(w))) {
		ordered = ordered && *done == next * next;
		next++;
	}
	ok(ordered && next == 200, "results come in the order of the jobs");
	workers_free(w);
	ok(cpu_count() >= 1, "there is a CPU");
}

int main(void)
{
	test_numbers();
	test_hashes();
	test_map();
	test_workers();
	return tap_done();
}
