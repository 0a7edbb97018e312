#include "base/base.h"
#include "osm/select.h"
#include "base/io.h"
#include "unit/select-object.h"
#include "unit/tap.h"

#include <math.h>
#include <unistd.h>

static struct select *select_of(const char *expression)
{
	struct select *s = select_new();
	struct err err = {""};

	if (expression && select_add(s, expression, &err))
		ok(0, "%s: %s", expression, err.msg);
	select_seal(s);
	return s;
}

enum { NO = EXPR_NO, MAYBE = EXPR_MAYBE, YES = EXPR_YES };

/* The answers before the geometry, and of a line and an area with it. */
static void test_fields(void)
{
	static const struct {
		const char *text;
		int before, line, area;
	} rows[] = {
		{"building", YES, YES, YES},
		{"building=no", NO, NO, NO},
		{"area_m2<6", MAYBE, NO, YES},
		{"NOT area_m2<6", MAYBE, YES, NO},
		{"len_m>=5", MAYBE, YES, NO},
		{"building AND area_m2>6", MAYBE, NO, NO},
		{"highway AND area_m2>4", NO, NO, NO},
		{"highway OR area_m2>4", MAYBE, NO, YES},
		{"a/building", MAYBE, NO, YES},
		{"wa/building", YES, YES, YES},
		{"n/building", NO, NO, NO},
		{"id=w12", MAYBE, YES, NO},
		{"id=w*,a*", MAYBE, YES, YES},
		{"ver=3 AND NOT ts", YES, YES, YES},
		{"ver>3", NO, NO, NO},
		{"ts", NO, NO, NO},
		{"lon=10..11", MAYBE, YES, YES},
		{"lon=10..11 AND lat>51", MAYBE, NO, NO},
		{"NOT building OR NOT lat", MAYBE, NO, NO},
		{"tags.ver", NO, NO, NO},
	};
	struct pair tags[MAX_TAGS];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct select *s = select_of(rows[i].text);
		struct select_object o = object(WAY, tags, "building=yes name");
		int before, line, area;

		o.has_place = false;
		before = (int)select_match(s, &o);
		o.has_place = true;
		o.types = EXPR_LINE;
		line = (int)select_match(s, &o);
		o.types = EXPR_WAY_AREA;
		area = (int)select_match(s, &o);
		ok(before == rows[i].before && line == rows[i].line &&
				area == rows[i].area,
			"%s: %d, line %d, area %d", rows[i].text, before, line,
			area);
		select_free(s);
	}
}

static void test_unknown(void)
{
	struct pair tags[MAX_TAGS];
	struct select_object o = object(EXPR_NODE, tags, "a");
	struct select *s = select_of("ver=3");

	o.has_info = false;
	ok(select_match(s, &o) == EXPR_MAYBE, "the version is not known yet");
	select_free(s);
	s = select_of("id=n12");
	ok(select_match(s, &o) == EXPR_YES, "a node's id");
	select_free(s);
	s = select_of("id=r12 AND NOT area_m2");
	o.types = EXPR_RELATION;
	ok(select_match(s, &o) == EXPR_YES, "a relation's id");
	o.types = EXPR_RELATION | EXPR_RELATION_AREA;
	o.has_place = false;
	ok(select_match(s, &o) == EXPR_MAYBE,
		"it is not known if the relation is an area");
	o.types = EXPR_RELATION_AREA;
	o.has_place = true;
	o.size = NAN;
	ok(select_match(s, &o) == EXPR_YES, "an area whose size nobody knows");
	select_free(s);
	s = select_of("a/a");
	ok(select_match(s, &o) == EXPR_YES, "an area from a relation");
	select_free(s);
	select_free(NULL);
}

/* One of several is enough. */
static void test_several(void)
{
	struct select *s = select_new();
	struct pair tags[MAX_TAGS];
	struct select_object o = object(WAY, tags, "b");
	struct err err;

	ok(!select_add(s, "n/a AND x", &err) && !select_add(s, "w/b", &err) &&
			!select_add(s, "a/c", &err),
		"three expressions");
	select_seal(s);
	ok(select_match(s, &o) == EXPR_YES, "the second is true");
	o = object(WAY, tags, "c");
	ok(select_match(s, &o) == EXPR_MAYBE, "the third may be true");
	o = object(WAY, tags, "a x d");
	ok(select_match(s, &o) == EXPR_NO, "none is");
	ok(select_key(s, str_from("a")) && select_key(s, str_from("b")) &&
			select_key(s, str_from("c")) &&
			!select_key(s, str_from("x")) &&
			!select_key(s, str_from("")) &&
			!select_key(s, str_from("aa")),
		"keys");
	ok(select_types(s) == (EXPR_NODE | WAY | EXPR_RELATION_AREA),
		"types: %u", select_types(s));
	ok(select_add(s, "a AND", &err) == -1 &&
			strstr(err.msg, "column 6: a field name"),
		"%s", err.msg);
	select_free(s);
}

static enum expr_answer best_of(struct select *const *each, size_t n,
	unsigned set, const struct select_object *o)
{
	enum expr_answer best = EXPR_NO;

	for (size_t i = 0; i < n; i++) {
		enum expr_answer answer = select_match(each[i], o);

		if (set >> i & 1)
			best = MAX(best, answer);
	}
	return best;
}

/* With many expressions the answer is the same as of each by itself. */
static bool has_key(const struct select *s, const struct select_object *o)
{
	for (size_t i = 0; i < o->n_tags; i++)
		if (select_key(s, o->tags[i].key))
			return true;
	return false;
}

static void test_many(void)
{
	static const char *const texts[] = {"a", "a=1 AND b", "n/b", "c:*",
		"NOT a AND d", "e=1,2 OR f", "/g,h AND area_m2>4", "a/a=2",
		"w/a=3 AND NOT area_m2", "w/z"};
	static const char *const objects[] = {"a", "a=1", "a=1 b", "b", "c:x",
		"d", "d a=1", "e=2", "e=3", "f", "g", "h=7", "z", "a=2", "a=3",
		"z y a=1 b", ""};
	enum { N = ARRAY_SIZE(texts) };
	struct select *each[N];
	struct pair tags[MAX_TAGS];
	unsigned wrong = 0, keys_decide = 0;
	struct err err;

	for (size_t i = 0; i < N; i++)
		each[i] = select_of(texts[i]);
	/* each set of the expressions */
	for (unsigned set = 1; set < 1U << N; set++) {
		struct select *s = select_new();

		for (size_t i = 0; i < N; i++)
			if (set >> i & 1)
				wrong += select_add(s, texts[i], &err) != 0;
		select_seal(s);
		for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
			struct select_object o = object(WAY, tags, objects[i]);
			enum expr_answer answer;

			o.has_place = false;
			answer = select_match(s, &o);
			wrong += answer != best_of(each, N, set, &o);
			/* asked as one who knows the keys */
			o.has_key = has_key(s, &o);
			wrong += answer != select_match(s, &o);
			keys_decide += o.has_key && !select_has_tests(s);
		}
		select_free(s);
	}
	for (size_t i = 0; i < N; i++)
		select_free(each[i]);
	ok(!wrong && keys_decide, "the answer is the best of all expressions");
}

static void test_keys(void)
{
	static const struct {
		const char *text, *key;
		bool in;
	} rows[] = {
		{NULL, "anything", true},
		{NULL, "", true},
		{"addr:*", "addr:street", true},
		{"addr:*", "addr", false},
		{"*x*", "axb", true},
		{"*x*", "ab", false},
		{"NOT building", "highway", true},
		{"lon>3", "highway", true},
		{"lon>3 AND highway", "building", false},
		{"building OR addr:* AND NOT x", "addr:a", true},
		{"building OR addr:* AND NOT x", "x", false},
		{"a123456789012345678901234567890123456789012345678901234567890"
		 "123456789",
			"a123456789012345678901234567890123456789012345678901"
			"234567890123456789",
			true},
		{"a123456789012345678901234567890123456789012345678901234567890"
		 "123456789",
			"a123456789012345678901234567890123456789012345678901"
			"23456789012345678",
			false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct select *s = select_of(rows[i].text);

		ok(select_key(s, str_from(rows[i].key)) == rows[i].in,
			"'%s' is %s for %s", rows[i].key,
			rows[i].in ? "a key" : "none",
			rows[i].text ? rows[i].text : "all");
		select_free(s);
	}
}

static void test_ignore(void)
{
	static const char table[] = "name=*\tignore\naddr:*\tignore\n"
				    "area=yes\tignore\n";
	struct select *s = select_new();
	struct pair tags[MAX_TAGS];
	struct select_object o = object(WAY, tags, "name addr:city area=yes");
	struct err err = {""};

	ok(!select_ignore(s, "t", table, sizeof(table) - 1, &err), "a table %s",
		err.msg);
	select_seal(s);
	ok(select_match(s, &o) == EXPR_NO, "all tags are ignored");
	o = object(WAY, tags, "name area=no");
	ok(select_match(s, &o) == EXPR_YES, "one is not");
	ok(!select_key(s, str_from("name")) &&
			!select_key(s, str_from("addr:x")) &&
			select_key(s, str_from("area")) &&
			select_key(s, str_from("building")),
		"keys that alone are no reason");
	ok(select_types(s) == EXPR_ANY_TYPE, "any type");
	select_free(s);
	s = select_new();
	ok(!select_ignore(s, "t", table, sizeof(table) - 1, &err) &&
			!select_add(s, "name", &err),
		"an expression beside it");
	select_seal(s);
	o = object(WAY, tags, "name");
	ok(select_match(s, &o) == EXPR_YES && select_key(s, str_from("name")) &&
			!select_key(s, str_from("building")),
		"an expression can ask for what is ignored");
	ok(select_ignore(s, "t", "a\tb\n", 4, &err) == -1 &&
			strstr(err.msg, "t: line 1"),
		"%s", err.msg);
	select_free(s);
}

static bool in_box(const char *box, double lon, double lat)
{
	struct select *s = select_new();
	struct pair tags[MAX_TAGS];
	struct select_object o = object(EXPR_NODE, tags, "a");
	struct err err = {""};
	enum expr_answer answer = EXPR_NO;

	o.lon = lon;
	o.lat = lat;
	if (select_set_bbox(s, box, &err)) {
		ok(0, "%s: %s", box, err.msg);
	} else {
		select_seal(s);
		answer = select_match(s, &o);
		o.has_place = false;
		if (select_match(s, &o) != EXPR_MAYBE)
			ok(0, "without a place");
	}
	select_free(s);
	return answer == EXPR_YES;
}

static void test_bbox(void)
{
	static const double lons[] = {-180, -179.5, -90, 0, 1e-9, 90, 179.5,
		180};
	static const double lats[] = {-90, -10, 0, 45, 90};
	static const char *const tiles[] = {"-180,-90,0,0", "0,-90,90,0",
		"90,-90,180,0", "-180,0,0,90", "0,0,180,90"};
	static const char *const bad[] = {"", "1,2,3", "1,2,3,4,5", "1,2,3,",
		"a,2,3,4", "1,2,1,4", "1,2,3,2", "1,4,3,2", "1,2,181,4",
		"1,2,3,91", "1, 2,3,4", "nan,2,3,4"};
	size_t wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lons); i++)
		for (size_t j = 0; j < ARRAY_SIZE(lats); j++) {
			size_t n = 0;

			for (size_t k = 0; k < ARRAY_SIZE(tiles); k++)
				n += in_box(tiles[k], lons[i], lats[j]);
			wrong += n != 1;
		}
	ok(!wrong, "boxes side by side share nothing, and miss nothing");
	ok(in_box("1,2,3,4", 1, 2) && !in_box("1,2,3,4", 3, 3) &&
			!in_box("1,2,3,4", 2, 4) && in_box("1,2,3,4", 2, 3.9),
		"west and south are in");
	ok(in_box("170,2,-170,4", 175, 3) && in_box("170,2,-170,4", 180, 3) &&
			in_box("170,2,-170,4", -175, 3) &&
			!in_box("170,2,-170,4", -170, 3) &&
			!in_box("170,2,-170,4", 0, 3) &&
			!in_box("170,2,-170,4", 175, 5),
		"a box over the antimeridian");
	ok(!in_box("-180,-90,180,90", NAN, 1), "an object without a place");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct select *s = select_new();
		struct err err = {""};

		ok(select_set_bbox(s, bad[i], &err) == -1 &&
				strstr(err.msg, "west,south,east,north"),
			"%s", err.msg);
		select_free(s);
	}
}

/* A temporary file of this text; its name, to be freed. */
static char *make_file(const char *text)
{
	const char *dir = getenv("TMPDIR");
	struct buf path = BUF_INIT;
	struct err err;
	int fd;

	buf_addf(&path, "%s/select-XXXXXX", dir ? dir : "/tmp");
	buf_str(&path);
	fd = mkstemp(path.data);
	if (fd < 0 || write_all(fd, text, strlen(text), &err))
		ok(0, "cannot write '%s'", path.data);
	close(fd);
	return buf_detach(&path);
}

static void test_files(void)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{"\n# comment\n w/a \n\n  # more\nb=\"# \\\"#\" # end\nref=#5",
			NULL},
		{"a\n\nb AND # x\n", ": line 3: column 6: a field name"},
		{"# a\n\n", ": there is no expression in it"},
	};
	struct pair tags[MAX_TAGS];
	struct select_object o = object(WAY, tags, "ref=#5");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *path = make_file(rows[i].text);
		struct select *s = select_new();
		struct err err = {""};
		int rc = select_add_file(s, path, &err);

		if (rows[i].error)
			ok(rc == -1 && !strncmp(err.msg, path, strlen(path)) &&
					strstr(err.msg, rows[i].error),
				"%s", err.msg);
		else
			ok(!rc, "a file of expressions %s", err.msg);
		select_seal(s);
		ok(rows[i].error || (select_key(s, str_from("a")) &&
					    select_key(s, str_from("b")) &&
					    select_match(s, &o) == EXPR_YES),
			"its expressions");
		select_free(s);
		unlink(path);
		free(path);
	}
}

static void test_region(void)
{
	char *path = make_file("n\n1\n10 50\n10 51\n11 51\n11 50\nEND\nEND\n");
	struct select *s = select_new();
	struct pair tags[MAX_TAGS];
	struct select_object o = object(EXPR_NODE, tags, "a");
	struct err err = {""};

	ok(!select_set_region(s, path, &err), "a region %s", err.msg);
	select_seal(s);
	ok(select_match(s, &o) == EXPR_YES, "the object lies in it");
	o.lon = 11.5;
	ok(select_match(s, &o) == EXPR_NO, "it does not");
	ok(!select_set_bbox(s, "11,0,12,90", &err) &&
			select_match(s, &o) == EXPR_NO,
		"in the box only");
	o.lon = 10.5;
	ok(select_match(s, &o) == EXPR_NO, "in the region only");
	select_free(s);
	unlink(path);
	free(path);
}

int main(void)
{
	test_fields();
	test_unknown();
	test_several();
	test_many();
	test_keys();
	test_ignore();
	test_bbox();
	test_files();
	test_region();
	return tap_done();
}
