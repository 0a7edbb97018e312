#include "base/base.h"
#include "raster/vector.h"

#include "raster/gdal.h"
#include "raster/open.h"

struct vector_in {
	char *path;
	GDALDatasetH ds;
	int layer; /* the next one to be opened */
	OGRLayerH at;
	OGRFeatureH feature;
	OGRCoordinateTransformationH to_lonlat; /* NULL: it is */
	bool has_box;
	double box[4];
};

struct vector_in *vector_open(const char *path, struct err *err)
{
	/* dates as they stand: OGR's own would lose "2018" and "2018-07" */
	static const char *const how[] = {"DATE_AS_STRING=YES", NULL};
	struct vector_in *v;
	struct gdal_log log;
	GDALDatasetH ds;

	if (files_refuse(path, err))
		return NULL;
	gdal_start_any();
	gdal_listen(&log);
	ds = GDALOpenEx(path,
		GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL,
		how, NULL);
	gdal_ignore();
	if (!ds) {
		gdal_error(err, &log, "cannot open '%s'", path);
		return NULL;
	}
	v = xcalloc(1, sizeof(*v));
	v->path = xstrdup(path);
	v->ds = ds;
	return v;
}

static void leave_layer(struct vector_in *v)
{
	if (v->feature)
		OGR_F_Destroy(v->feature);
	OCTDestroyCoordinateTransformation(v->to_lonlat);
	v->feature = NULL;
	v->to_lonlat = NULL;
	v->at = NULL;
}

void vector_close(struct vector_in *v)
{
	struct gdal_log log;

	if (!v)
		return;
	gdal_listen(&log);
	leave_layer(v);
	GDALClose(v->ds);
	gdal_ignore();
	free(v->path);
	free(v);
}

int vector_each_file(const struct vector_in *v, files_fn *fn, void *ctx,
	struct err *err)
{
	return gdal_each_file(v->ds, fn, ctx, err);
}

void vector_within(struct vector_in *v, const double box_deg[4])
{
	v->has_box = true;
	memcpy(v->box, box_deg, sizeof(v->box));
}

/* A layer without a system is taken to be in degrees. */
static int enter_layer(struct vector_in *v, struct err *err)
{
	OGRSpatialReferenceH srs, wgs84;

	v->at = GDALDatasetGetLayer(v->ds, v->layer++);
	if (!v->at)
		return err_set(err, "'%s': layer %d cannot be read", v->path,
			v->layer);
	if (v->has_box)
		OGR_L_SetSpatialFilterRect(v->at, v->box[0], v->box[1],
			v->box[2], v->box[3]);
	OGR_L_ResetReading(v->at);
	srs = OGR_L_GetSpatialRef(v->at);
	if (!srs)
		return 0;
	wgs84 = srs_from_text("EPSG:4326");
	srs = OSRClone(srs);
	OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
	if (!OSRIsSame(srs, wgs84)) {
		v->to_lonlat = OCTNewCoordinateTransformation(srs, wgs84);
		if (!v->to_lonlat)
			err_set(err,
				"'%s': its coordinate system cannot be brought "
				"to longitude and latitude",
				v->path);
	}
	if (OSRIsSame(srs, wgs84) || v->to_lonlat) {
		OSRDestroySpatialReference(srs);
		OSRDestroySpatialReference(wgs84);
		return 0;
	}
	OSRDestroySpatialReference(srs);
	OSRDestroySpatialReference(wgs84);
	return -1;
}

int vector_next(struct vector_in *v, struct err *err)
{
	struct gdal_log log;
	int rc = 0;

	gdal_listen(&log);
	while (!rc) {
		if (!v->at) {
			if (v->layer == GDALDatasetGetLayerCount(v->ds))
				break;
			rc = enter_layer(v, err);
			continue;
		}
		if (v->feature)
			OGR_F_Destroy(v->feature);
		v->feature = OGR_L_GetNextFeature(v->at);
		if (!v->feature && log.worst >= CE_Failure)
			rc = gdal_error(err, &log, "'%s'", v->path);
		else if (!v->feature)
			leave_layer(v);
		else
			rc = 1;
	}
	gdal_ignore();
	return rc;
}

static int index_of(const struct vector_in *v, const char *column)
{
	return OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(v->at), column);
}

bool vector_has(const struct vector_in *v, const char *column)
{
	return index_of(v, column) >= 0;
}

const char *vector_text(struct vector_in *v, const char *column)
{
	int i = index_of(v, column);

	if (i < 0 || !OGR_F_IsFieldSetAndNotNull(v->feature, i))
		return NULL;
	return OGR_F_GetFieldAsString(v->feature, i);
}

void vector_columns(const struct vector_in *v, struct buf *out)
{
	OGRFeatureDefnH defn = OGR_L_GetLayerDefn(v->at);
	int n = OGR_FD_GetFieldCount(defn);

	for (int i = 0; i < n; i++)
		buf_addf(out, "%s%s", i ? ", " : "",
			OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i)));
}

int vector_geometry(struct vector_in *v, struct buf *wkb, struct err *err)
{
	OGRGeometryH g = OGR_F_GetGeometryRef(v->feature);
	struct gdal_log log;
	int rc = 0;

	if (!g || OGR_G_IsEmpty(g))
		return err_set(err, "no geometry");
	gdal_listen(&log);
	OGR_G_FlattenTo2D(g);
	if (v->to_lonlat && OGR_G_Transform(g, v->to_lonlat) != OGRERR_NONE) {
		rc = gdal_error(err, &log,
			"its geometry has no longitude and latitude");
	} else {
		size_t n = (size_t)OGR_G_WkbSize(g);

		OGR_G_ExportToIsoWkb(g, wkbNDR,
			(unsigned char *)buf_extend(wkb, n));
	}
	gdal_ignore();
	return rc;
}
