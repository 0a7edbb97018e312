#include "base/base.h"
#include "osm/region.h"
#include "unit/tap.h"

#include <math.h>

#define SQUARE(x)  "[[" #x ",0],[" #x ",1],[1" #x ",1],[1" #x ",0],[" #x ",0]]"
#define POLYGON(x) "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE(x) "]}"
#define FEATURE(g) "{\"type\":\"Feature\",\"properties\":{},\"geometry\":" g "}"

/* Whether 0.5, 5.5, 10.5, 15.5 and 20.5 east lie in it, at 0.5 north. */
static const struct {
	const char *what, *text;
	unsigned in;
} regions[] = {
	{"a polygon", POLYGON(0), 3},
	{"blanks in front", " \t" POLYGON(0), 3},
	{"a byte order mark", "\xef\xbb\xbf" POLYGON(0), 3},
	{"a polygon with heights",
		"{\"type\":\"Polygon\",\"coordinates\":"
		"[[[0,0,7],[10,0,7],[5,9,7],[0,0,7]]]}",
		3},
	{"a ring that is not closed",
		"{\"type\":\"Polygon\",\"coordinates\":"
		"[[[0,0],[0,1],[10,1],[10,0]]]}",
		3},
	{"a hole",
		"{\"type\":\"Polygon\",\"coordinates\":[" SQUARE(
			0) ",[[5,0],"
			   "[6,0],[6,1],[5,1],[5,0]]]}",
		1},
	{"a multipolygon",
		"{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE(
			0) "],[" SQUARE(5) "]]}",
		7},
	{"a feature", FEATURE(POLYGON(0)), 3},
	{"features that overlap",
		"{\"type\":\"FeatureCollection\",\"features\":[" FEATURE(
			POLYGON(0)) "," FEATURE(POLYGON(5)) "]}",
		7},
	{"a collection",
		"{\"type\":\"GeometryCollection\",\"geometries\":[" POLYGON(
			5) "]}",
		6},
	{"a .poly", "name\n1\n 0 0\n 0 1\n 10 1\n 10 0\nEND\nEND\n", 3},
	{"a .poly with exponents, tabs, CRLF and what osmosis closes",
		"name\r\n\r\narea\r\n\t0.0E+00\t0\r\n\t0 1\r\n\t1E1  1\r\n"
		"\t10 0\r\n\t0 0\r\nEND\r\nEND\r\n",
		3},
	{"a .poly without a name in it",
		"\n\nname\n1\n0 0\n0 1\n10 1\n10 0\nEND\nEND", 3},
	{"parts that overlap",
		"n\n1\n0 0\n0 1\n10 1\n10 0\nEND\n"
		"2\n5 0\n5 1\n15 1\n15 0\nEND\nEND\n",
		7},
	{"a part that is cut out",
		"n\n1\n0 0\n0 1\n20 1\n20 0\nEND\n"
		"!2\n5 0\n5 1\n15 1\n15 0\nEND\nEND\n",
		9},
	{"a part in what is cut out",
		"n\n1\n0 0\n0 1\n20 1\n20 0\nEND\n!2\n5 0\n5 1\n15 1\n15 0\n"
		"END\n3\n10 0\n10 1\n11 1\n11 0\nEND\nEND\n",
		13},
	{"around the world west",
		"n\n1\n-360 0\n-360 1\n-350 1\n-350 0\nEND\nEND\n", 3},
	{"around the world east",
		"n\n1\n350 0\n350 1\n360 1\n360 0\nEND\n"
		"2\n20 0\n20 1\n21 1\n21 0\nEND\nEND\n",
		16},
};

static void test_regions(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
		struct err err = {""};
		struct region *r = region_parse("f", regions[i].text,
			strlen(regions[i].text), &err);
		unsigned in = 0;

		for (unsigned j = 0; r && j < 5; j++)
			in |= (unsigned)region_holds(r, 5 * j + 0.5, 0.5) << j;
		ok(r && in == regions[i].in, "%s holds %u %s", regions[i].what,
			in, err.msg);
		region_free(r);
	}
}

static const char *const errors[][2] = {
	{"", "f: the file is empty"},
	{"\n \n", "f: line 2: the file is empty"},
	{"n", "f: line 1: the file ends without its last END"},
	{"n\nEND\n", "f: there is no polygon in it"},
	{"n\n1\n0 0\n0 1\n1 1\nEND\n", "line 6: the file ends without"},
	{"n\n1\n0 0\n0 1\n1 1\n", "line 5: the file ends without"},
	{"n\n1\n0 0\n0 1\nEND\nEND\n", "line 5: a ring of 2 points"},
	{"n\n1\n0 0\n0\nEND\nEND\n", "line 4: '0' is neither END nor"},
	{"n\n1\n0 0\n0 1 2\nEND\n", "line 4: '0 1 2' is neither END nor"},
	{"n\n1\n0 91\n", "line 3: 0, 91 is no longitude, latitude"},
	{"n\n1\n361 1\n", "line 3: 361, 1 is no longitude"},
	{"n\n1\nnan 1\n", "line 3: 'nan 1' is neither"},
	{"{", "f: "},
	{"{}", "f: a GeoJSON object has a \"type\""},
	{"{\"type\":\"Point\",\"coordinates\":[1,2]}",
		"f: a Point encloses nothing: give polygons"},
	{"{\"type\":\"Polygon\",\"coordinates\":[]}", "no polygon in it"},
	{"{\"type\":\"Polygon\"}", "no polygon in it"},
	{"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1]]]}",
		"a ring of 2 points encloses nothing"},
	{"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1],[2,2]]]}",
		"a ring's point 2 is no array"},
	{"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,99],[2,2]]]}",
		"1, 99 is no longitude"},
	{"{\"type\":\"FeatureCollection\",\"features\":[" FEATURE(
		 POLYGON(0)) "," FEATURE("null") "]}",
		"f: feature 2: a GeoJSON object has a \"type\""},
};

static void test_errors(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct err err = {""};
		struct region *r = region_parse("f", errors[i][0],
			strlen(errors[i][0]), &err);

		ok(!r && strstr(err.msg, errors[i][1]), "error: %s", err.msg);
		region_free(r);
	}
}

int main(void)
{
	struct err err;

	test_regions();
	test_errors();
	ok(!region_load("/nowhere.poly", &err) &&
			strstr(err.msg, "/nowhere.poly"),
		"no file: %s", err.msg);
	region_free(NULL);
	return tap_done();
}
