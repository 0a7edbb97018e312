#include "base/base.h"
#include "raster/raster.h"

#include <math.h>

#include "base/sort.h"
#include "raster/open.h"

/* Sides of what is looked at. */
enum { LOOK_MAX_SIDE = 1024 };

static bool is_less(const double *a, const double *b)
{
	return *a < *b;
}

SORT_DEFINE(sort_values, double, is_less)

/* The finest level that is small enough, else pixels of the smallest. */
static struct level_window choose_look(const struct raster *r)
{
	struct level_window w = {.level = 0};
	uint64_t size[2], longer;

	for (size_t i = 0; i < raster_levels(r); i++) {
		w.level = i;
		raster_level_size(r, i, size);
		if (MAX(size[0], size[1]) <= LOOK_MAX_SIDE)
			break;
	}
	longer = MAX(MAX(size[0], size[1]), LOOK_MAX_SIDE);
	w.win = (struct raster_window){0, 0, size[0], size[1]};
	w.width = (unsigned)MAX(size[0] * LOOK_MAX_SIDE / longer, 1);
	w.height = (unsigned)MAX(size[1] * LOOK_MAX_SIDE / longer, 1);
	return w;
}

/* Without the mask's pixels, nodata, and what is no number in some band. */
static CPLErr find_valid(struct raster *r, const struct level_window *w,
	const uint64_t *bands, size_t n, const double *nodata, double *v,
	uint8_t *valid)
{
	size_t pixels = (size_t)w->width * w->height;
	uint8_t *mask, *empty = xmalloc(pixels);
	CPLErr got = raster_level_mask(r, w, &mask);

	memset(empty, 1, pixels);
	for (size_t i = 0; i < pixels; i++)
		valid[i] = !mask || mask[i];
	for (size_t b = 0; b < n && got == CE_None; b++) {
		double is = nodata ? raster_band_nodata(
					     raster_band(r, bands[b]), *nodata)
				   : (double)NAN;

		got = raster_level_values(r, w, bands[b], v);
		for (size_t i = 0; i < pixels && got == CE_None; i++) {
			empty[i] &= v[i] == is;
			valid[i] &= isfinite(v[i]) != 0;
		}
	}
	for (size_t i = 0; i < pixels; i++)
		valid[i] &= !empty[i];
	free(empty);
	free(mask);
	return got;
}

/* Of sorted values, with what lies between two of them in proportion. */
static double percentile(const double *v, size_t n, double percent)
{
	double at = percent / 100 * (double)(n - 1);
	size_t i = MIN((size_t)at, n - 1), next = MIN(i + 1, n - 1);

	return v[i] + (v[next] - v[i]) * (at - (double)i);
}

/* Rests on pixels that are read twice: 8 bytes a pixel are held of one band. */
static CPLErr look(struct raster *r, const uint64_t *bands, size_t n,
	const double *nodata, double low, double high,
	struct raster_stretch *out)
{
	struct level_window w = choose_look(r);
	size_t pixels = (size_t)w.width * w.height, found = 0;
	double *v = xcalloc(pixels, sizeof(*v));
	uint8_t *valid = xmalloc(pixels);
	CPLErr got = find_valid(r, &w, bands, n, nodata, v, valid);

	for (size_t b = 0; b < n && got == CE_None; b++) {
		got = raster_level_values(r, &w, bands[b], v);
		found = 0;
		for (size_t i = 0; i < pixels; i++)
			if (valid[i])
				v[found++] = v[i];
		if (!found || got != CE_None)
			break;
		sort_values(v, found);
		out->black[b] = percentile(v, found, low);
		out->white[b] = percentile(v, found, high);
	}
	if (found)
		out->n = n;
	free(v);
	free(valid);
	return got;
}

/* Whether 8 bits stand for themselves; few bits have their own scale. */
static int need_none(const struct raster *r, const uint64_t *bands, size_t n,
	struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		GDALRasterBandH band = raster_band(r, bands[i]);

		if (!raster_band_bits(band))
			return err_set(err,
				"band %ju is %s and needs a stretch to 8 bits: "
				"say which (--stretch)",
				(uintmax_t)bands[i],
				GDALGetRasterDataType(band) == GDT_Byte
					? "Int8"
					: GDALGetDataTypeName(
						  GDALGetRasterDataType(band)));
	}
	return 0;
}

int raster_find_stretch(struct raster *r, const uint64_t *bands, size_t n,
	const double *nodata, enum stretch_how how, double low, double high,
	struct raster_stretch *out, struct err *err)
{
	struct gdal_log log;
	CPLErr got;

	*out = (struct raster_stretch){.n = 0};
	if (n < 1 || n > ARRAY_SIZE(out->black))
		return err_set(err, "a stretch of %zu bands", n);
	if (raster_has_bands(r, bands, n, err))
		return -1;
	if (n == 1 && GDALGetRasterColorTable(raster_band(r, bands[0])))
		return 0;
	if (how == STRETCH_NONE)
		return need_none(r, bands, n, err);
	if (how == STRETCH_RANGE) {
		out->n = n;
		for (size_t i = 0; i < n; i++) {
			out->black[i] = low;
			out->white[i] = high;
		}
		return 0;
	}
	if (how == STRETCH_MINMAX) {
		low = 0;
		high = 100;
	}
	(void)raster_levels(r); /* its messages are not those of damage */
	raster_listen(r, &log);
	got = look(r, bands, n, nodata, low, high, out);
	raster_ignore(r);
	if (got != CE_None || log.worst >= CE_Warning) {
		out->n = 0;
		return gdal_error(err, &log,
			"cannot read the pixels for a stretch");
	}
	if (!out->n)
		return err_set(err, "no pixel is valid, so that no stretch can "
				    "be found");
	return 0;
}
