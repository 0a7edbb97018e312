#include "base/base.h"
#include "geo/size.h"
#include "geo/geodesic.h"

#include <math.h>

/* WGS 84 */
#define AXIS_M 6378137.0
#define FLAT   (1 / 298.257223563)
#define E2     (FLAT * (2 - FLAT))

#define RADIAN (M_PI / 180)

/* Edges longer than this, in degrees of either, are long. */
static const double long_deg = 0.1;
/* Series reach this far from their middle, in degrees of latitude. */
static const double reach_deg = 0.25;

static bool is_long(double dlon, double dlat)
{
	return fabs(dlon) > long_deg || fabs(dlat) > long_deg;
}

/*
 * The middle of the series: a latitude, and what depends on it. The radius of
 * the meridian, m, has the derivatives m1 and m2; that of the parallel, n cos,
 * has -m sin.
 */
struct middle {
	double lat, sin, cos;
	double m, m1, m2, n;
};

/*
 * Taylor's series, to 1e-14 for half the angle. Not the C library's functions,
 * whose last bits differ from one CPU to another.
 */
static void sin_cos(double lat, double *sine, double *cosine)
{
	static const double so[] = {-1.0 / 6, 1.0 / 120, -1.0 / 5040,
		1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800};
	static const double co[] = {-1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40320,
		-1.0 / 3628800, 1.0 / 479001600};
	double x = lat * (RADIAN / 2), z = x * x;
	double s = so[5], c = -1.0 / 87178291200;

	for (int i = 4; i >= 0; i--) {
		s = so[i] + z * s;
		c = co[i + 1] + z * c;
	}
	s = x + x * z * s;
	c = 1 + z * (co[0] + z * c);
	*sine = 2 * s * c;
	*cosine = (c - s) * (c + s);
}

static struct middle middle_at(double lat)
{
	struct middle t = {.lat = lat};
	double w, e;

	sin_cos(lat, &t.sin, &t.cos);
	w = 1 / (1 - E2 * t.sin * t.sin);
	t.n = AXIS_M * sqrt(w);
	e = 3 * E2 * w;
	t.m = t.n * (1 - E2) * w;
	t.m1 = t.m * e * t.sin * t.cos;
	t.m2 = t.m * e *
	       (1 - 2 * t.sin * t.sin +
		       5 * E2 * w * t.sin * t.sin * t.cos * t.cos);
	return t;
}

/* Series by the difference of latitude, for edges. */
struct radii {
	double lat;
	double m[3], p[4]; /* m per radian */
	double more[2];    /* of the sphere's next terms */
};

static void set_radii(struct radii *r, double lat)
{
	struct middle t = middle_at(lat);

	*r = (struct radii){
		.lat = lat,
		.m = {t.m, t.m1, t.m2 / 2},
		.p = {t.n * t.cos, -t.m * t.sin,
			-(t.m * t.cos + t.m1 * t.sin) / 2,
			(t.m * t.sin - 2 * t.m1 * t.cos - t.m2 * t.sin) / 6},
		.more = {t.sin * t.sin / 12, (1 + 2 * t.sin * t.sin) / 12},
	};
}

/* A short edge by the latitude halfway. */
static double short_m(const struct radii *r, double dlon, double dlat,
	double half)
{
	double d = (half - r->lat) * RADIAN, x = dlon * RADIAN;
	double p = r->p[0] + d * (r->p[1] + d * (r->p[2] + d * r->p[3]));
	double m = r->m[0] + d * (r->m[1] + d * r->m[2]);
	double east = x * p, north = dlat * RADIAN * m, xx = x * x;

	return sqrt(east * east * (1 - xx * r->more[0]) +
		    north * north * (1 - xx * r->more[1]));
}

double line_length_m(const double *lon, const double *lat, size_t n)
{
	struct radii r;
	double sum = 0;

	if (n)
		set_radii(&r, lat[0]);
	for (size_t i = 1; i < n; i++) {
		double dlon = lon[i] - lon[i - 1], dlat = lat[i] - lat[i - 1];
		double half = (lat[i - 1] + lat[i]) / 2;

		if (is_long(dlon, dlat)) {
			sum += geodesic_distance_m(lon[i - 1], lat[i - 1],
				lon[i], lat[i]);
			continue;
		}
		if (fabs(half - r.lat) > reach_deg)
			set_radii(&r, half);
		sum += short_m(&r, dlon, dlat, half);
	}
	return sum;
}

/* The same for areas. q: from the equator to a parallel, m2 per radian. */
struct series {
	double lat, sin, cos;
	double q[5];
	double bend[2]; /* of the edge's longitudes, of its latitudes */
};

static double q_at(double s)
{
	static const double co[] = {6.0 / 11, 5.0 / 9, 4.0 / 7, 3.0 / 5,
		2.0 / 3, 1};
	double z = E2 * s * s, sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(co); i++)
		sum = sum * z + co[i];
	return AXIS_M * AXIS_M * (1 - E2) * s * sum;
}

/* q is counted from `from`; its derivative is m p. */
static void set_series(struct series *q, double lat, double from)
{
	struct middle t = middle_at(lat);
	double s = t.sin, c = t.cos, p = t.n * c;
	double m = t.m, m1 = t.m1, m2 = t.m2;
	/* but for terms of e^4 */
	double m3 = -4 * m1;

	*q = (struct series){
		.lat = lat,
		.sin = s,
		.cos = c,
		.q = {q_at(s) - from, m * p, (m1 * p - m * m * s) / 2,
			(m2 * p - m * (3 * m1 * s + m * c)) / 6,
			(m3 * p - m * (4 * m2 * s + 5 * m1 * c - m * s)) / 24},
		.bend = {t.n * t.n * (RADIAN * RADIAN / 12),
			m * m * (RADIAN * RADIAN / 4)},
	};
}

static double q_near(const struct series *q, double lat)
{
	double d = (lat - q->lat) * RADIAN;

	return q->q[0] +
	       d * (q->q[1] + d * (q->q[2] + d * (q->q[3] + d * q->q[4])));
}

/* How much more q a short edge has than a line from one end's to the other's,
 * on the mean. */
static double bend_of(const struct series *q, double dlon, double dlat,
	double half)
{
	double d = (half - q->lat) * RADIAN;
	double s = q->sin + q->cos * d, c = q->cos - q->sin * d;

	return s *
	       (q->bend[0] * dlon * dlon * c * c + q->bend[1] * dlat * dlat);
}

double ring_area_m2(const double *lon, const double *lat, size_t n)
{
	struct series q;
	double sum = 0, from, a = 0, b;

	if (!n)
		return 0;
	set_series(&q, lat[0], 0);
	from = q.q[0];
	q.q[0] = 0;
	for (size_t i = 0; i < n; i++, a = b) {
		size_t to = i + 1 < n ? i + 1 : 0;
		double dlon = lon[to] - lon[i], dlat = lat[to] - lat[i];

		if (fabs(lat[to] - q.lat) > reach_deg)
			set_series(&q, lat[to], from);
		b = q_near(&q, lat[to]);
		if (is_long(dlon, dlat))
			sum += geodesic_under_m2(lon[i], lat[i], lon[to],
				       lat[to]) -
			       dlon * RADIAN * from;
		else
			sum += dlon * RADIAN *
			       ((a + b) / 2 + bend_of(&q, dlon, dlat,
						      (lat[i] + lat[to]) / 2));
	}
	return fabs(sum);
}
