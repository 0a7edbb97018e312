#include "base/base.h"
#include "catalog/tiles.h"

#include <ctype.h>
#include <math.h>

#include "base/log.h"
#include "base/num.h"
#include "geo/geodesic.h"
#include "geo/lonlat.h"
#include "geo/wkb.h"
#include "net/template.h"
#include "net/url.h"

/* EPSG:3857 (IOGP 373-7-2, 1024): a sphere; half the map's side; its edge. */
#define RADIUS_M 6378137.0
#define HALF_M   (M_PI * RADIUS_M)
#define EDGE_DEG 85.0511287798066
#define DEG      (180 / M_PI)
#define MAX_PX   (1 << 13)

static int read_zoom(struct tile_grid *g, const char *text, struct err *err)
{
	size_t n = strcspn(text, "-");
	char *first = xmemdup0(text, n);
	int bad = parse_u64(first, &g->min_z);

	g->max_z = g->min_z;
	if (!bad && text[n])
		bad = parse_u64(text + n + 1, &g->max_z);
	free(first);
	if (bad || g->min_z > g->max_z || g->max_z > IMG_MAX_Z)
		return err_set(err,
			"--zoom '%s': not levels from 0 to %d, as 0-19", text,
			IMG_MAX_Z);
	return 0;
}

static int read_bounds(struct tile_grid *g, const char *text, struct err *err)
{
	const char *p = text;
	int bad = 0;

	for (size_t i = 0; i < 4 && !bad; i++) {
		size_t n = strcspn(p, ",");
		char *number = xmemdup0(p, n);

		bad = parse_f64(number, &g->bounds[i]) ||
		      (i < 3) != (p[n] == ',');
		free(number);
		p += n + (i < 3);
	}
	if (bad || !lonlat_box_valid(g->bounds))
		return err_set(err,
			"--bounds '%s': not west, south, east, north in "
			"degrees, as 5.9,45.8,10.5,47.9",
			text);
	g->bounds[1] = fmax(g->bounds[1], -EDGE_DEG);
	g->bounds[3] = fmin(g->bounds[3], EDGE_DEG);
	if (!(g->bounds[1] < g->bounds[3]) || g->bounds[0] == g->bounds[2])
		return err_set(err, "--bounds '%s': nothing lies in them",
			text);
	return 0;
}

int tile_grid_read(struct tile_grid *g, const char *zoom, uint64_t px,
	const char *bounds, struct err *err)
{
	*g = (struct tile_grid){.px = px,
		.bounds = {-180, -EDGE_DEG, 180, EDGE_DEG}};
	if (read_zoom(g, zoom, err))
		return -1;
	return bounds ? read_bounds(g, bounds, err) : 0;
}

/* In how many ways a template says which tile it is. */
static unsigned count_ways(unsigned has)
{
	static const unsigned ways[] = {TEMPLATE_X | TEMPLATE_Y,
		TEMPLATE_X | TEMPLATE_MINUS_Y, TEMPLATE_Q,
		TEMPLATE_ROW | TEMPLATE_COL, TEMPLATE_BBOX};
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		n += (has & ways[i]) == ways[i];
	return n;
}

/* Whether it begins as a URL of a scheme that has no tiles. */
static bool is_foreign(const char *template)
{
	size_t n = strcspn(template, ":/{?");

	return n && template[n] == ':' && !url_is_http(template) &&
	       strncasecmp(template, "file:", 5) != 0;
}

static int find_kind(const char *template, struct img_field *img,
	struct err *err)
{
	static const struct {
		unsigned has;
		const char *kind, *scheme;
	} kinds[] = {{TEMPLATE_Q, "xyz", "quadkey"},
		{TEMPLATE_Z | TEMPLATE_X | TEMPLATE_Y, "xyz", "xyz"},
		{TEMPLATE_Z | TEMPLATE_X | TEMPLATE_MINUS_Y, "xyz", "tms"},
		{TEMPLATE_MATRIX | TEMPLATE_ROW | TEMPLATE_COL, "wmts", "wmts"},
		{TEMPLATE_BBOX, "wms", "wms"}};
	unsigned has;

	if (is_foreign(template))
		return err_set(err, "it is neither an http or https URL nor a "
				    "path");
	if (template_scan(template, &has, err))
		return -1;
	if (count_ways(has) > 1)
		return err_set(err, "it says in more than one way which tile "
				    "it is");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if ((has & kinds[i].has) != kinds[i].has)
			continue;
		img->kind = str_from(kinds[i].kind);
		img->tile.scheme = str_from(kinds[i].scheme);
		return 0;
	}
	return err_set(err, "it has none of {z} {x} {y}, {z} {x} {-y}, "
			    "{quadkey}, {TileMatrix} {TileRow} {TileCol}, "
			    "{bbox}");
}

/* Latitude of a place on the map. */
static double to_lat(double y_m)
{
	return atan(sinh(y_m / RADIUS_M)) * DEG;
}

/* The larger side of a pixel of the map at a latitude. */
static double ground_m(double lat, double px_m)
{
	double y = asinh(tan(lat / DEG)) * RADIUS_M;
	double lon = px_m / RADIUS_M * DEG / 2;
	double high = geodesic_distance_m(0, to_lat(y - px_m / 2), 0,
		to_lat(y + px_m / 2));

	return fmax(high, geodesic_distance_m(-lon, lat, lon, lat));
}

static void fill(const struct tile_grid *g, const struct catalog_options *o,
	struct img_field *img)
{
	uint64_t side = g->px << g->max_z;
	double px_m = 2 * HALF_M / (double)side;
	double grid[6] = {-HALF_M, px_m, 0, HALF_M, 0, -px_m};

	img->gsd_m = ground_m((g->bounds[1] + g->bounds[3]) / 2, px_m);
	img->crs = str_from("EPSG:3857");
	img->size[0] = img->size[1] = side;
	memcpy(img->transform, grid, sizeof(grid));
	img->nbands = o->nbands ? o->nbands : CATALOG_BANDS;
	for (size_t i = 0; i < img->nbands; i++)
		img->bands[i] = o->nbands ? o->bands[i] : i + 1;
	img->tile.min_z = g->min_z;
	img->tile.max_z = g->max_z;
	img->tile.px = g->px;
}

/* Without what stands in braces, and the dots that then lead. */
static void add_plain(struct buf *b, const char *p, size_t n)
{
	size_t begin = b->len;
	bool inside = false;

	for (size_t i = 0; i < n; i++) {
		inside = (inside || p[i] == '{') && p[i] != '}';
		if (!inside && p[i] != '}' && (p[i] != '.' || b->len > begin))
			buf_addc(b, p[i]);
	}
	if (b->len == begin)
		buf_adds(b, "tiles");
}

void tiles_add_host(struct buf *b, const char *template)
{
	const char *p = strstr(template, "://"), *at;
	size_t n;

	if (p) {
		p += 3;
		n = strcspn(p, "/?");
		at = memrchr(p, '@', n);
		if (at) {
			n -= (size_t)(at + 1 - p);
			p = at + 1;
		}
	} else { /* the folder in front of the first placeholder */
		n = strcspn(template, "{");
		while (n && template[n - 1] == '/')
			n--;
		for (p = template + n; p > template && p[-1] != '/'; p--)
			continue;
		n = (size_t)(template + n - p);
	}
	add_plain(b, p, n);
}

static bool has_word(struct str name, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= name.len; i++)
		if (!strncasecmp(name.s + i, word, n))
			return true;
	return false;
}

/* A name in the path that nobody made up: long, of letters and digits. */
static bool is_key(struct str s)
{
	enum { LONG = 24 };
	size_t digits = 0, letters = 0;

	for (size_t i = 0; i < s.len; i++) {
		digits += isdigit((unsigned char)s.s[i]) != 0;
		letters += isalpha((unsigned char)s.s[i]) != 0;
	}
	return s.len >= LONG && digits + letters == s.len && digits >= 4 &&
	       letters;
}

static const char *key_in_path(const char *path)
{
	while (*path == '/') {
		size_t n = strcspn(++path, "/?");

		if (is_key((struct str){path, n}))
			return path;
		path += n;
	}
	return NULL;
}

/* What of a template should not stand in files that are passed on; or NULL. */
static const char *secret_in(const char *template, struct str *name)
{
	static const char *const words[] = {"key", "token", "sig", "secret",
		"passw", "auth", "sas"};
	const char *host = strstr(template, "://"), *p;

	if (host) {
		struct str s = {host + 3, strcspn(host + 3, "/?")};

		*name = str_from("user:password@");
		if (memchr(s.s, '@', s.len))
			return host;
		*name = str_from("a part of the path");
		if (key_in_path(s.s + s.len))
			return host;
	}
	for (p = strchr(template, '?'); p; p = strchr(p, '&')) {
		size_t n = strcspn(++p, "=&");

		*name = (struct str){p, n};
		if (p[n] != '=' || p[n + 1] == '{' || !p[n + 1] ||
			p[n + 1] == '&')
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			if (has_word(*name, words[i]))
				return p;
	}
	return NULL;
}

static void warn_of_secrets(const char *template, const char *host)
{
	struct str name;

	if (secret_in(template, &name))
		log_warn("the template of '%s' holds what looks like a secret "
			 "('%.*s'), which every record would carry: write "
			 "{TOKEN} in its place",
			host, (int)MIN(name.len, 40), name.s);
}

/* A box, straight in longitude and latitude as on the map. */
static void box_outline(const double box[4], struct outline *out)
{
	double e = box[2] > box[0] ? box[2] : box[2] + 360;
	double x[5] = {box[0], box[0], e, e, box[0]};
	double y[5] = {box[3], box[1], box[1], box[3], box[3]};

	memcpy(out->bbox_deg, box, sizeof(out->bbox_deg));
	wkb_add_polygon(&out->wkb, x, y, ARRAY_SIZE(x));
}

int catalog_tiles(struct maker *m, const char *template,
	const struct tile_grid *g, struct err *err)
{
	struct img_field img = {.uri = str_from(template),
		.kind = str_from("xyz")};
	struct outline outline = {.wkb = BUF_INIT};
	struct buf host = BUF_INIT;
	struct err why;
	int rc;

	tiles_add_host(&host, template);
	img.src = str_from(buf_str(&host));
	warn_of_secrets(template, buf_str(&host));
	if (find_kind(template, &img, &why)) {
		err_prefix(&why, "'%s'", buf_str(&host));
		rc = maker_set_aside(m, &img, FAULT, "no template of tiles",
			why.msg, err);
	} else {
		fill(g, maker_options(m), &img);
		box_outline(g->bounds, &outline);
		rc = maker_put(m, &img, &outline, err);
	}
	buf_release(&outline.wkb);
	buf_release(&host);
	return rc;
}
