#include "base/base.h"
#include "geo/geodesic.h"

#include <geodesic.h>
#include <math.h>

/* WGS 84 */
static const double equator_m = 6378137.0;
static const double flattening = 1 / 298.257223563;

double geodesic_distance_m(double lon1, double lat1, double lon2, double lat2)
{
	const double lon[] = {lon1, lon2}, lat[] = {lat1, lat2};

	return geodesic_length_m(lon, lat, 2);
}

double geodesic_azimuth_deg(double lon1, double lat1, double lon2, double lat2)
{
	struct geod_geodesic g;
	double azimuth;

	geod_init(&g, equator_m, flattening);
	geod_inverse(&g, lat1, lon1, lat2, lon2, NULL, &azimuth, NULL);
	return azimuth;
}

double geodesic_length_m(const double *lon, const double *lat, size_t n)
{
	struct geod_geodesic g;
	double sum = 0;

	geod_init(&g, equator_m, flattening);
	for (size_t i = 1; i < n; i++) {
		double d;

		geod_inverse(&g, lat[i - 1], lon[i - 1], lat[i], lon[i], &d,
			NULL, NULL);
		sum += d;
	}
	return sum;
}

double geodesic_area_m2(const double *lon, const double *lat, size_t n)
{
	struct geod_geodesic g;
	struct geod_polygon p;
	double area;

	geod_init(&g, equator_m, flattening);
	geod_polygon_init(&p, 0);
	for (size_t i = 0; i < n; i++)
		geod_polygon_addpoint(&g, &p, lat[i], lon[i]);
	geod_polygon_compute(&g, &p, 0, 1, &area, NULL);
	return fabs(area);
}

double geodesic_under_m2(double lon1, double lat1, double lon2, double lat2)
{
	struct geod_geodesic g;
	double area;

	geod_init(&g, equator_m, flattening);
	geod_geninverse(&g, lat1, lon1, lat2, lon2, NULL, NULL, NULL, NULL,
		NULL, NULL, &area);
	return area;
}
