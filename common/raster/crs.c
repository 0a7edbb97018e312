#include "base/base.h"
#include "raster/crs.h"

#include <math.h>

#include "base/num.h"
#include "raster/gdal.h"

enum { EPSG_WGS84 = 4326 };

struct crs {
	OGRCoordinateTransformationH to, from;
};

/* OSRSetFromUserInput() would also take file names and URLs. */
static int set_name(OGRSpatialReferenceH srs, const char *name)
{
	char *wkt = (char *)name; /* read only, but GDAL says no const */
	uint64_t code;

	if (strncmp(name, "EPSG:", 5))
		return OSRImportFromWkt(srs, &wkt) == OGRERR_NONE ? 0 : -1;
	if (parse_u64(name + 5, &code) || code > INT32_MAX)
		return -1;
	return OSRImportFromEPSG(srs, (int)code) == OGRERR_NONE ? 0 : -1;
}

struct crs *crs_new(const char *name, struct err *err)
{
	struct crs *crs = xcalloc(1, sizeof(*crs));
	OGRSpatialReferenceH here, wgs84;
	struct gdal_log log;

	gdal_start();
	gdal_listen(&log);
	here = OSRNewSpatialReference(NULL);
	wgs84 = OSRNewSpatialReference(NULL);
	OSRSetAxisMappingStrategy(here, OAMS_TRADITIONAL_GIS_ORDER);
	OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
	if (!set_name(here, name) &&
		OSRImportFromEPSG(wgs84, EPSG_WGS84) == OGRERR_NONE) {
		crs->to = OCTNewCoordinateTransformation(wgs84, here);
		crs->from = OCTNewCoordinateTransformation(here, wgs84);
	}
	OSRDestroySpatialReference(here);
	OSRDestroySpatialReference(wgs84);
	gdal_ignore();
	if (!crs->to || !crs->from) {
		gdal_error(err, &log, "coordinate system '%.60s'", name);
		crs_free(crs);
		return NULL;
	}
	return crs;
}

void crs_free(struct crs *crs)
{
	if (!crs)
		return;
	OCTDestroyCoordinateTransformation(crs->to);
	OCTDestroyCoordinateTransformation(crs->from);
	free(crs);
}

static int transform(OGRCoordinateTransformationH t, double *x, double *y,
	size_t n)
{
	struct gdal_log log;
	int all;

	if (n > INT32_MAX)
		return -1;
	gdal_listen(&log);
	all = OCTTransform(t, (int)n, x, y, NULL);
	gdal_ignore();
	for (size_t i = 0; all && i < n; i++)
		all = isfinite(x[i]) && isfinite(y[i]);
	return all ? 0 : -1;
}

int crs_from_lonlat(struct crs *crs, double *x, double *y, size_t n)
{
	return transform(crs->to, x, y, n);
}

int crs_to_lonlat(struct crs *crs, double *x, double *y, size_t n)
{
	return transform(crs->from, x, y, n);
}
