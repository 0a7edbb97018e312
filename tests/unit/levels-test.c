/*
 * Levels, types, masks and stretches beside gdal_translate's own copies, and
 * where the blocks of TIFFs lie.
 */
#include "base/base.h"
#include "raster/raster.h"
#include "unit/raster-make.h"
#include "unit/tap.h"

#include <math.h>

enum { WIDTH = 600, HEIGHT = 500 };

static const uint64_t rgb[4] = {1, 2, 3, 4};

static uint8_t texture(unsigned x, unsigned y, unsigned c)
{
	return (uint8_t)((x / 2 + y / 3 + (x * y >> 6) + c * 60) % 256);
}

static void put_sources(void)
{
	uint8_t *px = xmalloc((size_t)WIDTH * HEIGHT * 4), *p = px;

	for (unsigned y = 0; y < HEIGHT; y++)
		for (unsigned x = 0; x < WIDTH; x++) {
			for (unsigned c = 0; c < 3; c++)
				*p++ = texture(x, y, c);
			/* a corner without a picture */
			*p++ = x + y < 300 ? 0 : UINT8_MAX;
		}
	put_envi("rgba.img", px, 1, WIDTH, HEIGHT, 4, 1, "");
	free(px);
	sh("gdal_translate -q -b 1 -b 2 -b 3 rgba.img rgb.tif");
	sh("gdal_translate -q -b 1 rgba.img grey.tif");
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

static struct raster_window whole(const struct raster *r, size_t level)
{
	struct raster_window win = {0, 0, 0, 0};
	uint64_t size[2];

	raster_level_size(r, level, size);
	win.width = size[0];
	win.height = size[1];
	return win;
}

/* Reads a window of plain bytes; the mask goes. */
static struct image window(struct raster *r, size_t level,
	struct raster_window win, size_t n)
{
	struct image img = {NULL, 0, 0, 0};
	uint8_t *mask;
	struct err err;

	if (raster_read_level(r, level, &win, rgb, n, NULL, NULL, &img, &mask,
		    &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	free(mask);
	return img;
}

/* Whether a level is to the byte what gdal_translate makes of it. */
static bool same_as_gdal(const char *name, size_t level, size_t n)
{
	struct raster *r = must_open(name);
	struct image img = window(r, level, whole(r, level), n);
	struct buf want;
	bool same;

	if (level)
		sh("gdal_translate -q -of ENVI -co INTERLEAVE=BIP -ovr %zu "
		   "%s want.img",
			level - 1, name);
	else
		sh("gdal_translate -q -of ENVI -co INTERLEAVE=BIP %s want.img",
			name);
	want = get_file("want.img");
	same = want.len == (size_t)img.width * img.height * n &&
	       !memcmp(want.data, img.px, want.len);
	sh("rm want.*");
	buf_release(&want);
	image_release(&img);
	raster_free(r);
	return same;
}

static void test_levels(void)
{
	uint64_t size[2];
	struct raster *r;

	sh("gdal_translate -q -co TILED=YES rgb.tif in.tif && "
	   "gdaladdo -q -r average in.tif 8 2 4");
	sh("cp rgb.tif beside.tif && gdaladdo -q -ro -r average beside.tif 2 "
	   "4");
	sh("gdal_translate -q -of GTiff -co INTERLEAVE=BAND rgb.tif planes.tif "
	   "&& gdaladdo -q planes.tif 3");
	r = must_open("in.tif");
	raster_level_size(r, 3, size);
	ok(raster_levels(r) == 4 && size[0] == 75 && size[1] == 63,
		"four levels, the coarsest last: %ju x %ju", (uintmax_t)size[0],
		(uintmax_t)size[1]);
	raster_free(r);
	ok(same_as_gdal("in.tif", 0, 3), "the image itself");
	for (size_t i = 1; i < 3; i++)
		ok(same_as_gdal("beside.tif", i, 3), "overview %zu of an .ovr",
			i);
	ok(same_as_gdal("planes.tif", 1, 3), "an overview of separate planes");
}

static void test_sorted(void)
{
	struct raster *r = must_open("in.tif"), *s = must_open("beside.tif");
	struct image a = window(r, 1, whole(r, 1), 3);
	struct image b = window(s, 1, whole(s, 1), 3);

	ok(a.width == b.width &&
			!memcmp(a.px, b.px, (size_t)a.width * a.height * 3),
		"levels are found by their size, whatever their order");
	image_release(&a);
	image_release(&b);
	raster_free(r);
	raster_free(s);
}

static void test_windows(void)
{
	static const struct raster_window bad[] = {{0, 0, 0, 1}, {0, 0, 301, 1},
		{300, 0, 1, 1}, {0, 249, 1, 2}, {UINT64_MAX, 0, 1, 1},
		{0, UINT64_MAX, 1, 2}};
	struct raster *r = must_open("in.tif");
	struct raster_window win = {33, 21, 50, 40};
	struct image all = window(r, 1, whole(r, 1), 3);
	struct image part = window(r, 1, win, 3);
	bool same = true;
	uint8_t *mask;
	struct err err;

	for (unsigned y = 0; y < 40; y++)
		same = same &&
		       !memcmp(part.px + (size_t)y * 150,
			       all.px + ((size_t)(21 + y) * all.width + 33) * 3,
			       150);
	ok(same, "a window of a level is where it is in the level");
	image_release(&all);
	image_release(&part);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(raster_read_level(r, 1, &bad[i], rgb, 3, NULL, NULL, &part,
			   &mask, &err) < 0 &&
				!part.px && !mask,
			"%s", err.msg);
	ok(raster_read_level(r, 4, &win, rgb, 3, NULL, NULL, &part, &mask,
		   &err) < 0,
		"%s", err.msg);
	ok(raster_read_level(r, 0, &win, rgb, 2, NULL, NULL, &part, &mask,
		   &err) < 0,
		"%s", err.msg);
	ok(raster_read_level(r, 0, &win, rgb, 4, NULL, NULL, &part, &mask,
		   &err) < 0,
		"%s", err.msg);
	raster_free(r);
}

static size_t zeros(const uint8_t *mask, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; mask && i < n; i++)
		k += mask[i] == 0;
	return k;
}

/* Share of a level's pixels that are not valid; -1: it has no mask. */
static double invalid_share(const char *name, size_t level)
{
	struct raster *r = must_open(name);
	struct raster_window win = whole(r, level);
	struct image img = {NULL, 0, 0, 0};
	uint8_t *mask, *alone = NULL;
	double share = -1;
	struct err err;

	if (raster_levels(r) > level &&
		!raster_read_level(r, level, &win, rgb, 3, NULL, NULL, &img,
			&mask, &err) &&
		!raster_read_mask(r, level, &win, &alone, &err) && mask) {
		size_t n = (size_t)img.width * img.height;

		share = (double)zeros(mask, n) / (double)n;
		if (memcmp(mask, alone, n) || !raster_has_mask(r))
			share = -2;
	}
	free(mask);
	free(alone);
	image_release(&img);
	raster_free(r);
	return share;
}

static void test_masks(void)
{
	const double want = 300 * 301 / 2 / ((double)WIDTH * HEIGHT);
	static const struct {
		const char *what, *make;
	} kinds[] = {
		{"an alpha band",
			"gdal_translate -q -colorinterp_4 alpha rgba.img m.tif "
			"&& gdaladdo -q m.tif 2 4"},
		{"a mask inside",
			"gdal_translate -q -b 1 -b 2 -b 3 -mask 4 --config "
			"GDAL_TIFF_INTERNAL_MASK YES rgba.img m.tif && "
			"gdaladdo -q m.tif 2 4"},
		{"a mask inside of JPEG blocks",
			"gdal_translate -q -b 1 -b 2 -b 3 -mask 4 -of COG "
			"-co COMPRESS=JPEG -co BLOCKSIZE=128 -co "
			"OVERVIEW_COUNT=2 rgba.img m.tif"},
		{"a mask beside it",
			"gdal_translate -q -b 1 -b 2 -b 3 -mask 4 --config "
			"GDAL_TIFF_INTERNAL_MASK NO rgba.img m.tif && "
			"gdaladdo -q m.tif 2 4"},
		{"a mask of the whole image only",
			"gdal_translate -q -b 1 -b 2 -b 3 rgba.img m.tif && "
			"gdaladdo -q m.tif 2 4 && gdal_translate -q -b 4 -of "
			"GTiff -mo INTERNAL_MASK_FLAGS_1=2 -mo "
			"INTERNAL_MASK_FLAGS_2=2 -mo INTERNAL_MASK_FLAGS_3=2 "
			"rgba.img m.tif.msk"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		sh("%s", kinds[i].make);
		for (size_t level = 0; level < 3; level++) {
			double is = invalid_share("m.tif", level);

			ok(level ? fabs(is - want) < 0.008 : is == want,
				"%s, level %zu: %.4f of %.4f", kinds[i].what,
				level, is, want);
		}
		sh("rm -f m.tif*");
	}
	ok(invalid_share("rgb.tif", 0) == -1, "no mask where all is valid");
}

/* 4 x 2 float values, 3 bands of them where need be. */
static struct image floats(const float v[8], const double *nodata,
	const struct raster_stretch *stretch, uint8_t **mask, struct err *err)
{
	struct raster_window win = {0, 0, 4, 2};
	struct image img = {NULL, 0, 0, 0};
	struct raster *r;

	put_envi("f.img", v, sizeof(*v), 4, 2, 1, 4, "");
	r = must_open("f.img");
	if (raster_read_level(r, 0, &win, rgb, 1, nodata, stretch, &img, mask,
		    err))
		*mask = NULL;
	raster_free(r);
	return img;
}

static void test_values(void)
{
	const float v[8] = {-1, 0, 0.5F, 10, 11, NAN, 0.1F, INFINITY};
	static const uint8_t want[8] = {0, 0, 13, 255, 255, 0, 3, 0};
	static const uint8_t valid[8] = {255, 255, 255, 255, 255, 0, 0, 0};
	const struct raster_stretch s = {{0}, {10}, 1},
				    flat = {{0.5}, {0.5}, 1};
	double nodata = 0.1;
	struct err err;
	uint8_t *mask;
	struct image img = floats(v, &nodata, &s, &mask, &err);

	ok(img.px && !memcmp(img.px, want, 8),
		"values become bytes, rounded and cut");
	ok(mask && !memcmp(mask, valid, 8),
		"what is no number or nodata is not valid");
	image_release(&img);
	free(mask);
	img = floats(v, NULL, &flat, &mask, &err);
	ok(img.px && img.px[2] == 0 && img.px[3] == 255 && img.px[1] == 0,
		"where black is white, only what is above is");
	image_release(&img);
	free(mask);
	img = floats(v, NULL, NULL, &mask, &err);
	ok(!img.px && !mask, "without a stretch: %s", err.msg);
}

static void test_few_bits(void)
{
	struct raster_window win = {0, 0, 2, 2};
	const uint8_t px[4] = {0, 1, 2, 3};
	struct image img = {NULL, 0, 0, 0};
	struct err err = {""};
	uint8_t *mask = NULL;
	double nodata = 2;
	struct raster *r;

	put_envi("i.img", px, 1, 2, 2, 1, 1, "");
	sh("gdal_translate -q -co NBITS=2 i.img bits.tif");
	sh("gdal_translate -q -of VRT i.img i.vrt && sed -i "
	   "'s|<ColorInterp>.*||; s|<SimpleSource>|<ColorInterp>Palette"
	   "</ColorInterp><ColorTable><Entry c1=\"10\" c2=\"20\" c3=\"30\"/>"
	   "<Entry c1=\"40\" c2=\"50\" c3=\"60\"/><Entry c1=\"70\" c2=\"80\" "
	   "c3=\"90\"/><Entry c1=\"1\" c2=\"2\" c3=\"3\" c4=\"0\"/>"
	   "</ColorTable><SimpleSource>|' i.vrt && gdal_translate -q -of PNG "
	   "i.vrt pct.png && gdal_translate -q -co PIXELTYPE=SIGNEDBYTE i.img "
	   "s8.tif");
	r = must_open("bits.tif");
	ok(!raster_read_level(r, 0, &win, rgb, 1, &nodata, NULL, &img, &mask,
		   &err) &&
			!memcmp(img.px, ((uint8_t[]){0, 85, 170, 255}), 4) &&
			mask &&
			!memcmp(mask, ((uint8_t[]){255, 255, 0, 255}), 4),
		"two bits become eight, nodata is as it stands: %s", err.msg);
	image_release(&img);
	free(mask);
	raster_free(r);
	r = must_open("pct.png");
	ok(!raster_read_level(r, 0, &win, rgb, 1, &nodata, NULL, &img, &mask,
		   &err) &&
			img.channels == 3 &&
			!memcmp(img.px,
				((uint8_t[]){10, 20, 30, 40, 50, 60, 70, 80, 90,
					1, 2, 3}),
				12) &&
			mask && !memcmp(mask, ((uint8_t[]){255, 255, 0, 0}), 4),
		"numbers of colours become colours: %s", err.msg);
	image_release(&img);
	free(mask);
	raster_free(r);
	r = must_open("s8.tif");
	ok(raster_read_level(r, 0, &win, rgb, 1, NULL, NULL, &img, &mask,
		   &err) < 0,
		"signed bytes: %s", err.msg);
	raster_free(r);
}

/* Values 0 … 999 in disorder, 40 x 25, uint16; v[0] alone may differ. */
static void put_ramp(uint16_t first)
{
	uint16_t v[1000];

	for (unsigned i = 0; i < 1000; i++)
		v[i] = (uint16_t)(i * 7 % 1000);
	v[0] = first;
	put_envi("ramp.img", v, 2, 40, 25, 1, 12, "");
}

static void test_stretch(void)
{
	struct raster_stretch s;
	double nodata = 999;
	struct raster *r;
	struct err err;

	put_ramp(0);
	r = must_open("ramp.img");
	ok(raster_find_stretch(r, rgb, 1, NULL, STRETCH_NONE, 0, 0, &s, &err) <
			0,
		"none for 16 bits: %s", err.msg);
	ok(!raster_find_stretch(r, rgb, 1, NULL, STRETCH_MINMAX, 0, 0, &s,
		   &err) &&
			s.n == 1 && s.black[0] == 0 && s.white[0] == 999,
		"least and greatest");
	ok(!raster_find_stretch(r, rgb, 1, &nodata, STRETCH_PERCENTILE, 2, 98,
		   &s, &err) &&
			fabs(s.black[0] - 0.02 * 998) < 1e-9 &&
			fabs(s.white[0] - 0.98 * 998) < 1e-9,
		"percentiles without nodata");
	ok(!raster_find_stretch(r, rgb, 1, NULL, STRETCH_RANGE, -5, 7, &s,
		   &err) &&
			s.black[0] == -5 && s.white[0] == 7,
		"a range is as it was said");
	ok(raster_find_stretch(r, rgb, 2, NULL, STRETCH_MINMAX, 0, 0, &s,
		   &err) < 0,
		"%s", err.msg);
	raster_free(r);
	r = must_open("rgb.tif");
	ok(!raster_find_stretch(r, rgb, 3, NULL, STRETCH_NONE, 0, 0, &s,
		   &err) &&
			s.n == 0,
		"bytes need none");
	raster_free(r);
}

/* A level that is small enough decides, not the pixels of the finer ones. */
static void test_stretch_level(void)
{
	struct raster_stretch s, again;
	struct raster *r;
	struct err err;

	sh("gdal_translate -q -ot UInt16 -scale 0 255 0 1000 -outsize 2400 "
	   "2000 grey.tif big.tif && gdaladdo -q -r average big.tif 2 4");
	r = must_open("big.tif");
	if (raster_find_stretch(r, rgb, 1, NULL, STRETCH_PERCENTILE, 2, 98, &s,
		    &err))
		abort();
	raster_free(r);
	sh("gdal_translate -q -ovr 1 big.tif small.tif");
	r = must_open("small.tif");
	ok(!raster_find_stretch(r, rgb, 1, NULL, STRETCH_PERCENTILE, 2, 98,
		   &again, &err) &&
			s.black[0] == again.black[0] &&
			s.white[0] == again.white[0],
		"the stretch is that of the overview");
	raster_free(r);
	sh("gdal_translate -q -a_nodata none big.tif flat.tif -scale 0 1000 7 "
	   "7 && gdal_translate -q -outsize 1200 1000 -r nearest big.tif "
	   "none.tif");
	r = must_open("none.tif");
	ok(!raster_find_stretch(r, rgb, 1, NULL, STRETCH_MINMAX, 0, 0, &s,
		   &err) &&
			s.white[0] > s.black[0],
		"without such a level every so many pixels are looked at");
	raster_free(r);
	r = must_open("flat.tif");
	ok(!raster_find_stretch(r, rgb, 1, NULL, STRETCH_MINMAX, 0, 0, &s,
		   &err) &&
			s.black[0] == 7 && s.white[0] == 7,
		"an image of one value");
	raster_free(r);
	r = must_open("flat.tif");
	ok(raster_find_stretch(r, rgb, 1, &(double){7}, STRETCH_MINMAX, 0, 0,
		   &s, &err) < 0 &&
			s.n == 0,
		"nothing but nodata: %s", err.msg);
	raster_free(r);
}

static void test_damage(void)
{
	struct raster_window win;
	struct image img = {NULL, 0, 0, 0};
	struct raster *r;
	uint8_t *mask;
	struct err err;

	sh("gdal_translate -q -co COMPRESS=JPEG -co TILED=YES grey.tif d.tif "
	   "&& truncate -s -3000 d.tif");
	r = must_open("d.tif");
	win = whole(r, 0);
	ok(raster_read_level(r, 0, &win, rgb, 1, NULL, NULL, &img, &mask,
		   &err) < 0 &&
			!img.px && !mask,
		"a file that was cut: %s", err.msg);
	raster_free(r);
}

int main(void)
{
	char folder[] = "/tmp/levels-test.XXXXXX";

	sh_enter(folder);
	put_sources();
	test_levels();
	test_sorted();
	test_windows();
	test_masks();
	test_values();
	test_few_bits();
	test_stretch();
	test_stretch_level();
	test_damage();
	sh_leave(folder);
	return tap_done();
}
