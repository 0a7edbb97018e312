#include "base/base.h"
#include "raster/north.h"

#include <math.h>

#include "base/num.h"
#include "geo/geodesic.h"
#include "raster/ground.h"
#include "raster/open.h"

/* Points along each side of the chip, to find the pixels beneath. */
enum { SIDE_POINTS = 21 };
/* How far from the exact place a pixel may be taken, in pixels. */
#define MAX_ERROR 0.05

/* From the middle, to the east and north in metres for each pixel. */
static int step(struct ground *g, const double middle[2], double dx, double dy,
	double half, double out[2])
{
	double a[2], b[2], m, azimuth;

	if (ground_lonlat(g, middle, a) ||
		ground_lonlat(g,
			(double[2]){middle[0] + dx * half,
				middle[1] + dy * half},
			b))
		return -1;
	m = geodesic_distance_m(a[0], a[1], b[0], b[1]) / half;
	azimuth = geodesic_azimuth_deg(a[0], a[1], b[0], b[1]) * M_PI / 180;
	out[0] = m * sin(azimuth);
	out[1] = m * cos(azimuth);
	return isnormal(m) ? 0 : -1;
}

int raster_find_spot(const char *crs, const double transform[6],
	const struct raster_window *win, struct raster_spot *out,
	struct err *err)
{
	double half[2] = {(double)win->width / 2, (double)win->height / 2};
	double middle[2] = {(double)win->col + half[0],
		(double)win->row + half[1]};
	double right[2], down[2], lonlat[2];
	OGRSpatialReferenceH srs;
	struct gdal_log log;
	struct ground g;
	double turn;
	int rc = -1;

	gdal_listen(&log);
	srs = srs_from_text(crs);
	if (!srs) {
		err_set(err, "unknown coordinate system '%.60s'", crs);
	} else if (!ground_open(&g, srs, transform, err)) {
		rc = ground_lonlat(&g, middle, lonlat) ||
				     step(&g, middle, 1, 0, half[0], right) ||
				     step(&g, middle, 0, 1, half[1], down)
			     ? err_set(err, "the window has no place on the "
					    "globe")
			     : 0;
		ground_close(&g);
	}
	OSRDestroySpatialReference(srs);
	gdal_ignore();
	if (rc)
		return -1;
	*out = (struct raster_spot){
		.lon = lonlat[0],
		.lat = lonlat[1],
		.gsd_m = {hypot(right[0], right[1]), hypot(down[0], down[1])},
	};
	/* the way through the pixels that leads neither east nor west */
	turn = copysign(1, right[0] * down[1] - right[1] * down[0]);
	out->north_deg = atan2(-turn * down[0], -turn * right[0]) * 180 / M_PI;
	return 0;
}

/* Azimuthal equidistant about the spot: metres from it, on WGS 84. */
static OGRSpatialReferenceH map_about(const struct raster_spot *spot)
{
	OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);

	OSRSetProjCS(srs, "about the middle");
	OSRSetWellKnownGeogCS(srs, "WGS84");
	OSRSetAE(srs, spot->lat, spot->lon, 0, 0);
	OSRSetLinearUnits(srs, "metre", 1);
	OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
	return srs;
}

static void to_wkt(OGRSpatialReferenceH srs, struct buf *out)
{
	static const char *const format[] = {"FORMAT=WKT2_2019", "MULTILINE=NO",
		NULL};
	char *wkt = NULL;

	if (OSRExportToWktEx(srs, &wkt, format) == OGRERR_NONE)
		buf_adds(out, wkt);
	CPLFree(wkt);
}

void raster_north_map(const struct raster_spot *spot, double gsd_m,
	unsigned width, unsigned height, struct buf *crs, double transform[6])
{
	const double t[6] = {-gsd_m * width / 2, gsd_m, 0, gsd_m * height / 2,
		0, -gsd_m};
	OGRSpatialReferenceH srs;

	gdal_start();
	srs = map_about(spot);
	memcpy(transform, t, sizeof(t));
	to_wkt(srs, crs);
	OSRDestroySpatialReference(srs);
}

/* What is read and what it becomes. */
struct turn {
	struct raster *r;
	size_t level;
	struct raster_window win; /* of the level: what the chip needs */
	struct buf crs;           /* the chip's */
	double to[6];             /* the chip's */
	double scale[2];          /* its pixels per pixel of the level */
};

/* The coarsest level that is no coarser than the chip in either direction. */
static size_t choose_level(const struct raster *r,
	const struct raster_spot *spot, double gsd_m)
{
	size_t best = 0;
	uint64_t whole[2], size[2];

	raster_level_size(r, 0, whole);
	for (size_t i = 1; i < raster_levels(r); i++) {
		bool fine = true;

		raster_level_size(r, i, size);
		for (int k = 0; k < 2; k++)
			fine = fine && spot->gsd_m[k] * (double)whole[k] /
						       (double)size[k] <=
					       gsd_m * 1.001;
		if (fine)
			best = i;
	}
	return best;
}

/* Bounds of the image's pixels beneath the chip's edges and middle. */
static int find_bounds(struct turn *t, unsigned width, unsigned height,
	double bounds[4])
{
	double x[4 * SIDE_POINTS + 1], y[ARRAY_SIZE(x)], z[ARRAY_SIZE(x)];
	int done[ARRAY_SIZE(x)], n = 0;
	char **how = CSLSetNameValue(NULL, "DST_SRS", buf_str(&t->crs));
	void *map = GDALCreateGenImgProjTransformer2(t->r->ds, NULL, how);

	CSLDestroy(how);
	if (!map)
		return -1;
	for (int i = 0; i < SIDE_POINTS; i++) {
		double f = i / (SIDE_POINTS - 1.0);
		const double at[4][2] = {{f, 0}, {f, 1}, {0, f}, {1, f}};

		for (int k = 0; k < 4; k++, n++)
			GDALApplyGeoTransform(t->to, at[k][0] * width,
				at[k][1] * height, &x[n], &y[n]);
	}
	x[n] = y[n] = 0;
	memset(z, 0, sizeof(z));
	GDALGenImgProjTransform(map, TRUE, n + 1, x, y, z, done);
	GDALDestroyGenImgProjTransformer(map);
	bounds[0] = bounds[1] = HUGE_VAL;
	bounds[2] = bounds[3] = -HUGE_VAL;
	for (int i = 0; i <= n; i++) {
		if (!done[i])
			return -1;
		bounds[0] = fmin(bounds[0], x[i]);
		bounds[1] = fmin(bounds[1], y[i]);
		bounds[2] = fmax(bounds[2], x[i]);
		bounds[3] = fmax(bounds[3], y[i]);
	}
	return 0;
}

/*
 * The level's pixels that the chip needs, and what cubic resampling looks at
 * around them: two of the chip's pixels, as it widens where it makes smaller.
 * 1: none.
 */
static int find_window(struct turn *t, double gsd_m,
	const struct raster_spot *spot, unsigned width, unsigned height)
{
	uint64_t whole[2], size[2], first[2], behind[2];
	double bounds[4];

	if (find_bounds(t, width, height, bounds))
		return -1;
	raster_level_size(t->r, 0, whole);
	raster_level_size(t->r, t->level, size);
	for (int k = 0; k < 2; k++) {
		double f = (double)size[k] / (double)whole[k];
		double pad, from, to;

		t->scale[k] = spot->gsd_m[k] / f / gsd_m;
		pad = 2 / fmin(t->scale[k], 1) + 2;
		from = floor(bounds[k] * f - pad);
		to = ceil(bounds[k + 2] * f + pad);
		if (to <= 0 || from >= (double)size[k])
			return 1;
		first[k] = (uint64_t)fmax(from, 0);
		behind[k] = (uint64_t)fmin(to, (double)size[k]);
	}
	t->win = (struct raster_window){first[0], first[1],
		behind[0] - first[0], behind[1] - first[1]};
	return 0;
}

/* A data set of GDAL's over the pixels, the mask being its last band. */
static GDALDatasetH lend(struct image *img, uint8_t *mask)
{
	GDALDatasetH ds = GDALCreate(gdal_memory(), "", (int)img->width,
		(int)img->height, 0, GDT_Byte, NULL);

	for (unsigned i = 0; ds && i < img->channels + (mask != NULL); i++) {
		bool last = i == img->channels;
		unsigned skip = last ? 1 : img->channels;
		struct buf how[3] = {BUF_INIT, BUF_INIT, BUF_INIT};
		char *list[4] = {NULL};

		buf_addf(&how[0], "DATAPOINTER=%p",
			(void *)(last ? mask : img->px + i));
		buf_addf(&how[1], "PIXELOFFSET=%u", skip);
		buf_addf(&how[2], "LINEOFFSET=%zu", (size_t)skip * img->width);
		for (int k = 0; k < 3; k++)
			list[k] = (char *)buf_str(&how[k]);
		if (GDALAddBand(ds, GDT_Byte, list) != CE_None) {
			GDALClose(ds);
			ds = NULL;
		}
		for (int k = 0; k < 3; k++)
			buf_release(&how[k]);
	}
	return ds;
}

/* Gives the lent pixels the place that they have in the image. */
static int put_in_place(const struct turn *t, GDALDatasetH ds)
{
	double g[6], here[6];
	uint64_t whole[2], size[2];
	double fx, fy;

	if (GDALGetGeoTransform(t->r->ds, g) != CE_None)
		return -1;
	raster_level_size(t->r, 0, whole);
	raster_level_size(t->r, t->level, size);
	fx = (double)whole[0] / (double)size[0];
	fy = (double)whole[1] / (double)size[1];
	GDALApplyGeoTransform(g, (double)t->win.col * fx,
		(double)t->win.row * fy, &here[0], &here[3]);
	here[1] = g[1] * fx;
	here[2] = g[2] * fy;
	here[4] = g[4] * fx;
	here[5] = g[5] * fy;
	return GDALSetGeoTransform(ds, here) == CE_None &&
			       GDALSetSpatialRef(ds,
				       GDALGetSpatialRef(t->r->ds)) == CE_None
		       ? 0
		       : -1;
}

/*
 * The chip's pixels per pixel of the level, on each of its axes. GDAL would
 * take the ratio of the windows' sides, which the image's edge and a turn
 * change: the same ground would look sharper or not by where it lies.
 */
static void set_scale(GDALWarpOptions *o, const double scale[2])
{
	static const char *const names[2] = {"XSCALE", "YSCALE"};

	for (int k = 0; k < 2; k++) {
		char text[F64_TEXT + 1];

		text[f64_text(scale[k], text)] = '\0';
		o->papszWarpOptions =
			CSLSetNameValue(o->papszWarpOptions, names[k], text);
	}
}

static int warp(GDALDatasetH from, GDALDatasetH to, unsigned channels,
	bool has_mask, const double scale[2])
{
	GDALWarpOptions *o = GDALCreateWarpOptions();
	void *exact = GDALCreateGenImgProjTransformer2(from, to, NULL);
	void *fast = exact ? GDALCreateApproxTransformer(
				     GDALGenImgProjTransform, exact, MAX_ERROR)
			   : NULL;
	GDALWarpOperationH job;
	int rc = -1;

	o->hSrcDS = from;
	o->hDstDS = to;
	o->eResampleAlg = GRA_Cubic;
	o->nBandCount = (int)channels;
	o->panSrcBands = CPLMalloc(channels * sizeof(int));
	o->panDstBands = CPLMalloc(channels * sizeof(int));
	for (int i = 0; i < (int)channels; i++)
		o->panSrcBands[i] = o->panDstBands[i] = i + 1;
	o->nSrcAlphaBand = has_mask ? (int)channels + 1 : 0;
	o->nDstAlphaBand = (int)channels + 1;
	o->papszWarpOptions =
		CSLSetNameValue(o->papszWarpOptions, "INIT_DEST", "0");
	set_scale(o, scale);
	o->pfnTransformer = GDALApproxTransform;
	o->pTransformerArg = fast;
	job = fast ? GDALCreateWarpOperation(o) : NULL;
	if (job && GDALChunkAndWarpImage(job, 0, 0, GDALGetRasterXSize(to),
			   GDALGetRasterYSize(to)) == CE_None)
		rc = 0;
	GDALDestroyWarpOperation(job);
	GDALDestroyWarpOptions(o);
	if (fast)
		GDALDestroyApproxTransformer(fast);
	if (exact)
		GDALDestroyGenImgProjTransformer(exact);
	return rc;
}

/* From the window's pixels to the chip's. */
static int turn_pixels(struct turn *t, struct image *in, uint8_t *mask,
	struct image *out, uint8_t *valid, struct err *err)
{
	OGRSpatialReferenceH srs;
	GDALDatasetH from, to;
	struct gdal_log log;
	int rc = -1;

	raster_listen(t->r, &log);
	srs = srs_from_text(buf_str(&t->crs));
	from = lend(in, mask);
	to = lend(out, valid);
	if (srs && from && to && !put_in_place(t, from) &&
		GDALSetSpatialRef(to, srs) == CE_None &&
		GDALSetGeoTransform(to, t->to) == CE_None)
		rc = warp(from, to, in->channels, mask != NULL, t->scale);
	if (from)
		GDALClose(from);
	if (to)
		GDALClose(to);
	OSRDestroySpatialReference(srs);
	raster_ignore(t->r);
	return rc || log.worst >= CE_Failure
		       ? gdal_error(err, &log, "cannot turn the pixels")
		       : 0;
}

/* Less than half of a pixel in the image: it is not. */
static uint8_t *cut_mask(struct image *img, uint8_t *mask)
{
	size_t n = (size_t)img->width * img->height;
	bool all = true;

	for (size_t i = 0; i < n; i++) {
		mask[i] = mask[i] > INT8_MAX ? UINT8_MAX : 0;
		all = all && mask[i];
		if (!mask[i])
			memset(img->px + i * img->channels, 0, img->channels);
	}
	if (!all)
		return mask;
	free(mask);
	return NULL;
}

int raster_read_north(struct raster *r, const struct raster_spot *spot,
	double gsd_m, unsigned width, unsigned height, const uint64_t *bands,
	size_t n, const double *nodata, const struct raster_stretch *stretch,
	struct image *out, uint8_t **mask, struct err *err)
{
	struct turn t = {.r = r, .level = choose_level(r, spot, gsd_m)};
	struct image in = {NULL, 0, 0, 0};
	uint8_t *in_mask = NULL, *valid = NULL;
	size_t pixels = (size_t)width * height;
	struct gdal_log log;
	int got, rc = -1;

	*mask = NULL;
	if (!pixels || width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE ||
		pixels > IMAGE_MAX_PIXELS)
		return err_set(err, "a chip of %u x %u pixels", width, height);
	raster_north_map(spot, gsd_m, width, height, &t.crs, t.to);
	raster_listen(r, &log);
	got = find_window(&t, gsd_m, spot, width, height);
	raster_ignore(r);
	if (got < 0) {
		gdal_error(err, &log, "the chip has no place in the image");
		goto out;
	}
	if (got > 0) /* beside the image: a pixel tells the channels */
		t.win = (struct raster_window){0, 0, 1, 1};
	if (raster_read_level(r, t.level, &t.win, bands, n, nodata, stretch,
		    &in, &in_mask, err))
		goto out;
	*out = (struct image){xcalloc(pixels, in.channels), width, height,
		in.channels};
	valid = xcalloc(pixels, 1);
	rc = got > 0 ? 0 : turn_pixels(&t, &in, in_mask, out, valid, err);
	if (!rc)
		*mask = cut_mask(out, valid);
	else
		image_release(out);
out:
	if (rc)
		free(valid);
	free(in_mask);
	image_release(&in);
	buf_release(&t.crs);
	return rc;
}
