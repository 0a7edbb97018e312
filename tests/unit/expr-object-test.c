/*
 * What expressions say about objects: their types and tags, what is not known
 * yet, which keys and types an object must have.
 */
#include "base/base.h"
#include "base/buf.h"
#include "expr/expr.h"
#include "unit/tap.h"

static const char *const fields[] = {"id", "area_m2", "lon", NULL};

static struct expr *parse(const char *text)
{
	struct err err = {""};
	struct expr *e = expr_parse(text, fields, &err);

	if (!e)
		ok(0, "%s: %s", text, err.msg);
	return e;
}

/* The field area_m2 is 5 when *ctx is set, else it is not known. */
static void look_up(void *ctx, const struct path *path, struct expr_value *out)
{
	if (path->n != 1 || !str_is(path->parts[0], "area_m2"))
		return;
	out->kind = *(bool *)ctx ? EXPR_NUMBER : EXPR_UNKNOWN;
	out->number = 5;
}

static struct pair tag(const char *key, const char *value)
{
	return (struct pair){str_from(key), str_from(value)};
}

/* Where fields are named, any other path is a tag's key. */
static void test_fields(void)
{
	static const struct {
		const char *text;
		enum expr_answer answer;
	} rows[] = {
		{"building", EXPR_YES},
		{"building=yes", EXPR_YES},
		{"tags.building=yes", EXPR_YES},
		{"tags.building!=yes", EXPR_NO},
		{"area_m2=5", EXPR_YES},
		{"area_m2<5", EXPR_NO},
		{"tags.area_m2=5", EXPR_NO},
		{"\"area_m2\"=7", EXPR_YES},
		{"tags.\"area_m2\"=7", EXPR_YES},
		{"w/area_m2=7", EXPR_YES},
		{"id", EXPR_NO},
		{"addr.full=x", EXPR_YES},
		{"tags.addr.full=x", EXPR_YES},
		{"addr:*", EXPR_YES},
		{"tags.addr:*=4", EXPR_YES},
		{"nothing,addr:street=4", EXPR_YES},
		{"tags", EXPR_NO},
		{"n/building", EXPR_NO},
		{"NOT n/building AND w/building", EXPR_YES},
	};
	const struct pair tags[] = {tag("building", "yes"), tag("area_m2", "7"),
		tag("addr.full", "x"), tag("addr:street", "4")};
	bool known = true;
	struct expr_object o = {EXPR_LINE, tags, ARRAY_SIZE(tags), look_up,
		&known};
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct expr *e = parse(rows[i].text);

		ok(e && expr_match3(e, &o) == rows[i].answer, "%s: %d",
			rows[i].text, (int)rows[i].answer);
		expr_free(e);
	}
	ok(!expr_parse("area_m2,x=1", fields, &err) &&
			strstr(err.msg, "column 8: AND or OR is missing"),
		"a field is in no list of keys: %s", err.msg);
	ok(!expr_parse("tags.=1", fields, &err) &&
			strstr(err.msg, "column 6: a key is missing behind "
					"'tags.'"),
		"a key is missing: %s", err.msg);
}

/* The three answers for a, b and c stand in ctx. */
static void look_up_answers(void *ctx, const struct path *path,
	struct expr_value *out)
{
	static const enum expr_kind kinds[] = {
		[EXPR_NO] = EXPR_ABSENT,
		[EXPR_MAYBE] = EXPR_UNKNOWN,
		[EXPR_YES] = EXPR_OTHER,
	};
	const int *answers = ctx;

	out->kind = kinds[answers[path->parts[0].s[0] - 'a']];
}

/* Kleene's logic: NOT turns round, AND is the least, OR the greatest. */
static int not3(int a)
{
	return EXPR_YES - a;
}

static int and3(int a, int b)
{
	return MIN(a, b);
}

static int or3(int a, int b)
{
	return MAX(a, b);
}

enum { N_THREE = 9 };

static int three(int which, const int *x)
{
	int a = x[0], b = x[1], c = x[2];

	switch (which) {
	case 0:
		return a;
	case 1:
		return not3(a);
	case 2:
		return and3(a, b);
	case 3:
		return or3(a, not3(b));
	case 4:
		return or3(and3(a, b), c);
	case 5:
		return not3(and3(or3(a, b), not3(c)));
	case 6:
		return and3(not3(or3(a, not3(b))), or3(b, not3(c)));
	case 7:
		return or3(a, not3(a));
	default:
		return and3(not3(not3(a)), not3(not3(not3(or3(b, c)))));
	}
}

static void test_three(void)
{
	static const char *const texts[N_THREE] = {"a", "NOT a", "a AND b",
		"a OR NOT b", "a AND b OR c", "NOT ((a OR b) AND NOT c)",
		"NOT (a OR NOT b) AND (b OR NOT c)", "a OR NOT a",
		"NOT NOT a AND NOT (NOT NOT (b OR c))"};

	for (int which = 0; which < N_THREE; which++) {
		struct err err = {""};
		struct expr *e = expr_parse(texts[which], NULL, &err);
		unsigned wrong = 0;

		for (int i = 0; e && i < 27; i++) {
			int x[3] = {i % 3, i / 3 % 3, i / 9};
			struct expr_object o = {EXPR_NODE, NULL, 0,
				look_up_answers, x};
			int want = three(which, x);

			wrong += (int)expr_match3(e, &o) != want;
			wrong += expr_match(e, &o) != (want == EXPR_YES);
		}
		ok(e && !wrong, "%s in three values %s", texts[which], err.msg);
		expr_free(e);
	}
}

/* What an object may be while its type is not known. */
static void test_types(void)
{
	enum { WAY = EXPR_LINE | EXPR_WAY_AREA };
	static const struct {
		const char *text;
		unsigned types;
		enum expr_answer answer;
	} rows[] = {
		{"w/building", WAY, EXPR_YES},
		{"a/building", WAY, EXPR_MAYBE},
		{"NOT a/building", WAY, EXPR_MAYBE},
		{"n/building", WAY, EXPR_NO},
		{"NOT n/building", WAY, EXPR_YES},
		{"a/nothing", WAY, EXPR_NO},
		{"a/building", EXPR_LINE, EXPR_NO},
		{"a/building", EXPR_WAY_AREA, EXPR_YES},
		{"wr/building AND area_m2>1", WAY, EXPR_MAYBE},
		{"n/building OR area_m2>1", WAY, EXPR_MAYBE},
		{"n/building AND area_m2>1", WAY, EXPR_NO},
		{"a/building", EXPR_RELATION_AREA, EXPR_YES},
		{"r/building", EXPR_RELATION | EXPR_RELATION_AREA, EXPR_YES},
		{"building", EXPR_UNTYPED, EXPR_YES},
		{"/building", EXPR_UNTYPED, EXPR_YES},
		{"nwra/building", EXPR_UNTYPED, EXPR_NO},
	};
	const struct pair tags[] = {tag("x", "y"), tag("building", "yes")};
	bool known = false;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct expr *e = parse(rows[i].text);
		struct expr_object o = {rows[i].types, tags, 2, look_up,
			&known};

		ok(e && expr_match3(e, &o) == rows[i].answer,
			"%s of the types %u: %d", rows[i].text, rows[i].types,
			(int)rows[i].answer);
		expr_free(e);
	}
}

static void add_key(void *ctx, const struct expr_pattern *key)
{
	buf_addf(ctx, "%s%.*s%s ", key->how == EXPR_PART ? "*" : "",
		(int)key->text.len, key->text.s,
		key->how == EXPR_WHOLE ? "" : "*");
}

static void test_needs(void)
{
	static const struct {
		const char *text, *needs; /* NULL: none */
		unsigned types;
	} rows[] = {
		{"building", "building ", EXPR_ANY_TYPE},
		{"NOT building", NULL, EXPR_ANY_TYPE},
		{"NOT NOT building", "building ", EXPR_ANY_TYPE},
		{"area_m2<5", NULL, EXPR_ANY_TYPE},
		{"n/power=tower", "power ", EXPR_NODE},
		{"building!=yes", "building ", EXPR_ANY_TYPE},
		{"a OR b", "a b ", EXPR_ANY_TYPE},
		{"a OR NOT b", NULL, EXPR_ANY_TYPE},
		{"n/a OR w/b,c", "a b c ",
			EXPR_NODE | EXPR_LINE | EXPR_WAY_AREA},
		{"a AND b", "a ", EXPR_ANY_TYPE},
		{"a AND NOT b", "a ", EXPR_ANY_TYPE},
		{"NOT a AND b", "b ", EXPR_ANY_TYPE},
		{"(a OR b) AND c", "c ", EXPR_ANY_TYPE},
		{"(a OR NOT b) AND (c OR d) AND NOT e", "c d ", EXPR_ANY_TYPE},
		{"(a OR b) AND (c OR d OR e)", "a b ", EXPR_ANY_TYPE},
		{"(a OR b AND c:*) OR d:* AND (e OR f)", "a b e f ",
			EXPR_ANY_TYPE},
		{"NOT (NOT a OR b)", "a ", EXPR_ANY_TYPE},
		{"NOT (NOT a AND NOT b)", "a b ", EXPR_ANY_TYPE},
		{"NOT (a AND b)", NULL, EXPR_ANY_TYPE},
		{"w/a AND a/b", "a ", EXPR_WAY_AREA},
		{"n/a AND w/b", "a ", 0},
		{"NOT n/a AND w/b", "b ", EXPR_LINE | EXPR_WAY_AREA},
		{"*x* AND addr:*", "addr:* ", EXPR_ANY_TYPE},
		{"*", "** ", EXPR_ANY_TYPE},
		{"building AND area_m2<5", "building ", EXPR_ANY_TYPE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct expr *e = parse(rows[i].text);
		struct buf keys = BUF_INIT;
		bool needs = e && expr_needs(e, add_key, &keys);

		ok(e && needs == (rows[i].needs != NULL) &&
				!strcmp(buf_str(&keys),
					needs ? rows[i].needs : ""),
			"%s needs %s", rows[i].text,
			needs ? buf_str(&keys) : "none");
		ok(e && expr_types(e) == rows[i].types, "%s of the types %u",
			rows[i].text, rows[i].types);
		buf_release(&keys);
		expr_free(e);
	}
}

static void test_is_keys(void)
{
	static const char *const keys[] = {"a", "a,b", "addr:*", "*x*",
		"a OR b", "(a OR b) OR c", "w/a OR w/b", "n/building", "*",
		"NOT NOT a"};
	static const char *const more[] = {"a=1", "a!=1", "NOT a", "a AND b",
		"a OR b=2", "n/a OR b", "area_m2", "a OR area_m2", "levels>=3"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct expr *e = parse(keys[i]);

		ok(e && expr_is_keys(e), "%s asks for keys only", keys[i]);
		expr_free(e);
	}
	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		struct expr *e = parse(more[i]);

		ok(e && !expr_is_keys(e), "%s asks for more", more[i]);
		expr_free(e);
	}
}

static unsigned draw(uint32_t *seed, unsigned n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (unsigned)(*seed >> 16) % n;
}

/* An expression over the keys a, b, c, with types, and the field area_m2. */
static void make(struct buf *b, uint32_t *seed, unsigned depth)
{
	static const char *const tests[] = {"a", "b", "c", "n/a", "w/b", "r/c",
		"a/a", "a,b", "area_m2", "b=1", "c!=1"};
	unsigned what = depth ? draw(seed, 8) : 0;

	if (what < 2) {
		buf_adds(b, tests[draw(seed, ARRAY_SIZE(tests))]);
		return;
	}
	buf_adds(b, what < 4 ? "NOT (" : "(");
	make(b, seed, depth - 1);
	if (what >= 4) {
		buf_adds(b, what & 1 ? " AND " : " OR ");
		make(b, seed, depth - 1);
	}
	buf_addc(b, ')');
}

static void see_key(void *ctx, const struct expr_pattern *key)
{
	*(unsigned *)ctx |= 1U << (key->text.s[0] - 'a');
}

/* Bits of what is wrong with e for one object: tags by the bits of `has`. */
static unsigned faults(const struct expr *e, unsigned type, unsigned has)
{
	struct pair tags[3];
	bool known;
	struct expr_object o = {type, tags, 0, look_up, &known};
	unsigned keys = 0;
	bool needs = expr_needs(e, see_key, &keys);
	enum expr_answer three, more;
	bool two;

	for (unsigned i = 0; i < 3; i++)
		if (has >> i & 1)
			tags[o.n_tags++] = tag(i ? i > 1 ? "c" : "b" : "a",
				has & 8 ? "1" : "2");
	known = true;
	two = expr_match(e, &o);
	known = false;
	three = expr_match3(e, &o);
	o.types |= EXPR_WAY_AREA;
	more = expr_match3(e, &o);
	return (two && needs && !(has & keys)) |
	       (unsigned)(two && !(expr_types(e) & type)) << 1 |
	       (unsigned)(three != EXPR_MAYBE && two != (three == EXPR_YES))
		       << 2 |
	       (unsigned)(more != EXPR_MAYBE && more != three) << 3;
}

/* What is said of unknown objects, and of those without a key, holds. */
static void test_random(void)
{
	enum { ROUNDS = 3000 };
	unsigned bad = 0, needy = 0;
	uint32_t seed = 7;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct buf text = BUF_INIT;
		unsigned keys = 0, fault = 0;
		struct expr *e;

		make(&text, &seed, 5);
		e = parse(buf_str(&text));
		for (unsigned i = 0; e && i < 5 * 16; i++)
			fault |= faults(e, 1U << (i / 16), i % 16);
		needy += e && expr_needs(e, see_key, &keys);
		if (!e || fault)
			ok(++bad && 0, "%s: faults %u", buf_str(&text), fault);
		buf_release(&text);
		expr_free(e);
	}
	ok(!bad && needy > ROUNDS / 10 && needy < ROUNDS * 9 / 10,
		"%u of %d expressions need keys, and all hold", needy, ROUNDS);
}

/* Each test by itself, as it was written. */
static void test_tests(void)
{
	static const char *const texts[] = {"building = yes , \"a\\\"b\"",
		"w/name,name:de!=x", "area_m2>=5", "\"NOT\""};
	const struct pair tags[] = {tag("building", "a\"b")};
	bool known = false;
	struct expr_object o = {EXPR_LINE, tags, 1, look_up, &known};
	struct expr *e =
		parse("building = yes , \"a\\\"b\"  AND NOT( w/name,name:de!=x "
		      "OR area_m2>=5) OR \"NOT\"");

	ok(e && expr_n_tests(e) == 4, "four tests");
	for (size_t i = 0; e && i < 4; i++)
		ok(str_is(expr_test_text(e, i), texts[i]), "test %zu: '%.*s'",
			i, (int)expr_test_text(e, i).len,
			expr_test_text(e, i).s);
	ok(e && expr_test_match(e, 0, &o) == EXPR_YES &&
			expr_test_match(e, 1, &o) == EXPR_NO &&
			expr_test_match(e, 2, &o) == EXPR_MAYBE,
		"what each says by itself");
	expr_free(e);
}

int main(void)
{
	test_fields();
	test_three();
	test_types();
	test_needs();
	test_is_keys();
	test_random();
	test_tests();
	return tap_done();
}
