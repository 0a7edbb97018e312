/*
 * Well-known binary read, whole and damaged; clipping against sums that can be
 * done by hand and against a count of points.
 */
#include "base/base.h"
#include "geo/affine.h"
#include "geo/shape.h"
#include "geo/wkb.h"

#include <math.h>

#include "unit/tap.h"

static void add_u32(struct buf *b, uint32_t v, bool little)
{
	for (int i = 0; i < 4; i++)
		buf_addc(b, (char)(v >> 8 * (little ? i : 3 - i)));
}

static void add_f64(struct buf *b, double v, bool little)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	for (int i = 0; i < 8; i++)
		buf_addc(b, (char)(bits >> 8 * (little ? i : 7 - i)));
}

static void add_head(struct buf *b, uint32_t type, bool little)
{
	buf_addc(b, little);
	add_u32(b, type, little);
}

static void add_ring(struct buf *b, const double *xy, uint32_t n, unsigned dims,
	bool little)
{
	add_u32(b, n, little);
	for (uint32_t i = 0; i < n; i++) {
		add_f64(b, xy[2 * i], little);
		add_f64(b, xy[2 * i + 1], little);
		for (unsigned d = 2; d < dims; d++)
			add_f64(b, 7, little);
	}
}

/* A square with a square hole, and a triangle. */
static const double square[] = {0, 0, 10, 0, 10, 10, 0, 10, 0, 0};
static const double hole[] = {4, 4, 4, 6, 6, 6, 6, 4, 4, 4};
static const double triangle[] = {20, 0, 30, 0, 20, 10};

static void add_multipolygon(struct buf *b, uint32_t multi, uint32_t single,
	unsigned dims, bool little)
{
	add_head(b, multi, little);
	add_u32(b, 2, little);
	add_head(b, single, little);
	add_u32(b, 2, little);
	add_ring(b, square, 5, dims, little);
	add_ring(b, hole, 5, dims, little);
	add_head(b, single, little);
	add_u32(b, 1, little);
	add_ring(b, triangle, 3, dims, little);
}

static int read_wkb(struct shape *s, const struct buf *b, size_t len,
	enum shape_kind *kind, struct err *err)
{
	/* a copy of just this length, so that a read behind it is seen */
	uint8_t *p = xmalloc(MAX(len, 1));
	int rc;

	memcpy(p, b->data, len);
	rc = shape_add_wkb(s, p, len, kind, err);
	free(p);
	return rc;
}

static double area(const struct shape *s, double x0, double y0, double x1,
	double y1, double *x, double *y)
{
	struct inside in = shape_inside(s, 0, s->nparts, SHAPE_AREA,
		&(struct rect){x0, y0, x1, y1});

	if (x)
		*x = in.x;
	if (y)
		*y = in.y;
	return in.size;
}

static bool close_to(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void test_forms(void)
{
	static const struct {
		const char *name;
		uint32_t multi, single;
		unsigned dims;
		bool little;
	} forms[] = {
		{"little-endian", 6, 3, 2, true},
		{"big-endian", 6, 3, 2, false},
		{"ISO Z", 1006, 1003, 3, true},
		{"ISO ZM", 3006, 3003, 4, false},
		{"EWKB Z", 0x80000006, 0x80000003, 3, true},
	};
	enum shape_kind kind;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct shape s = SHAPE_INIT;
		struct buf b = BUF_INIT;

		add_multipolygon(&b, forms[i].multi, forms[i].single,
			forms[i].dims, forms[i].little);
		ok(!read_wkb(&s, &b, b.len, &kind, &err) &&
				kind == SHAPE_AREA && s.nparts == 3 &&
				s.parts[1].hole && !s.parts[2].hole &&
				close_to(area(&s, -1, -1, 40, 40, NULL, NULL),
					100 - 4 + 50),
			"%s multi polygon", forms[i].name);
		shape_release(&s);
		buf_release(&b);
	}
}

static void test_written(void)
{
	static const double x[] = {0, 10, 10, 0}, y[] = {0, 0, 10, 0};
	static const struct geo_pos line[] = {{0, 0}, {10, 0}, {10, 10},
		{0, 0}};
	struct shape s = SHAPE_INIT;
	struct buf b = BUF_INIT;
	enum shape_kind kind;
	struct err err;

	wkb_add_point(&b, 3, 4);
	ok(!read_wkb(&s, &b, b.len, &kind, &err) && kind == SHAPE_POINT &&
			s.npoints == 1 && s.x[0] == 3 && s.y[0] == 4,
		"a point as we write it");
	buf_reset(&b);
	wkb_add_positions(&b, line, 4, false);
	ok(!read_wkb(&s, &b, b.len, &kind, &err) && kind == SHAPE_LINE &&
			s.npoints == 5 && s.parts[1].begin == 1 &&
			s.parts[1].end == 5,
		"a line, behind it");
	buf_reset(&b);
	wkb_add_polygon(&b, x, y, 4);
	s.npoints = s.nparts = 0;
	ok(!read_wkb(&s, &b, b.len, &kind, &err) && kind == SHAPE_AREA &&
			close_to(area(&s, -1, -1, 40, 40, NULL, NULL), 50),
		"a polygon");
	shape_release(&s);
	buf_release(&b);
}

static void test_damage(void)
{
	struct shape s = SHAPE_INIT;
	struct buf b = BUF_INIT;
	enum shape_kind kind;
	struct err err;
	bool refused = true, unchanged = true;
	size_t readable = 0;

	shape_add_point(&s, 1, 2);
	shape_add_part(&s, 0, false);
	add_multipolygon(&b, 6, 3, 2, true);
	for (size_t len = 0; len < b.len; len++) {
		refused = refused && read_wkb(&s, &b, len, &kind, &err);
		unchanged = unchanged && s.npoints == 1 && s.nparts == 1;
	}
	ok(refused, "every truncation is an error");
	ok(unchanged, "and leaves the shape as it was");
	for (size_t bit = 0; bit < 8 * b.len; bit++) {
		b.data[bit / 8] ^= (char)(1 << bit % 8);
		if (!read_wkb(&s, &b, b.len, &kind, &err)) {
			for (size_t i = 1; i < s.npoints; i++)
				unchanged = unchanged && isfinite(s.x[i]) &&
					    isfinite(s.y[i]);
			readable++;
		}
		s.npoints = s.nparts = 1;
		b.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	ok(unchanged && readable > 0 && readable < 8 * b.len,
		"no flipped bit gets past the checks: %zu of %zu still read",
		readable, 8 * b.len);
	buf_addc(&b, 0);
	ok(read_wkb(&s, &b, b.len, &kind, &err), "a byte too many");
	b.len = 0;
	add_head(&b, 7, true);
	add_u32(&b, 0, true);
	ok(read_wkb(&s, &b, b.len, &kind, &err) &&
			strstr(err.msg, "type 7") != NULL,
		"a collection is refused by name: %s", err.msg);
	b.len = 0;
	add_head(&b, 2, true);
	add_u32(&b, UINT32_MAX, true);
	ok(read_wkb(&s, &b, b.len, &kind, &err),
		"a count that cannot be is refused");
	b.len = 0;
	add_head(&b, 1, true);
	add_f64(&b, NAN, true);
	add_f64(&b, 1, true);
	ok(read_wkb(&s, &b, b.len, &kind, &err), "NaN is no coordinate");
	shape_release(&s);
	buf_release(&b);
}

static void test_area(void)
{
	static const double u_shape[] = {0, 0, 30, 0, 30, 20, 20, 20, 20, 10,
		10, 10, 10, 20, 0, 20};
	struct shape s = SHAPE_INIT;
	double x, y;

	for (size_t i = 0; i < ARRAY_SIZE(u_shape) / 2; i++)
		shape_add_point(&s, u_shape[2 * i], u_shape[2 * i + 1]);
	shape_add_part(&s, 0, false);
	ok(close_to(area(&s, -5, -5, 50, 50, &x, &y), 500) && close_to(x, 15) &&
			close_to(y, 9),
		"a whole ring, not closed: area and centre");
	ok(close_to(area(&s, 5, 15, 25, 30, &x, &y), 50) && close_to(x, 15) &&
			close_to(y, 17.5),
		"two arms of a U: the edges between them enclose nothing");
	ok(area(&s, 12, 12, 18, 30, NULL, NULL) == 0, "between the arms: 0");
	ok(close_to(area(&s, 1, 1, 4, 3, NULL, NULL), 6), "wholly inside it");
	ok(area(&s, 40, 0, 50, 10, NULL, NULL) == 0, "beside it");
	ok(area(&s, 30, 0, 40, 10, NULL, NULL) == 0, "touching is not overlap");
	for (size_t i = 0; i < s.npoints / 2; i++) { /* the other way round */
		size_t k = s.npoints - 1 - i;
		double px = s.x[i], py = s.y[i];

		s.x[i] = s.x[k];
		s.y[i] = s.y[k];
		s.x[k] = px;
		s.y[k] = py;
	}
	ok(close_to(area(&s, 5, 15, 25, 30, NULL, NULL), 50),
		"the way round does not matter");
	shape_release(&s);
}

/* A star's area inside a window against a fine grid of points. */
static void test_grid(void)
{
	enum { CORNERS = 18, STEPS = 400 };
	struct shape s = SHAPE_INIT;
	const struct rect r = {-3, -6, 9, 4};
	size_t inside = 0;
	double got, want;

	for (int i = 0; i < CORNERS; i++) {
		double angle = 2 * M_PI * i / CORNERS, len = i % 2 ? 10 : 4;

		shape_add_point(&s, len * cos(angle), len * sin(angle));
	}
	shape_add_part(&s, 0, false);
	for (int i = 0; i < STEPS * STEPS; i++) {
		double x = r.x0 + (r.x1 - r.x0) * (i % STEPS + 0.5) / STEPS;
		double y = r.y0 +
			   (r.y1 - r.y0) * ((double)(i / STEPS) + 0.5) / STEPS;
		bool in = false;

		for (size_t a = 0, b = CORNERS - 1; a < CORNERS; b = a++)
			if ((s.y[a] > y) != (s.y[b] > y) &&
				x < (s.x[b] - s.x[a]) * (y - s.y[a]) /
							(s.y[b] - s.y[a]) +
						s.x[a])
				in = !in;
		inside += in;
	}
	got = area(&s, r.x0, r.y0, r.x1, r.y1, NULL, NULL);
	want = (r.x1 - r.x0) * (r.y1 - r.y0) * (double)inside / (STEPS * STEPS);
	ok(fabs(got - want) < 0.1, "a star: %.3f, by counting points %.3f", got,
		want);
	shape_release(&s);
}

/* A long wavy ring and a line, in runs and without, by many windows. */
static void test_runs(void)
{
	enum { N = 1000, WINDOWS = 400 };
	struct shape plain = SHAPE_INIT, runs = SHAPE_INIT;
	double worst = 0;
	size_t met = 0;

	for (int i = 0; i < N; i++) {
		double angle = 2 * M_PI * i / N;
		double len = 80 + 15 * cos(37 * angle) + 4 * sin(211 * angle);

		shape_add_point(&plain, len * cos(angle), len * sin(angle));
		shape_add_point(&runs, len * cos(angle), len * sin(angle));
	}
	shape_add_part(&plain, 0, false);
	shape_add_part(&runs, 0, false);
	shape_bound_runs(&runs, 0, 1);
	ok(runs.nruns > 0, "a long part is bounded in runs");
	for (int i = 0; i < WINDOWS; i++) {
		double x = i % 20 * 11 - 110, y = (double)(i / 20) * 11 - 110;
		double side = 3 + i % 7 * 9;
		struct rect r = {x, y, x + side, y + side / 2};

		for (int kind = SHAPE_LINE; kind <= SHAPE_AREA; kind++) {
			struct inside a = shape_inside(&plain, 0, 1, kind, &r);
			struct inside b = shape_inside(&runs, 0, 1, kind, &r);

			worst = fmax(worst, fabs(a.size - b.size));
			if (a.size > 0)
				worst = fmax(worst,
					hypot(a.x - b.x, a.y - b.y));
			met += a.size > 0;
		}
	}
	ok(met > WINDOWS / 2 && worst < 1e-9,
		"runs change nothing: %zu windows met, %.2g off", met, worst);
	shape_release(&plain);
	shape_release(&runs);
}

/* A ring that goes round three sides of a window. */
static void test_around(void)
{
	static const double x[] = {0, 30, 30, 20.1, 20.1, 9.9, 9.9, 0};
	static const double y[] = {0, 0, 30, 30, 9.9, 9.9, 30, 30};
	struct shape s = SHAPE_INIT;

	for (int turn = 0; turn < 4; turn++) {
		s.npoints = s.nparts = 0;
		for (size_t i = 0; i < ARRAY_SIZE(x); i++) {
			double u = x[i] - 15, v = y[i] - 15;

			for (int k = 0; k < turn; k++) {
				double w = u;

				u = -v;
				v = w;
			}
			shape_add_point(&s, u / 3 + 1e6, v / 3 + 1e6);
		}
		shape_add_part(&s, 0, false);
		ok(area(&s, 1e6 - 1.5, 1e6 - 1.5, 1e6 + 1.5, 1e6 + 1.5, NULL,
			   NULL) == 0,
			"a ring around a window is not in it, turn %d", turn);
	}
	shape_release(&s);
}

/* A square with a hole, clipped: as much area as shape_inside() finds. */
static void test_clip(void)
{
	static const double at[] = {0, 0, 10, 0, 10, 10, 0, 10};
	const struct rect r = {103, 2, 120, 6};
	const struct rect back = {3, 2, 20, 6};
	struct shape s = SHAPE_INIT, out = SHAPE_INIT;
	double longest = 0, want, got;

	for (int i = 0; i < 4; i++)
		shape_add_point(&s, at[2 * i], at[2 * i + 1]);
	shape_add_part(&s, 0, false);
	for (int i = 0; i < 4; i++)
		shape_add_point(&s, 2 + at[2 * i] / 2, 3 + at[2 * i + 1] / 2);
	shape_add_part(&s, 4, true);
	shape_clip(&s, 100, &r, &out);
	want = shape_inside(&s, 0, 2, SHAPE_AREA, &back).size;
	got = shape_inside(&out, 0, out.nparts, SHAPE_AREA, &r).size;
	ok(out.nparts == 2 && out.parts[1].hole && close_to(got, want),
		"clipped, %g of %g are left", got, want);
	for (size_t i = out.parts[0].begin + 1; i < out.parts[0].end; i++)
		longest = fmax(longest, hypot(out.x[i] - out.x[i - 1],
						out.y[i] - out.y[i - 1]));
	ok(longest < 17.0 / 8 + 1e-9, "no side is long: %g", longest);
	shape_reset(&out);
	shape_clip(&s, 200, &r, &out);
	ok(out.nparts == 0, "elsewhere nothing is left");
	for (int i = 0; i < 2; i++) {
		const struct rect flat = {5, 2, 5, 2 + i * 4};

		shape_reset(&out);
		shape_clip(&s, 0, &flat, &out);
		ok(out.npoints < 100 && shape_inside(&out, 0, out.nparts,
						SHAPE_AREA, &flat)
							.size == 0,
			"a rectangle without width, %d", i);
	}
	shape_release(&s);
	shape_release(&out);
}

static void test_lines_and_points(void)
{
	struct shape s = SHAPE_INIT;
	struct rect r = {0, 0, 10, 10};
	struct inside in;

	shape_add_point(&s, -5, 5);
	shape_add_point(&s, 5, 5);
	shape_add_point(&s, 5, 25);
	shape_add_point(&s, 8, 25);
	shape_add_point(&s, 8, 6);
	shape_add_part(&s, 0, false);
	in = shape_inside(&s, 0, 1, SHAPE_LINE, &r);
	ok(close_to(in.size, 5 + 5 + 4), "a line that leaves and comes back");
	ok(close_to(in.x, (5 * 2.5 + 5 * 5 + 4 * 8) / 14), "its middle");
	r = (struct rect){-5, 6, -1, 8};
	in = shape_inside(&s, 0, 1, SHAPE_LINE, &r);
	ok(in.size == 0, "a line beside the window");
	r = (struct rect){5, 5, 8, 25};
	in = shape_inside(&s, 0, 1, SHAPE_POINT, &r);
	ok(in.size == 1 && in.x == 5 && in.y == 5,
		"points: the lower sides belong to a window");
	shape_release(&s);
}

static void test_affine(void)
{
	const double t[6] = {500000.25, 0.6, 0.1, 4100000.5, 0.1, -0.6};
	const double flat[6] = {0, 1, 2, 0, 2, 4};
	struct affine_inverse inv;
	double x = 1234.5, y = 777.25;

	ok(!affine_invert(t, &inv), "a rotated grid");
	affine_apply(t, &x, &y, 1);
	ok(fabs(x - (500000.25 + 1234.5 * 0.6 + 77.725)) < 1e-6, "forward");
	affine_undo(&inv, &x, &y, 1);
	ok(fabs(x - 1234.5) < 1e-6 && fabs(y - 777.25) < 1e-6, "and back");
	ok(affine_invert(flat, &inv), "a grid without area has no way back");
}

int main(void)
{
	test_forms();
	test_written();
	test_damage();
	test_area();
	test_grid();
	test_runs();
	test_around();
	test_clip();
	test_lines_and_points();
	test_affine();
	return tap_done();
}
