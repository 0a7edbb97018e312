/*
 * Which of an item's assets are the image, and where their pixels lie.
 */
#include "base/base.h"
#include "stac/priv.h"

#include <fnmatch.h>
#include <math.h>
#include <strings.h>

#include "base/num.h"

/* An asset on its way. */
struct asset {
	struct str key;
	const struct jval *v, *properties;
};

static bool has_role(const struct jval *asset, const char *role)
{
	const struct jval *roles = jval_get(asset, "roles");
	struct str s;

	for (size_t i = 0; i < jval_count(roles); i++)
		if (!jval_str(jval_at(roles, i), &s) && str_is(s, role))
			return true;
	return false;
}

static bool ends_with(struct str s, const char *end)
{
	size_t n = strlen(end);

	return s.len >= n && !strncasecmp(s.s + s.len - n, end, n);
}

/* By its media type, or else its name: 2 a TIFF, 1 JPEG 2000, 0 none. */
static int image_kind(const struct jval *asset)
{
	struct str type = text_of(asset, "type"), href;

	if (str_starts(type, "image/tiff") ||
		str_starts(type, "image/vnd.stac.geotiff") ||
		str_starts(type, "image/x.geotiff"))
		return 2;
	if (type.len)
		return str_starts(type, "image/jp2");
	href = text_of(asset, "href");
	href.len = MIN(href.len, strcspn(href.s ? href.s : "", "?#"));
	if (ends_with(href, ".tif") || ends_with(href, ".tiff"))
		return 2;
	return ends_with(href, ".jp2");
}

/* The bands, as version 1.1 has them, or as extensions had. */
static const struct jval *bands_of(const struct jval *asset)
{
	static const char *const keys[] = {"bands", "eo:bands", "raster:bands"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct jval *bands = jval_get(asset, keys[i]);

		if (jval_count(bands) && jval_type(bands) == J_ARRAY)
			return bands;
	}
	return NULL;
}

/* The asset's member, or the item's property. */
static const struct jval *look(const struct asset *a, const char *key)
{
	const struct jval *v = jval_get(a->v, key);

	return v && jval_type(v) != J_NULL ? v : jval_get(a->properties, key);
}

static bool take_positive(const struct jval *v, double *out)
{
	return !jval_f64(v, out) && isfinite(*out) && *out > 0;
}

/* What is declared of the asset itself; 0: nothing is. */
static double asset_gsd(const struct jval *asset)
{
	static const char *const keys[] = {"gsd", "eo:gsd",
		"raster:spatial_resolution", "spatial_resolution"};
	static const char *const lists[] = {"bands", "raster:bands",
		"eo:bands"};
	double gsd;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (take_positive(jval_get(asset, keys[i]), &gsd))
			return gsd;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct jval *band = jval_at(jval_get(asset, lists[i]), 0);

		for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
			if (take_positive(jval_get(band, keys[k]), &gsd))
				return gsd;
	}
	return 0;
}

static double gsd_of(const struct asset *a)
{
	double gsd = asset_gsd(a->v);

	if (gsd > 0 || take_positive(jval_get(a->properties, "gsd"), &gsd) ||
		take_positive(jval_get(a->properties, "eo:gsd"), &gsd))
		return gsd;
	return 0;
}

/* How much an asset is the image: 0 not at all. */
static int rank_of(struct str key, const struct jval *asset)
{
	int kind = image_kind(asset), rank = 0;

	if (!kind || !text_of(asset, "href").len)
		return 0;
	if (has_role(asset, "visual") || str_is(key, "visual"))
		rank = 3;
	else if (has_role(asset, "data"))
		rank = 2;
	else if (!jval_count(jval_get(asset, "roles")))
		rank = 1;
	return rank ? 2 * rank + kind : 0;
}

/* How much one is rather the image than another: > 0, 0 neither, < 0. */
static int compare(int rank, double gsd, int best, double best_gsd)
{
	if (rank != best || gsd <= 0 || best_gsd <= 0)
		return rank - best;
	return (gsd < best_gsd) - (gsd > best_gsd);
}

/* The asset that is the image when nobody says which. */
static int choose_one(const struct jval *assets, struct asset *out,
	struct err *err)
{
	const struct jiter *it = NULL;
	struct buf keys = BUF_INIT;
	size_t equal = 0;
	double best_gsd = 0;
	int best = 1;

	while ((it = jval_next(assets, it))) {
		int rank = rank_of(jiter_key(it), jiter_val(it));
		double gsd = asset_gsd(jiter_val(it));
		int more = compare(rank, gsd, best, best_gsd);

		if (more < 0)
			continue;
		if (more > 0) {
			equal = 0;
			buf_reset(&keys);
		}
		best = rank;
		best_gsd = gsd;
		out->v = jiter_val(it);
		out->key = jiter_key(it);
		if (keys.len < 200)
			buf_addf(&keys, "%s%.*s", equal ? ", " : "",
				(int)MIN(out->key.len, 60), out->key.s);
		equal++;
	}
	if (equal > 1)
		(void)err_set(err,
			"several assets may be the image: say "
			"which with --asset: %s",
			keys.data);
	else if (!equal)
		(void)err_set(err, "no asset is an image: name one with "
				   "--asset");
	buf_release(&keys);
	return equal == 1 ? 0 : -1;
}

static int find_one(const struct jval *assets, const char *pattern,
	struct asset *out, struct err *err)
{
	const struct jiter *it = NULL;

	while ((it = jval_next(assets, it))) {
		char *key = xmemdup0(jiter_key(it).s, jiter_key(it).len);
		bool fits = !fnmatch(pattern, key, 0);

		free(key);
		if (!fits)
			continue;
		out->v = jiter_val(it);
		out->key = jiter_key(it);
		return 0;
	}
	return err_set(err, "no asset '%s'", pattern);
}

static int choose_named(const struct jval *assets, const char *list,
	struct asset *chosen, size_t *n, struct err *err)
{
	for (*n = 0; *list; (*n)++) {
		size_t len = strcspn(list, ",");
		char *pattern = xmemdup0(list, len);
		int rc = 0;

		if (*n == STAC_MAX_ASSETS)
			rc = err_set(err, "more than %d assets",
				STAC_MAX_ASSETS);
		else
			rc = find_one(assets, pattern, &chosen[*n], err);
		free(pattern);
		if (rc)
			return -1;
		list += len + (list[len] == ',');
	}
	return 0;
}

/* Where an asset's pixels lie. */
struct grid {
	struct str crs;
	char code[I64_TEXT + 8]; /* what crs may point into */
	uint64_t size[2];
	double transform[6];
};

static bool take_crs(const struct asset *a, struct grid *g)
{
	struct str code, wkt;
	int64_t epsg;

	if (!jval_str(look(a, "proj:code"), &code) &&
		str_starts(code, "EPSG:") && code.len < sizeof(g->code)) {
		memcpy(g->code, code.s, code.len);
		g->code[code.len] = '\0';
		g->crs = (struct str){g->code, code.len};
		return !memchr(code.s, '\0', code.len);
	}
	if (!jval_i64(look(a, "proj:epsg"), &epsg) && epsg > 0) {
		memcpy(g->code, "EPSG:", 5);
		g->crs = (struct str){g->code, 5 + i64_text(epsg, g->code + 5)};
		return true;
	}
	if (!jval_str(look(a, "proj:wkt2"), &wkt) && wkt.len &&
		!memchr(wkt.s, '\0', wkt.len)) {
		g->crs = wkt;
		return true;
	}
	return false;
}

/* proj:shape is rows, columns. */
static bool take_size(const struct asset *a, struct grid *g)
{
	const struct jval *shape = look(a, "proj:shape");

	for (size_t i = 0; i < 2; i++) {
		double v;

		if (jval_f64(jval_at(shape, 1 - i), &v) || !(v >= 1) ||
			v > INT32_MAX || v != floor(v))
			return false;
		g->size[i] = (uint64_t)v;
	}
	return true;
}

/* proj:transform is x = t0 col + t1 row + t2, y = t3 col + t4 row + t5. */
static bool take_transform(const struct asset *a, struct grid *g)
{
	static const size_t from[6] = {2, 0, 1, 5, 3, 4};
	const struct jval *t = look(a, "proj:transform");

	for (size_t i = 0; i < 6; i++)
		if (jval_f64(jval_at(t, from[i]), &g->transform[i]) ||
			!isfinite(g->transform[i]))
			return false;
	return isnormal(g->transform[1] * g->transform[5] -
			g->transform[2] * g->transform[4]);
}

/* What an item lacks, or has so that nobody can use it. */
static const char *take_grid(const struct asset *a, struct grid *g)
{
	if (!take_crs(a, g))
		return "proj:code, proj:epsg or proj:wkt2";
	if (!take_size(a, g))
		return look(a, "proj:shape") ? "usable proj:shape"
					     : "proj:shape";
	if (!take_transform(a, g))
		return look(a, "proj:transform") ? "usable proj:transform"
						 : "proj:transform";
	return NULL;
}

static bool same_grid(const struct stac_item *item, const struct grid *g)
{
	if (!str_eq(item->crs, g->crs) ||
		memcmp(item->size, g->size, sizeof(g->size)))
		return false;
	for (size_t i = 0; i < 6; i++)
		if (item->transform[i] != g->transform[i])
			return false;
	return true;
}

/* Adds one asset's place on the ground to the item's. */
static int add_grid(const struct asset *a, struct stac_item *item, bool first,
	struct err *err)
{
	struct grid g = {.crs = {NULL, 0}};
	const char *lacks = take_grid(a, &g);

	if (lacks) {
		item->lacks = lacks;
		return 0;
	}
	if (first) {
		bool is_code = g.crs.s == g.code;

		memcpy(item->crs_text, g.code, sizeof(item->crs_text));
		item->crs = g.crs;
		if (is_code)
			item->crs.s = item->crs_text;
		memcpy(item->size, g.size, sizeof(g.size));
		memcpy(item->transform, g.transform, sizeof(g.transform));
	} else if (!item->lacks && !same_grid(item, &g)) {
		return err_set(err,
			"asset '%.*s' has other pixels than '%.*s': bands of "
			"one image must lie on one grid",
			(int)MIN(a->key.len, 60), a->key.s,
			(int)MIN(item->assets[0].key.len, 60),
			item->assets[0].key.s);
	}
	return 0;
}

static struct str colour_of(const struct jval *band)
{
	struct str name = text_of(band, "eo:common_name");

	return name.len ? name : text_of(band, "common_name");
}

/* The bands to be read as red, green and blue, or as one grey one. */
static void take_bands(const struct asset *a, struct stac_item *item)
{
	static const char *const colours[3] = {"red", "green", "blue"};
	const struct jval *bands = bands_of(a->v);
	size_t n = jval_count(bands), found = 0;
	bool visual = has_role(a->v, "visual") || str_is(a->key, "visual");

	item->nlisted = n;
	if (!n && !visual)
		return;
	for (size_t c = 0; c < 3; c++)
		for (size_t i = 0; i < n; i++)
			if (str_is(colour_of(jval_at(bands, i)), colours[c])) {
				item->bands[c] = i + 1;
				found++;
				break;
			}
	item->nbands = n && n < 3 ? 1 : 3;
	if (found < 3)
		for (size_t c = 0; c < 3; c++)
			item->bands[c] = c + 1;
	if (item->nbands == 1)
		item->bands[0] = 1;
}

static void take_nodata(const struct asset *a, struct stac_item *item)
{
	static const char *const lists[] = {"bands", "raster:bands"};
	const struct jval *v = jval_get(a->v, "nodata");
	struct str s;

	for (size_t i = 0; i < ARRAY_SIZE(lists) && !v; i++)
		v = jval_get(jval_at(jval_get(a->v, lists[i]), 0), "nodata");
	if (!jval_str(v, &s) && str_is(s, "nan")) {
		item->has_nodata = true;
		item->nodata = NAN;
	} else {
		item->has_nodata = !jval_f64(v, &item->nodata);
	}
}

static int take_uri(const struct asset *a, const char *base,
	struct stac_item *item, struct err *err)
{
	char *href = text_dup(a->v, "href");
	struct buf uri = BUF_INIT;
	int rc;

	if (!href)
		return err_set(err, "asset '%.*s' has no href",
			(int)MIN(a->key.len, 60), a->key.s);
	rc = place_of_asset(base, href, &uri, err);
	free(href);
	if (rc) {
		buf_release(&uri);
		return err_prefix(err, "asset '%.*s'", (int)MIN(a->key.len, 60),
			a->key.s);
	}
	buf_str(&uri);
	item->assets[item->nassets++] =
		(struct stac_asset){a->key, buf_detach(&uri)};
	return 0;
}

int assets_take(const struct stac_query *q, const char *base,
	const struct jval *root, struct stac_item *item, struct err *err)
{
	const struct jval *assets = jval_get(root, "assets");
	struct asset chosen[STAC_MAX_ASSETS];
	size_t n = 1;
	int rc;

	if (!assets || jval_type(assets) != J_OBJECT)
		return err_set(err, "it has no assets");
	rc = q->assets ? choose_named(assets, q->assets, chosen, &n, err)
		       : choose_one(assets, &chosen[0], err);
	for (size_t i = 0; i < n && !rc; i++) {
		double gsd;

		chosen[i].properties = jval_get(root, "properties");
		gsd = gsd_of(&chosen[i]);
		item->gsd_m = MAX(item->gsd_m, gsd);
		rc = take_uri(&chosen[i], base, item, err);
		if (!rc)
			rc = add_grid(&chosen[i], item, i == 0, err);
	}
	if (!rc && n == 1)
		take_bands(&chosen[0], item);
	if (!rc && n)
		take_nodata(&chosen[0], item);
	return rc;
}
