#include "base/base.h"
#include "raster/raster.h"

#include <stdio.h>

#include "base/num.h"
#include "raster/open.h"

/* A longer text of tables (in hexadecimal) is none of JPEG's. */
enum { TABLES_MAX_TEXT = 1 << 17 };

static bool is_tiff(GDALDatasetH ds)
{
	GDALDriverH driver = ds ? GDALGetDatasetDriver(ds) : NULL;

	return driver && !strcmp(GDALGetDriverShortName(driver), "GTiff");
}

/*
 * The level's first band, where it is in the image's own file: overviews inside
 * are data sets without a name, those of a file beside it begin with its name.
 */
static GDALRasterBandH own_band(const struct raster *r, size_t level)
{
	GDALRasterBandH whole = raster_band(r, 1), first;

	if (r->nparts || !is_tiff(r->ds))
		return NULL;
	if (!level)
		return whole;
	first = GDALGetOverview(whole, 0);
	if (!first || GDALGetDescription(GDALGetBandDataset(first))[0])
		return NULL;
	return raster_level_band(r, level, 1);
}

static const char *structure(GDALDatasetH ds, const char *name)
{
	const char *value = GDALGetMetadataItem(ds, name, "IMAGE_STRUCTURE");

	return value ? value : "";
}

/* "OFFSET" or "SIZE" of a block: 1, 0 where the file has none. */
static int block_item(GDALRasterBandH band, const char *what, uint64_t col,
	uint64_t row, uint64_t *out)
{
	char name[80];
	const char *text;

	snprintf(name, sizeof(name), "BLOCK_%s_%ju_%ju", what, (uintmax_t)col,
		(uintmax_t)row);
	text = GDALGetMetadataItem(band, name, "TIFF");
	return text && !parse_u64(text, out);
}

/*
 * Tiles are told from strips by the shape of blocks. *known is false where
 * either could be, and one at the lower edge would be whole or cut.
 */
static bool find_tiled(const struct raster_blocks *b, bool *known)
{
	bool tiled = b->width != b->size[0] || b->height > b->size[1];

	*known = tiled || b->size[1] % b->height == 0;
	return tiled;
}

/*
 * GDAL makes up blocks of one row where a strip would be too large. What it
 * gives for their places are those of strips.
 */
static bool has_real_blocks(GDALRasterBandH band, const struct raster_blocks *b)
{
	uint64_t last = (b->size[1] - 1) / b->height, at;

	return b->tiled || block_item(band, "OFFSET", 0, last, &at) ||
	       !block_item(band, "OFFSET", 0, 0, &at);
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The tables as bytes; -1 when they are none. */
static int find_tables(GDALRasterBandH band, struct buf *out)
{
	const char *text = GDALGetMetadataItem(band, "JPEGTABLES", "TIFF");
	size_t n = text ? strlen(text) : 0;

	if (n > TABLES_MAX_TEXT || n % 2)
		return -1;
	for (size_t i = 0; i < n; i += 2) {
		int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

		if (high < 0 || low < 0)
			return -1;
		buf_addc(out, (char)(high * 16 + low));
	}
	return 0;
}

/*
 * Only what is sure to be decoded alike: other colour spaces (CMYK, CIELAB) are
 * GDAL's to turn, and it says RGBA of some that are not.
 */
static enum blocks_how codec(GDALRasterBandH band, struct raster_blocks *b,
	bool known)
{
	GDALDatasetH ds = GDALGetBandDataset(band);
	const char *name = structure(ds, "COMPRESSION");
	const char *space = structure(ds, "SOURCE_COLOR_SPACE");
	bool ycc = !strcmp(name, "YCbCr JPEG") && !strcmp(space, "YCbCr") &&
		   b->bands == 3;
	bool plain = !strcmp(name, "JPEG") && !space[0] &&
		     (b->bands == 1 || b->bands == 3 || b->bands == 4);

	if (raster_band_bits(band) != 8 || !known)
		return BLOCKS_PLACED;
	if (!strcmp(name, "WEBP") && (b->bands == 3 || b->bands == 4))
		return BLOCKS_WEBP;
	if ((!ycc && !plain) || find_tables(band, &b->tables))
		return BLOCKS_PLACED;
	b->ycc = ycc;
	return BLOCKS_JPEG;
}

static void describe(GDALRasterBandH band, struct raster_blocks *out)
{
	GDALDatasetH ds = GDALGetBandDataset(band);
	int width, height;
	bool known;

	GDALGetBlockSize(band, &width, &height);
	if (width < 1 || height < 1)
		return;
	out->width = (unsigned)width;
	out->height = (unsigned)height;
	out->bands = (unsigned)GDALGetRasterCount(ds);
	out->tiled = find_tiled(out, &known);
	if (!has_real_blocks(band, out) ||
		(out->bands > 1 &&
			strcmp(structure(ds, "INTERLEAVE"), "PIXEL")))
		return;
	out->how = codec(band, out, known);
}

void raster_blocks(struct raster *r, size_t level, struct raster_blocks *out)
{
	struct gdal_log log;
	GDALRasterBandH band;

	*out = (struct raster_blocks){.how = BLOCKS_NONE, .tables = BUF_INIT};
	raster_level_size(r, level, out->size);
	raster_listen(r, &log);
	band = own_band(r, level);
	if (band)
		describe(band, out);
	raster_ignore(r);
}

void raster_blocks_release(struct raster_blocks *b)
{
	buf_release(&b->tables);
}

int raster_block_place(struct raster *r, size_t level, uint64_t col,
	uint64_t row, uint64_t *offset, uint64_t *len, struct err *err)
{
	struct gdal_log log;
	GDALRasterBandH band;
	int width = 1, height = 1;
	bool there = false;

	*offset = *len = 0;
	if (level >= raster_levels(r))
		return err_set(err, "no level %zu", level);
	raster_listen(r, &log);
	band = own_band(r, level);
	if (band)
		GDALGetBlockSize(band, &width, &height);
	if (band && col <= (r->levels->size[level][0] - 1) / (uint64_t)width &&
		row <= (r->levels->size[level][1] - 1) / (uint64_t)height)
		there = block_item(band, "OFFSET", col, row, offset) &&
			block_item(band, "SIZE", col, row, len);
	else
		band = NULL;
	raster_ignore(r);
	if (!band)
		return err_set(err, "no block in column %ju, row %ju",
			(uintmax_t)col, (uintmax_t)row);
	if (log.worst >= CE_Warning)
		return gdal_error(err, &log,
			"cannot find the block in column %ju, row %ju",
			(uintmax_t)col, (uintmax_t)row);
	if (!there)
		*offset = *len = 0;
	return 0;
}
