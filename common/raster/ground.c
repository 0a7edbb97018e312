#include "base/base.h"
#include "raster/ground.h"

#include <math.h>

#include "geo/geodesic.h"

/* The outline is right to this share of a pixel. */
#define OUTLINE_PIXELS 0.5

#define METRES_PER_DEGREE 111320.0

int ground_open(struct ground *g, OGRSpatialReferenceH srs,
	const double transform[6], struct err *err)
{
	OGRSpatialReferenceH wgs84 = OSRNewSpatialReference(NULL);

	*g = (struct ground){.to_lonlat = NULL};
	memcpy(g->transform, transform, sizeof(g->transform));
	OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
	if (OSRSetWellKnownGeogCS(wgs84, "WGS84") == OGRERR_NONE) {
		OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
		g->to_lonlat = OCTNewCoordinateTransformation(srs, wgs84);
	}
	OSRDestroySpatialReference(wgs84);
	if (!g->to_lonlat)
		return err_set(err,
			"its coordinate system cannot be brought to "
			"longitude and latitude");
	return 0;
}

void ground_close(struct ground *g)
{
	OCTDestroyCoordinateTransformation(g->to_lonlat);
}

int ground_lonlat(void *ctx, const double px[2], double lonlat[2])
{
	struct ground *g = ctx;
	int done = 0;

	GDALApplyGeoTransform(g->transform, px[0], px[1], &lonlat[0],
		&lonlat[1]);
	if (!OCTTransformEx(g->to_lonlat, 1, &lonlat[0], &lonlat[1], NULL,
		    &done) ||
		!done)
		return -1;
	return 0;
}

int ground_gsd_m(struct ground *g, const uint64_t size[2], double *gsd_m)
{
	double x = (double)size[0] / 2, y = (double)size[1] / 2;
	double sides[2];

	for (size_t i = 0; i < 2; i++) {
		double dx = i == 0 ? 0.5 : 0, dy = 0.5 - dx;
		double a[2], b[2];

		if (ground_lonlat(g, (double[2]){x - dx, y - dy}, a) < 0 ||
			ground_lonlat(g, (double[2]){x + dx, y + dy}, b) < 0)
			return -1;
		sides[i] = geodesic_distance_m(a[0], a[1], b[0], b[1]);
	}
	*gsd_m = MAX(sides[0], sides[1]);
	return isnormal(*gsd_m) ? 0 : -1;
}

double ground_tolerance_deg(double gsd_m)
{
	return gsd_m * OUTLINE_PIXELS / METRES_PER_DEGREE;
}
