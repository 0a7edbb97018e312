/*
 * What rec-stat counts with: estimates against known sets, counts against
 * brute force, and memory that stays bounded.
 */
#include "base/base.h"
#include "base/hash.h"
#include "base/path.h"
#include "rec/line.h"
#include "rec/pack.h"
#include "stat/counter.h"
#include "stat/fields.h"
#include "stat/hll.h"
#include "stat/label.h"
#include "stat/provenance.h"
#include "stat/tag_counts.h"

#include <inttypes.h>
#include <math.h>

#include "unit/tap.h"

static uint64_t hash_of(uint64_t i)
{
	return hash_xxh3(&i, sizeof(i));
}

/* n values, each twice, that no other call has. */
static double estimate(unsigned bits, uint64_t n, double *std_error)
{
	static uint64_t next;
	struct hll *h = hll_new(bits);
	double got;

	for (uint64_t i = 0; i < n; i++) {
		hll_add(h, hash_of(next + i));
		hll_add(h, hash_of(next + i));
	}
	next += n;
	got = (double)hll_estimate(h);
	*std_error = hll_std_error(h);
	free(h);
	return got;
}

static void test_hll(void)
{
	static const uint64_t sizes[] = {1, 10, 100, 1000, 2560, 5000, 20000,
		41000, 100000, 1000000};
	enum { SETS = 64, SET = 2560 };
	double sum = 0, squares = 0, e;

	ok(estimate(14, 0, &e) == 0, "hll: nothing is 0");
	for (unsigned bits = 10; bits <= 14; bits += 4)
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			double n = (double)sizes[i];
			double got = estimate(bits, sizes[i], &e);

			ok(fabs(got - n) <= 3 * e * n,
				"hll: 2^%u registers, %.0f values: %.0f", bits,
				n, got);
		}
	/* where the first estimate is biased: 2.5 values a register */
	for (int i = 0; i < SETS; i++) {
		double off = estimate(10, SET, &e) / SET - 1;

		sum += off;
		squares += off * off;
	}
	ok(fabs(sum / SETS) < 3 * e / sqrt(SETS), "hll: no bias: %.4f",
		sum / SETS);
	ok(sqrt(squares / SETS) < 1.25 * e, "hll: the error is as said: %.4f",
		sqrt(squares / SETS));
}

/* Value k comes SCALE / (k + 1) times, at places that are mixed up. */
enum { VALUES = 20000, SCALE = 20000 };

static uint64_t truth(uint64_t k)
{
	return SCALE / (k + 1);
}

static struct str name_of(uint64_t i, char room[32])
{
	return (struct str){room,
		(size_t)snprintf(room, 32, "value %" PRIu64, i)};
}

static uint64_t feed(struct counter *c)
{
	uint32_t *stream = NULL;
	size_t n = 0, cap = 0;
	char room[32];

	for (uint32_t k = 0; k < VALUES; k++)
		for (uint64_t i = 0; i < truth(k); i++) {
			xgrow(&stream, &cap, n + 1, sizeof(*stream));
			stream[n++] = k;
		}
	for (size_t i = n - 1; i > 0; i--) {
		size_t other = (size_t)(hash_of(i) % (i + 1));
		uint32_t k = stream[i];

		stream[i] = stream[other];
		stream[other] = k;
	}
	for (size_t i = 0; i < n; i++)
		counter_add(c, name_of(stream[i], room));
	free(stream);
	return n;
}

static uint64_t value_of(struct str label)
{
	uint64_t v = 0;

	for (size_t i = strlen("value "); i < label.len; i++)
		v = 10 * v + (uint64_t)(label.s[i] - '0');
	return v;
}

static void test_exact(void)
{
	struct counted *top = xcalloc(VALUES + 1, sizeof(*top));
	struct counter_pool pool;
	struct counter *c;
	uint64_t total, sum = 0, wrong = 0;
	double e;
	size_t n;

	counter_pool_init(&pool, 16 << 20);
	c = counter_new(&pool, VALUES);
	total = feed(c);
	n = counter_top(c, top, VALUES + 1);
	for (size_t i = 0; i < n; i++) {
		sum += top[i].count;
		wrong += top[i].count != truth(value_of(top[i].label)) ||
			 top[i].error || top[i].cut ||
			 (i && top[i].count > top[i - 1].count);
	}
	ok(n == VALUES && !wrong, "exact: every count is right, in order");
	ok(sum == total && counter_total(c) == total, "exact: the total");
	ok(counter_is_exact(c) && counter_distinct(c, &e) == n && e == 0,
		"exact: the number of distinct values");
	ok(counter_floor(c) == 0, "exact: none is outside the table");
	free(top);
	counter_pool_release(&pool);
}

static void test_sketch(void)
{
	enum { MAX = 1000 };
	struct counted top[MAX];
	bool *there = xcalloc(VALUES, sizeof(*there));
	struct counter_pool pool;
	struct counter *c;
	uint64_t total, wrong = 0, missing = 0;
	double got, e;
	size_t n;

	counter_pool_init(&pool, 16 << 20);
	c = counter_new(&pool, MAX);
	total = feed(c);
	n = counter_top(c, top, MAX);
	for (size_t i = 0; i < n; i++) {
		uint64_t v = value_of(top[i].label), t = truth(v);

		there[v] = true;
		wrong += top[i].count < t || top[i].count - top[i].error > t;
	}
	for (uint64_t v = 0; v < VALUES; v++)
		missing += !there[v] && truth(v) > counter_floor(c);
	ok(n >= MAX / 2 && !wrong, "sketch: every bound holds");
	ok(!missing, "sketch: no value above the floor is missing");
	ok(counter_floor(c) > 0 && counter_floor(c) <= total / (MAX / 2),
		"sketch: the floor is at most total / (max / 2)");
	ok(value_of(top[0].label) == 0 && value_of(top[1].label) == 1 &&
			value_of(top[2].label) == 2,
		"sketch: the most frequent come first");
	got = (double)counter_distinct(c, &e);
	ok(!counter_is_exact(c) && e > 0 &&
			fabs(got - VALUES) <= 3 * e * VALUES,
		"sketch: %d distinct: %.0f", VALUES, got);
	free(there);
	counter_pool_release(&pool);
}

static void test_pool(void)
{
	enum { LIMIT = 100000, N = 20000 };
	struct counter_pool pool;
	struct counter *few, *many;
	bool bounded = true;
	char text[4 * COUNTER_LABEL];
	struct counted top[1];
	double e;

	counter_pool_init(&pool, LIMIT);
	few = counter_new(&pool, N);
	many = counter_new(&pool, N);
	memset(text, 'x', sizeof(text));
	for (uint64_t i = 0; i < N; i++) {
		char room[32];

		/* they differ behind what is kept */
		memcpy(text + 2 * COUNTER_LABEL, &i, sizeof(i));
		counter_add(many, (struct str){text, sizeof(text)});
		counter_add(few, name_of(i % 100, room));
		bounded &= pool.bytes <= LIMIT;
	}
	ok(bounded, "pool: its limit holds");
	ok(counter_is_exact(few) && !counter_is_exact(many),
		"pool: the largest counter gives way");
	ok(counter_distinct(few, &e) == 100, "pool: the small one is exact");
	ok(fabs((double)counter_distinct(many, &e) - N) <= 3 * 0.0082 * N,
		"pool: long values that begin alike are told apart");
	counter_top(many, top, 1);
	ok(top[0].cut && top[0].label.len == COUNTER_LABEL,
		"pool: of a long value the beginning is kept");
	counter_pool_release(&pool);
}

static void add_json(struct fields *f, const char *json)
{
	struct buf b = BUF_INIT;
	struct err err;

	if (line_to_rec(json, strlen(json), &b, &err))
		ok(0, "%s: %s", json, err.msg);
	fields_add(f, (struct val){(uint8_t *)b.data, b.len});
	buf_release(&b);
}

static void list_path(void *ctx, const struct field *field, struct str path)
{
	buf_addf(ctx, "%.*s:%" PRIu64 " ", (int)path.len, path.s,
		field->records);
}

static void test_fields(void)
{
	struct fields f = {.records = 0};
	struct buf b = BUF_INIT;
	const struct field *x;

	add_json(&f, "{\"a\":1,\"img\":{\"src\":\"s\",\"in\":{\"k\":1}},"
		     "\"tags\":{\"k\":\"v\"}}");
	add_json(&f, "{\"b.c\":[1,2],\"a\":-2.5,\"img\":{\"gsd\":3}}");
	add_json(&f, "{\"a\":{\"$num\":\"nan\"},\"b.c\":[]}");
	fields_each(&f, list_path, &b);
	ok(!strcmp(buf_str(&b), "a:3 img:2 img.src:1 img.in:1 img.gsd:1 "
				"tags:1 \"b.c\":2 "),
		"fields: in order, one level deep: %s", buf_str(&b));
	x = &f.top.items[0];
	ok(x->types[FIELD_INT] == 1 && x->types[FIELD_F64] == 2 &&
			x->bytes == 1 + 9 + 9,
		"fields: types and bytes");
	ok(x->numbers == 2 && x->not_finite == 1 && x->min == -2.5 &&
			x->max == 1 && x->mean == -0.75,
		"fields: numbers");
	x = &f.top.items[3];
	ok(x->lengths == 2 && x->shortest == 0 && x->longest == 2,
		"fields: lengths");
	for (int i = 0; i < 2 * MAX_FIELDS; i++) {
		char json[64];

		snprintf(json, sizeof(json), "{\"field %d\":1}", i);
		add_json(&f, json);
	}
	ok(f.n == MAX_FIELDS && f.others == 2 * MAX_FIELDS - (MAX_FIELDS - 7),
		"fields: too many are counted together");
	buf_release(&b);
	fields_release(&f);
}

static void add_tags(struct tag_counts *t, const char *key, int value)
{
	struct buf b = BUF_INIT;
	char text[32];

	snprintf(text, sizeof(text), "%d", value);
	pack_map(&b, 2);
	pack_cstr(&b, key);
	pack_cstr(&b, text);
	pack_cstr(&b, "building");
	pack_cstr(&b, "yes");
	tag_counts_add(t, (struct val){(uint8_t *)b.data, b.len});
	buf_release(&b);
}

static uint64_t count_values(const struct tag_counts *t, const char *key,
	double *std_error)
{
	struct buf b = BUF_INIT;
	uint64_t n = UINT64_MAX;

	pack_cstr(&b, key);
	if (!tag_counts_values(t, (struct str){b.data, b.len}, &n, std_error))
		n = UINT64_MAX;
	buf_release(&b);
	return n;
}

static void test_tags(void)
{
	enum { N = 3000 };
	struct counter_pool pool;
	struct tag_counts t;
	double e;

	counter_pool_init(&pool, 16 << 20);
	tag_counts_init(&t, &pool, N);
	for (int i = 0; i < N; i++)
		add_tags(&t, "ref", i % 1000);
	ok(count_values(&t, "ref", &e) == 1000 && e == 0 &&
			count_values(&t, "building", &e) == 1 && e == 0,
		"tags: values of a key, exactly");
	ok(count_values(&t, "none", &e) == UINT64_MAX,
		"tags: a key that never came");
	for (int i = 0; i < 3 * N; i++)
		add_tags(&t, "ref", i);
	ok(fabs((double)count_values(&t, "ref", &e) - 3 * N) <= 3 * e * 3 * N &&
			e > 0,
		"tags: values of a key, about");
	tag_counts_release(&t);
	counter_pool_release(&pool);
}

static void test_provenance(void)
{
	struct provenance p = {.n = 0};
	char id[32];
	uint64_t n = 0;

	while (!p.left_out && n < 1000000) {
		struct buf b = BUF_INIT;
		struct rec_view v = {.kind = REC_HEADER};

		snprintf(id, sizeof(id), "%016" PRIx64, n++ / 2);
		pack_map(&b, 2);
		pack_cstr(&b, "filler");
		pack_nil(&b);
		pack_cstr(&b, "id");
		pack_cstr(&b, id);
		v.val = (struct val){(uint8_t *)b.data, b.len};
		provenance_add(&p, &v);
		buf_release(&b);
	}
	ok(p.left_out == 1 && p.bytes <= MAX_PROVENANCE && p.n == (n - 1) / 2,
		"provenance: bounded, and what is left out is counted");
	ok(p.items[0].segments == 2, "provenance: each header once");
	provenance_release(&p);
}

static bool label_is(const struct buf *label, size_t len, const char *want)
{
	struct str rest = {label->data, len};
	struct buf b = BUF_INIT;
	struct piece p;
	bool same;

	while (piece_take(&rest, &p)) {
		add_piece(&b, &p);
		buf_addc(&b, '|');
	}
	same = !strcmp(buf_str(&b), want);
	if (!same)
		printf("# '%s', not '%s'\n", buf_str(&b), want);
	buf_release(&b);
	return same;
}

static void test_label(void)
{
	struct buf b = BUF_INIT;

	pack_cstr(&b, "a\033[1m\n\302\233\177\377\303\251");
	ok(label_is(&b, b.len, "a?[1m????\303\251|"),
		"label: nothing that a terminal obeys");
	pack_array(&b, 2);
	pack_u64(&b, 1);
	pack_f64(&b, 0.5);
	pack_cstr(&b, "");
	ok(label_is(&b, b.len, "a?[1m????\303\251|[1,0.5]|\"\"|"),
		"label: values of all types");
	ok(label_is(&b, b.len - 2, "a?[1m????\303\251|array...|"),
		"label: an array that is cut");
	buf_reset(&b);
	pack_cstr(&b, "ab\303\251\303\251");
	ok(label_is(&b, 4, "ab...|") && label_is(&b, 5, "ab\303\251...|"),
		"label: a str that is cut, at a character");
	buf_release(&b);
}

static void test_path(void)
{
	static const char *const names[] = {"tags", "addr.full", "", "a b",
		"say \"\\\"", "0", "\303\251=\001"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct buf b = BUF_INIT;
		struct path p = PATH_INIT;
		struct err err;
		bool same;

		buf_adds(&b, "x.");
		path_add_name(&b, str_from(names[i]));
		same = !path_parse(&p, (struct str){b.data, b.len}, &err) &&
		       p.n == 2 && str_is(p.parts[1], names[i]);
		ok(same, "path: %zu reads back", i);
		path_release(&p);
		buf_release(&b);
	}
}

int main(void)
{
	test_hll();
	test_exact();
	test_sketch();
	test_pool();
	test_fields();
	test_tags();
	test_provenance();
	test_label();
	test_path();
	return tap_done();
}
