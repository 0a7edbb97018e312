/*
 * Tables and texts: the bytes as each of the tables, as a region, and as an
 * object's tags and a caption. What comes out is UTF-8 on one line.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "json/json.h"
#include "osm/areas.h"
#include "osm/region.h"
#include "tags/gsd.h"
#include "tags/ignored.h"
#include "text/caption.h"
#include "text/clean.h"
#include "text/templates.h"

static bool one_line(const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if ((unsigned char)b->data[i] < ' ')
			return false;
	return !b->len || utf8_valid(b->data, b->len);
}

/* "key\nvalue\nkey\nvalue" as tags. */
static size_t split_tags(struct str text, struct pair *tags, size_t max)
{
	size_t n = 0;

	while (text.len && n < max) {
		struct str *s = (struct str *)&tags[n / 2] + n % 2;
		const char *newline = memchr(text.s, '\n', text.len);

		s->s = text.s;
		s->len = newline ? (size_t)(newline - text.s) : text.len;
		text.s += s->len + (newline != NULL);
		text.len -= s->len + (newline != NULL);
		n++;
	}
	return n / 2;
}

static void use_tables(struct str text, const struct pair *tags, size_t n)
{
	struct caption_rules *rules = caption_rules_new();
	struct area_rules *areas;
	struct gsd_table *gsd;
	struct buf out = BUF_INIT;
	struct err err;

	(void)!caption_rules_connectors(rules, "fuzz", text.s, text.len, &err);
	(void)!caption_rules_head_keys(rules, "fuzz", text.s, text.len, &err);
	for (int form = CAPTION_LIST; form <= CAPTION_WITH; form++) {
		buf_reset(&out);
		if (caption_object(rules, form, tags, n, &out, &err) > 0)
			HOLDS(out.len && one_line(&out));
	}
	areas = area_rules_parse("fuzz", text.s, text.len, &err);
	if (areas) {
		unsigned closed = area_rules_closed(areas, tags, n);

		HOLDS(closed && closed <= (CLOSED_LINE | CLOSED_AREA));
		(void)!area_rules_print_osmium(areas, &out, &err);
	}
	gsd = gsd_table_parse("fuzz", text.s, text.len, &err);
	for (size_t i = 0; gsd && i < n; i++)
		HOLDS(gsd_table_class(gsd, tags[i].key, tags[i].value) >= 0);
	caption_rules_free(rules);
	area_rules_free(areas);
	gsd_table_free(gsd);
	buf_release(&out);
}

/* What is ignored by its key is ignored with any value. */
static void use_ignored(struct str text, const struct pair *tags, size_t n)
{
	struct err err;
	struct ignored *t = ignored_parse("fuzz", text.s, text.len, &err);

	for (size_t i = 0; t && i < n; i++)
		HOLDS(!ignored_key(t, tags[i].key) ||
			ignored_tag(t, tags[i].key, tags[i].value));
	ignored_free(t);
}

/* Whatever it holds lies on the globe. */
static void use_region(struct str text)
{
	struct err err;
	struct region *r = region_parse("fuzz", text.s, text.len, &err);

	HOLDS(r || !strncmp(err.msg, "fuzz: ", 6));
	for (int lon = -180; r && lon <= 180; lon += 5)
		for (int lat = -95; lat <= 95; lat += 5)
			HOLDS(!region_holds(r, lon, lat) || abs(lat) <= 90);
	region_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { TAGS = 64 };
	uint8_t *copy = fuzz_copy(data, size);
	struct str text = {(char *)copy, size};
	struct lines lines = LINES_INIT;
	struct buf out = BUF_INIT;
	struct pair tags[TAGS];
	size_t n = split_tags(text, tags, 2 * TAGS);
	struct err err;

	use_tables(text, tags, n);
	use_ignored(text, tags, n);
	use_region(text);
	if (!text_clean(text, &out, &err))
		HOLDS(one_line(&out));
	buf_reset(&out);
	if (!lines_parse(&lines, text.s, text.len, &err)) {
		HOLDS(lines.n > 0);
		if (!template_check(lines.items[0], &err))
			template_fill(lines.items[0], "class", &out);
	}
	lines_release(&lines);
	buf_release(&out);
	free(copy);
	return 0;
}
