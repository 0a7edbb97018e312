/* Fast lengths and areas, against Karney's geodesics. */
#include "base/base.h"
#include "geo/geodesic.h"
#include "geo/measure.h"
#include "geo/size.h"
#include "unit/tap.h"

#include <math.h>

enum { MOST = 4096 };

static uint64_t state = 1;

/* 0 … 1 (xorshift; Marsaglia 2003) */
static double chance(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) * 0x1p-53;
}

struct ring {
	double lon[MOST], lat[MOST];
	size_t n;
};

static void add(struct ring *r, double lon, double lat)
{
	r->lon[r->n] = lon;
	r->lat[r->n++] = fmin(90, fmax(-90, lat));
}

/* How far a degree of longitude reaches, as if it were one of latitude. */
static double narrow(double lat)
{
	return fmax(1e-3, cos(lat * M_PI / 180));
}

/* A star about as large as `size` degrees, of n points. */
static void make_star(struct ring *r, double lat, double size, size_t n)
{
	double lon = 300 * chance() - 150;
	double wide = fmin(size / narrow(lat), 80);

	r->n = 0;
	for (size_t i = 0; i < n; i++) {
		double turn =
			2 * M_PI * ((double)i + 0.8 * chance()) / (double)n;
		double far = 0.3 + 0.7 * chance();

		add(r, lon + wide * far * cos(turn),
			lat + size * far * sin(turn));
	}
}

/* A river some 10 m wide, of points each `step` degrees on one bank, and
 * fewer on the other. */
static void make_river(struct ring *r, double lat, double step, size_t n)
{
	double lon = 300 * chance() - 150, turn = 2 * M_PI * chance();
	double x[MOST / 2], y[MOST / 2], wide = 1 / narrow(lat);

	r->n = 0;
	for (size_t i = 0; i < n; i++) {
		turn += 0.3 * (chance() - 0.5);
		lon += step * wide * cos(turn);
		lat += step * sin(turn);
		x[i] = lon - 1e-4 * wide * sin(turn);
		y[i] = lat + 1e-4 * cos(turn);
		add(r, lon, lat);
	}
	while (n--)
		if (n % 7 != 3)
			add(r, x[n], y[n]);
}

/* How wrong the fast ones are, at worst. */
struct worst {
	double length; /* of it */
	double beside; /* m: of area, by the circumference */
};

static void compare(const struct ring *r, double noise_m2, struct worst *w)
{
	double length = geodesic_length_m(r->lon, r->lat, r->n);
	double area = geodesic_area_m2(r->lon, r->lat, r->n);
	double wrong_m = line_length_m(r->lon, r->lat, r->n) - length;
	double wrong_m2 = ring_area_m2(r->lon, r->lat, r->n) - area;

	w->length = fmax(w->length, fabs(wrong_m) / length);
	w->beside =
		fmax(w->beside, fmax(0, fabs(wrong_m2) - noise_m2) / length);
}

/* Rings of edges as long, at all latitudes; beside_m is what size.h says. */
static void test_rings(const char *what, double edge_deg, double beside_m,
	double noise_m2)
{
	struct worst stars = {0, 0}, rivers = {0, 0};
	struct ring r;

	for (double lat = -89; lat <= 89; lat += 0.5) {
		for (size_t n = 3; n < 12; n++) {
			double size = edge_deg * (double)n / 14;

			make_star(&r, lat, fmin(size, 89.9 - fabs(lat)), n);
			compare(&r, noise_m2, &stars);
		}
		if (fabs(lat) > 85 || edge_deg > 1)
			continue;
		make_river(&r, lat, edge_deg / 2, edge_deg > 0.01 ? 10 : 500);
		compare(&r, noise_m2, &rivers);
	}
	ok(stars.length < 1e-8 && rivers.length < 1e-8,
		"lengths, edges of %s: wrong by %.1e, of rivers %.1e", what,
		stars.length, rivers.length);
	ok(stars.beside < beside_m, "areas, edges of %s: %.1e m beside", what,
		stars.beside);
	ok(rivers.beside < beside_m, "rivers, edges of %s: %.1e m beside", what,
		rivers.beside);
}

/* What is known without other software: the axes give the whole surface. */
static void test_known(void)
{
	static const double lon[] = {0, 90, 90, 0}, lat[] = {0, 0, 90, 90};
	struct ring r = {.n = 0};
	double eighth = 510065621724089.0 / 8, length;

	ok(fabs(ring_area_m2(lon, lat, 4) - eighth) < 1,
		"an eighth of the globe, by long edges");
	for (int i = 0; i <= 1000; i++)
		add(&r, 0.09 * i, 0);
	for (int i = 0; i <= 1000; i++)
		add(&r, 90, 0.09 * i);
	length = line_length_m(r.lon, r.lat, r.n);
	for (int i = 1000; i > 0; i--)
		add(&r, 0, 0.09 * i);
	ok(fabs(ring_area_m2(r.lon, r.lat, r.n) / eighth - 1) < 1e-9,
		"and by short ones");
	ok(fabs(length - 6378137 * M_PI / 2 - 10001965.7293) < 1e-3,
		"a quarter of the equator, and of a meridian: %.4f m", length);
	ok(line_length_m(lon, lat, 1) == 0 && line_length_m(lon, lat, 0) == 0 &&
			ring_area_m2(lon, lat, 0) == 0 &&
			ring_area_m2(lon, lat, 1) == 0,
		"no points, or one: nothing");
}

/* There and back encloses nothing; turned round, it is as large. */
static void test_ways_round(void)
{
	static const double lon[] = {11.1, 11.15, 11.18, 11.15},
			    lat[] = {49.3, 49.34, 49.4, 49.34};
	struct ring r, back = {.n = 0};
	double area;

	ok(ring_area_m2(lon, lat, 4) < 1e-6, "there and back: nothing");
	make_star(&r, 60, 0.05, 40);
	for (size_t i = r.n; i > 0; i--)
		add(&back, r.lon[i - 1], r.lat[i - 1]);
	area = ring_area_m2(r.lon, r.lat, r.n);
	ok(fabs(ring_area_m2(back.lon, back.lat, r.n) / area - 1) < 1e-12,
		"the other way round");
	add(&r, r.lon[0], r.lat[0]);
	ok(ring_area_m2(r.lon, r.lat, r.n) == area,
		"with its first point repeated");
	for (size_t i = 0; i < r.n; i++)
		r.lon[i] += 128;
	ok(fabs(ring_area_m2(r.lon, r.lat, r.n) / area - 1) < 1e-12,
		"at another longitude");
}

/* The bytes of a record must not depend on the machine that made it. */
static void test_bits(void)
{
	static const double lon[] = {11.2183101, 11.2184223, 11.3184223,
		11.2183101},
			    lat[] = {49.5119023, 49.5119023, 49.6120441,
				    49.5120441};

	ok(ring_area_m2(lon, lat, 4) == 0x1.8fb25d22f68p+16,
		"an area's bits: %a", ring_area_m2(lon, lat, 4));
	ok(line_length_m(lon, lat, 2) == 0x1.04035c45919dfp+3,
		"a length's bits: %a", line_length_m(lon, lat, 2));
}

static bool same(const struct measure *a, const struct measure *b)
{
	return a->lon == b->lon && a->lat == b->lat && a->size == b->size &&
	       !memcmp(a->bbox, b->bbox, sizeof(a->bbox));
}

/* Positions give what their degrees give as a shape. */
static void test_positions(const char *what, const struct geo_pos *p, size_t n,
	enum shape_kind kind)
{
	struct shape s = SHAPE_INIT;
	struct measure want, got = {0, 0, {0}, 0};
	const char *why, *why_not;

	for (size_t i = 0; i < n; i++)
		shape_add_point(&s, p[i].lon / 1e7, p[i].lat / 1e7);
	shape_add_part(&s, 0, false);
	shape_unwrap(&s);
	why_not = shape_measure(&s, kind, &want);
	why = (kind == SHAPE_AREA ? measure_ring : measure_line)(p, n, &got);
	ok(why == why_not && (why || same(&got, &want)),
		"positions, %s: %g, %g %g", what, got.size, got.lon, got.lat);
	shape_release(&s);
}

static void test_all_positions(void)
{
	static const struct geo_pos square[] = {{1799999000, 0},
		{1799999000, 1000}, {-1799999500, 1000}, {-1799999500, 0},
		{1799999000, 0}},
				    pole[] = {{0, 800000000},
					    {1200000000, 800000000},
					    {-1200000000, 800000000},
					    {0, 800000000}};
	struct geo_pos p[1000];
	struct measure m;
	const char *why;

	test_positions("across the antimeridian", square, 5, SHAPE_AREA);
	test_positions("a line", square, 4, SHAPE_LINE);
	test_positions("three points", square, 3, SHAPE_AREA);
	test_positions("one point", square, 1, SHAPE_LINE);
	test_positions("round the pole", pole, 4, SHAPE_AREA);
	test_positions("one place", (struct geo_pos[]){{7, 8}, {7, 8}}, 2,
		SHAPE_LINE);
	for (int i = 0; i < 1000; i++)
		p[i] = (struct geo_pos){i * (1000 - i), i < 500 ? i : 999 - i};
	p[999] = p[0];
	test_positions("many of them", p, 1000, SHAPE_AREA);
	test_positions("a line of many", p, 1000, SHAPE_LINE);
	why = measure_ring(p, 0, &m);
	ok(why && !strcmp(why, "too few points"), "no position at all");
}

int main(void)
{
	/* the geodesic sums have noise of their own */
	test_rings("10 m", 1e-4, 1e-5, 2e-3);
	test_rings("500 m", 5e-3, 1e-5, 2e-3);
	test_rings("5 km", 0.05, 1e-4, 2e-3);
	test_rings("all lengths", 0.2, 1e-4, 0.1);
	test_rings("50 degrees", 50, 1e-4, 0.1);
	test_known();
	test_ways_round();
	test_bits();
	test_all_positions();
	return tap_done();
}
