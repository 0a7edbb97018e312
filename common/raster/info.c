#include "base/base.h"
#include "raster/info.h"

#include <math.h>
#include <stdio.h>

#include "base/date.h"
#include "raster/ground.h"
#include "raster/open.h"

/* "EPSG:n" when that is what the file means to the last parameter, else WKT. */
static char *crs_text(OGRSpatialReferenceH srs)
{
	static const char *const loose[] = {
		"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", NULL};
	static const char *const format[] = {"FORMAT=WKT2_2019", "MULTILINE=NO",
		NULL};
	const char *name = OSRGetAuthorityName(srs, NULL);
	const char *code = OSRGetAuthorityCode(srs, NULL);
	OGRSpatialReferenceH same;
	struct buf text = BUF_INIT;
	char *wkt = NULL;

	if (name && code && !strcmp(name, "EPSG")) {
		buf_addf(&text, "EPSG:%s", code);
		same = OSRNewSpatialReference(NULL);
		if (OSRSetFromUserInput(same, buf_str(&text)) != OGRERR_NONE ||
			!OSRIsSameEx(srs, same, loose))
			buf_reset(&text);
		OSRDestroySpatialReference(same);
	}
	if (!text.len && OSRExportToWktEx(srs, &wkt, format) == OGRERR_NONE)
		buf_adds(&text, wkt);
	CPLFree(wkt);
	return text.len ? buf_detach(&text) : NULL;
}

static bool is_identity(const double t[6])
{
	static const double none[6] = {0, 1, 0, 0, 0, 1};

	for (size_t i = 0; i < 6; i++)
		if (t[i] != none[i])
			return false;
	return true;
}

/* Footprint and pixel size, in the image's own coordinate system srs. */
static int place(OGRSpatialReferenceH srs, struct raster_info *out,
	struct err *err)
{
	struct ground g;
	int ret = -1;

	if (ground_open(&g, srs, out->transform, err) < 0)
		return -1;
	if (ground_gsd_m(&g, out->size, &out->gsd_m) < 0)
		err_set(err, "the pixel in its middle has no place or no size "
			     "on the globe: check its georeference and "
			     "coordinate system");
	else
		ret = outline_make(
			(double[2]){(double)out->size[0], (double)out->size[1]},
			ground_lonlat, &g, ground_tolerance_deg(out->gsd_m),
			&out->outline, err);
	ground_close(&g);
	return ret;
}

int raster_locate(struct raster_info *info, struct err *err)
{
	OGRSpatialReferenceH srs;
	struct gdal_log log;
	int ret = -1;

	gdal_listen(&log);
	srs = srs_from_text(info->crs);
	if (!srs)
		err_set(err, "unknown coordinate system '%.60s'", info->crs);
	else
		ret = place(srs, info, err);
	OSRDestroySpatialReference(srs);
	gdal_ignore();
	return ret;
}

static int georeference(GDALDatasetH ds, struct raster_info *out,
	struct err *err)
{
	OGRSpatialReferenceH file = GDALGetSpatialRef(ds), srs;
	double *t = out->transform;
	int ret = -1;

	if (GDALGetGeoTransform(ds, t) != CE_None || is_identity(t))
		return err_set(err, "no georeference%s",
			GDALGetGCPCount(ds) > 0
				? " but ground control points: warp it first "
				  "(gdalwarp)"
				: "");
	if (!isnormal(t[1] * t[5] - t[2] * t[4]))
		return err_set(err, "its geotransform is degenerate");
	if (!file)
		return err_set(err, "no coordinate system: give it one first "
				    "(gdal_translate -a_srs)");
	srs = OSRClone(file);
	if (OSRIsCompound(srs))
		OSRStripVertical(srs); /* heights move no pixel */
	out->crs = crs_text(srs);
	if (!out->crs)
		err_set(err, "its coordinate system cannot be written down");
	else
		ret = place(srs, out, err);
	OSRDestroySpatialReference(srs);
	return ret;
}

static void choose_bands(const struct raster *r, struct raster_info *out)
{
	static const GDALColorInterp rgb[3] = {GCI_RedBand, GCI_GreenBand,
		GCI_BlueBand};
	uint64_t colour[3] = {0}, plain[3] = {1};
	uint64_t n = raster_band_count(r);
	size_t nplain = 0;

	for (uint64_t i = 1; i <= n; i++) {
		GDALColorInterp is =
			GDALGetRasterColorInterpretation(raster_band(r, i));

		for (size_t c = 0; c < 3; c++)
			if (is == rgb[c] && !colour[c])
				colour[c] = i;
		if (is != GCI_AlphaBand && nplain < 3)
			plain[nplain++] = i;
	}
	if (colour[0] && colour[1] && colour[2]) {
		memcpy(out->bands, colour, sizeof(colour));
		out->nbands = 3;
	} else {
		memcpy(out->bands, plain, sizeof(plain));
		out->nbands = nplain == 3 ? 3 : 1;
	}
}

static int take_bands(const struct raster *r, const uint64_t *bands, size_t n,
	struct raster_info *out, struct err *err)
{
	if (n > ARRAY_SIZE(out->bands))
		return err_set(err, "%zu bands are neither grey nor RGB", n);
	if (raster_has_bands(r, bands, n, err) < 0)
		return -1;
	memcpy(out->bands, bands, n * sizeof(*bands));
	out->nbands = n;
	return 0;
}

/* 0: there is none. */
static uint64_t band_named(const struct raster *r, const char *name)
{
	uint64_t n = raster_band_count(r);

	for (uint64_t i = 1; i <= n; i++)
		if (!strcmp(GDALGetDescription(raster_band(r, i)), name))
			return i;
	return 0;
}

int raster_find_bands(struct raster *r, char *const *names, size_t n,
	uint64_t *bands, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		bands[i] = band_named(r, names[i]);
		if (!bands[i])
			return err_set(err, "no band '%s'", names[i]);
	}
	return 0;
}

static void find_nodata(const struct raster *r, struct raster_info *out)
{
	for (size_t i = 0; i < out->nbands; i++) {
		int there = 0;
		double v = GDALGetRasterNoDataValue(
			raster_band(r, out->bands[i]), &there);

		if (i == 0) {
			out->has_nodata = there;
			out->nodata = v;
		} else if (!there ||
			   (v != out->nodata &&
				   !(isnan(v) && isnan(out->nodata)))) {
			out->has_nodata = false;
		}
	}
}

static void find_date(GDALDatasetH ds, char *out)
{
	static const struct {
		const char *domain, *item;
		bool utc;
	} places[] = {
		{"IMAGERY", "ACQUISITIONDATETIME", true},
		{NULL, "EXIF_DateTimeOriginal", false},
		{"EXIF", "EXIF_DateTimeOriginal", false},
		{NULL, "NITF_IDATIM", true},
		{NULL, "TIFFTAG_DATETIME", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *text = GDALGetMetadataItem(ds, places[i].item,
			places[i].domain);

		if (text && date_from_text(text, places[i].utc, out) == 0)
			return;
	}
	out[0] = '\0';
}

/* Takes n digits off *s as a number within [min, max]. */
static int take(const char **s, unsigned n, unsigned min, unsigned max,
	unsigned *out)
{
	*out = 0;
	for (; n; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return -1;
		*out = *out * 10 + (unsigned)(**s - '0');
	}
	return *out < min || *out > max ? -1 : 0;
}

static void skip(const char **s, const char *any_of)
{
	if (**s && strchr(any_of, **s))
		(*s)++;
}

int date_from_text(const char *text, bool utc, char *out)
{
	unsigned y, mo, d, h, mi, s;
	const char *p = text;

	if (take(&p, 4, 1800, 9999, &y) < 0)
		return -1;
	skip(&p, ":-/");
	if (take(&p, 2, 1, 12, &mo) < 0)
		return -1;
	skip(&p, ":-/");
	if (take(&p, 2, 1, 31, &d) < 0)
		return -1;
	snprintf(out, DATE_TEXT, "%04u-%02u-%02u", y, mo, d);
	if (date_len(str_from(out)) != 10)
		return -1;
	if (!*p)
		return 0;
	skip(&p, " T");
	if (take(&p, 2, 0, 23, &h) < 0)
		return -1;
	skip(&p, ":");
	if (take(&p, 2, 0, 59, &mi) < 0)
		return -1;
	skip(&p, ":");
	if (take(&p, 2, 0, 60, &s) < 0)
		return -1;
	utc = utc || *p == 'Z';
	snprintf(out, DATE_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u%s", y, mo, d, h,
		mi, s, utc ? "Z" : "");
	return 0;
}

int raster_describe(struct raster *r, const uint64_t *bands, size_t nbands,
	struct raster_info *out, struct err *err)
{
	struct gdal_log log;
	int ret;

	*out = (struct raster_info){.crs = NULL};
	raster_size(r, out->size);
	raster_listen(r, &log);
	ret = georeference(r->ds, out, err);
	if (ret == 0 && nbands)
		ret = take_bands(r, bands, nbands, out, err);
	else
		choose_bands(r, out);
	find_nodata(r, out);
	find_date(r->ds, out->date);
	raster_ignore(r);
	return ret;
}

void raster_info_release(struct raster_info *info)
{
	free(info->crs);
	buf_release(&info->outline.wkb);
	*info = (struct raster_info){.crs = NULL};
}
