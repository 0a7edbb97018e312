#include "base/base.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/map.h"
#include "base/num.h"
#include "base/thread.h"
#include "base/tsv.h"
#include "unit/tap.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
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

static bool prints_as(int64_t v, const char *want)
{
	char text[I64_TEXT];
	size_t n = i64_text(v, text);

	return n == strlen(want) && !memcmp(text, want, n);
}

static void test_i64_text(void)
{
	char want[I64_TEXT];
	int64_t v = 1;
	bool same = true;

	ok(prints_as(0, "0") && prints_as(-1, "-1") && prints_as(10, "10") &&
			prints_as(INT64_MAX, "9223372036854775807") &&
			prints_as(INT64_MIN, "-9223372036854775808"),
		"integers as text");
	for (int i = 0; i < 36; i++, v *= i % 2 ? -1 : -10) {
		for (int64_t k = v - 1; k <= v + 1; k++) {
			snprintf(want, sizeof(want), "%lld", (long long)k);
			same = same && prints_as(k, want);
		}
	}
	ok(same, "of every length");
}

/* The next of a fixed run of numbers (Marsaglia 2003, "Xorshift RNGs"). */
static uint64_t next_random(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

/* Numbers as people and programs write them, and any bits at all. */
static double random_f64(uint64_t *state)
{
	uint64_t r = next_random(state);
	double x;

	switch (r % 5) {
	case 0:
		return (double)((int64_t)(r >> 8) % INT64_C(1800000000)) / 1e7;
	case 1:
		return (double)(r >> 11) * 0x1p-53;
	case 2:
		return (double)(r % UINT64_C(2000000000000000));
	case 3:
		return (double)(1 + (r >> 8) % 16) *
		       (1.0 / (double)(UINT64_C(1) << r % 50));
	default:
		memcpy(&x, &r, sizeof(x));
		return x;
	}
}

/* Shortest text by trying, and what the C library reads. */
static void test_f64(void)
{
	uint64_t state = UINT64_C(88172645463325252);
	int wrong = 0, misread = 0, tried = 0;

	while (tried < 100000) {
		double x = random_f64(&state), y;
		char have[F64_TEXT], want[F64_TEXT];
		int n = 0;

		if (!isfinite(x))
			continue;
		tried++;
		for (int d = fabs(x) < DBL_MIN ? 1 : 15; d <= 17; d++) {
			n = snprintf(want, sizeof(want), "%.*g", d, x);
			if (strtod(want, NULL) == x)
				break;
		}
		wrong += f64_text_short(x, have) != (size_t)n ||
			 strcmp(have, want);
		y = f64_from_text(str_from(want));
		misread += y != x;
		n = snprintf(want, sizeof(want), "%.*g", 19, x);
		y = f64_from_text((struct str){want, (size_t)n});
		misread += y != strtod(want, NULL);
	}
	ok(!wrong, "the shortest text of %d numbers", tried);
	ok(!misread, "and numbers read back, also from more digits");
}

static void test_size(void)
{
	static const struct {
		const char *text;
		uint64_t want;
	} good[] = {
		{"0", 0},
		{"268435456", 268435456},
		{"1K", 1024},
		{"256KiB", 262144},
		{"256M", 268435456},
		{"1MiB", 1048576},
		{"2G", 2147483648},
		{"2GiB", 2147483648},
		{"18446744073709551615", UINT64_MAX},
		{"17179869183G", UINT64_MAX - 1073741823},
	};
	static const char *const bad[] = {"", "K", "1k", "1T", "1KB", "1Ki",
		"1KiBs", "1iB", "1 K", " 1", "1K ", "+1", "-1", "1.5G", "1e3",
		"0x10", "1,000", "1KK", "18446744073709551616", "17179869184G",
		"18014398509481984K", "99999999999999999999G"};
	uint64_t v;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ok(!parse_bytes(good[i].text, &v) && v == good[i].want,
			"the size '%s'", good[i].text);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(parse_bytes(bad[i], &v), "no size: '%s'", bad[i]);
}

static void test_percent(void)
{
	static const struct {
		uint64_t n;
		double percent;
		uint64_t want;
	} rows[] = {
		{1464, 50, 732},
		{1465, 50, 733},
		{1000, 33.3, 333},
		{1001, 33.3, 334},
		{1000, 0.1, 1},
		{1001, 0.1, 2},
		{100, 7, 7},
		{10000, 0.07, 7},
		{100000, 14.499, 14499},
		{1000, 29, 290},
		{1000, 100, 1000},
		{7, 1e-300, 1},
		{0, 50, 0},
		{9, 0, 0},
		{9, -0.0, 0},
		{UINT64_MAX, 100, UINT64_MAX},
		{UINT64_C(10000000000000000), 33.3, UINT64_C(3330000000000000)},
		{UINT64_C(10000000000000001), 33.3, UINT64_C(3330000000000001)},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ok(percent_of(rows[i].n, rows[i].percent) == rows[i].want,
			"%g%% of %llu", rows[i].percent,
			(unsigned long long)rows[i].n);
}

static void test_tsv(void)
{
	static const char text[] = "# head\n\na\tb\r\n#\nc d\te";
	struct tsv t = tsv_begin("t", text, strlen(text));
	struct str row[2];
	struct err err;

	ok(tsv_next(&t, row, 2, &err) == 1 && str_is(row[0], "a") &&
			str_is(row[1], "b") && t.line == 3,
		"a row behind comments");
	ok(tsv_next(&t, row, 2, &err) == 1 && str_is(row[0], "c d") &&
			str_is(row[1], "e") && t.line == 5,
		"a last row without a newline");
	ok(tsv_next(&t, row, 2, &err) == 0, "the end");
	t = tsv_begin("t", "\xef\xbb\xbf#x\n\xef\xbb\xbf\tb", 11);
	ok(tsv_next(&t, row, 2, &err) == 1 && t.line == 2 && row[0].len == 3 &&
			str_is(row[1], "b"),
		"a byte order mark counts at the start alone");
	t = tsv_begin("t", "\ta", 2);
	ok(tsv_next(&t, row, 2, &err) == -1 &&
			!strcmp(err.msg, "t: line 1: field 1 is empty"),
		"an empty field: %s", err.msg);
	t = tsv_begin("t", "\n\na", 3);
	ok(tsv_next(&t, row, 2, &err) == -1 &&
			!strncmp(err.msg, "t: line 3: 1 fields instead", 27),
		"a row too short: %s", err.msg);
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

/* The lines of a pipe as "N:line " each, and what ends them. */
static int read_lines(const char *text, size_t len, uint64_t limit,
	struct buf *out, struct err *err)
{
	int ends[2], saved = dup(STDIN_FILENO), rc = -1;
	struct lines *r;
	struct str line;

	if (pipe(ends) || write_all(ends[1], text, len, err))
		return -1;
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	buf_reset(out);
	r = lines_open("-", limit, err);
	while (r && (rc = lines_next(r, &line, err)) > 0)
		buf_addf(out, "%d:%.*s ", (int)lines_number(r), (int)line.len,
			line.s);
	lines_close(r);
	dup2(saved, STDIN_FILENO);
	close(saved);
	buf_str(out);
	return rc;
}

static void test_lines(void)
{
	struct buf out = BUF_INIT;
	struct err err;

	ok(!read_lines("a\n\nbc\r\n", 7, 10, &out, &err) &&
			!strcmp(out.data, "1:a 2: 3:bc\r "),
		"lines, empty ones too");
	ok(!read_lines("a\nb", 3, 10, &out, &err) &&
			!strcmp(out.data, "1:a 2:b "),
		"a last line without a newline");
	ok(!read_lines("", 0, 10, &out, &err) && !out.len, "no lines");
	ok(!read_lines("1234\n1234", 9, 4, &out, &err) &&
			!strcmp(out.data, "1:1234 2:1234 "),
		"lines as long as the limit");
	ok(read_lines("a\n12345", 7, 4, &out, &err) == -1 &&
			!strcmp(err.msg, "standard input: line 2 is longer "
					 "than the limit of 4 bytes"),
		"a line over the limit: %s", err.msg);
	ok(!lines_open("/nowhere", 1, &err) && strstr(err.msg, "'/nowhere'"),
		"a file that is not there: %s", err.msg);
	buf_release(&out);
}

static void test_hashes(void)
{
	uint8_t bytes[7000], digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct sha256 *h = sha256_new();
	bool same = true;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + 1);
	ok(crc32c(0, "123456789", 9) == 0xe3069283, "CRC-32C check value");
	/* every length, and long ones, for which there is another way */
	for (size_t n = 0; n < sizeof(bytes); n += n < 300 ? 1 : 61)
		same = same && crc32c(0, bytes, n) == crc_slow(bytes, n);
	ok(same, "CRC-32C of many lengths");
	ok(crc32c(crc32c(0, bytes, 100), bytes + 100, 6900) ==
			crc32c(0, bytes, 7000),
		"CRC-32C in pieces");
	ok(hash_xxh64("", 0) == 0xef46db3751d8e999, "XXH64 of nothing");
	sha256_add(h, "abc", 3);
	sha256_value(h, digest);
	hex_bytes(digest, sizeof(digest), hex);
	ok(!strncmp(hex, "ba7816bf8f01cfea414140de5dae2223", 32), "SHA-256");
	sha256_free(h);
	/* RFC 4231, test case 2 */
	hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, digest);
	hex_bytes(digest, sizeof(digest), hex);
	ok(!strcmp(hex, "5bdcc146bf60754e6a042426089575c7"
			"5a003f089d2739839dec58b964ec3843"),
		"HMAC-SHA-256");
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

static bool named(const char *path, const char *want)
{
	char *name = own_name(path);
	bool same = !strcmp(name, want);

	free(name);
	return same;
}

static void test_names(void)
{
	ok(named("a/b.tif", "b.tif") && named("b", "b") && named("", ""),
		"what stands behind the last slash");
	ok(named("models/x/", "x") && named("x//", "x") && named("/", ""),
		"not counting slashes at the end");
	ok(!chdir("/usr") && named(".", "usr") && named("./", "usr"),
		"the folder one is in has a name, too");
}

int main(void)
{
	test_numbers();
	test_i64_text();
	test_f64();
	test_size();
	test_percent();
	test_tsv();
	test_lines();
	test_hashes();
	test_map();
	test_workers();
	test_names();
	return tap_done();
}
