/*
 * Where north is in a window, and chips turned to it beside gdalwarp's.
 */
#include "base/base.h"
#include "raster/north.h"
#include "unit/access-make.h"

#include <math.h>

static const uint64_t rgb[3] = {1, 2, 3};

static bool near(double a, double b, double tolerance)
{
	return fabs(a - b) <= tolerance;
}

static void test_spots(void)
{
	const struct raster_window win = {100, 200, 50, 40};
	struct raster_spot s;
	struct err err = {""};

	/* 2 degrees east of the zone's middle, at 45 degrees */
	ok(!raster_find_spot("EPSG:32631",
		   (double[]){657000, 2, 0, 4985500, 0, -2}, &win, &s, &err) &&
			near(s.lon, 4.99, 0.02) && near(s.lat, 44.99, 0.02) &&
			near(s.gsd_m[0], 2, 0.01) &&
			near(s.north_deg, -1.41, 0.01),
		"UTM: %s", err.msg);
	ok(!raster_find_spot("EPSG:4326", (double[]){10, 1e-5, 0, 60, 0, -1e-5},
		   &win, &s, &err) &&
			near(s.lon, 10.00125, 1e-9) &&
			near(s.lat, 59.9978, 1e-9) &&
			near(s.gsd_m[0] / s.gsd_m[1], 0.50088, 1e-4) &&
			near(s.north_deg, 0, 1e-6),
		"degrees are narrower in the north");
	ok(!raster_find_spot("EPSG:3857",
		   (double[]){0, cos(0.5), sin(0.5), 0, sin(0.5), -cos(0.5)},
		   &win, &s, &err) &&
			near(s.north_deg, 0.5 * 180 / M_PI, 0.2) &&
			near(s.gsd_m[0], 1, 0.01),
		"an image that was turned");
	ok(!raster_find_spot("EPSG:3857", (double[]){0, -1, 0, 0, 0, 1}, &win,
		   &s, &err) &&
			near(fabs(s.north_deg), 180, 1e-6),
		"upside down");
	ok(!raster_find_spot("EPSG:3857", (double[]){0, -1, 0, 0, 0, -1}, &win,
		   &s, &err) &&
			near(s.north_deg, 0, 1e-6),
		"seen from below");
	ok(!raster_find_spot("EPSG:3857",
		   (double[]){0, -cos(0.5), sin(0.5), 0, sin(0.5), cos(0.5)},
		   &win, &s, &err) &&
			near(s.north_deg, 180 - 0.5 * 180 / M_PI, 0.2),
		"seen from below, and turned");
	ok(raster_find_spot("EPSG:3857", (double[]){0, 0, 0, 0, 0, 0}, &win, &s,
		   &err) < 0,
		"%s", err.msg);
	ok(raster_find_spot("nowhere", (double[]){0, 1, 0, 0, 0, -1}, &win, &s,
		   &err) < 0,
		"%s", err.msg);
}

enum { SIDE = 400, CHIP = 96 };

static void put_picture(void)
{
	uint8_t *px = xmalloc((size_t)SIDE * SIDE * 4), *p = px;

	for (unsigned y = 0; y < SIDE; y++)
		for (unsigned x = 0; x < SIDE; x++) {
			*p++ = (uint8_t)(127 + 100 * sin(x * 0.11));
			*p++ = (uint8_t)(127 + 100 * sin(y * 0.07 + x * 0.02));
			*p++ = (uint8_t)((x / 20 + y / 20) % 2 * 200);
			*p++ = hypot(x - 200.0, y - 200.0) < 150 ? 255 : 0;
		}
	put_envi("p.img", px, 1, SIDE, SIDE, 4, 1, "");
	free(px);
}

/* A copy with this place. */
static void put_at(const char *name, const char *srs, const double t[6],
	const char *how)
{
	sh("gdal_translate -q -of VRT %s -a_srs %s p.img p.vrt && "
	   "sed -i 's|<VRTRasterBand|<GeoTransform>%.12g,%.12g,%.12g,%.12g,"
	   "%.12g,%.12g</GeoTransform><VRTRasterBand|;ta;b;:a;n;ba' p.vrt && "
	   "gdal_translate -q p.vrt %s",
		how, srs, t[0], t[1], t[2], t[3], t[4], t[5], name);
}

static struct raster *must_open(const char *name)
{
	struct err err;
	struct raster *r = raster_open(name, &err);

	if (!r) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return r;
}

/* gdalwarp's chip, all bands and an alpha band, interleaved. Its own idea of
 * the scale depends on how much of the chip is in the image. */
static struct buf warp(const char *name, const struct raster_spot *s,
	double gsd_m, double zoom, const char *how)
{
	double t[6], half = gsd_m * CHIP / 2;
	struct buf crs = BUF_INIT, out;

	raster_north_map(s, gsd_m, CHIP, CHIP, &crs, t);
	put_file("to.wkt", crs.data, crs.len);
	sh("gdalwarp -q -overwrite -of ENVI -co INTERLEAVE=BIP -r cubic "
	   "-wo XSCALE=%.17g -wo YSCALE=%.17g -t_srs to.wkt -te %.12g %.12g %.12g %.12g -ts %d %d -dstalpha %s "
	   "%s want.img",
		s->gsd_m[0] * zoom / gsd_m, s->gsd_m[1] * zoom / gsd_m, -half,
		-half, half, half, CHIP, CHIP, how, name);
	out = get_file("want.img");
	sh("rm want.*");
	buf_release(&crs);
	return out;
}

/* Both say the same of valid pixels, and show nearly the same. */
static void compare(const char *what, const char *name,
	const struct raster_spot *s, double gsd_m, double zoom, const char *how)
{
	struct raster *r = must_open(name);
	struct buf want = warp(name, s, gsd_m, zoom, how);
	struct image img = {NULL, 0, 0, 0};
	size_t valid = 0, unlike = 0, far = 0;
	struct err err = {""};
	uint8_t *mask = NULL;
	double sum = 0;
	int rc = raster_read_north(r, s, gsd_m, CHIP, CHIP, rgb, 3, NULL, NULL,
		&img, &mask, &err);

	for (size_t i = 0; !rc && i < (size_t)CHIP * CHIP; i++) {
		const uint8_t *w = (const uint8_t *)want.data + 4 * i;
		bool is = !mask || mask[i];

		valid += is;
		unlike += is != (w[3] >= 128);
		for (int c = 0; is && w[3] == 255 && c < 3; c++) {
			int d = abs(w[c] - img.px[3 * i + (size_t)c]);

			sum += d;
			far += d > 12;
		}
	}
	ok(!rc && valid > 2000 && unlike * 500 < valid && far * 200 < valid &&
			sum < (double)valid,
		"%s: %zu valid, %zu unlike, %zu far, %.3f on average %s", what,
		valid, unlike, far, sum / 3 / (double)MAX(valid, 1), err.msg);
	image_release(&img);
	free(mask);
	buf_release(&want);
	raster_free(r);
}

static void find(const char *crs, const double t[6], struct raster_window win,
	struct raster_spot *s)
{
	struct err err;

	if (raster_find_spot(crs, t, &win, s, &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
}

static void test_chips(void)
{
	static const struct {
		const char *what, *crs;
		double t[6];
	} places[] = {
		{"UTM", "EPSG:32631", {657000, 1, 0, 4985500, 0, -1}},
		{"UTM beyond the zone's edge", "EPSG:32631",
			{817000, 1, 0, 6985500, 0, -1}},
		{"degrees", "EPSG:4326", {10, 1e-5, 0, 60, 0, -1e-5}},
		{"the antimeridian", "EPSG:4326",
			{179.998, 1e-5, 0, 10, 0, -1e-5}},
		{"turned", "EPSG:3857",
			{1e6, 0.87758, 0.47943, 5e6, 0.47943, -0.87758}},
		{"seen from below", "EPSG:3857", {1e6, -1, 0, 5e6, 0, -1}},
	};
	struct raster_window middle = {150, 150, 100, 100};
	struct raster_window corner = {0, 0, 60, 60};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct raster_spot s;
		double gsd;
		char what[100];

		put_at("a.tif", places[i].crs, places[i].t,
			"-b 1 -b 2 -b 3 -colorinterp red,green,blue");
		find(places[i].crs, places[i].t, middle, &s);
		gsd = (s.gsd_m[0] + s.gsd_m[1]) / 2;
		compare(places[i].what, "a.tif", &s, gsd, 1, "-ovr NONE");
		snprintf(what, sizeof(what), "%s, finer", places[i].what);
		compare(what, "a.tif", &s, gsd / 2.3, 1, "-ovr NONE");
		snprintf(what, sizeof(what), "%s, coarser", places[i].what);
		compare(what, "a.tif", &s, gsd * 2.7, 1, "-ovr NONE");
		find(places[i].crs, places[i].t, corner, &s);
		snprintf(what, sizeof(what), "%s, at a corner", places[i].what);
		compare(what, "a.tif", &s, gsd, 1, "-ovr NONE");
	}
}

static void test_masks(void)
{
	const double t[6] = {657000, 1, 0, 4985500, 0, -1};
	struct raster_window win = {150, 150, 100, 100}, far = {9000, 0, 9, 9};
	struct image img = {NULL, 0, 0, 0};
	struct raster_spot s;
	struct raster *r;
	struct err err;
	uint8_t *mask = NULL;

	put_at("m.tif", "EPSG:32631", t, "-colorinterp red,green,blue,alpha");
	find("EPSG:32631", t, win, &s);
	compare("an alpha band", "m.tif", &s, 2.5, 1, "-ovr NONE");
	sh("gdaladdo -q -r average m.tif 2 4");
	compare("by an overview", "m.tif", &s, 2.5, 2, "-ovr 0");
	compare("by another one", "m.tif", &s, 4.01, 4, "-ovr 1");
	find("EPSG:32631", t, far, &s);
	r = must_open("m.tif");
	ok(!raster_read_north(r, &s, 1, 10, 9, rgb, 3, NULL, NULL, &img, &mask,
		   &err) &&
			img.width == 10 && img.channels == 3 && mask &&
			!memchr(mask, 255, 90),
		"beside the image nothing is valid");
	image_release(&img);
	free(mask);
	ok(raster_read_north(r, &s, 1, 0, 9, rgb, 3, NULL, NULL, &img, &mask,
		   &err) < 0,
		"%s", err.msg);
	ok(raster_read_north(r, &s, 1, 65500, 65500, rgb, 3, NULL, NULL, &img,
		   &mask, &err) < 0,
		"%s", err.msg);
	raster_free(r);
	sh("gdal_translate -q p.img none.tif");
	r = must_open("none.tif");
	ok(raster_read_north(r, &s, 1, 10, 9, rgb, 3, NULL, NULL, &img, &mask,
		   &err) < 0,
		"%s", err.msg);
	raster_free(r);
}

static void test_tiff(void)
{
	static const unsigned channels[] = {1, 3, 4};
	const double t[6] = {500000, 0.5, 0, 4e6, 0, -0.5};

	for (size_t k = 0; k < ARRAY_SIZE(channels); k++) {
		struct raster_window win = {0, 0, 40, 30};
		struct image img = {xmalloc(4800), 40, 30, channels[k]};
		struct image back = {NULL, 0, 0, 0};
		struct buf one = BUF_INIT, two = BUF_INIT;
		uint8_t mask[1200], *again = NULL;
		uint64_t bands[4] = {1, 2, 3, 4};
		struct err err = {""};
		struct raster *r;
		int rc;

		for (size_t i = 0; i < 4800; i++)
			img.px[i] = (uint8_t)(i * 7);
		for (size_t i = 0; i < 1200; i++)
			mask[i] = i % 3 ? 255 : 0;
		rc = raster_encode_tiff(&img, mask, "EPSG:32631", t, &one,
			&err);
		rc |= raster_encode_tiff(&img, mask, "EPSG:32631", t, &two,
			&err);
		ok(!rc && one.len && one.len == two.len &&
				!memcmp(one.data, two.data, one.len),
			"%u channels, the same bytes twice: %s", channels[k],
			err.msg);
		put_file("chip.tif", one.data, one.len);
		r = must_open("chip.tif");
		rc = raster_read_level(r, 0, &win, bands, channels[k], NULL,
			NULL, &back, &again, &err);
		ok(!rc && !memcmp(back.px, img.px, 1200 * channels[k]) &&
				again && !memcmp(again, mask, 1200),
			"pixels and mask come back: %s", err.msg);
		raster_free(r);
		free(again);
		image_release(&back);
		sh("gdalinfo chip.tif >i && grep -q 'UTM zone 31N' i && grep "
		   "-q 'Pixel Size = (0.5' i && ! grep -q Alpha i && test ! -e "
		   "chip.tif.msk");
		buf_reset(&two);
		ok(!raster_encode_tiff(&img, NULL, "EPSG:32631", t, &two,
			   &err) &&
				two.len < one.len,
			"without a mask");
		ok(raster_encode_tiff(&img, NULL, "EPSG:1", t, &two, &err) < 0,
			"%s", err.msg);
		image_release(&img);
		buf_release(&one);
		buf_release(&two);
	}
}

/* Of a remote image, too, while GDAL sees no local file. */
static void test_remote(void)
{
	const double t[6] = {657000, 1, 0, 4985500, 0, -1};
	struct raster_rules rules = network();
	struct image img = {NULL, 0, 0, 0};
	struct raster_spot s;
	struct raster *r;
	struct err err = {""};
	uint8_t *mask = NULL;
	int rc = -1;

	rule(&rules);
	sh("mkdir srv && cp m.tif srv/");
	find("EPSG:32631", t, (struct raster_window){150, 150, 100, 100}, &s);
	r = open_one("http://h/m.tif", &err);
	if (r)
		rc = raster_read_north(r, &s, 1, 50, 50, rgb, 3, NULL, NULL,
			&img, &mask, &err);
	ok(!rc && !mask && img.width == 50, "a remote image: %s", err.msg);
	image_release(&img);
	raster_free(r);
}

int main(void)
{
	sh_enter(folder);
	put_picture();
	in_child(test_spots);
	in_child(test_chips);
	in_child(test_masks);
	in_child(test_tiff);
	in_child(test_remote);
	sh_leave(folder);
	return tap_done();
}
