/* The img field: what is packed is read again; what is wrong is refused. */
#include "base/base.h"
#include "rec/img_field.h"
#include "rec/pack.h"
#include "unit/tap.h"

#include <math.h>

static struct img_field sample(void)
{
	return (struct img_field){
		.src = str_from("town"),
		.uri = str_from("town.tif"),
		.kind = str_from("raster"),
		.gsd_m = 0.5,
		.date = str_from("2018-07-16"),
		.crs = str_from("EPSG:3857"),
		.size = {640, 480},
		.transform = {10, 0.5, 0, 20, 0, -0.5},
		.bands = {3, 2, 1},
		.nbands = 3,
		.has_nodata = true,
		.nodata = -10000,
		.licence = str_from("CC0"),
	};
}

static int read_packed(const struct img_field *f, struct buf *b,
	struct img_field *out, struct err *err)
{
	buf_reset(b);
	img_field_pack(b, f);
	return img_field_read((struct val){(uint8_t *)b->data, b->len}, out,
		err);
}

static void test_round_trip(void)
{
	struct img_field f = sample(), g;
	struct buf b = BUF_INIT, again = BUF_INIT;
	struct err err = {""};

	ok(read_packed(&f, &b, &g, &err) == 0, "a full field reads: %s",
		err.msg);
	ok(str_is(g.uri, "town.tif") && str_is(g.date, "2018-07-16") &&
			g.size[0] == 640 && g.transform[5] == -0.5 &&
			g.nbands == 3 && g.bands[0] == 3 && g.has_nodata &&
			g.nodata == -10000 && !g.attribution.len,
		"its members are the ones packed");
	img_field_pack(&again, &g);
	ok(again.len == b.len && !memcmp(again.data, b.data, b.len),
		"packed again it is the same bytes");
	f.has_nodata = false;
	f.date.len = f.licence.len = 0;
	ok(read_packed(&f, &b, &g, &err) == 0 && !g.has_nodata && !g.date.len,
		"nodata, date and licence may be absent");
	buf_release(&b);
	buf_release(&again);
}

static struct img_field service(void)
{
	struct img_field f = sample();

	f.uri = str_from("https://tiles.example/{z}/{x}/{y}.png");
	f.kind = str_from("xyz");
	f.size[0] = f.size[1] = UINT64_C(1) << 38;
	f.tile = (struct img_tile){str_from("tms"), 3, IMG_MAX_Z, 256};
	return f;
}

static bool same(const struct img_field *f)
{
	struct buf b = BUF_INIT, again = BUF_INIT;
	struct img_field g;
	struct err err = {""};
	bool yes = read_packed(f, &b, &g, &err) == 0;

	if (yes) {
		img_field_pack(&again, &g);
		yes = again.len == b.len && !memcmp(again.data, b.data, b.len);
	}
	buf_release(&b);
	buf_release(&again);
	return yes;
}

static void test_service(void)
{
	struct img_field f = service(), g;
	struct buf b = BUF_INIT;
	struct err err = {""};

	ok(same(&f) && read_packed(&f, &b, &g, &err) == 0 &&
			str_is(g.tile.scheme, "tms") && g.tile.min_z == 3 &&
			g.tile.max_z == IMG_MAX_Z && g.tile.px == 256 &&
			g.size[0] == UINT64_C(1) << 38,
		"a tile service: %s", err.msg);
	buf_release(&b);
}

static void test_bands(void)
{
	struct img_field f = sample(), g;
	struct buf b = BUF_INIT;
	struct err err = {""};

	f.has_cloud = true;
	f.cloud = 12.5;
	f.nstretch = 2 * f.nbands;
	for (size_t i = 0; i < f.nstretch; i++)
		f.stretch[i] = (double)i;
	ok(same(&f) && read_packed(&f, &b, &g, &err) == 0 && g.has_cloud &&
			g.cloud == 12.5 && g.nstretch == 6 && g.stretch[5] == 5,
		"clouds, and a stretch of each band: %s", err.msg);
	f.nuris = 3;
	f.uris[0] = str_from("b1.tif");
	f.uris[1] = str_from("b2.tif");
	f.uris[2] = str_from("b3.tif");
	ok(same(&f) && read_packed(&f, &b, &g, &err) == 0 && g.nuris == 3 &&
			str_is(g.uri, "b1.tif") && str_is(g.uris[2], "b3.tif"),
		"one file per band: %s", err.msg);
	buf_release(&b);
}

static void spoil_more(unsigned i, struct img_field *f)
{
	f->uris[0] = f->uris[1] = str_from("b1.tif");
	if (i >= 18)
		*f = service();
	switch (i) {
	case 12:
		f->has_cloud = true;
		f->cloud = 101;
		break;
	case 13:
		f->nstretch = 4;
		break;
	case 14:
		f->nstretch = 2;
		f->stretch[0] = f->stretch[1] = 5;
		break;
	case 15:
		f->nuris = 2;
		break;
	case 16:
		f->nuris = 3;
		break;
	case 17:
		f->kind = str_from("xyz");
		break;
	case 18:
		f->tile.min_z = IMG_MAX_Z + 1;
		break;
	case 19:
		f->tile.max_z = IMG_MAX_Z + 1;
		break;
	case 20:
		f->tile.px = 0;
		break;
	}
}

/* Each way to spoil the sample, and a word of the message it must give. */
static void spoil(unsigned i, struct img_field *f)
{
	switch (i) {
	case 0:
		f->uri.len = 0;
		break;
	case 1:
		f->kind = str_from("map");
		break;
	case 2:
		f->uri = (struct str){"a\0b", 3};
		break;
	case 3:
		f->gsd_m = 0;
		break;
	case 4:
		f->gsd_m = NAN;
		break;
	case 5:
		f->size[1] = 0;
		break;
	case 6:
		f->size[0] = UINT64_C(1) << 31;
		break;
	case 7:
		f->transform[1] = 0;
		break;
	case 8:
		f->transform[0] = INFINITY;
		break;
	case 9:
		f->nbands = 0;
		break;
	case 10:
		f->bands[1] = 0;
		break;
	case 11:
		f->date = str_from("16.07.2018");
		break;
	default:
		spoil_more(i, f);
	}
}

static void test_bad(void)
{
	static const char *const words[] = {"'uri' is empty", "'map'", "NUL",
		"gsd_m", "gsd_m", "size", "size", "inverted", "finite", "bands",
		"band number", "ISO 8601", "'cloud' 101", "for each band",
		"go up", "2 'uri' for 3 'bands'", "'uri' is empty", "'tile'",
		"levels", "levels", "'px'"};
	struct buf b = BUF_INIT;

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		struct img_field f = sample(), g;
		struct err err = {""};

		spoil(i, &f);
		ok(read_packed(&f, &b, &g, &err) < 0 &&
				strstr(err.msg, words[i]),
			"refused for %s: %s", words[i], err.msg);
	}
	buf_release(&b);
}

/* Every key but the optional ones is missed; every type but its own is. */
static void test_missing(void)
{
	static const char *const needed[] = {"src", "uri", "kind", "gsd_m",
		"crs", "size", "transform", "bands"};
	struct img_field f = sample(), g;
	struct buf whole = BUF_INIT, b = BUF_INIT;
	struct err err;

	img_field_pack(&whole, &f);
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		for (int keep = 0; keep < 2; keep++) {
			struct val map = {(uint8_t *)whole.data, whole.len};
			struct val key, v;
			struct val_iter it;
			struct str name;

			buf_reset(&b);
			pack_map(&b, val_count(map) - !keep);
			for (it = val_iter(map); val_next(&it, &key, &v);) {
				bool hit = val_str(key, &name) == 0 &&
					   str_is(name, needed[i]);

				if (hit && !keep)
					continue;
				pack_val(&b, key);
				if (hit)
					pack_bool(&b, true);
				else
					pack_val(&b, v);
			}
			ok(img_field_read(
				   (struct val){(uint8_t *)b.data, b.len}, &g,
				   &err) < 0,
				"'%s' %s: %s", needed[i],
				keep ? "as a bool" : "left out", err.msg);
		}
	}
	buf_reset(&b);
	pack_cstr(&b, "town.tif");
	ok(img_field_read((struct val){(uint8_t *)b.data, b.len}, &g, &err) < 0,
		"a string is no image: %s", err.msg);
	buf_release(&whole);
	buf_release(&b);
}

static void test_dates(void)
{
	static const char *const good[] = {"2018", "2018-07", "2018-07-16",
		"2018-07-16T10:20", "2018-07-16T10:20:30",
		"2018-07-16T10:20:30Z", "2018-07-16T10:20:30.25Z",
		"2018-07-16T10:20:30+02:00"};
	static const char *const bad[] = {"", "18", "2018-", "2018-13",
		"2018-00", "2018-07-32", "2018-07-1", "2018/07/16",
		"2018-07-16 10:20", "2018-07-16T", "2018-07-16T10",
		"2018-07-16T25:00", "2018-07-16T10:60", "2018-07-16T10:20:3",
		"2018-07-16T10:20:30z", "2018-07-16T10:20:30+2",
		"2018-07-16T10:20:30Zx"};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ok(img_date_valid(str_from(good[i])), "'%s' is a date",
			good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(!img_date_valid(str_from(bad[i])), "'%s' is none", bad[i]);
}

int main(void)
{
	test_round_trip();
	test_service();
	test_bands();
	test_bad();
	test_missing();
	test_dates();
	return tap_done();
}
