#include "base/base.h"
#include "raster/vector.h"

#include <math.h>

#include "base/io.h"
#include "raster/gdal.h"

struct vector_out {
	GDALDatasetH ds;
	OGRLayerH layer;
	char *path; /* in GDAL's memory */
	const struct vector_column *columns;
	size_t n;
};

static const struct {
	const char *driver, *ending;
} formats[] = {
	[VECTOR_FGB] = {"FlatGeobuf", "fgb"},
	[VECTOR_GPKG] = {"GPKG", "gpkg"},
	[VECTOR_GEOJSON] = {"GeoJSON", "geojson"},
};

/* The layer and its columns. */
static int add_layer(struct vector_out *v, const char *name)
{
	/* all that a double has */
	static const char *const precise[] = {"SIGNIFICANT_FIGURES=17", NULL};
	OGRSpatialReferenceH wgs84 = srs_from_text("EPSG:4326");
	bool json = !strcmp(GDALGetDriverShortName(GDALGetDatasetDriver(v->ds)),
		"GeoJSON");

	v->layer = GDALDatasetCreateLayer(v->ds, name, wgs84, wkbUnknown,
		json ? (char **)precise : NULL);
	OSRDestroySpatialReference(wgs84);
	for (size_t i = 0; v->layer && i < v->n; i++) {
		OGRFieldDefnH field = OGR_Fld_Create(v->columns[i].name,
			v->columns[i].number ? OFTReal : OFTString);
		OGRErr rc = OGR_L_CreateField(v->layer, field, 0);

		OGR_Fld_Destroy(field);
		if (rc != OGRERR_NONE)
			return -1;
	}
	return v->layer ? 0 : -1;
}

struct vector_out *vector_new(enum vector_format format, const char *layer,
	const struct vector_column *columns, size_t n, struct err *err)
{
	struct vector_out *v = xcalloc(1, sizeof(*v));
	struct buf path = BUF_INIT;
	struct gdal_log log;
	GDALDriverH driver;

	gdal_start_any();
	buf_addf(&path, "/vsimem/skyfilters.%p/%s.%s", (void *)v, layer,
		formats[format].ending);
	v->path = buf_detach(&path);
	v->columns = columns;
	v->n = n;
	gdal_listen(&log);
	/* GeoPackage notes when it was written */
	CPLSetConfigOption("OGR_CURRENT_DATE", "2000-01-01T00:00:00.000Z");
	driver = GDALGetDriverByName(formats[format].driver);
	if (driver)
		v->ds = GDALCreate(driver, v->path, 0, 0, 0, GDT_Unknown, NULL);
	if (!v->ds || add_layer(v, layer)) {
		gdal_error(err, &log, "cannot make a layer of %s",
			formats[format].driver);
		gdal_ignore();
		vector_free(v);
		return NULL;
	}
	gdal_ignore();
	return v;
}

void vector_free(struct vector_out *v)
{
	struct gdal_log log;

	if (!v)
		return;
	gdal_listen(&log);
	if (v->ds)
		GDALClose(v->ds);
	VSIUnlink(v->path);
	gdal_ignore();
	free(v->path);
	free(v);
}

static void set_values(const struct vector_out *v, OGRFeatureH feature,
	const struct vector_value *values)
{
	for (size_t i = 0; i < v->n; i++) {
		if (v->columns[i].number && !isnan(values[i].number)) {
			OGR_F_SetFieldDouble(feature, (int)i, values[i].number);
		} else if (!v->columns[i].number && values[i].text.s) {
			char *text =
				xmemdup0(values[i].text.s, values[i].text.len);

			OGR_F_SetFieldString(feature, (int)i, text);
			free(text);
		}
	}
}

int vector_put(struct vector_out *v, const struct buf *wkb,
	const struct vector_value *values, struct err *err)
{
	OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(v->layer));
	OGRGeometryH g = NULL;
	struct gdal_log log;
	int rc = 0;

	gdal_listen(&log);
	set_values(v, feature, values);
	if (OGR_G_CreateFromWkb(wkb->data, NULL, &g, (int)wkb->len) !=
			OGRERR_NONE ||
		OGR_F_SetGeometryDirectly(feature, g) != OGRERR_NONE ||
		OGR_L_CreateFeature(v->layer, feature) != OGRERR_NONE)
		rc = gdal_error(err, &log, "cannot add a feature");
	OGR_F_Destroy(feature);
	gdal_ignore();
	return rc;
}

int vector_save(struct vector_out *v, const char *path, struct err *err)
{
	vsi_l_offset len = 0;
	struct gdal_log log;
	unsigned char *bytes;
	int rc;

	gdal_listen(&log);
	GDALClose(v->ds);
	v->ds = NULL;
	bytes = VSIGetMemFileBuffer(v->path, &len, FALSE);
	gdal_ignore();
	if (!bytes || log.worst >= CE_Failure)
		return gdal_error(err, &log, "cannot end the layer");
	rc = save_file(path, bytes, (size_t)len, err);
	return rc;
}
