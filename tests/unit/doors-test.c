/*
 * Side doors of GDAL's: VRTs that lead astray, file systems that read archives
 * and programs' input, files that name other files. A process without rules
 * shows what is behind some of them.
 */
#include "base/base.h"
#include "raster/access.h"
#include "raster/gdal.h"
#include "unit/access-make.h"

static void refused_vrt(const char *what, const char *attributes,
	const char *inside)
{
	struct err err;
	struct raster *r;

	put_vrt("v.vrt", attributes, inside);
	r = open_one("v.vrt", &err);
	ok(!r && strstr(err.msg, "v.vrt"), "%s: %.150s", what, err.msg);
	raster_free(r);
}

/* A whole VRT, with `more` before its band. */
static void refused_set(const char *what, const char *attributes,
	const char *more)
{
	struct buf b = BUF_INIT;
	struct err err;
	struct raster *r;

	buf_addf(&b,
		"<VRTDataset rasterXSize=\"64\" rasterYSize=\"48\" %s>%s"
		"<VRTRasterBand dataType=\"Byte\" band=\"1\">%s"
		"</VRTRasterBand></VRTDataset>",
		attributes, more, simple("t.tif", true));
	put_text("v.vrt", buf_str(&b));
	r = open_one("v.vrt", &err);
	ok(!r, "%s: %.150s", what, err.msg);
	raster_free(r);
	buf_release(&b);
}

static void test_vrt_sources(void)
{
	static const char *const bad[] = {"/vsizip/t.zip/t.tif",
		"/vsigzip/t.tif.gz", "/vsistdin/", "/vsisubfile/0_9,t.tif",
		"/vsimem/x", "/vsicurl?url=http://h/t.tif", "vrt://t.tif",
		"GTIFF_DIR:1:t.tif", "none.tif", "",
		"&lt;VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"/&gt;",
		"http://h/a?&lt;VRTDataset/&gt;", "EEDAI:x"};
	struct raster_rules r = network();
	struct err err;

	rule(&r);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		refused_vrt("a source", "", simple(bad[i], false));
	put_vrt("v.vrt", "", simple("t.tif", true));
	opens("v.vrt", "a VRT of a file beside it");
	put_vrt("ok/v.vrt", "", simple("t.tif", true));
	opens("ok/v.vrt", "in another folder");
	put_vrt("v.vrt", "", simple(absolute("t.tif"), false));
	opens("v.vrt", "of an absolute path");
	put_vrt("v.vrt", "", simple("http://h/t.tif", false));
	opens("v.vrt", "of a URL");
	put_vrt("v.vrt", "", simple("/vsicurl/http://h/t.tif", false));
	opens("v.vrt", "of GDAL's name for it");
	put_vrt("v.vrt", "subClass=\"VRTSourcedRasterBand\"",
		simple("s3://b/t.tif", false));
	opens("v.vrt", "of a bucket");
	put_vrt("srv/v.vrt", "", simple("http://h/t.tif", false));
	opens("http://h/v.vrt?x", "a remote VRT of a URL");
	put_vrt("srv/v.vrt", "", simple("t.tif", true));
	ok(pixel("http://h/v.vrt", &err) < 0, "%s", err.msg);
	put_vrt("srv/v.vrt", "", simple(absolute("t.tif"), false));
	ok(pixel("http://h/v.vrt", &err) < 0, "%s", err.msg);
	put_vrt("srv/v.vrt", "", simple("t.tif", false));
	ok(pixel("http://h/v.vrt", &err) < 0, "%s", err.msg);
	/* a VRT by another name */
	put_vrt("srv/odd.tif", "", simple("http://h/t.tif", false));
	opens("http://h/odd.tif", "a remote VRT by another name");
	put_vrt("v.vrt", "", simple("http://h/odd.tif", false));
	ok(pixel("v.vrt", &err) < 0, "but not in a VRT: %s", err.msg);
}

static void test_vrt_kinds(void)
{
	struct raster_rules r = network();
	struct buf two = BUF_INIT;

	rule(&r);
	refused_vrt("raw pixels", "subClass=\"VRTRawRasterBand\"",
		"<SourceFilename relativeToVRT=\"1\">t.tif</SourceFilename>"
		"<ImageOffset>0</ImageOffset>");
	refused_vrt("raw pixels by another case",
		"SubClass=\"VRTRawRasterBand\"",
		"<sourcefilename>t.tif</sourcefilename>");
	refused_vrt("a pixel function", "subClass=\"VRTDerivedRasterBand\"",
		"<PixelFunctionType>sum</PixelFunctionType>");
	refused_vrt("a program", "subClass=\"VRTDerivedRasterBand\"",
		"<PixelFunctionLanguage>Python</PixelFunctionLanguage>");
	refused_vrt("a mask of its own", "",
		"<Source><SourceFilename>t.tif</SourceFilename></Source>");
	refused_vrt("options", "",
		"<SimpleSource><SourceFilename relativeToVRT=\"1\">t.tif"
		"</SourceFilename><OpenOptions><OOI key=\"X\">Y</OOI>"
		"</OpenOptions></SimpleSource>");
	refused_vrt("two files in a source", "",
		"<SimpleSource><SourceFilename relativeToVRT=\"1\">t.tif"
		"</SourceFilename><ArraySource/></SimpleSource>");
	refused_vrt("two names in a source", "",
		"<SimpleSource><SourceFilename relativeToVRT=\"1\">t.tif"
		"</SourceFilename><SourceFilename>/vsizip/a.zip"
		"</SourceFilename></SimpleSource>");
	refused_vrt("and in other ways", "",
		"<SimpleSource sourcefilename=\"t.tif\"><SourceFilename>"
		"/vsizip/a.zip</SourceFilename></SimpleSource>");
	refused_vrt("overviews elsewhere", "",
		"<Overview><SourceFilename>/vsizip/a.zip</SourceFilename>"
		"<SourceBand>1</SourceBand></Overview>");
	refused_set("a warped one", "subClass=\"VRTWarpedDataset\"", "");
	refused_set("what warps", "", "<GDALWarpOptions/>");
	refused_set("what pansharpens", "", "<PansharpeningOptions/>");
	refused_set("groups", "", "<Group name=\"/\"/>");
	refused_set("a system from a server", "",
		"<SRS>http://h/epsg.wkt</SRS>");
	refused_set("a system from a file", "", "<SRS>srs.wkt</SRS>");
	put_text("v.vrt", "<VRTDataset");
	refused("v.vrt");
	put_text("v.vrt", "<x><VRTDataset/></x>");
	refused("v.vrt");
	buf_addf(&two, "%s", simple("t.tif", true));
	buf_adds(&two, simple("http://h/t.tif", false));
	refused_vrt("both local and remote", "", buf_str(&two));
	buf_release(&two);
}

static void test_vrt_nested(void)
{
	struct raster_rules r = network();
	struct err err;

	rule(&r);
	put_vrt("v0.vrt", "", simple("t.tif", true));
	for (int i = 1; i < 5; i++) {
		char name[16], in[16];

		snprintf(name, sizeof(name), "v%d.vrt", i);
		snprintf(in, sizeof(in), "v%d.vrt", i - 1);
		put_vrt(name, "", simple(in, true));
	}
	opens("v3.vrt", "VRTs in VRTs");
	ok(pixel("v4.vrt", &err) < 0, "too many: %s", err.msg);
	put_vrt("loop.vrt", "", simple("loop.vrt", true));
	refused("loop.vrt");
	put_vrt("srv/in.vrt", "", simple(absolute("t.tif"), false));
	put_vrt("srv/out.vrt", "", simple("http://h/in.vrt", false));
	refused("http://h/out.vrt");
	put_vrt("v.vrt", "", simple("http://h/out.vrt", false));
	refused("v.vrt");
}

/* Overviews that an image names, of another file: the secret is all 200. */
static void put_leak(void)
{
	GDALDatasetH ds;

	sh("cp t.tif srv/leak.tif");
	gdal_start_any();
	ds = GDALOpen("srv/leak.tif", GA_Update);
	if (!ds || GDALSetMetadataItem(ds, "OVERVIEW_FILE",
			   absolute("secret.tif"), "OVERVIEWS") != CE_None)
		abort();
	GDALClose(ds);
	ds = GDALOpen("srv/leak.tif", GA_ReadOnly);
	ok(GDALGetOverviewCount(GDALGetRasterBand(ds, 1)) == 1,
		"GDAL: a file names any other as its overviews");
	GDALClose(ds);
	sh("gdal_translate -q -of VRT t.tif leak.vrt && sed -i "
	   "'s|<VRTDataset \\(.*\\)|<VRTDataset \\1<Metadata "
	   "domain=\"OVERVIEWS\"><MDI key=\"OVERVIEW_FILE\">%s</MDI></Metadata>"
	   "|' leak.vrt",
		absolute("secret.tif"));
	ds = GDALOpen("leak.vrt", GA_ReadOnly);
	ok(GDALGetOverviewCount(GDALGetRasterBand(ds, 1)) == 1,
		"GDAL: so does a VRT");
	GDALClose(ds);
	sh("cp secret.tif t2.tif && gdal_translate -q -of VRT secret.tif "
	   "t2.tif.msk && sed -i 's|<VRTDataset \\(.*\\)|<VRTDataset \\1"
	   "<Metadata><MDI key=\"INTERNAL_MASK_FLAGS_1\">2</MDI></Metadata>|' "
	   "t2.tif.msk");
	ds = GDALOpen("t2.tif", GA_ReadOnly);
	ok(GDALGetMaskFlags(GDALGetRasterBand(ds, 1)) == GMF_PER_DATASET,
		"GDAL: a mask may be a VRT");
	GDALClose(ds);
}

static void test_other_files(void)
{
	struct raster_rules rules = network();
	struct raster *r;
	struct err err;

	rule(&rules);
	r = open_one("http://h/leak.tif", &err);
	ok(r && raster_levels(r) == 1, "a remote one does not: %s", err.msg);
	raster_free(r);
	put_vrt("v.vrt", "", simple("http://h/leak.tif", false));
	r = open_one("v.vrt", &err);
	ok(r && raster_levels(r) == 1, "nor in a VRT: %s", err.msg);
	raster_free(r);
	r = open_one("leak.vrt", &err);
	ok(r && raster_levels(r) == 1, "a VRT loses such metadata: %s",
		err.msg);
	raster_free(r);
	r = open_one("t2.tif", &err);
	ok(r && !raster_has_mask(r), "no mask is a VRT: %s", err.msg);
	raster_free(r);
}

static const char *const names[] = {"/vsigzip/t.tif.gz", "/vsitar/t.tar/t.tif",
	"/vsisubfile/0_999,t.tif", "/vsizip/t.zip/t.tif", "/vsistdin/",
	"/vsistdin?buffer_limit=1", "/vsicurl?url=http://127.0.0.1:9/x",
	"/vsicurl_streaming/http://127.0.0.1:9/x", "/vsis3_streaming/b/k",
	"/vsiaz/c/k", "/vsiadls/c/k", "/vsioss/b/k", "/vsiswift/b/k",
	"/vsiwebhdfs/http://127.0.0.1:9/x", "/vsicrypt/key=x,file=t.tif",
	"/vsisparse/t.xml", "/vsistdout/"};

/* The first three there are for everybody. */
static void test_plain_gdal(void)
{
	gdal_start_any();
	for (size_t i = 0; i < 3; i++) {
		VSILFILE *f = VSIFOpenL(names[i], "rb");

		ok(f != NULL, "GDAL: %s", names[i]);
		if (f)
			VSIFCloseL(f);
	}
}

static void test_systems(void)
{
	struct raster_rules r = network();
	struct gdal_log log;
	VSIStatBufL st;
	char **all;

	rule(&r);
	all = VSIGetFileSystemsPrefixes();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		VSILFILE *f;

		gdal_listen(&log);
		f = VSIFOpenL(names[i], strstr(names[i], "out") ? "wb" : "rb");
		gdal_ignore();
		ok(!f && strstr(log.msg, "nothing is opened"), "%s: %s",
			names[i], log.msg);
		ok(VSIStatL(names[i], &st) < 0, "nor looked at");
	}
	for (int i = 0; all[i]; i++) {
		struct buf name = BUF_INIT;

		buf_addf(&name, "%st.tif", all[i]);
		if (strcmp(all[i], "/vsimem/") && strcmp(all[i], "/vsicurl/") &&
			strcmp(all[i], "/vsis3/") && strcmp(all[i], "/vsigs/"))
			ok(!VSIFOpenL(buf_str(&name), "rb"), "%s is shut",
				all[i]);
		buf_release(&name);
	}
	CSLDestroy(all);
	ok(!VSIFOpenL("new.txt", "wb") && access("new.txt", F_OK),
		"nothing is written");
	put_vrt("v.vrt", "", simple("t.tif", true));
	ok(!VSIFOpenL("v.vrt", "rb"), "no VRT is opened as a file");
	sh("mkfifo pipe");
	ok(!VSIFOpenL("pipe", "rb"), "nor a pipe");
}

/* Overviews that GDAL makes up of JPEG blocks go by way of /vsisparse/. */
static void test_jpeg(void)
{
	struct raster_rules rules = network();
	struct raster_stretch s;
	struct raster *r;
	struct err err;

	rule(&rules);
	sh("cp jpeg.tif srv/");
	r = open_one("http://h/jpeg.tif", &err);
	ok(r && raster_levels(r) == 1 &&
			!raster_find_stretch(r, first, 1, NULL, STRETCH_MINMAX,
				0, 0, &s, &err) &&
			s.white[0] > 200,
		"a JPEG-compressed TIFF made smaller: %s", err.msg);
	raster_free(r);
}

int main(void)
{
	static void (*const tests[])(void) = {test_vrt_sources, test_vrt_kinds,
		test_vrt_nested, put_leak, test_other_files, test_plain_gdal,
		test_systems, test_jpeg};

	sh_enter(folder);
	put_sources();
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		in_child(tests[i]);
	sh_leave(folder);
	return tap_done();
}
