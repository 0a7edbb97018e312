/*
 * Cells and grown boxes against brute force: points round about a box, and
 * geodesics.
 */
#include "base/base.h"
#include "geo/cells.h"
#include "geo/geodesic.h"
#include "geo/lonlat.h"

#include <math.h>

#include "unit/tap.h"

static uint64_t state = 1;

/* [0, 1), the same on every machine (splitmix64). */
static double unit(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static struct cells parsed(const char *text)
{
	struct cells c;
	struct err err;

	if (cells_parse(&c, text, &err))
		ok(false, "%s: %s", text, err.msg);
	return c;
}

static bool named(const char *cells, double lon, double lat, const char *want)
{
	struct cells c = parsed(cells);
	char name[CELL_NAME];

	cell_name(&c, cells_at(&c, lon, lat), name);
	if (strcmp(name, want))
		printf("# %s at %g, %g: %s\n", cells, lon, lat, name);
	return !strcmp(name, want);
}

static void test_names(void)
{
	struct cells c;
	struct err err;

	ok(named("quadkey:3", -180, 0.001, "022"), "a quadkey of the west");
	/* the example of "Bing Maps Tile System": tile 3, 5 at level 3 */
	ok(named("quadkey:3", -180 + 3.5 * 45, -55, "213"),
		"the quadkey of tile 3, 5");
	ok(named("quadkey:2", 10, 90, "10") &&
			named("quadkey:2", 10, -90, "32"),
		"Mercator's rows reach to the poles");
	ok(named("quadkey:24", 180, 0, "200000000000000000000000"),
		"180 degrees east is 180 west");
	ok(named("deg:0.1", 10.05, 49.95, "1900/400"), "a tenth of a degree");
	for (int i = 0; i < 360; i++) {
		char want[CELL_NAME];

		snprintf(want, sizeof(want), "%d/%d", i, i / 2);
		if (!named("deg:1", i - 180, 90 - i / 2, want))
			ok(false, "a corner is in the cell to its south east");
	}
	ok(named("deg:90", 180, -90, "0/1"), "the south pole at 180");
	ok(named("deg:180", 179.9, 90, "1/0"), "two cells of 180 degrees");
	static const char *const bad[] = {"", "quadkey", "quadkey:0",
		"quadkey:25", "quadkey:x", "deg:0", "deg:7", "deg:-1",
		"deg:181", "deg:nan", "deg:1e-9", "s2:3"};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(cells_parse(&c, bad[i], &err) == -1, "no cells: '%s'",
			bad[i]);
}

static void random_box(double box[4])
{
	double kind = unit(), size = kind < 0.5 ? 0.1 : kind < 0.9 ? 5 : 300;

	box[0] = unit() * 360 - 180;
	box[2] = lonlat_wrap(box[0] + unit() * MIN(size, 359));
	box[1] = unit() * 180 - 90;
	box[3] = box[1] + unit() * MIN(size, 40);
	box[3] = MIN(90, box[3]);
	if (kind < 0.1) { /* points, some of them at a pole or at 180 */
		box[2] = box[0] = kind < 0.05 ? 180 : box[0];
		box[3] = box[1] = kind < 0.02 ? 90 : box[1];
	}
}

static bool box_holds(const double box[4], double lon, double lat)
{
	double east = lon - box[0];

	if (lat < box[1] || lat > box[3])
		return false;
	return (east < 0 ? east + 360 : east) <= lonlat_box_width(box);
}

/* A point inside the box, often on a side. */
static void point_inside(const double box[4], double *lon, double *lat)
{
	double x = unit() * 1.5 - 0.25, y = unit() * 1.5 - 0.25;

	x = MAX(0, MIN(1, x));
	y = MAX(0, MIN(1, y));
	*lon = lonlat_wrap(box[0] + x * lonlat_box_width(box));
	*lat = box[1] + y * (box[3] - box[1]);
}

static void test_ranges(const char *text)
{
	struct cells c = parsed(text);
	unsigned bad = 0, points = 0;

	for (int i = 0; i < 3000; i++) {
		double box[4], lon, lat;
		struct cell_range r;
		uint64_t n;

		random_box(box);
		r = cells_of_box(&c, box);
		point_inside(box, &lon, &lat);
		/* a side computed back from a width may be a bit off */
		if (!box_holds(box, lon, lat))
			continue;
		points++;
		n = (uint64_t)r.ncols * r.nrows;
		if (!cells_hold(&c, &r, cells_at(&c, lon, lat)))
			bad++;
		if (!cells_hold(&c, &r, cells_in_range(&c, &r, 0)) ||
			!cells_hold(&c, &r, cells_in_range(&c, &r, n - 1)))
			bad++;
		/* no farther than the box's own sides */
		if (r.nrows > (box[3] - box[1]) / 180 * c.rows + 2 &&
			!c.mercator)
			bad++;
		if (r.ncols > lonlat_box_width(box) / 360 * c.cols + 2)
			bad++;
	}
	ok(points > 2000 && !bad, "%s: cells of %u random boxes", text, points);
}

/* Points near a random box: those within the distance are in the grown one. */
static void test_grow(void)
{
	unsigned bad = 0, near = 0, loose = 0, grown = 0;

	for (int i = 0; i < 200000; i++) {
		double box[4], out[4], lon, lat, x, y, d;
		double metres = exp(unit() * 14);

		random_box(box);
		box_grow(box, metres, out);
		point_inside(box, &lon, &lat);
		d = metres / 111000;
		x = lonlat_wrap(
			lon +
			(unit() - 0.5) *
				MIN(350, 2.2 * d /
						 MAX(0.001,
							 cos(lat *
								 0.01745329))));
		y = MAX(-90, MIN(90, lat + (unit() - 0.5) * 2.2 * d));
		d = geodesic_distance_m(lon, lat, x, y);
		if (d <= metres) {
			near++;
			bad += !box_holds(out, x, y);
		}
		if (fabs(lat) < 80 && d < 50000 &&
			box_distance_m(box, (double[]){x, y, x, y}) >
				d * 1.001 + 1e-6)
			bad++;
		/* at most one percent too high, but near the poles */
		if (fabs(box[1]) < 60 && fabs(box[3]) < 60 && metres < 1e5) {
			grown++;
			loose += (out[3] - box[3]) * 111700 > metres * 1.011;
		}
	}
	ok(!bad && near > 20000, "%u points within metres of a box", near);
	ok(!loose && grown > 20000, "boxes grow by little more");
}

static void test_grow_edges(void)
{
	double box[4];

	box_grow((double[]){179.5, 10, -179.5, 11}, 0, box);
	ok(box[0] == 179.5 && box[1] == 10 && box[2] == -179.5 && box[3] == 11,
		"by nothing: the same box");
	box_grow((double[]){179.99, 0, 179.99, 0}, 5000, box);
	ok(box[0] > 179.9 && box[2] < -179.9, "across the antimeridian");
	box_grow((double[]){-179.99, 0, -179.99, 0}, 5000, box);
	ok(box[0] > 179.9 && box[2] < -179.9, "the other way");
	box_grow((double[]){20, 89.99, 20, 89.99}, 5000, box);
	ok(box[0] == -180 && box[2] == 180 && box[3] == 90, "over a pole");
	ok(box_distance_m((double[]){179, 0, 179.9, 1},
		   (double[]){-179.9, 0, -179, 1}) < 22300 &&
			box_distance_m((double[]){179, 0, -179, 1},
				(double[]){-179.5, 0.5, -178, 3}) == 0,
		"distances across the antimeridian");
	ok(fabs(box_distance_m((double[]){0, 50, 1, 50.5},
			(double[]){2, 50.2, 3, 60}) -
		   geodesic_distance_m(1, 50.5, 2, 50.5)) < 1e-6,
		"beside each other: where meridians are nearest");
}

int main(void)
{
	test_names();
	test_ranges("quadkey:1");
	test_ranges("quadkey:12");
	test_ranges("deg:0.1");
	test_ranges("deg:180");
	test_grow();
	test_grow_edges();
	return tap_done();
}
