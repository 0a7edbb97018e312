/*
 * A STAC document: its item is given whole or set aside with a reason, and what
 * its links lead to stays within what may be read.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "geo/lonlat.h"
#include "geo/shape.h"
#include "net/url.h"
#include "stac/priv.h"

#include <math.h>

static void check_grid(const struct stac_item *item)
{
	HOLDS(item->crs.len && !memchr(item->crs.s, '\0', item->crs.len));
	HOLDS(item->size[0] && item->size[1]);
	for (size_t i = 0; i < 6; i++)
		HOLDS(isfinite(item->transform[i]));
}

static int take_item(void *ctx, const struct stac_item *item, struct err *err)
{
	struct shape s = SHAPE_INIT;
	enum shape_kind kind;

	*(int *)ctx += 1;
	HOLDS(item->id.len && item->nassets >= 1);
	HOLDS(item->nassets <= STAC_MAX_ASSETS && item->nbands <= 3);
	for (size_t i = 0; i < item->nassets; i++)
		HOLDS(strncmp(item->assets[i].uri, "/vsi", 4));
	if (!item->lacks)
		check_grid(item);
	if (item->has_bbox)
		HOLDS(lonlat_box_valid(item->bbox_deg));
	if (item->geom.len) {
		HOLDS(!shape_add_wkb(&s, (uint8_t *)item->geom.data,
			item->geom.len, &kind, err));
		HOLDS(kind == SHAPE_AREA);
	}
	shape_release(&s);
	return 0;
}

static int take_aside(void *ctx, const struct stac_aside *aside,
	struct err *err)
{
	(void)err;
	*(int *)ctx += 1;
	HOLDS(aside->reason && aside->place &&
		(!aside->fault || aside->detail));
	return 0;
}

/* What a document at a server links to is never on this machine's disk. */
static void follow(const struct jval *root, const char *rel)
{
	const struct jval *link;
	size_t at = 0;

	while ((link = link_next(root, rel, &at))) {
		char *href = text_dup(link, "href");
		struct buf place = BUF_INIT;
		struct err err;

		if (!place_resolve("https://a.example/b", href, &place, &err))
			HOLDS(url_is_http(place.data));
		buf_reset(&place);
		(void)!place_resolve("a/b.json", href, &place, &err);
		buf_release(&place);
		free(href);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stac_query query = {.has_licence = true};
	static const struct http_limits limits = HTTP_LIMITS_USUAL;
	struct doc doc = {.root = NULL};
	int came = 0;
	struct stac_sink sink = {&came, take_item, take_aside, NULL};
	struct stac *s = stac_new(&query, &sink, &limits);
	struct err err = {""};

	buf_add(&doc.text, data, size);
	buf_adds(&doc.place, "a/b.json");
	buf_str(&doc.place);
	if (!doc_parse(&doc, &err)) {
		HOLDS(!item_give(s, doc.place.data, doc.root, 0, NULL, &err));
		HOLDS(came == 1);
		(void)collection_take(s, &doc);
		follow(doc.root, "item");
		follow(doc.root, "next");
	} else {
		HOLDS(*err.msg);
	}
	doc_release(&doc);
	stac_free(s);
	return 0;
}
