#include "base/base.h"
#include "raster/valid.h"

#include <math.h>

#include "raster/ground.h"
#include "raster/open.h"

/* Parts smaller than this share of the image are left out. */
#define MIN_PART 0.001
/* In steps of the mask: lossy compression leaves edges ragged. */
#define TOLERANCE 3.0

/* Every step-th pixel of the image: 1 where it is valid. */
struct mask {
	int w, h;
	uint8_t *px; /* [h, w] */
};

static int read_band(const struct raster_info *info, GDALRasterBandH band,
	GDALDataType type, void *out, const struct mask *m)
{
	return GDALRasterIO(band, GF_Read, 0, 0, (int)info->size[0],
		       (int)info->size[1], out, m->w, m->h, type, 0,
		       0) == CE_None
		       ? 0
		       : -1;
}

/* Takes out the pixels that have the value in all bands. */
static int mask_nodata(const struct raster *r, const struct raster_info *info,
	double nodata, struct mask *m)
{
	size_t n = (size_t)m->w * (size_t)m->h;
	double *v = xcalloc(n, sizeof(*v));
	uint8_t *empty = xmalloc(n);
	int rc = 0;

	memset(empty, 1, n);
	for (size_t b = 0; b < info->nbands && !rc; b++) {
		rc = read_band(info, raster_band(r, info->bands[b]),
			GDT_Float64, v, m);
		for (size_t i = 0; i < n; i++)
			empty[i] &= v[i] == nodata ||
				    (isnan(v[i]) && isnan(nodata));
	}
	for (size_t i = 0; i < n; i++)
		m->px[i] &= !empty[i];
	free(v);
	free(empty);
	return rc;
}

static int read_mask(const struct raster *r, const struct raster_info *info,
	const double *nodata, struct mask *m)
{
	GDALRasterBandH valid = raster_validity_band(r->ds);
	uint64_t longer = MAX(info->size[0], info->size[1]);
	double step = fmax((double)longer / VALID_MAX_SIDE, 1);
	size_t n;

	m->w = (int)fmax(floor((double)info->size[0] / step), 1);
	m->h = (int)fmax(floor((double)info->size[1] / step), 1);
	n = (size_t)m->w * (size_t)m->h;
	m->px = xmalloc(n);
	memset(m->px, 1, n);
	if (valid && read_band(info, valid, GDT_Byte, m->px, m))
		return -1;
	for (size_t i = 0; i < n; i++)
		m->px[i] = m->px[i] != 0;
	return nodata ? mask_nodata(r, info, *nodata, m) : 0;
}

static enum valid how_many(const struct mask *m)
{
	size_t n = (size_t)m->w * (size_t)m->h, valid = 0;

	for (size_t i = 0; i < n; i++)
		valid += m->px[i];
	return valid == n ? VALID_ALL : valid ? VALID_SOME : VALID_NONE;
}

/* The areas of ones, in the mask's pixels, as features of the layer. */
static int find_areas(const struct mask *m, OGRLayerH layer)
{
	GDALDriverH driver = GDALGetDriverByName("MEM");
	GDALDatasetH ds =
		driver ? GDALCreate(driver, "", m->w, m->h, 1, GDT_Byte, NULL)
		       : NULL;
	GDALRasterBandH band;
	int rc = -1;

	if (!ds)
		return -1;
	band = GDALGetRasterBand(ds, 1);
	if (GDALRasterIO(band, GF_Write, 0, 0, m->w, m->h, m->px, m->w, m->h,
		    GDT_Byte, 0, 0) == CE_None &&
		GDALPolygonize(band, band, layer, -1, NULL, NULL, NULL) ==
			CE_None)
		rc = 0;
	GDALClose(ds);
	return rc;
}

/* The outer rings of the areas that are large enough, simplified. */
static OGRGeometryH outer_rings(OGRLayerH layer, const struct mask *m)
{
	double least = MIN_PART * m->w * m->h, most = 0;
	OGRGeometryH all = OGR_G_CreateGeometry(wkbMultiPolygon), joined,
		     simple;
	OGRFeatureH feature;

	for (int pass = 0; pass < 2; pass++) {
		OGR_L_ResetReading(layer);
		while ((feature = OGR_L_GetNextFeature(layer))) {
			OGRGeometryH g = OGR_F_GetGeometryRef(feature);
			OGRGeometryH ring = OGR_G_GetGeometryRef(g, 0), part;
			double area = OGR_G_Area(ring);

			if (pass == 0) {
				most = fmax(most, area);
			} else if (area >= fmin(least, most)) {
				part = OGR_G_CreateGeometry(wkbPolygon);
				OGR_G_AddGeometry(part, ring);
				OGR_G_AddGeometryDirectly(all, part);
			}
			OGR_F_Destroy(feature);
		}
	}
	joined = OGR_G_UnionCascaded(all);
	simple = joined ? OGR_G_SimplifyPreserveTopology(joined, TOLERANCE)
			: NULL;
	OGR_G_DestroyGeometry(joined);
	OGR_G_DestroyGeometry(all);
	return simple;
}

/* A polygon's outer ring in the image's pixels. */
static void add_ring(OGRGeometryH polygon, const struct raster_info *info,
	const struct mask *m, struct shape *out)
{
	OGRGeometryH ring = OGR_G_GetGeometryRef(polygon, 0);
	double fx = (double)info->size[0] / m->w;
	double fy = (double)info->size[1] / m->h;
	size_t begin = out->npoints;
	int n = OGR_G_GetPointCount(ring);

	if (n < 4)
		return;
	for (int i = 0; i < n; i++)
		shape_add_point(out, OGR_G_GetX(ring, i) * fx,
			OGR_G_GetY(ring, i) * fy);
	shape_add_part(out, begin, false);
}

static int trace(const struct mask *m, const struct raster_info *info,
	struct shape *out)
{
	GDALDriverH driver = GDALGetDriverByName("Memory");
	GDALDatasetH ds =
		driver ? GDALCreate(driver, "", 0, 0, 0, GDT_Unknown, NULL)
		       : NULL;
	OGRLayerH layer =
		ds ? GDALDatasetCreateLayer(ds, "", NULL, wkbPolygon, NULL)
		   : NULL;
	OGRGeometryH rings = NULL;

	if (layer && !find_areas(m, layer))
		rings = outer_rings(layer, m);
	if (rings && wkbFlatten(OGR_G_GetGeometryType(rings)) == wkbPolygon)
		add_ring(rings, info, m, out);
	else
		for (int i = 0; rings && i < OGR_G_GetGeometryCount(rings); i++)
			add_ring(OGR_G_GetGeometryRef(rings, i), info, m, out);
	OGR_G_DestroyGeometry(rings);
	if (ds)
		GDALClose(ds);
	return out->nparts ? 0 : -1;
}

/* From the image's pixels to info's outline. */
static int to_degrees(GDALDatasetH ds, const struct shape *px,
	struct raster_info *info, struct err *err)
{
	OGRSpatialReferenceH srs = OSRClone(GDALGetSpatialRef(ds));
	struct ground g;
	int rc = ground_open(&g, srs, info->transform, err);

	if (!rc) {
		buf_reset(&info->outline.wkb);
		rc = outline_of_rings(px, ground_lonlat, &g,
			ground_tolerance_deg(info->gsd_m), &info->outline, err);
		ground_close(&g);
	}
	OSRDestroySpatialReference(srs);
	return rc;
}

enum valid raster_valid_outline(struct raster *r, const double *nodata,
	struct raster_info *info, struct err *err)
{
	struct mask m = {.px = NULL};
	struct shape px = SHAPE_INIT;
	enum valid got = VALID_ERROR;
	struct gdal_log log;

	raster_listen(r, &log);
	if (read_mask(r, info, nodata, &m)) {
		gdal_error(err, &log, "cannot read the pixels");
	} else {
		got = how_many(&m);
		if (got == VALID_SOME && trace(&m, info, &px)) {
			gdal_error(err, &log,
				"cannot outline the valid pixels");
			got = VALID_ERROR;
		} else if (got == VALID_SOME &&
			   to_degrees(r->ds, &px, info, err)) {
			got = VALID_ERROR;
		}
	}
	raster_ignore(r);
	shape_release(&px);
	free(m.px);
	return got;
}
