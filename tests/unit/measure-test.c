/* Shapes of several parts: where they lie, how large they are, their WKB. */
#include "base/base.h"
#include "geo/measure.h"
#include "geo/geodesic.h"
#include "geo/ring.h"
#include "geo/seam.h"
#include "geo/wkb.h"
#include "unit/tap.h"

#include <math.h>

/*
 * A shape in text: "x y x y" are a part's points, '/' begins a part, 'o' one
 * that is a hole.
 */
static struct shape shape_of(const char *text)
{
	struct shape s = SHAPE_INIT;
	size_t begin = 0;
	bool hole = false;
	char *end;

	for (;;) {
		double x = strtod(text, &end);

		if (end == text) {
			text += strspn(text, " ");
			shape_add_part(&s, begin, hole);
			begin = s.npoints;
			if (!*text)
				return s;
			hole = *text++ == 'o';
			continue;
		}
		shape_add_point(&s, x, strtod(end, &end));
		text = end;
	}
}

static bool near(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
}

static const char *measure(const char *text, enum shape_kind kind,
	struct measure *m)
{
	struct shape s = shape_of(text);
	const char *why;

	shape_unwrap(&s);
	why = shape_measure(&s, kind, m);
	shape_release(&s);
	return why;
}

static void because(const char *what, const char *text, enum shape_kind kind,
	const char *want)
{
	struct measure m;
	const char *why = measure(text, kind, &m);

	ok(why && !strcmp(why, want), "%s: %s", what, why ? why : "nothing");
}

static void bbox_is(const char *what, const char *text, enum shape_kind kind,
	double w, double s, double e, double n)
{
	struct measure m;
	const char *why = measure(text, kind, &m);

	ok(!why && near(m.bbox[0], w) && near(m.bbox[1], s) &&
			near(m.bbox[2], e) && near(m.bbox[3], n),
		"%s: %g %g %g %g", what, m.bbox[0], m.bbox[1], m.bbox[2],
		m.bbox[3]);
}

#define SQUARE "0 0 3 0 3 3 0 3 0 0"
#define HOLE   "1 1 2 1 2 2 1 2 1 1"

static void test_areas(void)
{
	static const double x[] = {0, 3, 3, 0}, y[] = {0, 0, 3, 3};
	static const double hx[] = {1, 2, 2, 1}, hy[] = {1, 1, 2, 2};
	double outer = geodesic_area_m2(x, y, 4);
	double hole = geodesic_area_m2(hx, hy, 4);
	struct measure m;
	const char *why;

	why = measure(SQUARE, SHAPE_AREA, &m);
	ok(!why && near(m.size, outer) && near(m.lon, 1.5) && near(m.lat, 1.5),
		"a square: %g m2", m.size);
	why = measure(SQUARE "o" HOLE, SHAPE_AREA, &m);
	ok(!why && near(m.size, outer - hole), "less its hole: %g m2", m.size);
	ok(!(m.lon > 1 && m.lon < 2 && m.lat > 1 && m.lat < 2) && m.lon > 0 &&
			m.lon < 3 && m.lat > 0 && m.lat < 3,
		"its point is not in the hole: %g %g", m.lon, m.lat);
	why = measure("10 0 11 0 11 1 10 1 10 0/" SQUARE "o" HOLE
		      "/20 0 21 0 21 1 20 1 20 0",
		SHAPE_AREA, &m);
	ok(!why && m.lon < 3, "the point is on the largest part: %g", m.lon);
	why = measure("5 5 5 5 5 5 5 5/" SQUARE, SHAPE_AREA, &m);
	ok(!why && near(m.size, outer),
		"a part without size counts for nothing");
	because("a hole as large as the area", SQUARE "o" SQUARE, SHAPE_AREA,
		"encloses nothing");
	because("nothing but empty parts", "5 5 5 5 5 5 5 5/6 6 6 6 6 6 6 6",
		SHAPE_AREA, "encloses nothing");
	because("a hole of two points", SQUARE "o1 1 1 1", SHAPE_AREA,
		"too few points");
	because("a part round the pole", SQUARE "/0 70 120 71 -120 70 0 70",
		SHAPE_AREA, "encloses a pole");
}

static void test_lines(void)
{
	struct measure m;
	const char *why;

	why = measure("0 0 1 0/5 5 5 7", SHAPE_LINE, &m);
	ok(!why && m.lon == 5 && near(m.lat, 6) &&
			near(m.size, geodesic_distance_m(0, 0, 1, 0) +
					     geodesic_distance_m(5, 5, 5, 7)),
		"two lines: the middle of the longer, %g m", m.size);
	because("a line of one point", "0 0 1 0/5 5", SHAPE_LINE,
		"too few points");
	because("lines without length", "1 1 1 1/2 2 2 2", SHAPE_LINE,
		"no length");
	why = measure("7 8/9 10", SHAPE_POINT, &m);
	ok(!why && m.lon == 7 && m.lat == 8 && m.size == 0,
		"points: the first");
}

static void test_boxes(void)
{
	bbox_is("one point", "7 8", SHAPE_POINT, 7, 8, 7, 8);
	bbox_is("points", "7 8/9 -1/-3 4", SHAPE_POINT, -3, -1, 9, 8);
	bbox_is("points on both sides of the antimeridian",
		"179 0/-178 1/-179 2", SHAPE_POINT, 179, 0, -178, 2);
	bbox_is("areas cut at it",
		"179 0 180 0 180 1 179 1 179 0/"
		"-180 0 -178 0 -178 1 -180 1 -180 0",
		SHAPE_AREA, 179, 0, -178, 1);
	bbox_is("one area across it", "179 0 -178 0 -178 1 179 1 179 0",
		SHAPE_AREA, 179, 0, -178, 1);
	bbox_is("with a part inside another's bounds",
		"0 0 20 0/5 1 6 1/19 2 21 2", SHAPE_LINE, 0, 0, 21, 2);
	bbox_is("round the globe", "0 0 100 1 -160 0/-160 0 -70 0 20 1",
		SHAPE_LINE, -180, 0, 180, 1);
	bbox_is("the narrowest one", "-100 0 -90 0/100 0 110 0", SHAPE_LINE,
		100, 0, -90, 0);
}

/* What shape_add_wkb() reads is what has been written. */
static void round_trip(const char *what, const char *text, enum shape_kind kind,
	bool multi, size_t bytes)
{
	struct shape in = shape_of(text), out = SHAPE_INIT;
	enum shape_kind got;
	struct buf b = BUF_INIT;
	struct err err = {""};
	bool same;

	wkb_add_shape(&b, &in, kind, multi);
	same = b.len == bytes &&
	       !shape_add_wkb(&out, (uint8_t *)b.data, b.len, &got, &err) &&
	       got == kind && out.npoints == in.npoints &&
	       out.nparts == in.nparts &&
	       !memcmp(out.x, in.x, in.npoints * sizeof(*in.x)) &&
	       !memcmp(out.y, in.y, in.npoints * sizeof(*in.y));
	for (size_t i = 0; i < in.nparts && same; i++)
		same = out.parts[i].begin == in.parts[i].begin &&
		       out.parts[i].end == in.parts[i].end &&
		       out.parts[i].hole == in.parts[i].hole;
	ok(same && b.data[1] == (char)(kind + (multi ? 4 : 1)),
		"%s as WKB: %zu bytes%s", what, b.len, err.msg);
	buf_release(&b);
	shape_release(&in);
	shape_release(&out);
}

static void test_wkb(void)
{
	round_trip("a point", "1 2", SHAPE_POINT, false, 21);
	round_trip("points", "1 2/3 4", SHAPE_POINT, true, 9 + 2 * 21);
	round_trip("a line", "1 2 3 4", SHAPE_LINE, false, 9 + 32);
	round_trip("lines", "1 2 3 4/5 6 7 8 9 10", SHAPE_LINE, true,
		9 + 9 + 32 + 9 + 48);
	round_trip("an area", SQUARE, SHAPE_AREA, false, 9 + 4 + 80);
	round_trip("an area with holes", SQUARE "o" HOLE "o" HOLE, SHAPE_AREA,
		false, 9 + 3 * 84);
	round_trip("areas with holes",
		SQUARE "o" HOLE "/" SQUARE "/" SQUARE "o" HOLE "o" HOLE,
		SHAPE_AREA, true, 9 + 3 * 9 + 6 * 84);
}

/* want: the shape that comes out, as shape_of() has it; w, e of its bounds. */
static void joins(const char *what, const char *text, const char *want,
	double w, double e)
{
	struct shape in = shape_of(text), good = shape_of(want);
	struct shape out = SHAPE_INIT;
	double box[4];
	bool same;

	shape_join_seam(&in, &out);
	shape_lonlat_bounds(&out, box);
	same = out.npoints == good.npoints && out.nparts == good.nparts;
	for (size_t i = 0; i < out.npoints && same; i++)
		same = near(out.x[i], good.x[i]) && near(out.y[i], good.y[i]);
	for (size_t i = 0; i < out.nparts && same; i++)
		same = out.parts[i].hole == good.parts[i].hole &&
		       out.parts[i].end == good.parts[i].end;
	ok(same && near(box[0], w) && near(box[2], e), "%s: %g %g", what,
		box[0], box[2]);
	shape_release(&in);
	shape_release(&good);
	shape_release(&out);
}

static void test_seam(void)
{
	static const char beyond[] = "179 0 181 0 181 1 179 1 179 0";
	static const char globe[] = "-180 -90 180 -90 180 90 -180 90 -180 -90";
	static const char pole[] = "-180 80 0 80 180 80 180 90 -180 90 -180 80";

	joins("nothing to join", SQUARE "o" HOLE, SQUARE "o" HOLE, 0, 3);
	joins("a ring that jumps", "179 0 -179 0 -179 1 179 1 179 0", beyond,
		179, -179);
	joins("one from the other side", "-179 0 -179 1 179 1 179 0 -179 0",
		"181 0 181 1 179 1 179 0 181 0", 179, -179);
	joins("one that goes on", beyond, beyond, 179, -179);
	joins("one that goes on in the west",
		"-181 0 -179 0 -179 1 -181 1 -181 0", beyond, 179, -179);
	joins("its hole, where that is on the other side",
		"179 0 -179 0 -179 1 179 1 179 0o"
		"-179.5 0.5 -179.4 0.5 -179.4 0.6 -179.5 0.5",
		"179 0 181 0 181 1 179 1 179 0o"
		"180.5 0.5 180.6 0.5 180.6 0.6 180.5 0.5",
		179, -179);
	joins("parts cut at the antimeridian",
		"-180 0 -179 0 -179 1 -180 0/179 0 180 0 180 1 179 0",
		"180 0 181 0 181 1 180 0/179 0 180 0 180 1 179 0", 179, -179);
	joins("and one that does not touch it, with a hole",
		"179 0 180 0 180 1 179 0/-180 0 -179.9 0 -179.9 1 -180 0/"
		"-179 0 -178 0 -178 1 -179 1 -179 0o"
		"-178.8 0.4 -178.4 0.4 -178.4 0.6 -178.8 0.4",
		"179 0 180 0 180 1 179 0/180 0 180.1 0 180.1 1 180 0/"
		"181 0 182 0 182 1 181 1 181 0o"
		"181.2 0.4 181.6 0.4 181.6 0.6 181.2 0.4",
		179, -178);
	joins("a part that crosses, and one beside it",
		"-178 0 -177 0 -177 1 -178 0/179 0 -179 0 -179 1 179 0",
		"182 0 183 0 183 1 182 0/179 0 181 0 181 1 179 0", 179, -177);
	joins("parts that end there on one side stay",
		"-180 0 -179 0 -179 1 -180 0/170 0 175 0 175 1 170 0",
		"-180 0 -179 0 -179 1 -180 0/170 0 175 0 175 1 170 0", -180,
		175);
	joins("the world", globe, globe, -180, 180);
	joins("a cap that has its pole", pole, pole, -180, 180);
	joins("one that has none", "-90 -84 0 -84 90 -84 180 -84 -90 -84",
		"-90 -84 0 -84 90 -84 180 -84 270 -84 270 -90 -90 -90 -90 -84",
		-180, 180);
}

int main(void)
{
	test_areas();
	test_lines();
	test_boxes();
	test_wkb();
	test_seam();
	return tap_done();
}
