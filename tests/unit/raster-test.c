/*
 * Outlines on made-up projections, dates of metadata, windows of a tiny raster
 * written here, and paths that must not be opened.
 */
#include "base/base.h"
#include "base/io.h"
#include "raster/info.h"
#include "unit/tap.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

struct box {
	double w, n, per_px; /* degrees */
};

static int plain(void *ctx, const double px[2], double lonlat[2])
{
	const struct box *box = ctx;

	lonlat[0] = remainder(box->w + px[0] * box->per_px, 360);
	lonlat[1] = box->n - px[1] * box->per_px;
	return 0;
}

/* A polar image of 200 x 200 pixels of one degree, the pole at (cx, 100). */
static int polar(void *ctx, const double px[2], double lonlat[2])
{
	double dx = px[0] - *(double *)ctx, dy = px[1] - 100;

	lonlat[0] = atan2(dx, dy) * 180 / M_PI;
	lonlat[1] = 90 - hypot(dx, dy) / 2;
	return 0;
}

/* Row 0 is a parabola, 1 degree higher in the middle of 100 pixels. */
static int curved(void *ctx, const double px[2], double lonlat[2])
{
	double x = px[0] / 50 - 1;

	(void)ctx;
	lonlat[0] = px[0] / 10;
	lonlat[1] = 10 - px[1] / 10 + 1 - x * x;
	return 0;
}

static int nowhere(void *ctx, const double px[2], double lonlat[2])
{
	(void)ctx;
	lonlat[0] = lonlat[1] = 0;
	return px[0] > 40 && px[0] < 60 ? -1 : 0;
}

static size_t points(const struct outline *o)
{
	uint32_t n = 0;

	for (int i = 0; i < 4; i++)
		n |= (uint32_t)(uint8_t)o->wkb.data[9 + i] << 8 * i;
	return o->wkb.len == 13 + 16 * (size_t)n ? n : 0;
}

static double coordinate(const struct outline *o, size_t i, size_t axis)
{
	uint64_t bits = 0;
	double v;

	for (int k = 7; k >= 0; k--)
		bits = bits << 8 |
		       (uint8_t)o->wkb.data[13 + 16 * i + 8 * axis + (size_t)k];
	memcpy(&v, &bits, sizeof(v));
	return v;
}

static bool bounds_are(const struct outline *o, double w, double s, double e,
	double n)
{
	const double want[4] = {w, s, e, n};

	for (size_t i = 0; i < 4; i++)
		if (fabs(o->bbox_deg[i] - want[i]) > 1e-9)
			return false;
	return true;
}

static void check_box(const char *name, struct box box, const double want[4])
{
	struct outline o = {.wkb = BUF_INIT};
	struct err err = {""};
	size_t last;
	int rc =
		outline_make((double[2]){100, 50}, plain, &box, 1e-6, &o, &err);

	ok(!rc && bounds_are(&o, want[0], want[1], want[2], want[3]),
		"%s: bounds %g %g %g %g %s", name, o.bbox_deg[0], o.bbox_deg[1],
		o.bbox_deg[2], o.bbox_deg[3], err.msg);
	last = points(&o) - 1;
	ok(last == 16 && coordinate(&o, 0, 0) == coordinate(&o, last, 0) &&
			coordinate(&o, 0, 1) == coordinate(&o, last, 1) &&
			fabs(coordinate(&o, 8, 0) - coordinate(&o, 0, 0) -
				100 * box.per_px) < 1e-9,
		"%s: a closed ring of %zu points, without jumps", name,
		last + 1);
	buf_release(&o.wkb);
}

static void test_outlines(void)
{
	struct outline o = {.wkb = BUF_INIT};
	double pole = 100;
	struct err err;

	check_box("a box", (struct box){10, 50, 0.1},
		(double[]){10, 45, 20, 50});
	check_box("across the antimeridian", (struct box){175, 5, 0.1},
		(double[]){175, 0, -175, 5});
	check_box("longitudes beyond 180", (struct box){190, 5, 0.1},
		(double[]){-170, 0, -160, 5});
	check_box("the whole world", (struct box){-180, 90, 3.6},
		(double[]){-180, -90, 180, 90});

	ok(!outline_make((double[2]){200, 200}, polar, &pole, 1e-2, &o, &err) &&
			bounds_are(&o, -180, 90 - hypot(100, 100) / 2, 180, 90),
		"round the pole: all longitudes, up to 90 degrees");
	ok(coordinate(&o, points(&o) - 2, 1) == 90 &&
			coordinate(&o, points(&o) - 3, 1) == 90,
		"the ring goes by way of the pole");
	buf_release(&o.wkb);
	pole = -50;
	ok(!outline_make((double[2]){200, 200}, polar, &pole, 1e-2, &o, &err) &&
			o.bbox_deg[0] > 0 && o.bbox_deg[2] < 180 &&
			o.bbox_deg[3] < 90,
		"beside the pole it is an ordinary image");
	buf_release(&o.wkb);

	if (outline_make((double[2]){100, 50}, curved, NULL, 1e-3, &o, &err))
		abort();
	ok(fabs(o.bbox_deg[3] - 11) < 1e-3 && points(&o) > 60 &&
			points(&o) < 300,
		"a curved edge gets points: %zu", points(&o));
	buf_release(&o.wkb);
	ok(outline_make((double[2]){100, 50}, nowhere, NULL, 1e-3, &o, &err) <
				0 &&
			!o.wkb.len,
		"an edge outside the projection: %s", err.msg);
}

static void test_dates(void)
{
	static const struct {
		const char *text;
		bool utc;
		const char *want;
	} dates[] = {
		{"2018:07:16 10:20:30", false, "2018-07-16T10:20:30"},
		{"2018-07-16 10:20:30", true, "2018-07-16T10:20:30Z"},
		{"2018-07-16T10:20:30Z", false, "2018-07-16T10:20:30Z"},
		{"20180716102030", true, "2018-07-16T10:20:30Z"},
		{"2018/07/16", false, "2018-07-16"},
		{"0000:00:00 00:00:00", false, NULL},
		{"2018:13:01 00:00:00", false, NULL},
		{"2018:02:29 00:00:00", false, NULL},
		{"20180431", false, NULL},
		{"2020:02:29 00:00:00", false, "2020-02-29T00:00:00"},
		{"2018", false, NULL},
		{"16 July 2018", false, NULL},
		{"2018-07-16 10:20", false, NULL},
		{"", false, NULL},
	};
	char out[DATE_TEXT];

	for (size_t i = 0; i < ARRAY_SIZE(dates); i++) {
		int rc = date_from_text(dates[i].text, dates[i].utc, out);

		ok(dates[i].want ? !rc && !strcmp(out, dates[i].want) : rc < 0,
			"the date '%s'", dates[i].text);
	}
}

static void put_file(const char *name, const void *p, size_t len)
{
	struct outfile f = OUTFILE_INIT;
	struct err err;

	if (outfile_open(&f, name, &err) || write_all(f.fd, p, len, &err) ||
		outfile_commit(&f, &err))
		abort();
}

/* 4 x 3 pixels, band b of pixel i is 10 * b + i; ENVI: raw bytes and a text. */
static void put_raster(const char *name, const char *map_info)
{
	uint8_t px[36];
	struct buf b = BUF_INIT;

	for (uint8_t i = 0; i < 36; i++)
		px[i] = (uint8_t)(10 * (i % 3) + i / 3);
	put_file(name, px, sizeof(px));
	buf_addf(&b,
		"ENVI\nsamples = 4\nlines = 3\nbands = 3\ndata type = 1\n"
		"interleave = bip\nbyte order = 0\n%s\n",
		map_info);
	put_file("t.hdr", b.data, b.len);
	buf_release(&b);
}

static const uint64_t bands[3] = {3, 1, 2};

/* Reads a window as it is, and the share of its pixels that are valid. */
static int read_window(struct raster *r, const struct raster_window *win,
	const uint64_t *list, size_t n, const double *nodata, struct image *img,
	double *valid, struct err *err)
{
	size_t pixels = (size_t)(win->width * win->height), none = 0;
	uint8_t *mask;

	if (raster_read_level(r, 0, win, list, n, nodata, NULL, img, &mask,
		    err))
		return -1;
	for (size_t i = 0; mask && i < pixels; i++)
		none += mask[i] == 0;
	*valid = (double)(pixels - none) / (double)pixels;
	free(mask);
	return 0;
}

static void test_windows(void)
{
	static const uint64_t deep[1] = {4};
	struct raster_window win = {1, 1, 2, 2};
	struct image img = {NULL, 0, 0, 0};
	struct err err = {""};
	double valid = 0;
	struct raster *r;

	put_raster("t.img", "");
	r = raster_open("t.img", &err);
	if (!ok(r != NULL, "an ENVI file opens: %s", err.msg))
		return;
	ok(!raster_has_bands(r, bands, 3, &err) &&
			!read_window(r, &win, bands, 3, NULL, &img, &valid,
				&err) &&
			img.width == 2 && img.channels == 3 && valid == 1 &&
			img.px[0] == 25 && img.px[1] == 5 && img.px[2] == 15 &&
			img.px[9] == 30,
		"a window in the order of the bands: %s", err.msg);
	image_release(&img);
	ok(raster_has_bands(r, deep, 1, &err) < 0, "band 4 of 3: %s", err.msg);
	raster_free(r);
}

static void test_nodata(void)
{
	const struct raster_window win = {0, 0, 4, 3};
	struct image img = {NULL, 0, 0, 0};
	double valid = 0, nodata = 10, never = -10000, half = 10.5;
	struct err err = {""};
	struct raster *r = raster_open("t.img", &err);

	if (!ok(r != NULL, "it opens again: %s", err.msg))
		return;
	ok(!read_window(r, &win, bands + 2, 1, &nodata, &img, &valid, &err) &&
			valid == 11.0 / 12,
		"one of 12 pixels is nodata");
	image_release(&img);
	ok(!read_window(r, &win, bands, 3, &nodata, &img, &valid, &err) &&
			valid == 1,
		"nodata in one band of three is a colour");
	image_release(&img);
	ok(!read_window(r, &win, bands + 2, 1, &never, &img, &valid, &err) &&
			valid == 1,
		"a value that 8 bits cannot hold is never met");
	image_release(&img);
	ok(!read_window(r, &win, bands + 2, 1, &half, &img, &valid, &err) &&
			valid == 1,
		"nor is a fraction");
	image_release(&img);
	raster_free(r);
}

static void test_paths(void)
{
	static const char *const bad[] = {"no-such-file.tif", ".", "t.hdr",
		"/vsicurl/http://localhost/t.tif", "/vsimem/t.tif",
		"http://localhost/t.tif", "GTIFF_DIR:1:t.img", "v.vrt",
		"<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"/>"};
	static const char vrt[] =
		"<VRTDataset rasterXSize=\"4\" rasterYSize=\"3\">"
		"<VRTRasterBand dataType=\"Byte\" band=\"1\"><SimpleSource>"
		"<SourceFilename relativeToVRT=\"1\">t.img</SourceFilename>"
		"</SimpleSource></VRTRasterBand></VRTDataset>";
	struct err err;

	put_file("v.vrt", vrt, strlen(vrt));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct raster *r = raster_open(bad[i], &err);

		ok(!r && strstr(err.msg, bad[i]), "%s", err.msg);
		raster_free(r);
	}
}

static struct raster *open_path(void *path, struct err *err)
{
	return raster_open(*(const char **)path, err);
}

static struct raster *kept(struct raster_pool *pool, const char *path,
	struct err *err)
{
	return raster_pool_get(pool, path, open_path, &path, err);
}

static void test_pool(void)
{
	struct raster_pool *pool = raster_pool_new(2);
	struct raster *a, *b;
	struct err err;

	a = kept(pool, "t.img", &err);
	b = kept(pool, "./t.img", &err);
	ok(a && b && a != b && a == kept(pool, "t.img", &err),
		"a raster asked for again is the one kept open");
	ok(kept(pool, "././t.img", &err) && kept(pool, "t.img", &err) == a,
		"the one used least recently goes");
	ok(!kept(pool, "none.img", &err) && kept(pool, "t.img", &err) == a,
		"a file that is not there pushes none out");
	raster_pool_drop(pool);
	raster_pool_drop(pool);
	ok(kept(pool, "t.img", &err) != NULL,
		"one that was dropped opens again");
	raster_pool_free(pool);
}

static void test_describe(void)
{
	struct raster_info info = {.crs = NULL};
	struct err err = {""};
	struct raster *r;

	put_raster("t.img",
		"map info = {UTM, 1, 1, 500000, 5000000, 2, 3, 31, North, "
		"WGS-84, units=Meters}\n");
	r = raster_open("t.img", &err);
	if (!ok(r && !raster_describe(r, NULL, 0, &info, &err),
		    "a raster in UTM: %s", err.msg))
		goto out;
	ok(fabs(info.gsd_m - 3 / 0.9996) < 1e-4,
		"the larger side of a pixel is %.5f m", info.gsd_m);
	ok(fabs(info.outline.bbox_deg[0] - 3) < 1e-9 &&
			fabs(info.outline.bbox_deg[3] - 45.15) < 0.01,
		"it lies at %g, %g", info.outline.bbox_deg[0],
		info.outline.bbox_deg[3]);
	ok(info.nbands == 3 && info.bands[2] == 3 && !info.has_nodata &&
			!info.date[0],
		"three bands, no nodata, no date");
out:
	raster_info_release(&info);
	raster_free(r);
	put_raster("t.img", "");
	r = raster_open("t.img", &err);
	ok(r && raster_describe(r, NULL, 0, &info, &err) < 0,
		"without a place: %s", err.msg);
	raster_info_release(&info);
	raster_free(r);
}

int main(void)
{
	char folder[] = "/tmp/raster-test.XXXXXX";

	if (!mkdtemp(folder) || chdir(folder) < 0)
		abort();
	test_outlines();
	test_dates();
	test_windows();
	test_nodata();
	test_paths();
	test_pool();
	test_describe();
	for (const char *const *name = (const char *const[]){"t.img", "t.hdr",
		     "v.vrt", "t.img.aux.xml", NULL};
		*name; name++)
		unlink(*name);
	if (chdir("/") < 0 || rmdir(folder) < 0)
		printf("# %s is left behind\n", folder);
	return tap_done();
}
