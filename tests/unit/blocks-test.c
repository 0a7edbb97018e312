/*
 * Where the blocks of TIFFs lie: the bytes there, with the tables in front of
 * them, are pictures that show what GDAL reads.
 */
#include "base/base.h"
#include "img/img.h"
#include "raster/raster.h"
#include "unit/raster-make.h"
#include "unit/tap.h"

static const uint64_t rgb[4] = {1, 2, 3, 4};

static void put_sources(void)
{
	enum { WIDTH = 300, HEIGHT = 260 };
	uint8_t *px = xmalloc((size_t)WIDTH * HEIGHT * 4), *p = px;

	for (unsigned y = 0; y < HEIGHT; y++)
		for (unsigned x = 0; x < WIDTH; x++)
			for (unsigned c = 0; c < 4; c++)
				*p++ = c == 3 ? x > 40 ? UINT8_MAX : 0
					      : (uint8_t)((x + y * (c + 1)) /
							  3);
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

static const struct {
	const char *what, *make;
	enum blocks_how how;
	unsigned bands;
	bool tiled, ycc;
	size_t levels;
} kinds[] = {
	{"YCbCr tiles",
		"gdal_translate -q -co TILED=YES -co BLOCKXSIZE=128 -co "
		"BLOCKYSIZE=128 -co COMPRESS=JPEG -co PHOTOMETRIC=YCBCR "
		"rgb.tif t.tif && gdaladdo -q t.tif 2 4",
		BLOCKS_JPEG, 3, true, true, 3},
	{"a COG with a mask among its blocks",
		"gdal_translate -q -of COG -b 1 -b 2 -b 3 -mask 4 -co "
		"COMPRESS=JPEG -co BLOCKSIZE=128 -co OVERVIEW_COUNT=1 "
		"rgba.img t.tif",
		BLOCKS_JPEG, 3, true, true, 2},
	{"RGB tiles",
		"gdal_translate -q -co TILED=YES -co COMPRESS=JPEG -co "
		"PHOTOMETRIC=RGB rgb.tif t.tif",
		BLOCKS_JPEG, 3, true, false, 1},
	{"grey tiles",
		"gdal_translate -q -co TILED=YES -co COMPRESS=JPEG grey.tif "
		"t.tif && gdaladdo -q t.tif 2",
		BLOCKS_JPEG, 1, true, false, 2},
	{"four bands in tiles",
		"gdal_translate -q -co TILED=YES -co COMPRESS=JPEG rgba.img "
		"t.tif",
		BLOCKS_JPEG, 4, true, false, 1},
	{"strips, the last one cut",
		"gdal_translate -q -co BLOCKYSIZE=16 -co COMPRESS=JPEG "
		"grey.tif t.tif",
		BLOCKS_PLACED, 1, false, false, 1},
	{"strips, all whole",
		"gdal_translate -q -srcwin 0 0 300 160 -co BLOCKYSIZE=16 -co "
		"COMPRESS=JPEG grey.tif t.tif",
		BLOCKS_JPEG, 1, false, false, 1},
	{"WebP",
		"gdal_translate -q -co TILED=YES -co COMPRESS=WEBP rgb.tif "
		"t.tif",
		BLOCKS_WEBP, 3, true, false, 1},
	{"deflated",
		"gdal_translate -q -co TILED=YES -co COMPRESS=DEFLATE rgb.tif "
		"t.tif",
		BLOCKS_PLACED, 3, true, false, 1},
	{"JPEG with deflated overviews",
		"gdal_translate -q -co TILED=YES -co COMPRESS=JPEG grey.tif "
		"t.tif && gdaladdo -q --config COMPRESS_OVERVIEW DEFLATE "
		"t.tif 2",
		BLOCKS_JPEG, 1, true, false, 1},
	{"planes",
		"gdal_translate -q -co TILED=YES -co COMPRESS=JPEG -co "
		"INTERLEAVE=BAND rgb.tif t.tif",
		BLOCKS_NONE, 0, false, false, 1},
	{"one strip of many rows, of which GDAL makes rows",
		"gdal_translate -q -outsize 50 2500 -co BLOCKYSIZE=2500 -co "
		"COMPRESS=LZW grey.tif t.tif",
		BLOCKS_NONE, 0, false, false, 1},
	{"12 bits",
		"gdal_translate -q -ot UInt16 -co NBITS=12 -co TILED=YES -co "
		"COMPRESS=DEFLATE grey.tif t.tif",
		BLOCKS_PLACED, 1, true, false, 1},
	{"a PNG", "gdal_translate -q -of PNG grey.tif t.tif", BLOCKS_NONE, 0,
		false, false, 1},
};

static bool is(const struct raster_blocks *b, size_t k)
{
	return b->how == kinds[k].how &&
	       (b->how == BLOCKS_NONE || (b->bands == kinds[k].bands &&
						 b->tiled == kinds[k].tiled &&
						 b->ycc == kinds[k].ycc));
}

static int decode(struct jpeg_codec *codec, const struct raster_blocks *b,
	const char *p, size_t len, struct image *out, struct err *err)
{
	struct jpeg_block block = {(const uint8_t *)b->tables.data,
		b->tables.len, b->width, b->height, b->bands, b->ycc};

	return b->how == BLOCKS_JPEG
		       ? jpeg_block_decode(codec, &block, p, len, out, err)
		       : image_decode_as_is(p, len, 1 << 20, out, err);
}

/* Whether the decoded block is what GDAL reads, to the byte. */
static bool shows(struct raster *r, size_t level, const struct image *block,
	const struct raster_window *win)
{
	unsigned n = block->channels;
	struct image img = {NULL, 0, 0, 0};
	size_t row = (size_t)win->width * n;
	uint8_t *mask = NULL;
	struct err err;
	bool same = !raster_read_level(r, level, win, rgb, n, NULL, NULL, &img,
		&mask, &err);

	for (size_t y = 0; same && y < img.height; y++)
		same = !memcmp(img.px + y * row,
			block->px + y * block->width * n, row);
	free(mask);
	image_release(&img);
	return same;
}

/* How many blocks of the level are pictures of what is there; -1: not all. */
static long check_level(struct raster *r, size_t level,
	const struct raster_blocks *b, const struct buf *file)
{
	struct jpeg_codec *codec = jpeg_codec_new();
	bool good = true;
	struct err err;
	long n = 0;

	for (uint64_t row = 0; good && row * b->height < b->size[1]; row++)
		for (uint64_t col = 0; good && col * b->width < b->size[0];
			col++, n++) {
			struct raster_window win = {col * b->width,
				row * b->height,
				MIN(b->width, b->size[0] - col * b->width),
				MIN(b->height, b->size[1] - row * b->height)};
			struct image img = {NULL, 0, 0, 0};
			uint64_t at, len;

			good = !raster_block_place(r, level, col, row, &at,
				       &len, &err) &&
			       len && at + len <= file->len;
			if (good && b->how != BLOCKS_PLACED)
				good = !decode(codec, b, file->data + at, len,
					       &img, &err) &&
				       img.channels == b->bands &&
				       shows(r, level, &img, &win);
			image_release(&img);
		}
	jpeg_codec_free(codec);
	return good ? n : -1;
}

static void test_kinds(void)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct buf file;
		struct raster *r;

		sh("rm -f t.tif*; %s", kinds[k].make);
		r = must_open("t.tif");
		file = get_file("t.tif");
		for (size_t level = 0; level < kinds[k].levels; level++) {
			struct raster_blocks b;
			long n = 0;

			raster_blocks(r, level, &b);
			if (b.how != BLOCKS_NONE)
				n = check_level(r, level, &b, &file);
			ok(is(&b, k) && n >= 0,
				"%s, level %zu: %ld blocks of %u x %u",
				kinds[k].what, level, n, b.width, b.height);
			raster_blocks_release(&b);
		}
		raster_free(r);
		buf_release(&file);
	}
}

static void test_overviews(void)
{
	struct raster_blocks b;
	struct raster *r;

	sh("rm -f t.tif*; gdal_translate -q -co TILED=YES -co COMPRESS=JPEG "
	   "grey.tif t.tif && gdaladdo -q --config COMPRESS_OVERVIEW DEFLATE "
	   "t.tif 2");
	r = must_open("t.tif");
	raster_blocks(r, 1, &b);
	ok(b.how == BLOCKS_PLACED && !b.tables.len,
		"overviews have a compression of their own");
	raster_blocks_release(&b);
	raster_free(r);
	sh("rm -f t.tif*; gdal_translate -q -co TILED=YES -co COMPRESS=JPEG "
	   "grey.tif t.tif && gdaladdo -q -ro --config COMPRESS_OVERVIEW JPEG "
	   "t.tif 2 4");
	r = must_open("t.tif");
	for (size_t level = 1; level < 3; level++) {
		uint64_t at, len;
		struct err err;

		raster_blocks(r, level, &b);
		ok(raster_levels(r) == 3 && b.how == BLOCKS_NONE &&
				raster_block_place(r, level, 0, 0, &at, &len,
					&err) < 0,
			"those in another file are not in this one");
		raster_blocks_release(&b);
	}
	raster_free(r);
}

static void test_sparse(void)
{
	struct raster *r;
	uint64_t at, len;
	struct err err;

	sh("rm -f t.tif*; gdal_translate -q -co TILED=YES -co SPARSE_OK=TRUE "
	   "-co COMPRESS=DEFLATE -outsize 600 500 -b 4 rgba.img full.tif && "
	   "gdal_translate -q -co TILED=YES -co BLOCKXSIZE=64 -co "
	   "BLOCKYSIZE=64 -co SPARSE_OK=TRUE full.tif t.tif");
	r = must_open("t.tif");
	ok(!raster_block_place(r, 0, 0, 0, &at, &len, &err) && !len,
		"a block that the file leaves out");
	ok(!raster_block_place(r, 0, 3, 2, &at, &len, &err) && len == 4096,
		"and one that it has");
	ok(raster_block_place(r, 0, 10, 0, &at, &len, &err) < 0, "%s", err.msg);
	ok(raster_block_place(r, 0, UINT64_MAX / 64 + 2, 0, &at, &len, &err) <
			0,
		"%s", err.msg);
	ok(raster_block_place(r, 1, 0, 0, &at, &len, &err) < 0, "%s", err.msg);
	raster_free(r);
}

static void test_banepa(void)
{
	const char *folder = getenv("SKYFILTERS_TESTDATA");
	struct raster_blocks b;
	struct buf path = BUF_INIT, file;
	struct raster *r;

	if (!folder) {
		printf("ok %d # SKIP SKYFILTERS_TESTDATA is not set\n",
			++tap_count);
		return;
	}
	buf_addf(&path, "%s/pairs/banepa/banepa_oam_z19.tif", folder);
	r = must_open(buf_str(&path));
	file = get_file(buf_str(&path));
	raster_blocks(r, 2, &b);
	ok(b.how == BLOCKS_JPEG && b.ycc && b.tables.len &&
			check_level(r, 2, &b, &file) == 6 * 5,
		"the blocks of a mosaic's overview are pictures of it");
	raster_blocks_release(&b);
	raster_free(r);
	buf_release(&file);
	buf_release(&path);
}

int main(void)
{
	char folder[] = "/tmp/blocks-test.XXXXXX";

	sh_enter(folder);
	put_sources();
	test_kinds();
	test_overviews();
	test_sparse();
	test_banepa();
	sh_leave(folder);
	return tap_done();
}
