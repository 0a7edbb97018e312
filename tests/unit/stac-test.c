/* STAC items in the shapes that versions and providers give them. */
#include "base/base.h"
#include "unit/stac-walk.h"

#define POLYGON                                                                \
	"\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[7,46],[8,46],"  \
	"[8,47],[7,47],[7,46]]]},\"bbox\":[7,46,8,47]"

/* Earth Search, version 1: Sentinel-2. */
static void test_sentinel(void)
{
	struct stac_query red = {.assets = "red,green,blue"};
	struct stac_query mixed = {.assets = "red,rededge1"};
	struct stac_query none = {.assets = "red,swir99"};

	file("s2.json",
		"{\"type\":\"Feature\",\"stac_version\":\"1.0.0\",\"id\":\"S2B\","
		"\"collection\":\"sentinel-2-l2a\"," POLYGON ",\"properties\":{"
		"\"datetime\":\"2023-07-16T10:20:30.123000Z\","
		"\"eo:cloud_cover\":12.5,\"gsd\":10,\"proj:epsg\":32632},"
		"\"links\":[],\"assets\":{"
		"\"thumbnail\":{\"href\":\"t.jpg\",\"type\":\"image/jpeg\","
		"\"roles\":[\"thumbnail\"]},"
		"\"red\":{\"href\":\"https://me:pw@a.example/B04.tif?x=1\","
		"\"type\":\"image/tiff; application=geotiff; "
		"profile=cloud-optimized\",\"roles\":[\"data\","
		"\"reflectance\"],\"eo:bands\":[{\"name\":\"red\","
		"\"common_name\":\"red\"}],\"gsd\":10,\"proj:shape\":[10980,"
		"10981],\"proj:transform\":[10,0,499980,0,-10,5200020],"
		"\"raster:bands\":[{\"nodata\":0,\"data_type\":\"uint16\","
		"\"spatial_resolution\":10}]},"
		"\"green\":{\"href\":\"s3://b/B03.tif\",\"roles\":[\"data\"],"
		"\"proj:shape\":[10980,10981],\"proj:transform\":[10,0,499980,"
		"0,-10,5200020,0,0,1]},"
		"\"blue\":{\"href\":\"../B02.tif\",\"proj:shape\":[10980,10981],"
		"\"proj:transform\":[10,0,499980,0,-10,5200020]},"
		"\"rededge1\":{\"href\":\"B05.tif\",\"proj:shape\":[5490,5490],"
		"\"proj:transform\":[20,0,499980,0,-20,5200020]},"
		"\"visual-jp2\":{\"href\":\"TCI.jp2\",\"type\":\"image/jp2\","
		"\"roles\":[\"visual\"]},"
		"\"visual\":{\"href\":\"TCI.tif\",\"type\":\"image/tiff\","
		"\"roles\":[\"visual\"],\"eo:bands\":[{\"common_name\":\"red\"},"
		"{\"common_name\":\"green\"},{\"common_name\":\"blue\"}],"
		"\"proj:shape\":[10980,10980],\"proj:transform\":[10,0,499980,"
		"0,-10,5200020]}}}");
	gives("Sentinel-2: its picture", &all, true, "s2.json",
		"S2B collection=sentinel-2-l2a "
		"date=2023-07-16T10:20:30.123000Z gsd=10 cloud=12.5 TCI.tif "
		"crs=EPSG:32632 size=10980,10980 t=499980,10,0,5200020,0,-10 "
		"bands=1,2,3 bbox=7,46,8,47 wkb=93\n");
	gives("Sentinel-2: a file per band", &red, true, "s2.json",
		"S2B collection=sentinel-2-l2a "
		"date=2023-07-16T10:20:30.123000Z gsd=10 cloud=12.5 "
		"https://a.example/B04.tif?x=1 s3://b/B03.tif ../B02.tif "
		"crs=EPSG:32632 size=10981,10980 t=499980,10,0,5200020,0,-10 "
		"nodata=0 bbox=7,46,8,47 wkb=93\n");
	gives("bands on other grids", &mixed, false, "s2.json",
		"! S2B: no such asset (s2.json) asset 'rededge1' has other "
		"pixels than 'red': bands of one image must lie on one "
		"grid\n");
	gives("an asset that is not there", &none, false, "s2.json",
		"! S2B: no such asset (s2.json) no asset 'swir99'\n");
}

/* Version 1.1, and a licence of the item's own. */
static void test_versions(void)
{
	file("v11.json",
		"{\"type\":\"Feature\",\"stac_version\":\"1.1.0\",\"id\":\"n\","
		"\"collection\":\"naip\"," POLYGON ",\"properties\":{"
		"\"datetime\":null,\"start_datetime\":\"2022-05-01T00:00:00Z\","
		"\"end_datetime\":\"2022-05-31T23:59:59Z\",\"license\":\"PDDL-1.0\","
		"\"providers\":[{\"name\":\"Host\",\"roles\":[\"host\"]},"
		"{\"name\":\"USDA\",\"roles\":[\"producer\",\"licensor\"]}],"
		"\"proj:code\":\"EPSG:26918\",\"proj:shape\":[12240,10290],"
		"\"proj:transform\":[0.6,0,300000,0,-0.6,4100000]},\"assets\":{"
		"\"image\":{\"href\":\"./a/../n.tif\",\"type\":\"image/tiff\","
		"\"roles\":[\"data\"],\"gsd\":0.6,\"nodata\":\"nan\",\"bands\":["
		"{\"name\":\"NIR\",\"eo:common_name\":\"nir\"},"
		"{\"name\":\"R\",\"eo:common_name\":\"red\"},"
		"{\"name\":\"G\",\"eo:common_name\":\"green\"},"
		"{\"name\":\"B\",\"eo:common_name\":\"blue\"}]}}}");
	gives("version 1.1", &all, true, "./v11.json",
		"n collection=naip date=2022-05-01T00:00:00Z licence=PDDL-1.0 "
		"attribution=USDA gsd=0.6 n.tif crs=EPSG:26918 "
		"size=10290,12240 t=300000,0.6,0,4100000,0,-0.6 bands=2,3,4 "
		"nodata=nan bbox=7,46,8,47 wkb=93\n");
	file("v09.json",
		"{\"type\":\"Feature\",\"stac_version\":\"0.9.0\",\"id\":\"o\","
		"\"geometry\":null,\"bbox\":[7,46,300,8,47,400],\"properties\":{"
		"\"datetime\":\"2018-07-16T12:00:00+02:00\",\"eo:gsd\":15},"
		"\"assets\":{\"B8\":{\"href\":\"/data/B8.TIF\"},"
		"\"MTL\":{\"href\":\"MTL.txt\",\"type\":\"text/plain\"}}}");
	gives("version 0.9, and nothing of the pixels", &all, true, "v09.json",
		"o date=2018-07-16T12:00:00+02:00 gsd=15 /data/B8.TIF lacks "
		"proj:code, proj:epsg or proj:wkt2 bbox=7,46,8,47 wkb=0\n");
}

/* swisstopo: a file per GSD, keys that differ from item to item. */
static void test_swisstopo(void)
{
	struct stac_query two = {.assets = "*_2_2056.tif"};
	struct stac_query key = {.assets = "kml"};

	file("swiss.json",
		"{\"type\":\"Feature\",\"id\":\"dop\",\"properties\":{"
		"\"datetime\":\"2021-01-01T00:00:00Z\"},\"geometry\":null,"
		"\"assets\":{"
		"\"dop_2600_2_2056.tif\":{\"type\":\"image/tiff; "
		"application=geotiff; profile=cloud-optimized\",\"href\":"
		"\"https://d.example/dop_2_2056.tif\",\"proj:epsg\":2056,"
		"\"eo:gsd\":2.0},\"kml\":{\"href\":\"dop.kml\",\"type\":"
		"\"application/vnd.google-earth.kml+xml\"},"
		"\"dop_2600_0.1_2056.tif\":{\"type\":\"image/tiff; "
		"application=geotiff\",\"href\":"
		"\"https://d.example/dop_0.1_2056.tif\",\"proj:epsg\":2056,"
		"\"eo:gsd\":0.1}}}");
	gives("the finest of several", &all, true, "swiss.json",
		"dop date=2021-01-01T00:00:00Z gsd=0.1 "
		"https://d.example/dop_0.1_2056.tif lacks proj:shape wkb=0\n");
	gives("an asset by a pattern", &two, true, "swiss.json",
		"dop date=2021-01-01T00:00:00Z gsd=2 "
		"https://d.example/dop_2_2056.tif lacks proj:shape wkb=0\n");
	gives("an asset by its key alone", &key, true, "swiss.json",
		"dop date=2021-01-01T00:00:00Z dop.kml lacks proj:code, "
		"proj:epsg or proj:wkt2 wkb=0\n");
}

static void assets(const char *name, const char *text, const char *want)
{
	struct buf doc = BUF_INIT;

	buf_addf(&doc,
		"{\"type\":\"Feature\",\"id\":\"i\",\"properties\":{},"
		"\"geometry\":null,\"assets\":%s}",
		text);
	file("i.json", buf_str(&doc));
	gives(name, &all, false, "i.json", want);
	buf_release(&doc);
}

static void test_assets(void)
{
	assets("two that may be the image",
		"{\"a\":{\"href\":\"a.tif\"},\"b\":{\"href\":\"b.tif\"}}",
		"! i: no such asset (i.json) several assets may be the image: "
		"say which with --asset: a, b\n");
	assets("none that is an image", "{\"a\":{\"href\":\"a.html\"}}",
		"! i: no such asset (i.json) no asset is an image: name one "
		"with --asset\n");
	assets("no assets", "[]",
		"! i: no such asset (i.json) it has no assets\n");
	assets("one of GDAL's own paths",
		"{\"a\":{\"href\":\"/vsicurl/http://a/b.tif\"}}",
		"! i: no such asset (i.json) asset 'a': "
		"'/vsicurl/http://a/b.tif' is one of GDAL's own paths: a "
		"catalogue must not choose them\n");
	assets("and by a detour", "{\"a\":{\"href\":\"file:///vsimem/b.tif\"}}",
		"! i: no such asset (i.json) asset 'a': "
		"'file:///vsimem/b.tif' is one of GDAL's own paths: a "
		"catalogue must not choose them\n");
}

static void broken(const char *what, const char *text, const char *want)
{
	file("bad.json", text);
	gives(what, &all, false, "bad.json", want);
}

static void test_broken(void)
{
	broken("no JSON", "{\"type\":\"Feature\",",
		"! : cannot read the document (bad.json) bad.json: not valid JSON: line 1, column 18: string or "
		"'}' expected near end of file\n");
	broken("another document", "{\"type\":\"Topology\"}",
		"! : cannot read the document (bad.json) bad.json: no STAC document: neither an item or a "
		"collection of items nor a catalogue with links\n");
	broken("a server's excuse", "{\"code\":\"X\",\"description\":\"no\"}",
		"! : cannot read the document (bad.json) bad.json: no STAC document: neither an item or a "
		"collection of items nor a catalogue with links; it says: "
		"no\n");
	broken("an array", "[]",
		"! : cannot read the document (bad.json) bad.json: no STAC document: it is no JSON object\n");
	broken("a position off the globe",
		"{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":"
		"\"Polygon\",\"coordinates\":[[[7,46],[8,460],[8,47]]]}}",
		"! a: bad geometry (bad.json) the position 8 460 is not on the "
		"globe\n");
	broken("no id", "{\"type\":\"Feature\",\"id\":7}",
		"! : no item (bad.json) it has no id\n");
	gives("no file", &all, false, "nowhere.json",
		"! : cannot read the document (nowhere.json) cannot open 'nowhere.json': No such file or "
		"directory\n");
}

int main(void)
{
	char folder[32];

	enter(folder);
	test_sentinel();
	test_versions();
	test_swisstopo();
	test_assets();
	test_broken();
	leave(folder);
	return tap_done();
}
