#include "base/base.h"
#include "osm/select.h"
#include "base/io.h"
#include "unit/tap.h"

#include <math.h>
#include <unistd.h>

enum { MAX_TAGS = 8 };

/* "a=b c" as the tags a=b and c=x; views into the text. */
static size_t read_tags(const char *text, struct pair *tags)
{
	size_t n = 0;

	while (*text && n < MAX_TAGS) {
		size_t len = strcspn(text, " "), key = strcspn(text, "= ");

		tags[n].key = (struct str){text, key};
		tags[n].value = key == len ? str_from("x")
					   : (struct str){text + key + 1,
						     len - key - 1};
		n++;
		text += len;
		text += *text == ' ';
	}
	return n;
}

/* A way of 5 m, or an area of 5 m2, version 3. */
static struct select_object object(unsigned types, struct pair *tags,
	const char *text)
{
	struct select_object o = {.types = types,
		.tags = tags,
		.id = 12,
		.has_info = true,
		.has_place = true,
		.ver = 3,
		.lon = 10.5,
		.lat = 50.5,
		.size = 5};

	o.n_tags = read_tags(text, tags);
	return o;
}

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
enum { WAY = EXPR_LINE | EXPR_WAY_AREA };

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
	ok(!select_add(s, "name", &err), "an expression beside it");
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

static void test_counts(void)
{
	static const char *const objects[] = {"a b", "a", "b c", "d"};
	struct select *s = select_of("a AND\tb =\tx OR area_m2>4");
	struct select_counts *sum, *parts[2];
	struct buf text = BUF_INIT;
	struct pair tags[MAX_TAGS];

	select_count_all(s);
	select_seal(s);
	ok(select_key(s, str_from("zzz")) && select_types(s) == EXPR_ANY_TYPE,
		"where all are counted, nothing is passed over");
	sum = select_counts_new(s);
	for (size_t i = 0; i < 2; i++)
		parts[i] = select_counts_new(s);
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		struct select_object o =
			object(i == 3 ? EXPR_WAY_AREA : WAY, tags, objects[i]);

		o.has_place = i == 3;
		select_counts_add(parts[i & 1], &o);
	}
	select_counts_merge(sum, parts[1]);
	select_counts_merge(sum, parts[0]);
	select_counts_print(sum, &text);
	ok(!strcmp(buf_str(&text), "kept\tremoved\ttest\n2\t2\ta\n"
				   "2\t2\tb = x\n1\t0\tarea_m2>4\n"),
		"counts: %s", buf_str(&text));
	buf_release(&text);
	for (size_t i = 0; i < 2; i++)
		select_counts_free(parts[i]);
	select_counts_free(sum);
	select_counts_free(NULL);
	select_free(s);
}

static void test_seen(void)
{
	struct select *s = select_new();
	struct select_seen *seen[2];
	struct buf text = BUF_INIT;
	struct err err;

	ok(!select_add(s, "bilding=yes AND NOT higway AND addr:*", &err) &&
			!select_add(s, "/name,bilding OR tags.*qq* OR lon<3",
				&err) &&
			!select_add(s, "nothingatall OR odr:*", &err),
		"expressions");
	select_seal(s);
	for (size_t i = 0; i < 2; i++)
		seen[i] = select_seen_new(s);
	select_seen_add(seen[0], str_from("building"));
	select_seen_add(seen[1], str_from("bidding"));
	select_seen_add(seen[0], str_from("building"));
	select_seen_add(seen[1], str_from("highway"));
	select_seen_add(seen[1], str_from("addr:street"));
	select_seen_add(seen[1], str_from("name"));
	select_seen_merge(seen[1], seen[0]);
	ok(select_seen_explain(seen[1], &text) &&
			!strcmp(buf_str(&text),
				"no object has the key 'bilding' (did you mean "
				"'building'?), no object has the key 'higway' "
				"(did you mean 'highway'?), no object has the "
				"key 'nothingatall', no object has a key "
				"'*qq*', no object has a key 'odr:*'"),
		"%s", buf_str(&text));
	select_seen_merge(seen[0], seen[1]);
	select_seen_add(seen[0], str_from("bilding"));
	select_seen_add(seen[0], str_from("higway"));
	select_seen_add(seen[0], str_from("aqqb"));
	select_seen_add(seen[0], str_from("nothingatall"));
	select_seen_add(seen[0], str_from("odr:"));
	ok(!select_seen_explain(seen[0], &text), "all are there");
	buf_release(&text);
	for (size_t i = 0; i < 2; i++)
		select_seen_free(seen[i]);
	select_seen_free(NULL);
	select_free(s);
}

int main(void)
{
	test_fields();
	test_unknown();
	test_several();
	test_keys();
	test_ignore();
	test_bbox();
	test_files();
	test_region();
	test_counts();
	test_seen();
	return tap_done();
}
