#include "base/base.h"
#include "stac/priv.h"

#include <inttypes.h>

#include "geo/lonlat.h"
#include "net/url.h"

int aside_give(struct stac *s, const char *place, const char *id,
	const char *reason, const struct err *why, struct err *err)
{
	struct buf shown = BUF_INIT;
	struct stac_aside aside = {.fault = why,
		.reason = reason,
		.detail = why ? why->msg : NULL,
		.id = id};
	int rc;

	url_show(place, &shown);
	aside.place = buf_str(&shown);
	rc = s->sink->aside(s->sink->ctx, &aside, err);
	buf_release(&shown);
	return rc;
}

/* The item's own box, which may have heights, where there is no polygon. */
static void take_bbox(const struct jval *bbox, struct stac_item *item)
{
	size_t n = jval_count(bbox) == 6 ? 3 : 2;

	for (size_t i = 0; i < 4; i++)
		if (jval_f64(jval_at(bbox, i < 2 ? i : n + i - 2),
			    &item->bbox_deg[i]))
			return;
	/* some go on beyond the antimeridian */
	if (item->bbox_deg[2] > 180 && item->bbox_deg[0] <= 180)
		item->bbox_deg[2] -= 360;
	if (item->bbox_deg[0] < -180 && item->bbox_deg[2] >= -180)
		item->bbox_deg[0] += 360;
	item->has_bbox = lonlat_box_valid(item->bbox_deg);
}

/* Whether there is a member, and not null. */
static bool says(const struct jval *properties, const char *key)
{
	const struct jval *v = jval_get(properties, key);

	return v && jval_type(v) != J_NULL;
}

/* A day without a time is none that STAC knows, but some have it. */
static int take_date(const struct stac_query *q, const struct jval *properties,
	struct stac_item *item, struct err *err)
{
	static const char *const keys[] = {"datetime", "start_datetime"};
	int64_t from, to;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		item->date = text_of(properties, keys[i]);
		if (!span_of(item->date, &from, &to))
			return 0;
	}
	item->date = (struct str){NULL, 0};
	for (size_t i = 0; i < ARRAY_SIZE(keys) && !q->has_date; i++)
		if (says(properties, keys[i]))
			return err_set(err, "its %s is no time", keys[i]);
	return 0;
}

static int take_cloud(const struct jval *properties, struct stac_item *item,
	struct err *err)
{
	static const char key[] = "eo:cloud_cover";

	item->has_cloud = !jval_f64(jval_get(properties, key), &item->cloud) &&
			  item->cloud >= 0 && item->cloud <= 100;
	if (item->has_cloud || !says(properties, key))
		return 0;
	return err_set(err, "its %s is no percentage", key);
}

static struct str text(const char *s)
{
	return s ? str_from(s) : (struct str){NULL, 0};
}

/* names: room for the attribution. */
static void take_licence(struct stac *s, const char *base,
	const struct jval *root, const struct collection *parent,
	struct buf *names, struct stac_item *item)
{
	const struct jval *properties = jval_get(root, "properties");
	const struct collection *c = parent;

	item->licence = text_of(properties, "license");
	add_providers(jval_get(properties, "providers"), names);
	if (!c && !(item->licence.len && names->len))
		c = collection_of(s, base, root);
	if (c && !item->licence.len)
		item->licence = text(c->licence);
	if (c && c->attribution && !names->len)
		buf_adds(names, c->attribution);
	item->attribution = (struct str){names->data, names->len};
}

static void take_collection(const struct jval *root,
	const struct collection *parent, struct stac_item *item)
{
	item->collection = text_of(root, "collection");
	if (!item->collection.len && parent)
		item->collection = text(parent->id);
}

static void item_release(struct stac_item *item)
{
	for (size_t i = 0; i < item->nassets; i++)
		free(item->assets[i].uri);
	buf_release(&item->geom);
}

/* Of an item that is one: hands it over, or sets it aside. */
static int give(struct stac *s, const char *base, const struct jval *root,
	const struct collection *parent, struct stac_item *item,
	struct err *err)
{
	const struct jval *properties = jval_get(root, "properties");
	const char *id = item->id.s, *reason;
	struct buf names = BUF_INIT;
	struct err why;
	int rc;

	take_bbox(jval_get(root, "bbox"), item);
	if (geometry_take(jval_get(root, "geometry"), item, &why))
		return aside_give(s, base, id, "bad geometry", &why, err);
	take_collection(root, parent, item);
	reason = query_refuses(s->query, item, properties);
	if (reason)
		return aside_give(s, base, id, reason, NULL, err);
	if (take_date(s->query, properties, item, &why) ||
		take_cloud(properties, item, &why))
		return aside_give(s, base, id, "bad attributes", &why, err);
	if (assets_take(s->query, base, root, item, &why))
		return aside_give(s, base, id, "no such asset", &why, err);
	take_licence(s, base, root, parent, &names, item);
	rc = s->sink->item(s->sink->ctx, item, err);
	buf_release(&names);
	s->given++;
	if (!rc && s->query->max_items && s->given >= s->query->max_items)
		rc = ENOUGH;
	return rc;
}

int item_give(struct stac *s, const char *base, const struct jval *root,
	uint64_t number, const struct collection *parent, struct err *err)
{
	char *id = text_dup(root, "id");
	struct stac_item item = {.geom = BUF_INIT};
	struct err why;
	int rc;

	if (!id || !str_is(text_of(root, "type"), "Feature")) {
		(void)err_set(&why, "%s",
			id ? "it is no GeoJSON Feature" : "it has no id");
		if (number)
			err_prefix(&why, "feature %" PRIu64, number);
		rc = aside_give(s, base, id, "no item", &why, err);
	} else {
		item.id = str_from(id);
		rc = give(s, base, root, parent, &item, err);
	}
	item_release(&item);
	free(id);
	return rc;
}
