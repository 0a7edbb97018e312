#include "base/base.h"
#include "raster/crs.h"

#include <math.h>

#include "base/num.h"
#include "raster/gdal.h"

struct crs {
	OGRCoordinateTransformationH to, from;
	double turn; /* what one round the Earth adds to x; 0: no such number */
};

/* OSRSetFromUserInput() would also take file names and URLs. */
OGRSpatialReferenceH srs_from_text(const char *name)
{
	OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
	char *wkt = (char *)name; /* read only, but GDAL says no const */
	uint64_t code;
	OGRErr rc = OGRERR_UNSUPPORTED_SRS;

	if (strncmp(name, "EPSG:", 5))
		rc = OSRImportFromWkt(srs, &wkt);
	else if (!parse_u64(name + 5, &code) && code <= INT32_MAX)
		rc = OSRImportFromEPSG(srs, (int)code);
	if (rc == OGRERR_NONE) {
		OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
		return srs;
	}
	OSRDestroySpatialReference(srs);
	return NULL;
}

/*
 * A turn is the same step of x everywhere where x goes with the longitude
 * alone. Asked of the system's own longitudes, for a change of datum moves
 * points by metres that depend on the place.
 */
static double find_turn(OGRSpatialReferenceH here)
{
	OGRSpatialReferenceH own = OSRCloneGeogCS(here);
	OGRCoordinateTransformationH t = NULL;
	double right, x[6], y[6], step[2], turn = 0;

	if (!own)
		return 0;
	OSRSetAxisMappingStrategy(own, OAMS_TRADITIONAL_GIS_ORDER);
	right = M_PI / 2 / OSRGetAngularUnits(own, NULL);
	for (int i = 0; i < 6; i++) {
		x[i] = (i % 3 - 1) * right;
		y[i] = i / 3 * right / 2;
	}
	t = OCTNewCoordinateTransformation(own, here);
	if (t && OCTTransform(t, 6, x, y, NULL)) {
		step[0] = x[1] - x[0];
		step[1] = x[2] - x[1];
		/* the other one may cross the edge of the map */
		turn = 4 * (fabs(step[0]) < fabs(step[1]) ? step[0] : step[1]);
		for (int i = 0; i < 3; i++)
			if (!(fabs(x[i] - x[i + 3]) <= fabs(turn) * 1e-12))
				turn = 0;
	}
	OCTDestroyCoordinateTransformation(t);
	OSRDestroySpatialReference(own);
	return turn;
}

struct crs *crs_new(const char *name, struct err *err)
{
	struct crs *crs = xcalloc(1, sizeof(*crs));
	OGRSpatialReferenceH here, wgs84;
	struct gdal_log log;

	gdal_start();
	gdal_listen(&log);
	here = srs_from_text(name);
	wgs84 = srs_from_text("EPSG:4326");
	if (here && wgs84) {
		crs->to = OCTNewCoordinateTransformation(wgs84, here);
		crs->from = OCTNewCoordinateTransformation(here, wgs84);
		crs->turn = find_turn(here);
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

int crs_from_lonlat(struct crs *crs, double near_x, double *x, double *y,
	size_t n)
{
	if (transform(crs->to, x, y, n))
		return -1;
	for (size_t i = 0; crs->turn != 0 && i < n; i++)
		x[i] += crs->turn * round((near_x - x[i]) / crs->turn);
	return 0;
}

int crs_to_lonlat(struct crs *crs, double *x, double *y, size_t n)
{
	return transform(crs->from, x, y, n);
}
