#include "base/base.h"
#include "catalog/stac.h"

#include <inttypes.h>

#include "geo/lonlat.h"
#include "net/url.h"
#include "stac/stac.h"

struct ctx {
	struct maker *m;
	const struct catalog_stac_texts *t;
	bool lost; /* an output would replace what has been read: see why */
	struct err why;
};

static void take_file(void *ctx, const char *path)
{
	struct ctx *c = ctx;

	if (!c->lost)
		c->lost = maker_reads(c->m, path, &c->why);
}

static size_t count_words(const char *list)
{
	size_t n = list && *list;

	for (; list && *list; list++)
		n += *list == ',';
	return n;
}

static int read_query(const struct catalog_stac_texts *t,
	const struct catalog_options *o, struct stac_query *q, struct err *err)
{
	*q = (struct stac_query){.collections = t->collections,
		.assets = t->assets,
		.max_items = t->max_items,
		.has_date = o->date.len,
		.has_licence = o->licence.len && o->attribution.len};
	if (t->bbox && stac_query_bbox(q, t->bbox, err))
		return err_prefix(err, "--bbox '%s'", t->bbox);
	if (t->datetime && stac_query_datetime(q, t->datetime, err))
		return err_prefix(err, "--datetime '%s'", t->datetime);
	return 0;
}

int catalog_stac_check(const struct catalog_stac_texts *t,
	struct catalog_options *o, struct err *err)
{
	size_t n = count_words(t->assets);
	struct stac_query q;

	if (n && n != 1 && n != CATALOG_BANDS)
		return err_set(err,
			"--asset '%s': not one asset or three, as "
			"red,green,blue",
			t->assets);
	if (n > 1 && o->nbands && o->nbands != n)
		return err_set(err,
			"--bands: as many as --asset has, one of each");
	if (n > 1 && !o->nbands) {
		for (size_t i = 0; i < n; i++)
			o->bands[i] = 1;
		o->nbands = n;
	}
	return read_query(t, o, &q, err);
}

static void take_bands(const struct catalog_options *o,
	const struct stac_item *item, struct img_field *img)
{
	const uint64_t *bands = o->nbands ? o->bands : item->bands;

	img->nbands = o->nbands ? o->nbands : item->nbands;
	memcpy(img->bands, bands, img->nbands * sizeof(*bands));
}

static void fill(const struct ctx *c, const struct stac_item *item,
	struct img_field *img)
{
	*img = (struct img_field){.src = item->collection,
		.uri = str_from(item->assets[0].uri),
		.kind = str_from("raster"),
		.date = item->date,
		.has_cloud = item->has_cloud,
		.cloud = item->cloud,
		.has_nodata = item->has_nodata,
		.nodata = item->nodata,
		.licence = item->licence,
		.attribution = item->attribution};
	if (item->nassets > 1)
		img->nuris = item->nassets;
	for (size_t i = 0; i < img->nuris; i++)
		img->uris[i] = str_from(item->assets[i].uri);
	take_bands(maker_options(c->m), item, img);
}

static int fault(const struct ctx *c, const struct img_field *img,
	const struct stac_item *item, const char *reason, struct err *why,
	struct err *err)
{
	err_prefix(why, "item '%.*s'", (int)MIN(item->id.len, 200), item->id.s);
	return maker_set_aside(c->m, img, FAULT, reason, why->msg, err);
}

/* An image of which the item tells where its pixels lie. */
static int put_known(const struct ctx *c, const struct stac_item *item,
	struct img_field *img, struct err *err)
{
	struct raster_info info = {.gsd_m = 0};
	struct outline footprint = {.wkb = item->geom};
	const struct outline *outline = &info.outline;
	struct err why;
	int rc;

	memcpy(info.size, item->size, sizeof(info.size));
	memcpy(info.transform, item->transform, sizeof(info.transform));
	info.crs = xmemdup0(item->crs.s, item->crs.len);
	img->crs = item->crs;
	memcpy(img->size, item->size, sizeof(img->size));
	memcpy(img->transform, item->transform, sizeof(img->transform));
	rc = raster_locate(&info, &why);
	if (!rc && item->geom.len && item->has_bbox) {
		memcpy(footprint.bbox_deg, item->bbox_deg,
			sizeof(item->bbox_deg));
		if (!lonlat_boxes_meet(info.outline.bbox_deg, item->bbox_deg))
			rc = err_set(&why, "its pixels do not lie where its "
					   "geometry does");
		outline = &footprint;
	}
	img->gsd_m = info.gsd_m;
	if (rc)
		rc = fault(c, img, item, "no catalogue entry", &why, err);
	else
		rc = maker_put(c->m, img, outline, err);
	raster_info_release(&info);
	return rc;
}

/* Whether its images may be opened: those here, or all where one says so. */
static int may_open(const struct ctx *c, const struct stac_item *item,
	struct err *why)
{
	for (size_t i = 0; i < item->nassets && !c->t->open_assets; i++)
		if (strstr(item->assets[i].uri, "://"))
			return err_set(why,
				"%s%s, and the image is not on this machine: "
				"--open-assets looks into it",
				item->lacks ? "no " : "",
				item->lacks ? item->lacks
				: maker_options(c->m)->valid_mask
					? "--valid-mask"
					: "no bands");
	return 0;
}

/* Whether the asset lists the bands that the options ask for. */
static int check_bands(const struct ctx *c, const struct stac_item *item,
	struct err *err)
{
	const struct catalog_options *o = maker_options(c->m);

	for (size_t i = 0; i < o->nbands && item->nlisted; i++)
		if (o->bands[i] > item->nlisted)
			return err_set(err,
				"no band %" PRIu64 ", the item lists %" PRIu64,
				o->bands[i], item->nlisted);
	return 0;
}

static int take_item(void *ctx, const struct stac_item *item, struct err *err)
{
	const struct ctx *c = ctx;
	const struct catalog_options *o = maker_options(c->m);
	struct img_field img;
	struct err why;

	if (c->lost)
		return -1;
	fill(c, item, &img);
	if (check_bands(c, item, &why))
		return fault(c, &img, item, "no catalogue entry", &why, err);
	if (!item->lacks && img.nbands && !o->valid_mask)
		return put_known(c, item, &img, err);
	if (may_open(c, item, &why))
		return fault(c, &img, item, "no catalogue entry", &why, err);
	return img.nuris ? maker_add_bands(c->m, &img, err)
			 : maker_add_file(c->m, &img, err);
}

static int take_aside(void *ctx, const struct stac_aside *aside,
	struct err *err)
{
	const struct ctx *c = ctx;
	struct img_field img = {.uri = str_from(aside->place)};
	const char *why = aside->detail ? aside->detail : "";
	struct buf detail = BUF_INIT;
	int rc;

	/* what went wrong with the document itself names it */
	if (!strstr(why, aside->place))
		buf_addf(&detail, "%.300s%s", aside->place,
			aside->id || *why ? ": " : "");
	if (aside->id)
		buf_addf(&detail, "item '%.200s'%s", aside->id,
			*why ? ": " : "");
	buf_adds(&detail, why);
	rc = maker_set_aside(c->m, &img, aside->fault ? FAULT : DROP,
		aside->reason, buf_str(&detail), err);
	buf_release(&detail);
	return rc;
}

int catalog_stac(struct maker *m, const struct names *names,
	const struct catalog_stac_texts *t, struct err *err)
{
	struct http_limits limits = HTTP_LIMITS_USUAL;
	struct ctx c = {.m = m, .t = t};
	struct stac_sink sink = {&c, take_item, take_aside, take_file};
	struct stac_query q;
	struct stac *s;
	int rc = read_query(t, maker_options(m), &q, err);

	if (rc)
		return -1;
	maker_open_with(m, raster_open_linked);
	s = stac_new(&q, &sink, &limits);
	for (size_t i = 0; i < names->n && !rc; i++)
		rc = stac_read(s, names->items[i], err);
	if (c.lost) {
		*err = c.why;
		rc = -1;
	}
	stac_free(s);
	return rc;
}
