#include "base/base.h"
#include "geo/polygon.h"
#include "geo/ring.h"
#include "unit/tap.h"

#include <math.h>

static double draw(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (double)(*seed >> 11) / 9007199254740992.0;
}

/* n corners around the middle, at any distance up to r, and the first again. */
static size_t star(double (*xy)[2], size_t n, double x, double y, double r,
	uint64_t *seed)
{
	for (size_t i = 0; i < n; i++) {
		double angle = 2 * 3.14159265358979 * (double)i / (double)n;
		double far = r * (0.2 + 0.8 * draw(seed));

		xy[i][0] = x + far * cos(angle);
		xy[i][1] = y + far * sin(angle);
	}
	memcpy(xy[n], xy[0], sizeof(xy[0]));
	return n + 1;
}

static bool holds(const double (*xy)[2], size_t n, double px, double py)
{
	double x[1001], y[1001];

	for (size_t i = 0; i < n; i++) {
		x[i] = xy[i][0];
		y[i] = xy[i][1];
	}
	return ring_holds(x, y, n, px, py);
}

enum { CORNERS = 500, POINTS = 20000 };

struct stars {
	double xy[4][CORNERS + 1][2];
	size_t n[4];
};

/* A star with a hole, another that overlaps it, a third cut out of both. */
static struct polygons *make_stars(struct stars *s, double x, double y,
	double unit, size_t corners, uint64_t *seed)
{
	static const double at[4][3] = {{0, 0, 5}, {0, 0, 0.9}, {3, 0, 5},
		{1, 3, 2}};
	struct polygons *p = polygons_new();

	for (size_t i = 0; i < 4; i++) {
		s->n[i] = star(s->xy[i], corners, x + at[i][0] * unit,
			y + at[i][1] * unit, at[i][2] * unit, seed);
		if (i != 1)
			polygons_begin(p, i == 3);
		/* the last point may repeat the first */
		polygons_add_ring(p, (const double(*)[2])s->xy[i],
			s->n[i] - (i & 1));
	}
	polygons_seal(p);
	return p;
}

static bool in_stars(const struct stars *s, double x, double y)
{
	bool at[4];

	for (size_t i = 0; i < 4; i++)
		at[i] = holds((const double(*)[2])s->xy[i], s->n[i], x, y);
	return (at[0] != at[1] || at[2]) && !at[3];
}

/* Large and small, near and far, of few and of many edges. */
static void test_random(void)
{
	static const struct {
		double x, y, unit;
		size_t corners;
	} rows[] = {{0, 0, 1, 500}, {10.5, 50.25, 1e-4, 500}, {-170, -80, 2, 5},
		{10, 50, 1e-8, 30}, {1e6, -2e7, 1e-3, 40}, {0, 0, 1e9, 3}};
	static struct stars s;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t wrong = 0, in = 0;
		uint64_t seed = i;
		struct polygons *p = make_stars(&s, rows[i].x, rows[i].y,
			rows[i].unit, rows[i].corners, &seed);

		for (size_t j = 0; j < POINTS; j++) {
			double x = rows[i].x +
				   rows[i].unit * (16 * draw(&seed) - 7);
			double y = rows[i].y +
				   rows[i].unit * (12 * draw(&seed) - 6);
			bool want = in_stars(&s, x, y);

			in += want;
			wrong += polygons_hold(p, x, y) != want;
		}
		ok(!wrong && in > POINTS / 20 && in < POINTS / 2,
			"%zu of %d points lie in stars of %zu corners, %zu "
			"wrong",
			in, POINTS, rows[i].corners, wrong);
		polygons_free(p);
	}
}

/* The corners of a grid, those within moved a little. */
enum { GRID = 6 };
static double grid[GRID + 1][GRID + 1][2];

static void make_grid(void)
{
	uint64_t seed = 2;

	for (int i = 0; i <= GRID; i++)
		for (int j = 0; j <= GRID; j++) {
			bool edge = !i || !j || i == GRID || j == GRID;

			grid[i][j][0] = i + (edge ? 0 : 0.4 * draw(&seed));
			grid[i][j][1] = j + (edge ? 0 : 0.4 * draw(&seed));
		}
}

/* One half of the grid's cell i, j. */
static struct polygons *triangle(int i, int j, bool lower)
{
	struct polygons *p = polygons_new();
	double xy[3][2];

	memcpy(xy[0], grid[i][j], sizeof(xy[0]));
	memcpy(xy[1], grid[i + 1][j + 1], sizeof(xy[1]));
	memcpy(xy[2], lower ? grid[i + 1][j] : grid[i][j + 1], sizeof(xy[2]));
	polygons_begin(p, false);
	polygons_add_ring(p, (const double(*)[2])xy, 3);
	polygons_seal(p);
	return p;
}

/* Triangles that share all their edges: a point lies in exactly one. */
static void test_partition(void)
{
	enum { FINE = GRID * 8 };
	struct polygons *parts[2 * GRID * GRID];
	size_t n_parts = 0, wrong = 0;

	make_grid();
	for (int i = 0; i < GRID; i++)
		for (int j = 0; j < 2 * GRID; j++)
			parts[n_parts++] = triangle(i, j / 2, j & 1);
	for (int i = 0; i < FINE * FINE; i++) {
		int column = i % FINE, row = i / FINE;
		double x = column / 8.0, y = row / 8.0;
		size_t in = 0;

		if (column % 8 == 0 && row % 8 == 0) {
			x = grid[column / 8][row / 8][0];
			y = grid[column / 8][row / 8][1];
		}
		for (size_t k = 0; k < n_parts; k++)
			in += polygons_hold(parts[k], x, y);
		wrong += in != 1;
	}
	ok(!wrong, "%d points, corners too, lie in one part each", FINE * FINE);
	for (size_t k = 0; k < n_parts; k++)
		polygons_free(parts[k]);
}

static void test_edges(void)
{
	static const double square[][2] = {{1, 1}, {1, 2}, {2, 2}, {2, 1}};
	static const double flat[][2] = {{0, 0}, {5, 0}, {3, 0}};
	static const double thin[][2] = {{0, 0}, {1, 1e-320}, {1, 0}};
	struct polygons *p = polygons_new();

	polygons_begin(p, false);
	polygons_add_ring(p, square, 4);
	polygons_seal(p);
	ok(polygons_hold(p, 1, 1) && polygons_hold(p, 1, 1.5) &&
			polygons_hold(p, 1.5, 1),
		"west and south are in");
	ok(!polygons_hold(p, 2, 1) && !polygons_hold(p, 2, 2) &&
			!polygons_hold(p, 1.5, 2) && !polygons_hold(p, 1, 2),
		"east and north are not");
	ok(!polygons_hold(p, NAN, 1.5) && !polygons_hold(p, 1.5, NAN) &&
			!polygons_hold(p, 1.5, INFINITY) &&
			!polygons_hold(p, -INFINITY, 1.5),
		"nor is what is no number");
	ok(polygons_bounds(p)[0] == 1 && polygons_bounds(p)[3] == 2, "bounds");
	polygons_free(p);
	p = polygons_new();
	polygons_seal(p);
	ok(!polygons_hold(p, 0, 0), "nothing holds nothing");
	polygons_free(p);
	p = polygons_new();
	polygons_begin(p, false);
	polygons_add_ring(p, flat, 3);
	polygons_add_ring(p, thin, 3);
	polygons_seal(p);
	ok(!polygons_hold(p, 1, 0.5) && !polygons_hold(p, 4, 0),
		"what has no height holds nothing");
	polygons_free(p);
	polygons_free(NULL);
}

/* A tall edge beside thousands of short ones costs no memory to speak of. */
static void test_comb(void)
{
	enum { N = 100000 };
	double(*xy)[2] = xcalloc(N + 2, sizeof(*xy));
	struct polygons *p = polygons_new();

	for (size_t i = 0; i < N; i++) {
		xy[i][0] = i & 1 ? 1 : 2;
		xy[i][1] = (double)i;
	}
	xy[N][0] = xy[N + 1][0] = 0;
	xy[N][1] = N - 1;
	polygons_begin(p, false);
	polygons_add_ring(p, (const double(*)[2])xy, N + 2);
	polygons_seal(p);
	ok(polygons_hold(p, 0.5, 77.5) && polygons_hold(p, 1.4, 77.5) &&
			!polygons_hold(p, 1.6, 77.5) &&
			polygons_hold(p, 1.2, N - 1.5),
		"a comb of %d teeth", N);
	polygons_free(p);
	free(xy);
}

int main(void)
{
	test_random();
	test_partition();
	test_edges();
	test_comb();
	return tap_done();
}
