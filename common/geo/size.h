/*
 * size.h - lengths and areas on the WGS 84 ellipsoid, a few nanoseconds a
 * point.
 *
 * Of the same curves as geodesic.h, geodesics from point to point, by series
 * round points of the line or ring; only edges of more than a tenth of a
 * degree go to geodesic.h. What comes out is the same on every machine, to the
 * last bit, but for those edges: they take functions of the C library.
 *
 * Longitude before latitude, degrees, latitudes in -90 … 90. Longitudes are
 * unwrapped: none is more than 180 degrees from the one before it. Safe from
 * any thread.
 */
#ifndef GEO_SIZE_H
#define GEO_SIZE_H

#include <stddef.h>

/*
 * Along n points. Wrong by less than 1e-8 of it.
 *
 * Source: Gauss's mid-latitude formula, with the ellipsoid's radii halfway
 * along each edge and the next terms of the sphere.
 */
double line_length_m(const double *lon, const double *lat, size_t n);

/*
 * Inside a ring of n points (the first need not be repeated) that goes round
 * no pole, whichever way it turns. Wrong by less than 0.01 mm times its
 * circumference where its edges are shorter than 1 km, 0.1 mm where one is
 * longer, and 0.1 m2 more where one is over a tenth of a degree.
 *
 * Source: let q(lat) be the area between the equator and a parallel, per
 * radian of longitude. That under an edge is q's integral over its longitudes,
 * and along a geodesic q'' by its length is -sin(lat), exactly; so the
 * integral is that of a parabola, but for terms of the fifth order.
 */
double ring_area_m2(const double *lon, const double *lat, size_t n);

#endif
