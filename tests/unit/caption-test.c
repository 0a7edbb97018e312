#include "base/base.h"
#include "base/tsv.h"
#include "text/caption.h"
#include "unit/tap.h"

#include <stdio.h>

static const char *const data_dir = "/data/";

/* "power=pole|voltage=16000" as tags; returns their number. */
static size_t split_tags(const char *text, struct pair tags[8])
{
	size_t n = 0;

	while (*text && n < 8) {
		size_t len = strcspn(text, "|"), eq = strcspn(text, "=");

		tags[n].key = (struct str){text, eq};
		tags[n++].value = (struct str){text + eq + 1, len - eq - 1};
		text += len + (text[len] == '|');
	}
	return n;
}

static void says(const struct caption_rules *r, enum caption_form form,
	const char *tags, const char *want)
{
	struct pair pairs[8];
	struct buf out = BUF_INIT;
	struct err err;
	size_t n = split_tags(tags, pairs);
	int rc = caption_object(r, form, pairs, n, &out, &err);

	if (!ok(rc == (*want != '\0') && !strcmp(buf_str(&out), want), "'%s'",
		    want))
		printf("# %s\n", rc < 0 ? err.msg : buf_str(&out));
	buf_release(&out);
}

static void test_published(const struct caption_rules *r)
{
	static const char *const rows[][3] = {
		{"landuse=quarry|resource=bauxite",
			"landuse of quarry, resource of bauxite",
			"landuse of quarry with resource of bauxite"},
		{"amenity=fountain", "amenity of fountain",
			"amenity of fountain"},
		{"natural=tree", "natural tree", "natural tree"},
		{"highway=footway", "road of footway", "road of footway"},
		{"power=plant|plant:source=solar|plant:method=thermal|"
		 "plant:output:electricity=19.9 MW",
			"power plant, plant source of solar, plant method of "
			"thermal, plant output electricity of 19.9 MW",
			"power plant with plant source of solar, plant method "
			"of thermal and plant output electricity of 19.9 MW"},
		{"power=minor_line|cables=3|voltage=16000",
			"power minor line, cables of 3, voltage of 16000",
			"power minor line with cables of 3 and voltage of "
			"16000"},
		{"power=pole", "power pole", "power pole"},
		{"man_made=pier", "man made pier", "man made pier"},
		{"man_made=bridge", "man made bridge", "man made bridge"},
		{"waterway=river", "waterway of river", "waterway of river"},
		{"building=yes|office=energy_supplier",
			"building, office of energy supplier",
			"building with office of energy supplier"},
		{"roof:shape=gabled", "roof shape of gabled",
			"roof shape of gabled"},
		{"building=yes|roof:material=tin|roof:shape=flat",
			"building, roof material of tin, roof shape of flat",
			"building with roof material of tin and roof shape of "
			"flat"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		says(r, CAPTION_LIST, rows[i][0], rows[i][1]);
		says(r, CAPTION_WITH, rows[i][0], rows[i][2]);
	}
}

static void test_order(const struct caption_rules *r)
{
	says(r, CAPTION_LIST, "roof:shape=flat|office=x|building=yes|sport=y",
		"building, roof shape of flat, office of x, sport of y");
	says(r, CAPTION_LIST, "b=1|a=2", "b of 1, a of 2");
	says(r, CAPTION_LIST, "surface=asphalt|highway=service",
		"road of service, surface of asphalt");
	says(r, CAPTION_WITH, "building=no|a=1|b=2|c=3|d=4",
		"a of 1 with b of 2, c of 3 and d of 4");
}

static void test_values(const struct caption_rules *r)
{
	says(r, CAPTION_LIST, "highway=yes", "road");
	says(r, CAPTION_LIST, "lit=YES", "lit");
	says(r, CAPTION_LIST, "bridge=no", "");
	says(r, CAPTION_LIST, "roof:solar_panel=NO|building=yes", "building");
	says(r, CAPTION_LIST, "", "");
	says(r, CAPTION_LIST, "surface=unpaved|leaf_type=broadleaved",
		"surface is unpaved, leaf type is broadleaved");
	says(r, CAPTION_LIST, "sport=soccer;basketball ; table_tennis",
		"sport of soccer and basketball and table tennis");
	says(r, CAPTION_LIST, "sport=;soccer;;", "sport of soccer");
	says(r, CAPTION_LIST, "natural=;tree", "natural tree");
	says(r, CAPTION_LIST, "sport=;|shop=|a= _", "");
	says(r, CAPTION_LIST, "_=yes|:=x", "");
	says(r, CAPTION_LIST, "a\tb=\n c\r\nd\x01__e\x7f ", "a b of c d e");
	says(r, CAPTION_LIST, "a=x\xc2\x85y\xe2\x80\xa8z\xc2\xa0w",
		"a of x y z w");
	says(r, CAPTION_LIST, "a=caf\xc3\xa9 \xe5\xb1\xb1",
		"a of caf\xc3\xa9 \xe5\xb1\xb1");
}

static void test_not_utf8(const struct caption_rules *r)
{
	static const char *const bad[] = {"a=\xff", "a=x\xc3", "a\xc0\xaf=1",
		"a=\xed\xa0\x80", "a=b;\xe2\x80"};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct pair tags[8];
		size_t n = split_tags(bad[i], tags);
		struct buf out = BUF_INIT;
		struct err err;

		ok(caption_object(r, CAPTION_LIST, tags, n, &out, &err) == -1,
			"not UTF-8 is refused (%zu)", i);
		buf_release(&out);
	}
}

static void test_bad_tables(void)
{
	struct caption_rules *r = caption_rules_new();
	struct err err;

	ok(caption_rules_connectors(r, "c", "a=*\t*\tof\na=*\t*\tis\n", 18,
		   &err) == -1 &&
			strstr(err.msg, "c: line 2: 'a=*' is there"),
		"a connector twice: %s", err.msg);
	ok(caption_rules_connectors(r, "c", "b=*\tof\n", 7, &err) == -1 &&
			strstr(err.msg, "c: line 1: 2 fields"),
		"too few fields: %s", err.msg);
	ok(caption_rules_head_keys(r, "h", "a\n#\na\n", 6, &err) == -1 &&
			strstr(err.msg, "h: line 3: 'a' is there twice"),
		"a head key twice: %s", err.msg);
	caption_rules_free(r);
}

/* Loads a table as it is shipped. */
static struct buf shipped(const char *name)
{
	const char *top = getenv("top_srcdir");
	struct buf path = BUF_INIT, text = BUF_INIT;
	struct err err;

	buf_addf(&path, "%s%s%s", top ? top : ".", data_dir, name);
	if (!ok(!tsv_load(buf_str(&path), NULL, &text, &err), "%s", name))
		printf("# %s\n", err.msg);
	buf_release(&path);
	return text;
}

int main(void)
{
	struct buf connectors = shipped("connectors.tsv");
	struct buf keys = shipped("head-keys.txt");
	struct caption_rules *r = caption_rules_new();
	struct err err = {""};

	ok(!caption_rules_connectors(r, "connectors.tsv", connectors.data,
		   connectors.len, &err),
		"connectors.tsv %s", err.msg);
	ok(!caption_rules_head_keys(r, "head-keys.txt", keys.data, keys.len,
		   &err),
		"head-keys.txt %s", err.msg);
	test_published(r);
	test_order(r);
	test_values(r);
	test_not_utf8(r);
	test_bad_tables();
	caption_rules_free(r);
	buf_release(&connectors);
	buf_release(&keys);
	return tap_done();
}
