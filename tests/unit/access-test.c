/*
 * What a record may have opened, and that the doors beside it are shut. The
 * network is a folder here. Rules are a process's for good, so each set of
 * them has its own; where it is cheap, one without shows what GDAL would do.
 */
#include "base/base.h"
#include "raster/access.h"
#include "raster/gdal.h"
#include "unit/access-make.h"

static void test_names(void)
{
	static const char *const bad[] = {"", "none.tif", "ok", "file:///etc/x",
		"ftp://h/t.tif", "/vsizip/t.zip/t.tif", "/vsigzip/t.tif.gz",
		"/vsitar/t.tar/t.tif", "/vsistdin/", "/vsistdin?",
		"/vsisubfile/0_100,t.tif", "/vsisparse/x", "/vsimem/x",
		"/vsicurl?url=http://h/t.tif", "/vsicurl/t.tif", "/vsicurl",
		"/vsicurl/ftp://h/t.tif", "/vsiaz/c/t.tif",
		"/vsicurl_streaming/http://h/t.tif", "vrt://t.tif?bands=1",
		"GTIFF_DIR:1:t.tif", "GTIFF_RAW:t.tif", "NITF_IM:0:t.tif",
		"JPEG_SUBFILE:Q0,0,1,t.tif",
		"DERIVED_SUBDATASET:AMPLITUDE:"
		"t.tif",
		"<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"/>",
		"<GDAL_WMS></GDAL_WMS>", "WMS:http://h/", "EEDAI:projects/x",
		"WMTS:http://h/", "http://h/none.tif",
		"http://h/t.tif?<VRTDataset>"};
	struct raster_rules r = network();
	struct str nul = {"t.tif\0x", 7};
	struct err err;

	rule(&r);
	ok(raster_rule(&r, &err) < 0, "a second time: %s", err.msg);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		refused(bad[i]);
	ok(!raster_open_source(&nul, 1, NULL, &err), "%s", err.msg);
	opens("t.tif", "a path");
	opens("./t.tif", "another one");
	opens(absolute("t.tif"), "an absolute path");
	opens("http://h/t.tif", "a URL");
	opens("/vsicurl/http://h/t.tif", "GDAL's name for it");
	opens("s3://b/t.tif", "a bucket");
	opens("/vsis3/b/t.tif", "GDAL's name for it");
	opens("gs://b/t.tif", "another one");
	opens("/vsigs/b/t.tif", "GDAL's name for it");
	opens("http://h/t.img", "another format");
}

static void test_source_name(void)
{
	static const struct {
		const char *uri, *root, *want;
		bool remote;
	} names[] = {
		{"t.tif", NULL, "t.tif", false},
		{"t.tif", "ok", "ok/t.tif", false},
		{"http://h/t.tif", "ok", "http://h/t.tif", true},
		{"/vsicurl/https://h/t.tif", NULL, "https://h/t.tif", true},
		{"/vsis3/b/k/t.tif", NULL, "s3://b/k/t.tif", true},
		{"/vsigs/b/t.tif", NULL, "gs://b/t.tif", true},
	};
	struct raster_rules r = network();
	struct buf out = BUF_INIT;
	struct err err = {""};
	bool remote;

	rule(&r);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		buf_reset(&out);
		ok(!raster_source_name(str_from(names[i].uri), names[i].root,
			   &out, &remote, &err) &&
				!strcmp(buf_str(&out), names[i].want) &&
				remote == names[i].remote,
			"%s is %s", names[i].uri, buf_str(&out));
	}
	buf_reset(&out);
	ok(raster_source_name(str_from("/vsizip/x"), NULL, &out, &remote,
		   &err) < 0 &&
			!out.len,
		"%s", err.msg);
	buf_release(&out);
}

/* One name, and nothing beside it. */
static void test_beside(void)
{
	struct raster_rules rules = network();
	struct buf want = BUF_INIT;
	struct raster *r;
	struct err err;

	rule(&rules);
	r = open_one("http://h/t.tif", &err);
	ok(r && raster_levels(r) == 1 && !raster_has_mask(r),
		"no overviews beside a remote image");
	raster_free(r);
	for (size_t n = 0; n < 8 && want.len < asked.len; n++)
		buf_adds(&want, "http://h/t.tif\n");
	ok(want.len == asked.len && !memcmp(want.data, asked.data, want.len),
		"nothing beside it is asked for");
	buf_release(&want);
	sh("gdaladdo -q -ro t.tif 2");
	r = open_one("t.tif", &err);
	ok(r && raster_levels(r) == 2, "those beside a local one are read");
	raster_free(r);
	sh("rm t.tif.ovr");
}

static void test_allowed(void)
{
	static const char *const may[] = {"ok/", "http://h/ok/"};
	struct raster_rules r = network();

	r.allowed = may;
	r.nallowed = 2;
	rule(&r);
	opens("ok/t.tif", "what is allowed");
	opens("http://h/ok/t.tif", "and there");
	refused("t.tif");
	refused("ok/../t.tif");
	refused(absolute("t.tif"));
	refused("http://h/t.tif");
	refused("http://h/ok/../t.tif");
	refused("http://h/ok/%2e%2e/t.tif");
	refused("http://h.example/ok/t.tif");
	refused("s3://h/ok/t.tif");
	put_vrt("ok/out.vrt", "", simple("../t.tif", true));
	refused("ok/out.vrt");
	put_vrt("ok/in.vrt", "", simple("t.tif", true));
	opens("ok/in.vrt", "a VRT of what is allowed");
}

static void test_offline(void)
{
	struct raster_rules r = {.remotes = NULL};
	VSILFILE *f;

	rule(&r);
	refused("http://h/t.tif");
	opens("t.tif", "without a network");
	CPLPushErrorHandler(CPLQuietErrorHandler);
	f = VSIFOpenL("/vsicurl/http://h/t.tif", "rb");
	CPLPopErrorHandler();
	ok(!f && !asked.len, "nothing is asked for");
}

static void test_service(void)
{
	static const char wms[] =
		"<GDAL_WMS><Service name=\"TMS\"><ServerUrl>http://127.0.0.1:9/"
		"${z}/${x}/${y}</ServerUrl></Service><DataWindow><SizeX>256"
		"</SizeX><SizeY>256</SizeY><TileLevel>0</TileLevel>"
		"</DataWindow><BandsCount>3</BandsCount></GDAL_WMS>";
	const struct http_limits limits = HTTP_LIMITS_USUAL;
	struct raster_rules rules = network();
	struct raster *r;
	struct err err;

	rules.gdal_http = &limits;
	rule(&rules);
	put_text("wms.xml", wms);
	put_text("srv/wms.xml", wms);
	r = open_one(wms, &err);
	ok(r != NULL, "the description of a service: %s", err.msg);
	raster_free(r);
	r = open_one("wms.xml", &err);
	ok(r != NULL, "in a file: %s", err.msg);
	raster_free(r);
	refused("http://h/wms.xml");
	put_vrt("wms.vrt", "", simple("WMS:http://h/", false));
	refused("wms.vrt");
}

static void test_late(void)
{
	struct raster_rules r = network();
	struct err err;
	struct raster *t = raster_open("t.tif", &err);

	ok(t && raster_rule(&r, &err) < 0, "%s", err.msg);
	raster_free(t);
}

static void test_parts(void)
{
	const struct raster_window win = {2, 0, 1, 1};
	struct str three[3] = {str_from("t.tif"), str_from("inv.tif"),
		str_from("t.tif")};
	struct str two[2] = {str_from("t.tif"), str_from("two.tif")};
	struct str sizes[2] = {str_from("t.tif"), str_from("small.tif")};
	struct str mixed[2] = {str_from("t.tif"), str_from("http://h/t.tif")};
	static const uint64_t bands[3] = {2, 1, 3};
	struct raster_rules rules = network();
	struct image img = {NULL, 0, 0, 0};
	struct raster_blocks b;
	struct err err = {""};
	struct raster *r;
	uint8_t *mask;

	sh("gdal_translate -q -scale 0 255 255 0 raw.img inv.tif");
	rule(&rules);
	r = raster_open_source(three, 3, NULL, &err);
	ok(r && !raster_has_bands(r, bands, 3, &err) &&
			!raster_read_level(r, 0, &win, bands, 3, NULL, NULL,
				&img, &mask, &err) &&
			img.px[0] == 253 && img.px[1] == 2 && img.px[2] == 2,
		"a file for each band: %s", err.msg);
	ok(r && raster_has_bands(r, (uint64_t[]){4}, 1, &err) < 0, "%s",
		err.msg);
	if (r)
		raster_blocks(r, 0, &b);
	ok(r && b.how == BLOCKS_NONE, "their blocks are not in one file");
	image_release(&img);
	raster_free(r);
	r = raster_open_source(two, 2, NULL, &err);
	ok(r && !raster_has_bands(r, (uint64_t[]){2}, 1, &err) &&
			raster_has_bands(r, (uint64_t[]){3}, 1, &err),
		"of a file with more the first band counts");
	raster_free(r);
	ok(!raster_open_source(sizes, 2, NULL, &err), "%s", err.msg);
	ok(!raster_open_source(mixed, 2, NULL, &err), "%s", err.msg);
	ok(!raster_open_source(NULL, 0, NULL, &err), "%s", err.msg);
}

int main(void)
{
	static void (*const tests[])(void) = {test_names, test_source_name,
		test_beside, test_allowed, test_offline, test_service,
		test_late, test_parts};

	sh_enter(folder);
	put_sources();
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		in_child(tests[i]);
	sh_leave(folder);
	return tap_done();
}
