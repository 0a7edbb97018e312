#include "base/base.h"
#include "base/lines.h"
#include "unit/expr-cases.h"
#include "unit/tap.h"

static bool is_path(const struct path *path, const char *text)
{
	for (size_t i = 0; i < path->n; i++) {
		size_t n = strcspn(text, "/");

		if (!str_eq(path->parts[i], (struct str){text, n}))
			return false;
		text += n;
		if ((*text == '/') != (i + 1 < path->n))
			return false;
		text += *text == '/';
	}
	return true;
}

/* ctx counts the lookups. */
static void look_up(void *ctx, const struct path *path, struct expr_value *out)
{
	++*(size_t *)ctx;
	for (size_t i = 0; i < ARRAY_SIZE(record); i++)
		if (is_path(path, record[i].path))
			*out = record[i].value;
}

/* Of an area made from a way, with the tags of the record. */
static bool matches(const struct expr *e, expr_lookup_fn *fn, void *ctx)
{
	struct pair tags[ARRAY_SIZE(record)];
	struct expr_object o = {EXPR_WAY_AREA, tags, 0, fn, ctx};

	for (size_t i = 0; i < ARRAY_SIZE(record); i++) {
		struct str path = str_from(record[i].path);
		const char *slash = memchr(path.s, '/', path.len);

		if (!str_starts(path, "tags/"))
			continue;
		tags[o.n_tags++] = (struct pair){str_from(slash + 1),
			record[i].value.text};
	}
	return expr_match(e, &o);
}

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct err err = {""};
		struct expr *e = expr_parse(cases[i].text, NULL, &err);
		size_t lookups = 0;

		ok(e && matches(e, look_up, &lookups) == cases[i].holds,
			"%s is %s %s", cases[i].text,
			cases[i].holds ? "true" : "false", err.msg);
		expr_free(e);
	}
}

static void test_errors(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct err err = {""};
		struct expr *e = expr_parse(errors[i][0], NULL, &err);

		ok(!e && strstr(err.msg, errors[i][1]), "'%s': %s",
			errors[i][0], err.msg);
		expr_free(e);
	}
}

/* The three fields a, b and c are there when their bit in ctx is set. */
static void look_up_bits(void *ctx, const struct path *path,
	struct expr_value *out)
{
	unsigned bits = *(unsigned *)ctx;

	if (bits >> (path->parts[0].s[0] - 'a') & 1)
		out->kind = EXPR_OTHER;
}

/* Bit i of each says if it holds for the fields i. */
static void test_precedence(void)
{
	enum { A = 0xaa, B = 0xcc, C = 0xf0, ALL = 0xff };
	static const struct {
		const char *text;
		unsigned holds;
	} rows[] = {
		{"a OR b AND c", A | (B & C)},
		{"a AND b OR c", (A & B) | C},
		{"(a OR b) AND c", (A | B) & C},
		{"a AND (b OR c)", A & (B | C)},
		{"NOT a AND b", ~A & B & ALL},
		{"NOT a OR b", (~A | B) & ALL},
		{"NOT (a AND b) OR c", (~(A & B) | C) & ALL},
		{"NOT (a OR NOT b AND NOT (c OR a))",
			~(A | (~B & ~(C | A))) & ALL},
		{"a AND b AND c", A & B & C},
		{"a OR b OR c", A | B | C},
		{"a AND b OR b AND c OR a AND c", (A & B) | (B & C) | (A & C)},
		{"(a OR b) AND (b OR c) AND (a OR c)",
			(A | B) & (B | C) & (A | C)},
		{"!a&&!b||c", ((~A & ~B) | C) & ALL},
		{"not not a and not not not b", A & ~B & ALL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err err = {""};
		struct expr *e = expr_parse(rows[i].text, NULL, &err);
		unsigned holds = 0;

		for (unsigned bits = 0; e && bits < 8; bits++)
			holds |= (unsigned)matches(e, look_up_bits, &bits)
				 << bits;
		ok(e && holds == rows[i].holds, "%s %s", rows[i].text, err.msg);
		expr_free(e);
	}
}

static void add_path(void *ctx, const struct path *path)
{
	for (size_t i = 0; i < path->n; i++)
		buf_addf(ctx, "%.*s%c", (int)path->parts[i].len,
			path->parts[i].s, i + 1 < path->n ? '/' : ' ');
}

static void test_lookups(void)
{
	static const struct {
		const char *text;
		size_t lookups;
		const char *paths;
	} rows[] = {
		{"id", 1, "id "},
		{"id OR sim OR n", 1, "id sim n "},
		{"x AND sim AND n", 1, "x sim n "},
		{"id AND sim AND tags.x.\"y.z\"=1", 3, "id sim tags/x/y.z "},
		{"(x AND id) OR (id AND NOT x)", 3, "x id id x "},
		{"n=1,2,3,4", 1, "n "},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err err = {""};
		struct expr *e = expr_parse(rows[i].text, NULL, &err);
		struct buf paths = BUF_INIT;
		size_t lookups = 0;

		if (e) {
			matches(e, look_up, &lookups);
			expr_each_path(e, add_path, &paths);
		}
		ok(lookups == rows[i].lookups, "%s: %zu lookups", rows[i].text,
			lookups);
		ok(!strcmp(buf_str(&paths), rows[i].paths), "paths: %s",
			buf_str(&paths));
		buf_release(&paths);
		expr_free(e);
	}
}

/* Parses n times `before`, middle, n times `after`; whether that holds. */
static bool holds(size_t n, const char *before, const char *middle,
	const char *after, struct err *err)
{
	struct buf text = BUF_INIT;
	size_t lookups = 0;
	struct expr *e;
	bool match;

	*err = (struct err){""};
	for (size_t i = 0; i < n; i++)
		buf_adds(&text, before);
	buf_adds(&text, middle);
	for (size_t i = 0; i < n; i++)
		buf_adds(&text, after);
	e = expr_parse(buf_str(&text), NULL, err);
	match = e && matches(e, look_up, &lookups);
	expr_free(e);
	buf_release(&text);
	return match;
}

static void test_limits(void)
{
	struct err err;

	ok(holds(256, "(", "id", ")", &err), "256 parentheses %s", err.msg);
	ok(!holds(257, "(", "id", ")", &err) &&
			strstr(err.msg, "column 257: more than 256"),
		"257 parentheses: %s", err.msg);
	ok(!holds(5000, "(x OR NOT(", "id", "))", &err) &&
			strstr(err.msg, "more than 256"),
		"10000 parentheses: %s", err.msg);
	ok(!holds(60000, "(", "", "", &err) && strstr(err.msg, "more than 256"),
		"60000 parentheses: %s", err.msg);
	ok(holds(5000, "(id) AND ", "id", "", &err),
		"parentheses side by side %s", err.msg);
	ok(holds(30000, "! ", "id", "", &err), "30000 times NOT %s", err.msg);
	ok(holds(10000, "x OR ", "id", "", &err), "10000 times OR %s", err.msg);
	ok(holds(7000, "id AND ", "x OR id", "", &err), "7000 times AND %s",
		err.msg);
	ok(holds(20000, "", "n!=x", ",x", &err), "20001 values %s", err.msg);
	ok(holds(65534, "", "id", " ", &err), "65536 bytes %s", err.msg);
	ok(!holds(65535, "", "id", " ", &err) &&
			strstr(err.msg, "at most 65536 bytes"),
		"65537 bytes: %s", err.msg);
	ok(!holds(30000, "x.", "", "", &err) &&
			strstr(err.msg, "column 1: a field name is missing"),
		"30000 names: %s", err.msg);
	expr_free(NULL);
}

/* The line is an expression that test_cases() has tried. */
static bool is_tested(struct str line)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (str_is(line, cases[i].text))
			return true;
	return false;
}

/* Each literal line of the page's EXAMPLES stands among the cases. */
static void test_page(void)
{
	const char *top = getenv("top_srcdir");
	struct buf path = BUF_INIT;
	bool examples = false, literal = false;
	struct lines *lines;
	struct str line;
	struct err err;
	size_t n = 0;

	buf_addf(&path, "%s/man/skyfilters-expressions.5", top ? top : ".");
	lines = lines_open(buf_str(&path), 4096, &err);
	while (lines && lines_next(lines, &line, &err) == 1) {
		if (str_starts(line, ".Sh"))
			examples = str_is(line, ".Sh EXAMPLES");
		else if (str_starts(line, ".Ed"))
			literal = false;
		else if (str_starts(line, ".Bd"))
			literal = true;
		else if (examples && literal && ++n)
			ok(is_tested(line), "the page's example %.*s",
				(int)line.len, line.s);
	}
	ok(n >= 5, "%s has %zu examples", buf_str(&path), n);
	lines_close(lines);
	buf_release(&path);
}

/* The names of a path with '/' between them, or why it is none. */
static const struct {
	const char *text, *names;
} paths[] = {
	{"id", "id"},
	{"tags.building", "tags/building"},
	{"pred.0.class", "pred/0/class"},
	{"007.-1", "007/-1"},
	{"tags.addr:full", "tags/addr:full"},
	{"na\303\257ve.*&|[]{}'/", "na\303\257ve/*&|[]{}'/"},
	{"\"a.b\".\"c,d\"", "a.b/c,d"},
	{"\"\"", ""},
	{"a.\"\".b", "a//b"},
	{"\"a b=!<>()~\"", "a b=!<>()~"},
	{"\"q\\\"b\\\\\"", "q\"b\\"},
	{"", "!a field name is missing: ''"},
	{".a", "!a field name is missing: '.a'"},
	{"a.", "!a field name is missing: 'a.'"},
	{"a..b", "!a field name is missing: 'a..b'"},
	{"\"a", "!a quote is not closed: \"a"},
	{"a.\"b\\\"", "!a quote is not closed: a.\"b"},
	{"\"a\\", "!a quote is not closed"},
	{"a b", "!'a b' is no name of a field: put quotes around"},
	{"a,b", "!'a,b' is no name of a field"},
	{"a=", "!'a=' is no name"},
	{"a\"b\"", "!is no name"},
	{"\"a\"b", "!is no name"},
};

static void test_paths(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *want = paths[i].names;
		struct err err = {""};
		struct buf names = BUF_INIT;
		struct path p;

		if (!path_parse(&p, str_from(paths[i].text), &err)) {
			add_path(&names, &p);
			names.len--;
			path_release(&p);
		}
		ok(*want == '!' ? strstr(err.msg, want + 1) != NULL
				: !err.msg[0] && !strcmp(buf_str(&names), want),
			"the path '%s': %s%s", paths[i].text, buf_str(&names),
			err.msg);
		buf_release(&names);
	}
}

static void test_path_scan(void)
{
	static const char *const ends[] = {"a.b", "a.\"b\"", "a.b<1", "a.b b",
		"a.b)", "a.b~", "a.b\tc", "a.b,c", "a.b\"c"};
	struct err err;
	struct path p;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t used = 0;

		ok(!path_scan(&p, ends[i], strlen(ends[i]), &used, &err) &&
				is_path(&p, "a/b") &&
				used == (ends[i][2] == 'b' ? 3 : 5),
			"%s begins with a path of %zu bytes", ends[i], used);
		path_release(&p);
	}
	ok(path_parse(&p, (struct str){"a\0b", 3}, &err) == -1,
		"a NUL byte ends a name");
	ok(!path_parse(&p, (struct str){"\"a\0b\"", 5}, &err) &&
			str_eq(p.parts[0], (struct str){"a\0b", 3}),
		"a NUL byte in quotes");
	path_release(&p);
}

static void test_path_list(void)
{
	static const char *const bad[] = {"", ",", "a,", ",a", "a,,b", "a b",
		"a=b", "a,\"b", "a, b"};
	struct path_list l;
	struct err err;

	ok(!path_list_parse(&l, "id,tags.\"x,y\",win.0", &err) && l.n == 3 &&
			is_path(&l.items[0], "id") &&
			is_path(&l.items[1], "tags/x,y") &&
			is_path(&l.items[2], "win/0") &&
			str_is(l.names[1], "tags.\"x,y\"") &&
			str_is(l.names[2], "win.0"),
		"a list of paths, with names as they were written");
	path_list_release(&l);
	ok(!l.n && !l.items && !l.text, "a list released is empty");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err = (struct err){""};
		ok(path_list_parse(&l, bad[i], &err) == -1 && !l.items,
			"'%s' is no list: %s", bad[i], err.msg);
	}
}

int main(void)
{
	test_cases();
	test_errors();
	test_precedence();
	test_lookups();
	test_limits();
	test_page();
	test_paths();
	test_path_scan();
	test_path_list();
	return tap_done();
}
