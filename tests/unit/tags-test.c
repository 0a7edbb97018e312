#include "base/base.h"
#include "base/tsv.h"
#include "tags/gsd.h"
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

int main(void)
{
	test_precedence();
	test_forms();
	test_table();
	test_bad_tables();
	test_seeing();
	return tap_done();
}
