/* STAC on disk: pages, queries, catalogues. */
#include "base/base.h"
#include "unit/stac-walk.h"

#define ITEM(id, collection, date, west)                                       \
	"{\"type\":\"Feature\",\"id\":\"" id "\",\"collection\":\"" collection \
	"\",\"bbox\":[" #west "," #west "," #west ".5," #west                  \
	".5],\"geometry\":null,\"properties\":{\"datetime\":\"" date           \
	"\"},\"assets\":{\"a\":{\"href\":\"" id ".tif\"}}}"

static void test_page(void)
{
	struct stac_query one = {.max_items = 1};

	file("page.json",
		"\xef\xbb\xbf{\"type\":\"FeatureCollection\",\"features\":[ " ITEM(
			"a", "c", "2020-01-01T00:00:00Z", 1) " ,\n" ITEM("b",
			"c", "2021-01-01T00:00:00Z",
			2) ",{\"id\":\"x\"},7,"
			   "{\"id\":tru}],\"links\":[]}");
	gives("items that are broken do not stop the others", &all, false,
		"page.json",
		"a\nb\n! x: no item (page.json) feature 3: it is no GeoJSON Feature\n"
		"! : no item (page.json) feature 4: it has no id\n"
		"! : no item (page.json) feature 5: not valid JSON: line 1, "
		"column 9: invalid token near 'tru'\n");
	gives("no more than that", &one, false, "page.json", "a\n");
	file("comma.json", "{\"features\":[{\"id\":1}{\"id\":2}]}");
	gives("a comma is missing", &all, false, "comma.json",
		"! : no item (comma.json) feature 1: it has no id\n"
		"error: comma.json: not valid JSON: behind feature 1 stands no comma\n");
	file("empty.json", "{\"type\":\"FeatureCollection\",\"features\":[]}");
	gives("a page of nothing", &all, false, "empty.json", "");
	file("two.json",
		"{\"features\":[],\"links\":[{\"rel\":\"next\",\"href\":"
		"\"page.json\"}]}");
	gives("and a next one", &one, false, "two.json", "a\n");
	file("loop.json",
		"{\"features\":[],\"links\":[{\"rel\":\"next\",\"href\":"
		"\"loop.json\"}]}");
	gives("a next one that is the same", &all, false, "loop.json",
		"error: loop.json: page 1 leads back to one that was read\n");
}

static void asks(const char *what, struct stac_query q, const char *bbox,
	const char *datetime, const char *want)
{
	struct err err;

	if (bbox && stac_query_bbox(&q, bbox, &err))
		ok(0, "%s", err.msg);
	if (datetime && stac_query_datetime(&q, datetime, &err))
		ok(0, "%s", err.msg);
	gives(what, &q, false, "ask.json", want);
}

static void test_query(void)
{
	struct stac_query none = {.collections = NULL};
	struct stac_query q = {.collections = "d,c"};
	struct err err;

	file("ask.json", "{\"features\":[" ITEM("a", "c",
				 "2020-01-31T23:00:00-02:00", 1) "," ITEM("b",
				 "e", "2021-01-01T00:00:00.5Z", 2) "]}");
	asks("of collections", q, NULL, NULL,
		"a\n- b: other collection (ask.json)\n");
	asks("of a box", none, "1.4,1.4,1.9,1.9", NULL,
		"a\n- b: outside the box (ask.json)\n");
	asks("of a box across the antimeridian", none, "170,0,1.2,3", NULL,
		"a\n- b: outside the box (ask.json)\n");
	asks("of a month", none, NULL, "2020-02",
		"a\n- b: outside the time (ask.json)\n");
	asks("of a day", none, NULL, "2020-02-01",
		"a\n- b: outside the time (ask.json)\n");
	asks("of a year", none, NULL, "2021",
		"- a: outside the time (ask.json)\nb\n");
	asks("of a moment", none, NULL, "2021-01-01T00:00:00Z",
		"- a: outside the time (ask.json)\nb\n");
	asks("of a time without an end", none, NULL, "2020-02-02/..",
		"- a: outside the time (ask.json)\nb\n");
	asks("of a time without a begin", none, NULL, "/2020",
		"a\n- b: outside the time (ask.json)\n");
	asks("of a span", none, NULL, "2020/2021-01-01", "a\nb\n");
	for (size_t i = 0; i < 6; i++) {
		static const char *const bad[] = {"../..", "2020-13",
			"2021/2020", "today", "2020-01-01T25:00:00Z", ""};

		ok(stac_query_datetime(&none, bad[i], &err), "no time: '%s'",
			bad[i]);
	}
	for (size_t i = 0; i < 5; i++) {
		static const char *const bad[] = {"1,2,3", "1,2,3,4,5",
			"1,50,2,40", "a,b,c,d", "1,2,3,94"};

		ok(stac_query_bbox(&none, bad[i], &err), "no box: %s", bad[i]);
	}
}

static void test_catalog(void)
{
	struct stac_query known = {.has_licence = true};

	mkdir("cat", 0777);
	mkdir("cat/town", 0777);
	file("cat/catalog.json",
		"{\"type\":\"Catalog\",\"id\":\"root\",\"stac_version\":\"1.0.0\","
		"\"links\":[{\"rel\":\"self\",\"href\":\"https://a.example/\"},"
		"{\"rel\":\"root\",\"href\":\"./catalog.json\"},"
		"{\"rel\":\"child\",\"href\":\"./town/collection.json\"},"
		"{\"rel\":\"child\",\"href\":\"town/collection.json\"},"
		"{\"rel\":\"child\",\"href\":\"gone.json\"},"
		"{\"rel\":\"child\",\"href\":\"ftp://a.example/c.json\"},"
		"{\"rel\":\"child\"}]}");
	file("cat/town/collection.json",
		"{\"stac_version\":\"0.9.0\",\"id\":\"town\",\"extent\":{},"
		"\"license\":\"proprietary\",\"providers\":[{\"name\":\"A\"},"
		"{\"name\":\"B\"}],\"links\":[{\"rel\":\"license\",\"href\":"
		"\"https://a.example/terms\"},{\"rel\":\"item\",\"href\":"
		"\"./1.json\"},{\"rel\":\"item\",\"href\":\"2.json\"},"
		"{\"rel\":\"child\",\"href\":\"../catalog.json\"},"
		"{\"rel\":\"parent\",\"href\":\"../catalog.json\"}]}");
	file("cat/town/1.json",
		"{\"type\":\"Feature\",\"id\":\"1\",\"properties\":{},"
		"\"geometry\":null,\"assets\":{\"a\":{\"href\":\"./1.tif\"}},"
		"\"links\":[{\"rel\":\"collection\",\"href\":"
		"\"./collection.json\"}]}");
	file("cat/town/2.json", "{");
	gives("a catalogue: each document once, broken ones set aside", &all,
		true, "cat/catalog.json",
		"1 collection=town licence=proprietary https://a.example/terms "
		"attribution=A, B cat/town/1.tif lacks proj:code, proj:epsg or "
		"proj:wkt2 wkb=0\n"
		"! : cannot read the document (cat/town/2.json) "
		"cat/town/2.json: not valid JSON: line 1, column 1: string or "
		"'}' expected near end of file\n"
		"! : cannot read the document (cat/gone.json) cannot open "
		"'cat/gone.json': No such file or directory\n"
		"! : bad link (cat/catalog.json) the link "
		"'ftp://a.example/c.json' leads to no file and no http or "
		"https URL\n"
		"! : bad link (cat/catalog.json) the link '' leads to no file "
		"and no http or https URL\n");
	gives("an item asks its collection for the licence", &all, true,
		"cat/town/1.json",
		"1 licence=proprietary https://a.example/terms "
		"attribution=A, B cat/town/1.tif lacks proj:code, proj:epsg or "
		"proj:wkt2 wkb=0\n");
	gives("unless that is known", &known, true, "cat/town/1.json",
		"1 cat/town/1.tif lacks proj:code, proj:epsg or proj:wkt2 "
		"wkb=0\n");
}

static void test_depth(void)
{
	for (int i = 0; i < 40; i++) {
		struct buf name = BUF_INIT, doc = BUF_INIT;

		buf_addf(&name, "deep%d.json", i);
		buf_addf(&doc,
			"{\"links\":[{\"rel\":\"child\",\"href\":"
			"\"deep%d.json\"}]}",
			i + 1);
		file(buf_str(&name), buf_str(&doc));
		buf_release(&name);
		buf_release(&doc);
	}
	gives("not without an end", &all, false, "deep0.json",
		"! : too deep (deep33.json) catalogues in catalogues, 32 "
		"deep\n");
}

static void test_api(void)
{
	struct stac_query q = {.collections = "c", .max_items = 9};

	file("landing.json",
		"{\"type\":\"Catalog\",\"links\":[{\"rel\":\"search\",\"href\":"
		"\"http://127.0.0.1:1/search\",\"method\":\"POST\"},{\"rel\":"
		"\"search\",\"href\":\"ftp://a.example/search\"}]}");
	gives("all that an API has is too much", &all, false, "landing.json",
		"error: landing.json: a search of all that an API has: say "
		"which with --collections or --bbox\n");
	gives("a search is at a URL", &q, false, "landing.json",
		"error: the link 'ftp://a.example/search' leads to no file and "
		"no http or https URL\n");
}

static void test_stop(void)
{
	struct http_limits limits = HTTP_LIMITS_USUAL;
	struct came came = {.lines = BUF_INIT, .stop = 1};
	struct stac_sink sink = {&came, take_item, take_aside, NULL};
	struct stac *s = stac_new(&all, &sink, &limits);
	struct err err = {""};

	ok(stac_read(s, "ask.json", &err) &&
			!strcmp(err.msg, "the sink is "
					 "full") &&
			!strcmp(buf_str(&came.lines), "a\n"),
		"the sink ends the walk: %s", err.msg);
	stac_free(s);
	buf_release(&came.lines);
}

int main(void)
{
	char folder[32];

	enter(folder);
	test_page();
	test_query();
	test_catalog();
	test_depth();
	test_api();
	test_stop();
	leave(folder);
	return tap_done();
}
