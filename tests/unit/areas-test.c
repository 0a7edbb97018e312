#include "base/base.h"
#include "osm/areas.h"
#include "tap.h"

#include <stdio.h>

static struct err err;

static struct area_rules *parse(const char *text)
{
	return area_rules_parse("rules", text, strlen(text), &err);
}

static const char table[] =
	"area=no\tonly-line\narea=yes\tonly-area\n"
	"building=*\tarea\nbuilding=no\tneither\nbuilding=ruin\tline\n"
	"highway=*\tline\nhighway=services\tarea\nhighway=plaza\tboth\n"
	"barrier=fence\tline\nbarrier=city_wall\tarea\n"
	"shop=*\tarea\nnote=x\tneither\nx:y=z\tline\n";

/* What a closed way with the tags "key=value …" is: "w", "a" or "wa". */
static const char *closed(const struct area_rules *r, const char *text)
{
	static const char *const names[] = {"", "w", "a", "wa"};
	struct pair tags[8];
	size_t n = 0;

	for (; *text; text += strspn(text, " ")) {
		size_t key = strcspn(text, "="), end = strcspn(text, " ");

		tags[n++] = (struct pair){{text, key},
			{text + key + 1, end - key - 1}};
		text += end;
	}
	return names[area_rules_closed(r, tags, n)];
}

static void is(const struct area_rules *r, const char *tags, const char *want)
{
	const char *got = closed(r, tags);

	ok(!strcmp(got, want), "'%s' is %s", tags, got);
}

static void test_closed(void)
{
	struct area_rules *r = parse(table);

	is(r, "", "w");
	is(r, "name=Somewhere", "w");
	is(r, "building=yes", "a");
	is(r, "building=no", "w");
	is(r, "building=no shop=yes", "a");
	is(r, "barrier=fence", "w");
	is(r, "barrier=fence shop=yes", "wa");
	is(r, "shop=yes highway=path name=x", "wa");
	is(r, "barrier=hedge shop=yes", "a");
	is(r, "highway=services", "a");
	is(r, "highway=plaza", "wa");
	is(r, "highway=plaza area=yes", "a");
	is(r, "highway=plaza area=no", "w");
	is(r, "area=yes barrier=fence", "a");
	is(r, "building=yes area=no", "w");
	is(r, "building=yes area=maybe", "a");
	is(r, "area=yes", "a");
	area_rules_free(r);
	r = parse("area=yes\tonly-area\nhighway=path\tonly-line\n"
		  "x:*\tarea\nx:a=*\tline\n");
	is(r, "area=yes highway=path", "w");
	is(r, "x:b=1", "a");
	is(r, "x:a=1", "w");
	is(r, "x:a=1 x:b=1", "wa");
	area_rules_free(r);
}

static void test_bad_rows(void)
{
	ok(!parse("a=b\tarea\n\n# c\na=*\tarena\n") &&
			strstr(err.msg, "rules: line 4: 'arena' is none of"),
		"a kind that is none: %s", err.msg);
	ok(!parse("a\tarea\n") && strstr(err.msg, "rules: line 1: "),
		"a pattern that is none: %s", err.msg);
	ok(!parse("a=b\tarea\na=b\tline\n") && strstr(err.msg, "line 2"),
		"a pattern that stands twice: %s", err.msg);
}

static void test_print(void)
{
	static const char want[] =
		"{\n\t\"attributes\": {\"type\": true, \"id\": true},\n"
		"\t\"linear_tags\": null,\n\t\"area_tags\": ["
		"\n\t\t\"barrier=city_wall\","
		"\n\t\t\"building!=no,ruin\","
		"\n\t\t\"highway=plaza,services\","
		"\n\t\t\"shop\""
		"\n\t]\n}\n";
	struct area_rules *r = parse(table);
	struct buf out = BUF_INIT;

	ok(!area_rules_print_osmium(r, &out, &err) &&
			!strcmp(buf_str(&out), want),
		"the table for osmium");
	area_rules_free(r);
	r = parse("x:a=1\tboth\nx:*\tarea\nx:y:*\tarea\nx=*\tline\n"
		  "y:*\tline\narea=yes\tonly-area\narea=no\tonly-line\n");
	buf_reset(&out);
	ok(!area_rules_print_osmium(r, &out, &err) &&
			strstr(buf_str(&out), ": [\n\t\t\"x:*\"\n\t]"),
		"a prefix and what it holds are one expression");
	area_rules_free(r);
	buf_release(&out);
}

static void test_not_said(void)
{
	static const char *const rows[][2] = {
		{"x:*\tarea\nx:a=b\tline\n", "'x:"},
		{"x:*\tarea\nx:y:*\tneither\n", "'x:y:"},
		{"a=b*\tarea\n", NULL},
		{"a=b,c\tarea\n", "'a=b,c'"},
		{"a=b\"\tarea\n", "'a=b\"'"},
		{"a!=b\tarea\n", "'a!=b'"},
		{"a=b=c\tline\n", "'a=b=c'"},
		{"x=y\tonly-line\n", "'x=y'"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct buf text = BUF_INIT, out = BUF_INIT;
		struct area_rules *r;

		buf_addf(&text, "area=yes\tonly-area\narea=no\tonly-line\n%s",
			rows[i][0]);
		r = parse(buf_str(&text));
		if (!rows[i][1])
			ok(!r, "no pattern: %s", err.msg);
		else
			ok(r && area_rules_print_osmium(r, &out, &err) == -1 &&
					strstr(err.msg, rows[i][1]),
				"osmium cannot: %s", err.msg);
		area_rules_free(r);
		buf_release(&text);
		buf_release(&out);
	}
}

static void test_built_in(void)
{
	static const char *const tables[] = {"", "area=yes\tonly-area\n",
		"area=no\tonly-line\narea=yes\tarea\n"};

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		struct area_rules *r = parse(tables[i]);
		struct buf out = BUF_INIT;

		ok(r && area_rules_print_osmium(r, &out, &err) == -1 &&
				strstr(err.msg, "area=yes"),
			"osmium has area=yes and area=no: %s", err.msg);
		area_rules_free(r);
		buf_release(&out);
	}
}

int main(void)
{
	test_closed();
	test_bad_rows();
	test_print();
	test_not_said();
	test_built_in();
	area_rules_free(NULL);
	return tap_done();
}
