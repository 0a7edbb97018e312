/*
 * geodesic.h - lengths and areas on the WGS 84 ellipsoid.
 *
 * Karney 2013, "Algorithms for geodesics", as PROJ's geodesic.h has it: exact
 * to about 15 nanometres, a microsecond a point (size.h has fast ones).
 * Longitude before latitude, degrees. Safe from any thread.
 */
#ifndef GEO_GEODESIC_H
#define GEO_GEODESIC_H

#include <stddef.h>

/* Between two points. */
double geodesic_distance_m(double lon1, double lat1, double lon2, double lat2);
/* Where the other one is from the first, clockwise from north, -180 to 180. */
double geodesic_azimuth_deg(double lon1, double lat1, double lon2, double lat2);
/* Along n points. */
double geodesic_length_m(const double *lon, const double *lat, size_t n);
/*
 * Inside a ring of n points (the first need not be repeated), whichever way
 * it turns.
 */
double geodesic_area_m2(const double *lon, const double *lat, size_t n);
/*
 * Between the way from one point to another and the equator: positive where
 * it goes east in the north or west in the south.
 */
double geodesic_under_m2(double lon1, double lat1, double lon2, double lat2);

#endif
