#include "base/base.h"
#include "base/tsv.h"
#include "tags/gsd.h"
#include "tags/ignored.h"
#include "tags/pattern.h"
#include "unit/tap.h"

#include <math.h>

static int add(struct tag_patterns *p, const char *pattern, size_t number,
	struct err *err)
{
	return tag_patterns_add(p, str_from(pattern), number, err);
}

/* The number of the best pattern, -1 when none fits. */
static int best(const struct tag_patterns *p, const char *key,
	const char *value)
{
	size_t number;

	if (!tag_patterns_find(p, str_from(key), str_from(value), &number))
		return -1;
	return (int)number;
}

static void test_precedence(void)
{
	struct tag_patterns p = TAG_PATTERNS_INIT;
	struct err err;

	ok(!add(&p, "a:b:c=v", 1, &err) && !add(&p, "a:b:c=*", 2, &err) &&
			!add(&p, "a:b:*", 3, &err) && !add(&p, "a:*", 4, &err),
		"patterns of all kinds");
	ok(best(&p, "a:b:c", "v") == 1, "key=value wins over key=*");
	ok(best(&p, "a:b:c", "w") == 2, "key=* wins over prefix:*");
	ok(best(&p, "a:b:d", "v") == 3, "the longer prefix wins");
	ok(best(&p, "a:b", "v") == 4, "the shorter prefix");
	ok(best(&p, "a:", "v") == 4, "nothing behind the prefix");
	ok(best(&p, "a", "v") == -1, "a prefix does not fit itself");
	ok(best(&p, "ab:c", "v") == -1, "a prefix ends at its colon");
	ok(best(&p, "", "") == -1 && best(&p, "a:b=c", "v") == -1,
		"no key, and a key that no pattern can name");
	tag_patterns_release(&p);
}

static void test_forms(void)
{
	static const char *const bad[] = {"", "a", "a:", "*", ":*", "=*", "=v",
		"a=", "a*", "a=v*", "a=**", "a*=v", "a:**", "a:*:b:*", "*=v"};
	struct tag_patterns p = TAG_PATTERNS_INIT;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(add(&p, bad[i], 0, &err) == -1, "'%s' is no pattern",
			bad[i]);
	ok(!add(&p, "a=b=c; d", 0, &err), "a value may hold anything but '*'");
	ok(add(&p, "a=b=c; d", 0, &err) == -1 && strstr(err.msg, "twice"),
		"a pattern twice is refused: %s", err.msg);
	tag_patterns_release(&p);
}

static double class_of(const struct gsd_table *t, const char *key,
	const char *value)
{
	return gsd_table_class(t, str_from(key), str_from(value));
}

static void test_table(void)
{
	static const char text[] = "# comment\n\n"
				   "building=*\t1\troofs\r\n"
				   "building=no\t-\tnone\n"
				   "power=pole\t0.2\tshadow\n"
				   "natural=water\t10\tdark";
	struct err err;
	struct gsd_table *t = gsd_table_parse("t", text, strlen(text), &err);

	ok(t != NULL, "a table is read");
	if (!t)
		return;
	ok(class_of(t, "building", "house") == 1 &&
			class_of(t, "power", "pole") == 0.2 &&
			class_of(t, "natural", "water") == 10,
		"classes in metres");
	ok(class_of(t, "building", "no") == 0, "never");
	ok(class_of(t, "power", "tower") == 0, "unknown tags never show");
	gsd_table_free(t);
}

static void refuse(const char *text, const char *say)
{
	struct err err;
	struct gsd_table *t = gsd_table_parse("t", text, strlen(text), &err);

	ok(!t && strstr(err.msg, say), "refused: %s", t ? "no" : err.msg);
	gsd_table_free(t);
}

static void test_bad_tables(void)
{
	refuse("a=*\t1\tr\n\n# c\na=*\t1\tr\n", "t: line 4: 'a=*' is there");
	refuse("a=*\t2\tr\n", "t: line 1: '2' is none of the classes");
	refuse("a=*\t1.0\tr\n", "line 1: '1.0' is none");
	refuse("a=*\t1\n", "t: line 1: 2 fields instead of 3");
	refuse("a=*\t1\tr\tx\n", "line 1: 4 fields instead of 3");
	refuse("a=*\t1\t\n", "line 1: field 3 is empty");
	refuse("a=*\t\t1\tr", "line 1: field 2 is empty");
	refuse("a\t1\tr\n", "line 1: 'a' is none of key=value");
	refuse(" \n", "line 1: 1 fields instead of 3");
}

static void test_seeing(void)
{
	const double slack = GSD_SLACK_DEFAULT;

	ok(gsd_shows(0.6, 0.6, 0), "a class shows at its own GSD");
	ok(gsd_shows(0.6, 0.6002, slack) && !gsd_shows(0.6, 0.6002, 0),
		"real pixel sizes are within the slack");
	ok(gsd_shows(0.2, 0.132, slack) && !gsd_shows(0.1, 0.132, slack),
		"0.132 m shows 0.2, not 0.1");
	ok(gsd_shows(0.1, 0.1 * (1 + slack), slack), "the slack's own edge");
	ok(!gsd_shows(1, 1.11, slack), "beyond the slack");
	ok(gsd_shows(10, 30, slack) && gsd_shows(10, 1e6, 0),
		"the coarsest class is open upward");
	ok(!gsd_shows(0, 0.01, slack), "never");
	ok(!gsd_shows(1, NAN, slack), "no GSD shows nothing of 1 m");
}

static void test_ignored(void)
{
	static const char text[] = "name=*\tignore\na:*\tignore\n"
				   "a:b:*\tkeep\na:b:c=*\tignore\n"
				   "area=yes\tignore\nx=*\tignore\n"
				   "x=y\tkeep\na:v=k\tkeep\n";
	static const struct {
		const char *key, *value;
		bool by_key, by_tag;
	} rows[] = {
		{"name", "x", true, true},
		{"nam", "x", false, false},
		{"named", "x", false, false},
		{"", "", false, false},
		{"a:x", "", true, true},
		{"a:x:y", "", true, true},
		{"a", "x", false, false},
		{"aa:x", "x", false, false},
		/* the longer prefix wins, and a key over its prefix */
		{"a:b:x", "", false, false},
		{"a:b:c", "", true, true},
		/* the value decides */
		{"area", "yes", false, true},
		{"area", "no", false, false},
		{"x", "z", false, true},
		{"x", "y", false, false},
		{"a:v", "z", false, true},
		{"a:v", "k", false, false},
		/* a key that no pattern can name */
		{"a:x=y", "z", false, false},
	};
	struct err err = {""};
	struct ignored *t = ignored_parse("t", text, sizeof(text) - 1, &err);

	ok(t != NULL, "a table of ignored tags %s", err.msg);
	for (size_t i = 0; t && i < ARRAY_SIZE(rows); i++) {
		struct str key = str_from(rows[i].key);
		bool by_key = ignored_key(t, key);
		bool by_tag = ignored_tag(t, key, str_from(rows[i].value));

		ok(by_key == rows[i].by_key && by_tag == rows[i].by_tag,
			"%s=%s: by its key %s, with its value %s", rows[i].key,
			rows[i].value, by_key ? "ignored" : "kept",
			by_tag ? "ignored" : "kept");
	}
	ignored_free(t);
	ok(!ignored_parse("t", "a=*\tignore\nb=*\tdrop\n", 22, &err) &&
			strstr(err.msg, "t: line 2: 'drop' is none of ignore, "
					"keep"),
		"%s", err.msg);
	ok(!ignored_parse("t", "a*\tignore\n", 10, &err) &&
			strstr(err.msg, "t: line 1: 'a*' is none of"),
		"%s", err.msg);
	ignored_free(NULL);
}

static struct ignored *load_ignored(void)
{
	struct buf text = BUF_INIT;
	struct ignored *t = NULL;
	struct err err = {""};

	if (!tsv_load(NULL, "ignored-tags.tsv", &text, &err))
		t = ignored_parse("ignored-tags.tsv", text.data, text.len,
			&err);
	ok(t != NULL, "data/ignored-tags.tsv is well-formed %s", err.msg);
	buf_release(&text);
	return t;
}

static bool row_ignored(const struct ignored *t, struct str pattern)
{
	const char *eq = memchr(pattern.s, '=', pattern.len);
	struct str key = pattern, value = {"", 0};

	if (eq) {
		key.len = (size_t)(eq - pattern.s);
		value = (struct str){eq + 1, pattern.len - key.len - 1};
	}
	return !str_is(key, "area") && ignored_tag(t, key, value);
}

/* Ours takes no tag that another of our tables says is worth a look. */
static void test_own_ignored(void)
{
	static const struct {
		const char *table;
		const char *except; /* rows of this kind say nothing */
		size_t fields;
	} tables[] = {{"tag-gsd.tsv", "-", 3}, {"area-rules.tsv", "never", 2},
		{"head-keys.txt", NULL, 1}};
	struct ignored *t = load_ignored();

	for (size_t i = 0; t && i < ARRAY_SIZE(tables); i++) {
		struct buf text = BUF_INIT;
		struct err err = {""};
		struct str row[3];
		struct tsv tsv;
		size_t n = 0;

		ok(!tsv_load(NULL, tables[i].table, &text, &err), "%s %s",
			tables[i].table, err.msg);
		tsv = tsv_begin(tables[i].table, text.data, text.len);
		while (tsv_next(&tsv, row, tables[i].fields, &err) == 1) {
			if (tables[i].except &&
				str_is(row[1], tables[i].except))
				continue;
			n++;
			if (row_ignored(t, row[0]))
				ok(0, "%s has '%.*s', which is ignored",
					tables[i].table, (int)row[0].len,
					row[0].s);
		}
		ok(n > 10, "%zu rows of %s are not ignored", n,
			tables[i].table);
		buf_release(&text);
	}
	ignored_free(t);
}

static void test_own_tags(void)
{
	static const char *const ignored[] = {"created_by", "source",
		"source:x", "tiger:cfcc", "note", "ref:x", "addr:street",
		"name", "name:de", "wikidata"};
	static const char *const kept[] = {"building", "addr:interpolation",
		"type", "names", "reference"};
	struct ignored *t = load_ignored();

	for (size_t i = 0; t && i < ARRAY_SIZE(ignored); i++)
		ok(ignored_key(t, str_from(ignored[i])), "%s is ignored",
			ignored[i]);
	for (size_t i = 0; t && i < ARRAY_SIZE(kept); i++)
		ok(!ignored_key(t, str_from(kept[i])), "%s is kept", kept[i]);
	ok(t && row_ignored(t, str_from("type=multipolygon")) &&
			!row_ignored(t, str_from("type=route")),
		"what kind of relation");
	ignored_free(t);
}

int main(void)
{
	test_ignored();
	test_own_ignored();
	test_own_tags();
	test_precedence();
	test_forms();
	test_table();
	test_bad_tables();
	test_seeing();
	return tap_done();
}
