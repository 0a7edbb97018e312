#include "base/base.h"
#include "geo/geodesic.h"
#include "geo/ring.h"
#include "geo/wkb.h"
#include "tap.h"

#include <math.h>

enum { MOST = 64 };

struct points {
	double x[MOST], y[MOST];
	size_t n;
};

/* Points in text, "x y x y …". */
static struct points points(const char *text)
{
	struct points p = {.n = 0};
	char *end;

	for (;;) {
		double x = strtod(text, &end);

		if (end == text)
			return p;
		p.x[p.n] = x;
		p.y[p.n++] = strtod(end, &end);
		text = end;
	}
}

/* A point inside one ring. */
static int ring_point(double *x, double *y, size_t n, double *px, double *py)
{
	struct shape_part part = {0, n, SIZE_MAX, false};
	struct shape s = {.x = x,
		.y = y,
		.npoints = n,
		.parts = &part,
		.nparts = 1};

	return area_point(&s, 0, 1, px, py);
}

/* The point is inside, whichever way the ring turns. */
static void inside(const char *what, const char *text)
{
	struct points p = points(text), q = p;
	double x = 0, y = 0;

	ok(!ring_point(p.x, p.y, p.n, &x, &y) &&
			ring_holds(p.x, p.y, p.n, x, y),
		"%s: %g %g lies inside", what, x, y);
	for (size_t i = 0; i < p.n; i++) {
		q.x[i] = p.x[p.n - 1 - i];
		q.y[i] = p.y[p.n - 1 - i];
	}
	ok(!ring_point(q.x, q.y, q.n, &x, &y) &&
			ring_holds(q.x, q.y, q.n, x, y),
		"%s, the other way round: %g %g lies inside", what, x, y);
}

static void nothing(const char *what, const char *text)
{
	struct points p = points(text);
	double x, y;

	ok(ring_point(p.x, p.y, p.n, &x, &y) == -1, "%s encloses nothing",
		what);
}

static void test_rings(void)
{
	struct points square = points("0 0 2 0 2 2 0 2 0 0");
	double x, y;

	ok(!ring_point(square.x, square.y, square.n, &x, &y) && x == 1 &&
			y == 1,
		"a square's point is its centre");
	ok(ring_holds(square.x, square.y, square.n, 1.9, 0.1) &&
			!ring_holds(square.x, square.y, square.n, 2.1, 1) &&
			!ring_holds(square.x, square.y, square.n, -0.1, 1),
		"what a square holds");
	inside("a triangle", "0 0 4 1 1 3 0 0");
	inside("a U", "0 0 9 0 9 9 8 9 8 1 1 1 1 9 0 9 0 0");
	inside("a C", "0 0 9 0 9 1 1 1 1 8 9 8 9 9 0 9 0 0");
	inside("an L", "0 0 9 0 9 1 1 1 1 9 0 9 0 0");
	inside("a square with a spike", "0 0 1 0 1 1 1 90 1 1 0 1 0 0");
	inside("two squares and a spike between",
		"0 0 1 0 1 1 .5 1 .5 9 1 9 1 10 0 10 0 9 .5 9 .5 1 0 1 0 0");
	inside("repeated points", "0 0 0 0 3 0 3 0 3 3 3 3 0 3 0 0 0 0");
	inside("a bow tie", "0 0 2 2 2 0 0 2 0 0");
	inside("a small house far out",
		"179.9999999 60 179.9999998 60 179.9999998 60.0000001 "
		"179.9999999 60.0000001 179.9999999 60");
	nothing("a point", "3 4 3 4 3 4 3 4");
	nothing("a level line", "0 1 5 1 9 1 0 1");
	nothing("an upright line", "1 0 1 5 1 9 1 0");
	nothing("there and back", "0.1 0.3 0.7 1.1 3.3 2.9 0.7 1.1 0.1 0.3");
	nothing("a slanting line back at one go",
		"11.1 49.3 11.2 49.4 11.3 49.5 11.7 49.9 11.1 49.3");
}

/* A comb of `teeth` thin teeth on a thin back, its own last point the first. */
static void test_long_ring(void)
{
	enum { TEETH = 20000 };
	size_t n = 0;
	double *x = xcalloc(4 * TEETH + 3, sizeof(*x));
	double *y = xcalloc(4 * TEETH + 3, sizeof(*y));
	double px, py;

	for (int i = 0; i < TEETH; i++) {
		for (int k = 0; k < 4; k++) {
			x[n] = i + 0.25 * k;
			y[n++] = k == 1 || k == 2 ? 10 + 1e-4 * i : 0.01;
		}
	}
	x[n] = TEETH;
	y[n++] = 0;
	x[n] = y[n] = 0;
	n++;
	x[n] = x[0];
	y[n++] = y[0];
	ok(!ring_point(x, y, n, &px, &py) && ring_holds(x, y, n, px, py),
		"a comb of 80,000 points: %g %g lies inside", px, py);
	free(x);
	free(y);
}

static void test_lines(void)
{
	struct points p = points("0 0 4 0 4 0 4 2");
	double x, y;

	line_middle(p.x, p.y, p.n, &x, &y);
	ok(x == 3 && y == 0, "halfway along a bent line");
	line_middle(p.x, p.y, 1, &x, &y);
	ok(x == 0 && y == 0, "halfway along one point");
	line_middle(p.x + 1, p.y + 1, 2, &x, &y);
	ok(x == 4 && y == 0, "halfway along one point twice");
}

static bool near(double a, double b, double by)
{
	return fabs(a - b) <= by;
}

/* Karney's own examples: New York to London is GeodSolve's, Antarctica
 * Planimeter's, both of their pages of GeographicLib's documentation. */
static void test_examples(void)
{
	static const double lon[] = {-58, -74, -102, -102, -131, -163, 163, 172,
		140, 113, 88, 59, 25, -4, -14, -33, -46, -61};
	static const double lat[] = {-63.1, -72.9, -71.9, -74.9, -74.3, -77.5,
		-77.4, -71.7, -65.9, -65.7, -66.6, -66.9, -69.8, -70.0, -71.0,
		-77.3, -77.9, -74.7};
	double d = geodesic_distance_m(-73.8, 40.6, -0.5, 51.6);
	double area = geodesic_area_m2(lon, lat, ARRAY_SIZE(lon));

	ok(near(d, 5551759.400, 1e-3), "New York to London: %.4f", d);
	ok(near(area, 13662703680020.1, 1), "Antarctica, round the pole: %.1f",
		area);
}

/* What the ellipsoid's axes give: a quarter meridian is 10,001,965.729 m long,
 * the surface 510,065,621,724,089 m2. */
static void test_geodesic(void)
{
	static const double lon[] = {0, 90, 0}, lat[] = {0, 0, 90};
	static const double xs[] = {10, 10.01, 10.01, 10};
	static const double ys[] = {47, 47, 47.01, 47.01};
	static const double back_ys[] = {47.01, 47.01, 47, 47};
	double d = geodesic_distance_m(0, 0, 0, 90), area, back;

	ok(near(d, 10001965.729, 1e-3), "a quarter meridian: %.4f", d);
	d = geodesic_distance_m(0, 0, 1, 0);
	ok(near(d, 6378137 * M_PI / 180, 1e-6), "a degree of equator: %.6f", d);
	d = geodesic_distance_m(179.5, 10, -179.5, 10);
	ok(near(d, geodesic_distance_m(0, 10, 1, 10), 1e-6),
		"across the antimeridian: %.6f", d);
	d = geodesic_length_m(lon, lat, 3);
	ok(near(d, 6378137 * M_PI / 2 + 10001965.729, 1e-3),
		"along three points: %.4f", d);
	area = geodesic_area_m2(lon, lat, 3);
	ok(near(area, 510065621724089.0 / 8, 100),
		"an eighth of the globe: %.1f", area);
	area = geodesic_area_m2(xs, ys, 4);
	back = geodesic_area_m2(xs, back_ys, 4);
	ok(near(area, back, 1e-3) && area > 8e5 && area < 9e5,
		"either way round: %.3f, %.3f", area, back);
}

static void test_wkb(void)
{
	static const double x[] = {1, 2, 1}, y[] = {-2, 0.5, -2};
	static const char one[] = "\0\0\0\0\0\0\xf0\x3f",
			  minus_two[] = "\0\0\0\0\0\0\0\xc0",
			  two[] = "\0\0\0\0\0\0\0\x40",
			  half[] = "\0\0\0\0\0\0\xe0\x3f";
	static const struct geo_pos line[] = {{10000000, -20000000},
		{20000000, 5000000}};
	struct buf got = BUF_INIT, want = BUF_INIT;

	wkb_add_point(&got, 1, -2);
	buf_add(&want, "\1\1\0\0\0", 5);
	buf_add(&want, one, 8);
	buf_add(&want, minus_two, 8);
	ok(got.len == 21 && !memcmp(got.data, want.data, 21),
		"a point's bytes");
	buf_reset(&got);
	buf_reset(&want);
	wkb_add_positions(&got, line, 2, false);
	buf_add(&want, "\1\2\0\0\0\2\0\0\0", 9);
	buf_add(&want, one, 8);
	buf_add(&want, minus_two, 8);
	buf_add(&want, two, 8);
	buf_add(&want, half, 8);
	ok(got.len == 41 && !memcmp(got.data, want.data, 41), "a line's bytes");
	buf_reset(&got);
	wkb_add_polygon(&got, x, y, 3);
	ok(got.len == 61 &&
			!memcmp(got.data, "\1\3\0\0\0\1\0\0\0\3\0\0\0", 13) &&
			!memcmp(got.data + 13, want.data + 9, 32) &&
			!memcmp(got.data + 45, one, 8),
		"a polygon's bytes");
	buf_release(&got);
	buf_release(&want);
}

enum way_shape { WAY_LINE, WAY_AREA };

/* The shape of a way through these points; what is wrong with it, or NULL. */
static const char *shape(const char *text, enum way_shape kind,
	struct measure *s, struct buf *wkb)
{
	struct points p = points(text);
	struct geo_pos pos[MOST];

	for (size_t i = 0; i < p.n; i++)
		pos[i] = (struct geo_pos){(int32_t)lrint(p.x[i] * 1e7),
			(int32_t)lrint(p.y[i] * 1e7)};
	if (wkb)
		wkb_add_positions(wkb, pos, p.n, kind == WAY_AREA);
	return kind == WAY_AREA ? measure_ring(pos, p.n, s)
				: measure_line(pos, p.n, s);
}

static bool box(const struct measure *s, double w, double south, double e,
	double n)
{
	return fabs(s->bbox[0] - w) < 1e-12 && s->bbox[1] == south &&
	       fabs(s->bbox[2] - e) < 1e-12 && s->bbox[3] == n;
}

static void because(const char *what, const char *text, enum way_shape kind,
	const char *reason)
{
	struct measure s;
	const char *why = shape(text, kind, &s, NULL);

	ok(why && !strcmp(why, reason), "%s: %s", what, why ? why : "nothing");
}

static void test_shapes(void)
{
	struct measure s;
	struct buf wkb = BUF_INIT;
	double x;

	ok(!shape("179 10 -179 10 -179 12 179 12 179 10", WAY_AREA, &s, &wkb) &&
			box(&s, 179, 10, -179, 12),
		"an area across the antimeridian: west > east");
	ok(fabs(fabs(s.lon) - 180) < 1e-9 && fabs(s.lat - 11) < 1e-9,
		"its point lies inside: %g %g", s.lon, s.lat);
	ok(fabs(s.size / geodesic_area_m2((double[]){0, 2, 2, 0},
				 (double[]){10, 10, 12, 12}, 4) -
		   1) < 1e-12,
		"it is as large as elsewhere: %g", s.size);
	memcpy(&x, wkb.data + 13 + 16, sizeof(x));
	ok(wkb.len == 93 && x == -179, "its WKB has longitudes as they are");
	ok(!shape("-179.5 0 179 1", WAY_LINE, &s, NULL) &&
			box(&s, 179, 0, -179.5, 1) &&
			fabs(s.lon - 179.75) < 1e-9,
		"a line the other way: middle at %g", s.lon);
	ok(!shape("0 0 120 1 -120 0 0 1 120 0 -120 1 0 0 90 0", WAY_LINE, &s,
		   NULL) &&
			box(&s, -180, 0, 180, 1) && fabs(s.lon) <= 180,
		"a line twice round the globe");
	ok(!shape("180 0 180 1", WAY_LINE, &s, NULL) && box(&s, 180, 0, 180, 1),
		"a line on the antimeridian stays there");
	because("no node", "", WAY_LINE, "too few points");
	because("one node", "1 2", WAY_LINE, "too few points");
	because("three nodes", "1 2 3 4 1 2", WAY_AREA, "too few points");
	because("one place", "1 2 1 2", WAY_LINE, "no length");
	because("a flat area", "1 2 3 4 5 6 1 2", WAY_AREA, "encloses nothing");
	because("round the pole", "0 -70 120 -71 -120 -70 0 -70", WAY_AREA,
		"encloses a pole");
	buf_release(&wkb);
}

int main(void)
{
	test_rings();
	test_long_ring();
	test_lines();
	test_examples();
	test_geodesic();
	test_wkb();
	test_shapes();
	return tap_done();
}
