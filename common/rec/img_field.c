#include "base/base.h"
#include "rec/img_field.h"
#include "base/date.h"

#include <math.h>

#include "rec/pack.h"

enum { MAX_BAND = 65535, MAX_TILE_PX = 1 << 13 };

/* What raster libraries can address; and a grid of tiles. */
#define MAX_SIDE      ((double)INT32_MAX)
#define MAX_GRID_SIDE ((double)((UINT64_C(1) << IMG_MAX_Z) * MAX_TILE_PX))

static bool digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* Two digits, from lo to hi. */
static bool two_digits(const char *s, int lo, int hi)
{
	int v = (s[0] - '0') * 10 + (s[1] - '0');

	return digits(s, 2) && v >= lo && v <= hi;
}

/* Nothing, Z or ±hh:mm. */
static bool is_zone(const char *s, size_t n)
{
	if (n == 0 || s[0] == 'Z')
		return n <= 1;
	return (s[0] == '+' || s[0] == '-') && n == 6 && digits(s + 1, 2) &&
	       s[3] == ':' && digits(s + 4, 2);
}

/* hh:mm, hh:mm:ss, hh:mm:ss.sss, each with nothing, Z or ±hh:mm behind. */
static bool is_time(const char *s, size_t n)
{
	size_t at = 5;

	if (n < 5 || !two_digits(s, 0, 24) || s[2] != ':' ||
		!two_digits(s + 3, 0, 59))
		return false;
	if (n >= 8 && s[5] == ':') {
		if (!two_digits(s + 6, 0, 60))
			return false;
		at = 8;
		if (n > 9 && s[8] == '.')
			for (at = 9; at < n && digits(s + at, 1); at++)
				continue;
	}
	return is_zone(s + at, n - at);
}

bool img_date_valid(struct str date)
{
	size_t n = date_len(date);

	if (n == date.len)
		return n > 0;
	return n == 10 && date.s[10] == 'T' &&
	       is_time(date.s + 11, date.len - 11);
}

static int check_str(struct val v, const char *key, bool needed,
	struct str *out, struct err *err)
{
	if (val_str(v, out) < 0)
		return err_set(err, "img '%s' is %s instead of a string", key,
			val_type_name(val_type(v)));
	if (out->len && memchr(out->s, '\0', out->len))
		return err_set(err, "img '%s' has a NUL byte in it", key);
	if (needed && out->len == 0)
		return err_set(err, "img '%s' is empty", key);
	return 0;
}

/* A string field; one that may be left out stays as it is. */
static int read_str(struct val map, const char *key, bool needed,
	struct str *out, struct err *err)
{
	struct val v;

	if (!val_find(map, key, &v))
		return needed ? err_set(err, "no '%s' in img", key) : 0;
	return check_str(v, key, needed, out, err);
}

static int read_grid(struct val map, struct img_field *out, struct err *err)
{
	bool tiles = !str_is(out->kind, "raster");
	double most = tiles ? MAX_GRID_SIDE : MAX_SIDE;
	const double *t = out->transform;
	double size[2];

	if (val_find_f64s(map, "size", size, 2) < 0)
		return err_set(err, "img has no 'size' of two numbers");
	for (size_t i = 0; i < 2; i++) {
		if (!(size[i] >= 1 && size[i] <= most) ||
			size[i] != floor(size[i]))
			return err_set(err,
				"img 'size' %g is no number of pixels",
				size[i]);
		out->size[i] = (uint64_t)size[i];
	}
	if (val_find_f64s(map, "transform", out->transform, 6) < 0)
		return err_set(err, "img has no 'transform' of six numbers");
	for (size_t i = 0; i < 6; i++)
		if (!isfinite(t[i]))
			return err_set(err, "img 'transform' is not finite");
	if (!isnormal(t[1] * t[5] - t[2] * t[4]))
		return err_set(err, "img 'transform' cannot be inverted");
	return 0;
}

static int read_bands(struct val map, struct img_field *out, struct err *err)
{
	struct val_iter it;
	struct val v;

	if (!val_find(map, "bands", &v) || val_type(v) != VAL_ARRAY)
		return err_set(err, "img has no array 'bands'");
	if (val_count(v) < 1 || val_count(v) > IMG_MAX_BANDS)
		return err_set(err, "img has %zu 'bands' instead of 1 to %d",
			val_count(v), IMG_MAX_BANDS);
	out->nbands = 0;
	for (it = val_iter(v); val_next(&it, NULL, &v);) {
		uint64_t band;

		if (val_u64(v, &band) < 0 || band < 1 || band > MAX_BAND)
			return err_set(err, "img 'bands' holds what is no "
					    "band number (1 is the first)");
		out->bands[out->nbands++] = band;
	}
	if (out->nuris && out->nuris != out->nbands)
		return err_set(err, "img has %zu 'uri' for %zu 'bands'",
			out->nuris, out->nbands);
	return 0;
}

/* A string, or an array of them that read_bands() holds against the bands. */
static int read_uris(struct val map, struct img_field *out, struct err *err)
{
	struct val_iter it;
	struct val v;

	if (!val_find(map, "uri", &v) || val_type(v) != VAL_ARRAY)
		return read_str(map, "uri", true, &out->uri, err);
	if (val_count(v) < 1 || val_count(v) > IMG_MAX_BANDS)
		return err_set(err, "img has %zu 'uri' instead of 1 to %d",
			val_count(v), IMG_MAX_BANDS);
	for (it = val_iter(v); val_next(&it, NULL, &v);)
		if (check_str(v, "uri", true, &out->uris[out->nuris++], err))
			return -1;
	out->uri = out->uris[0];
	return 0;
}

/* None, one pair for all bands, or a pair for each. */
static int read_stretch(struct val map, struct img_field *out, struct err *err)
{
	struct val v;
	size_t n;

	if (!val_find(map, "stretch", &v))
		return 0;
	n = val_count(v);
	if (val_type(v) != VAL_ARRAY || (n != 2 && n != 2 * out->nbands) ||
		val_f64s(v, out->stretch, n) < 0)
		return err_set(err, "img 'stretch' is not two numbers, or two "
				    "for each band");
	for (size_t i = 0; i < n; i += 2)
		if (!isfinite(out->stretch[i]) ||
			!isfinite(out->stretch[i + 1]) ||
			out->stretch[i] >= out->stretch[i + 1])
			return err_set(err,
				"img 'stretch' does not go up: %g to %g",
				out->stretch[i], out->stretch[i + 1]);
	out->nstretch = n;
	return 0;
}

static int read_tile(struct val map, struct img_field *out, struct err *err)
{
	struct img_tile *t = &out->tile;
	struct val v;

	if (str_is(out->kind, "raster"))
		return 0;
	if (!val_find(map, "tile", &v) || val_type(v) != VAL_MAP)
		return err_set(err, "img has no map 'tile'");
	if (read_str(v, "scheme", true, &t->scheme, err))
		return err_prefix(err, "img 'tile'");
	if (val_find_u64(v, "min_z", &t->min_z) ||
		val_find_u64(v, "max_z", &t->max_z) || t->min_z > t->max_z ||
		t->max_z > IMG_MAX_Z)
		return err_set(err,
			"img 'tile' has no levels 'min_z' to 'max_z' within 0 "
			"to %d",
			IMG_MAX_Z);
	if (val_find_u64(v, "px", &t->px) || t->px < 1 || t->px > MAX_TILE_PX)
		return err_set(err, "img 'tile' has no 'px' of 1 to %d",
			MAX_TILE_PX);
	return 0;
}

static int read_texts(struct val v, struct img_field *out, struct err *err)
{
	const struct {
		const char *key;
		bool needed;
		struct str *out;
	} texts[] = {
		{"date", false, &out->date},
		{"crs", true, &out->crs},
		{"licence", false, &out->licence},
		{"attribution", false, &out->attribution},
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (read_str(v, texts[i].key, texts[i].needed, texts[i].out,
			    err) < 0)
			return -1;
	if (out->date.len && !img_date_valid(out->date))
		return err_set(err, "img 'date' '%.*s' is not ISO 8601",
			(int)MIN(out->date.len, 40), out->date.s);
	return 0;
}

/* A number that may be left out. */
static int read_number(struct val map, const char *key, bool *has, double *out,
	struct err *err)
{
	struct val v;

	*has = val_find(map, key, &v);
	if (*has && val_f64(v, out) < 0)
		return err_set(err, "img '%s' is %s instead of a number", key,
			val_type_name(val_type(v)));
	return 0;
}

static int read_numbers(struct val v, struct img_field *out, struct err *err)
{
	if (val_find_f64(v, "gsd_m", &out->gsd_m) < 0)
		return err_set(err, "img has no number 'gsd_m'");
	if (!(isnormal(out->gsd_m) && out->gsd_m > 0))
		return err_set(err, "img 'gsd_m' %g is no pixel size",
			out->gsd_m);
	if (read_number(v, "nodata", &out->has_nodata, &out->nodata, err) ||
		read_number(v, "cloud", &out->has_cloud, &out->cloud, err))
		return -1;
	if (out->has_cloud && !(out->cloud >= 0 && out->cloud <= 100))
		return err_set(err, "img 'cloud' %g is no percentage",
			out->cloud);
	return 0;
}

static bool is_kind(struct str s)
{
	static const char *const kinds[] = {"raster", "xyz", "wms", "wmts"};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_is(s, kinds[i]))
			return true;
	return false;
}

int img_field_read(struct val v, struct img_field *out, struct err *err)
{
	*out = (struct img_field){.nbands = 0};
	if (val_type(v) != VAL_MAP)
		return err_set(err, "'img' is %s instead of a map",
			val_type_name(val_type(v)));
	if (read_str(v, "src", true, &out->src, err) < 0 ||
		read_str(v, "kind", true, &out->kind, err) < 0)
		return -1;
	if (!is_kind(out->kind))
		return err_set(err,
			"img 'kind' is '%.*s', not raster, xyz, wms or wmts",
			(int)MIN(out->kind.len, 40), out->kind.s);
	if (read_uris(v, out, err) || read_texts(v, out, err) ||
		read_numbers(v, out, err) || read_grid(v, out, err) ||
		read_bands(v, out, err) || read_stretch(v, out, err))
		return -1;
	return read_tile(v, out, err);
}

static void pack_text(struct buf *b, const char *key, struct str s)
{
	if (!s.len)
		return;
	pack_cstr(b, key);
	pack_str(b, s.s, s.len);
}

static void pack_uris(struct buf *b, const struct img_field *f)
{
	pack_cstr(b, "uri");
	if (!f->nuris) {
		pack_str(b, f->uri.s, f->uri.len);
		return;
	}
	pack_array(b, f->nuris);
	for (size_t i = 0; i < f->nuris; i++)
		pack_str(b, f->uris[i].s, f->uris[i].len);
}

static void pack_number(struct buf *b, const char *key, double v)
{
	pack_cstr(b, key);
	pack_f64(b, v);
}

static void pack_tile(struct buf *b, const struct img_tile *t)
{
	pack_cstr(b, "tile");
	pack_map(b, 4);
	pack_text(b, "scheme", t->scheme);
	pack_cstr(b, "min_z");
	pack_u64(b, t->min_z);
	pack_cstr(b, "max_z");
	pack_u64(b, t->max_z);
	pack_cstr(b, "px");
	pack_u64(b, t->px);
}

void img_field_pack(struct buf *b, const struct img_field *f)
{
	pack_map(b, 8 + (f->date.len > 0) + (f->nstretch > 0) + f->has_nodata +
			    f->has_cloud + (f->tile.scheme.len > 0) +
			    (f->licence.len > 0) + (f->attribution.len > 0));
	pack_cstr(b, "src");
	pack_str(b, f->src.s, f->src.len);
	pack_uris(b, f);
	pack_cstr(b, "kind");
	pack_str(b, f->kind.s, f->kind.len);
	pack_number(b, "gsd_m", f->gsd_m);
	pack_text(b, "date", f->date);
	pack_cstr(b, "crs");
	pack_str(b, f->crs.s, f->crs.len);
	pack_cstr(b, "size");
	pack_u64s(b, f->size, 2);
	pack_cstr(b, "transform");
	pack_f64s(b, f->transform, 6);
	pack_cstr(b, "bands");
	pack_u64s(b, f->bands, f->nbands);
	if (f->nstretch) {
		pack_cstr(b, "stretch");
		pack_f64s(b, f->stretch, f->nstretch);
	}
	if (f->has_nodata)
		pack_number(b, "nodata", f->nodata);
	if (f->has_cloud)
		pack_number(b, "cloud", f->cloud);
	if (f->tile.scheme.len)
		pack_tile(b, &f->tile);
	pack_text(b, "licence", f->licence);
	pack_text(b, "attribution", f->attribution);
}
