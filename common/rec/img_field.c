#include "base/base.h"
#include "rec/img_field.h"
#include "base/date.h"

#include <math.h>

#include "rec/pack.h"

enum {
	MAX_SIDE = INT32_MAX, /* what raster libraries can address */
	MAX_BAND = 65535,
};

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

/* A string field; one that may be left out stays as it is. */
static int read_str(struct val map, const char *key, bool needed,
	struct str *out, struct err *err)
{
	struct val v;

	if (!val_find(map, key, &v))
		return needed ? err_set(err, "no '%s' in img", key) : 0;
	if (val_str(v, out) < 0)
		return err_set(err, "img '%s' is %s instead of a string", key,
			val_type_name(val_type(v)));
	if (out->len && memchr(out->s, '\0', out->len))
		return err_set(err, "img '%s' has a NUL byte in it", key);
	if (needed && out->len == 0)
		return err_set(err, "img '%s' is empty", key);
	return 0;
}

static int read_grid(struct val map, struct img_field *out, struct err *err)
{
	const double *t = out->transform;
	double size[2];

	if (val_find_f64s(map, "size", size, 2) < 0)
		return err_set(err, "img has no 'size' of two numbers");
	for (size_t i = 0; i < 2; i++) {
		if (!(size[i] >= 1 && size[i] <= MAX_SIDE) ||
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
	return 0;
}

static int read_texts(struct val v, struct img_field *out, struct err *err)
{
	const struct {
		const char *key;
		bool needed;
		struct str *out;
	} texts[] = {
		{"uri", true, &out->uri},
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

static int read_nodata(struct val v, struct img_field *out, struct err *err)
{
	struct val nodata;

	if (!val_find(v, "nodata", &nodata))
		return 0;
	if (val_f64(nodata, &out->nodata) < 0)
		return err_set(err, "img 'nodata' is %s instead of a number",
			val_type_name(val_type(nodata)));
	out->has_nodata = true;
	return 0;
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
	if (!str_is(out->kind, "raster"))
		return err_set(err, "img 'kind' is '%.*s', not 'raster'",
			(int)MIN(out->kind.len, 40), out->kind.s);
	if (read_texts(v, out, err) < 0)
		return -1;
	if (val_find_f64(v, "gsd_m", &out->gsd_m) < 0)
		return err_set(err, "img has no number 'gsd_m'");
	if (!(isnormal(out->gsd_m) && out->gsd_m > 0))
		return err_set(err, "img 'gsd_m' %g is no pixel size",
			out->gsd_m);
	if (read_grid(v, out, err) < 0 || read_bands(v, out, err) < 0)
		return -1;
	return read_nodata(v, out, err);
}

static void pack_text(struct buf *b, const char *key, struct str s)
{
	if (!s.len)
		return;
	pack_cstr(b, key);
	pack_str(b, s.s, s.len);
}

void img_field_pack(struct buf *b, const struct img_field *f)
{
	pack_map(b, 8 + (f->date.len > 0) + f->has_nodata +
			    (f->licence.len > 0) + (f->attribution.len > 0));
	pack_cstr(b, "src");
	pack_str(b, f->src.s, f->src.len);
	pack_cstr(b, "uri");
	pack_str(b, f->uri.s, f->uri.len);
	pack_cstr(b, "kind");
	pack_str(b, f->kind.s, f->kind.len);
	pack_cstr(b, "gsd_m");
	pack_f64(b, f->gsd_m);
	pack_text(b, "date", f->date);
	pack_cstr(b, "crs");
	pack_str(b, f->crs.s, f->crs.len);
	pack_cstr(b, "size");
	pack_array(b, 2);
	for (size_t i = 0; i < 2; i++)
		pack_u64(b, f->size[i]);
	pack_cstr(b, "transform");
	pack_array(b, 6);
	for (size_t i = 0; i < 6; i++)
		pack_f64(b, f->transform[i]);
	pack_cstr(b, "bands");
	pack_array(b, f->nbands);
	for (size_t i = 0; i < f->nbands; i++)
		pack_u64(b, f->bands[i]);
	if (f->has_nodata) {
		pack_cstr(b, "nodata");
		pack_f64(b, f->nodata);
	}
	pack_text(b, "licence", f->licence);
	pack_text(b, "attribution", f->attribution);
}
