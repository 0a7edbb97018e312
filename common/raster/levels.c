#include "base/base.h"
#include "raster/raster.h"

#include <math.h>

#include "base/num.h"
#include "raster/open.h"

uint64_t raster_band_count(const struct raster *r)
{
	return r->nparts ? r->nparts : (uint64_t)GDALGetRasterCount(r->ds);
}

GDALRasterBandH raster_band(const struct raster *r, uint64_t band)
{
	return r->nparts ? GDALGetRasterBand(r->parts[band - 1], 1)
			 : GDALGetRasterBand(r->ds, (int)band);
}

static bool has_size(GDALRasterBandH band, const uint64_t size[2])
{
	return band && (uint64_t)GDALGetRasterBandXSize(band) == size[0] &&
	       (uint64_t)GDALGetRasterBandYSize(band) == size[1];
}

/* The band's overview of that size, or NULL. */
static GDALRasterBandH overview(GDALRasterBandH band, const uint64_t size[2])
{
	int n = GDALGetOverviewCount(band);

	for (int i = 0; i < n && i < LEVELS_MAX; i++) {
		GDALRasterBandH small = GDALGetOverview(band, i);

		if (has_size(small, size))
			return small;
	}
	return NULL;
}

/* The whole image made smaller: each side may be one pixel off. */
static bool is_smaller(const uint64_t size[2], const uint64_t whole[2])
{
	double w = (double)whole[0], h = (double)whole[1];

	return size[0] <= whole[0] && size[1] <= whole[1] &&
	       (size[0] < whole[0] || size[1] < whole[1]) &&
	       fabs((double)size[0] * h - (double)size[1] * w) <= w + h;
}

/* Finer ones first; those that not all bands have do not count. */
static void add_level(const struct raster *r, const uint64_t size[2])
{
	struct levels *l = r->levels;
	size_t at = l->n;

	if (l->n == LEVELS_MAX || !is_smaller(size, l->size[0]))
		return;
	for (uint64_t b = 2; b <= raster_band_count(r); b++)
		if (!overview(raster_band(r, b), size))
			return;
	while (size[0] > l->size[at - 1][0] ||
		(size[0] == l->size[at - 1][0] && size[1] > l->size[at - 1][1]))
		at--;
	if (!memcmp(l->size[at - 1], size, sizeof(l->size[0])))
		return;
	memmove(l->size[at + 1], l->size[at], (l->n - at) * sizeof(l->size[0]));
	memcpy(l->size[at], size, sizeof(l->size[0]));
	l->n++;
}

size_t raster_levels(const struct raster *r)
{
	GDALRasterBandH first = raster_band(r, 1);
	struct gdal_log log;
	int n;

	if (r->levels->n)
		return r->levels->n;
	raster_listen(r, &log);
	raster_size(r, r->levels->size[0]);
	r->levels->n = 1;
	n = GDALGetOverviewCount(first);
	for (int i = 0; i < n && i < LEVELS_MAX; i++) {
		GDALRasterBandH small = GDALGetOverview(first, i);
		uint64_t size[2];

		if (!small)
			continue;
		size[0] = (uint64_t)GDALGetRasterBandXSize(small);
		size[1] = (uint64_t)GDALGetRasterBandYSize(small);
		add_level(r, size);
	}
	raster_ignore(r);
	return r->levels->n;
}

void raster_level_size(const struct raster *r, size_t level, uint64_t size[2])
{
	(void)raster_levels(r);
	memcpy(size, r->levels->size[level], sizeof(r->levels->size[0]));
}

GDALRasterBandH raster_level_band(const struct raster *r, size_t level,
	uint64_t band)
{
	GDALRasterBandH whole = raster_band(r, band);

	return level ? overview(whole, r->levels->size[level]) : whole;
}

/* A mask that some file holds, not one that GDAL makes up. */
static bool has_own_mask(GDALRasterBandH band)
{
	int flags = GDALGetMaskFlags(band);

	return (flags & GMF_PER_DATASET) &&
	       !(flags & (GMF_NODATA | GMF_ALL_VALID));
}

GDALRasterBandH raster_validity_band(GDALDatasetH ds)
{
	int n = GDALGetRasterCount(ds);
	GDALRasterBandH band;

	for (int i = 1; i <= n; i++) {
		band = GDALGetRasterBand(ds, i);
		if (GDALGetRasterColorInterpretation(band) == GCI_AlphaBand)
			return band;
	}
	band = GDALGetRasterBand(ds, 1);
	return has_own_mask(band) ? GDALGetMaskBand(band) : NULL;
}

static GDALDatasetH part(const struct raster *r, size_t i)
{
	return r->nparts ? r->parts[i] : r->ds;
}

bool raster_has_mask(const struct raster *r)
{
	struct gdal_log log;
	bool has = false;

	raster_listen(r, &log);
	for (size_t i = 0; i < MAX(r->nparts, 1); i++)
		has = has || raster_validity_band(part(r, i));
	raster_ignore(r);
	return has;
}

/*
 * The validity band of that level; NULL: only the whole image has one. Of
 * overviews GDAL claims masks that no file holds: they belong to no data set.
 */
static GDALRasterBandH level_validity(GDALDatasetH ds, GDALRasterBandH whole,
	const uint64_t size[2])
{
	GDALRasterBandH small = overview(whole, size), mask;

	if (small)
		return small;
	small = overview(GDALGetRasterBand(ds, 1), size);
	if (!small || !has_own_mask(small))
		return NULL;
	mask = GDALGetMaskBand(small);
	return GDALGetBandDataset(mask) && has_size(mask, size) ? mask : NULL;
}

/* First and behind the last of the pixels that a stretch of floats touches. */
static void span(double from, double len, int size, int out[2])
{
	out[0] = MIN((int)from, size - 1);
	out[1] = MAX(MIN((int)ceil(from + len), size), out[0] + 1);
}

/* Reads w->win, which is in pixels of an image as large as `size` says. */
static CPLErr read_band(GDALRasterBandH band, const uint64_t size[2],
	const struct level_window *w, GDALDataType type, void *out)
{
	int width = GDALGetRasterBandXSize(band), x[2];
	int height = GDALGetRasterBandYSize(band), y[2];
	double fx = width / (double)size[0], fy = height / (double)size[1];
	GDALRasterIOExtraArg how = {
		.nVersion = RASTERIO_EXTRA_ARG_CURRENT_VERSION,
		.eResampleAlg = GRIORA_NearestNeighbour,
		.bFloatingPointWindowValidity = TRUE,
		.dfXOff = (double)w->win.col * fx,
		.dfYOff = (double)w->win.row * fy,
		.dfXSize = (double)w->win.width * fx,
		.dfYSize = (double)w->win.height * fy,
	};

	span(how.dfXOff, how.dfXSize, width, x);
	span(how.dfYOff, how.dfYSize, height, y);
	return GDALRasterIOEx(band, GF_Read, x[0], y[0], x[1] - x[0],
		y[1] - y[0], out, (int)w->width, (int)w->height, type, 0, 0,
		&how);
}

static CPLErr part_mask(GDALDatasetH ds, const struct level_window *w,
	const uint64_t size[2], uint8_t *out)
{
	GDALRasterBandH whole = raster_validity_band(ds), band = whole;

	if (w->level)
		band = level_validity(ds, whole, size);
	return read_band(band ? band : whole, size, w, GDT_Byte, out);
}

CPLErr raster_level_mask(struct raster *r, const struct level_window *w,
	uint8_t **mask)
{
	size_t n = (size_t)w->width * w->height;
	CPLErr got = CE_None;
	uint64_t size[2];
	uint8_t *m = NULL;

	*mask = NULL;
	raster_level_size(r, w->level, size);
	for (size_t i = 0; i < MAX(r->nparts, 1) && got == CE_None; i++) {
		if (!raster_validity_band(part(r, i)))
			continue;
		m = xmalloc(n);
		got = part_mask(part(r, i), w, size, m);
		for (size_t k = 0; k < n; k++)
			m[k] = m[k] && (!*mask || (*mask)[k]) ? UINT8_MAX : 0;
		free(*mask);
		*mask = m;
	}
	return got;
}

/* What RasterIO gives for GDT_Byte when its values have a sign. */
static bool is_signed_byte(GDALRasterBandH band)
{
	const char *sign =
		GDALGetMetadataItem(band, "PIXELTYPE", "IMAGE_STRUCTURE");

	return GDALGetRasterDataType(band) == GDT_Byte && sign &&
	       !strcmp(sign, "SIGNEDBYTE");
}

CPLErr raster_level_values(struct raster *r, const struct level_window *w,
	uint64_t band, double *out)
{
	GDALRasterBandH from = raster_level_band(r, w->level, band);
	uint64_t size[2];
	CPLErr got;

	raster_level_size(r, w->level, size);
	got = read_band(from, size, w, GDT_Float64, out);
	if (is_signed_byte(raster_band(r, band)))
		for (size_t i = 0; i < (size_t)w->width * w->height; i++)
			out[i] -= out[i] > INT8_MAX ? 256 : 0;
	return got;
}

unsigned raster_band_bits(GDALRasterBandH band)
{
	const char *text =
		GDALGetMetadataItem(band, "NBITS", "IMAGE_STRUCTURE");
	uint64_t bits;

	if (GDALGetRasterDataType(band) != GDT_Byte || is_signed_byte(band))
		return 0;
	return text && !parse_u64(text, &bits) && bits >= 1 && bits < 8
		       ? (unsigned)bits
		       : 8;
}
