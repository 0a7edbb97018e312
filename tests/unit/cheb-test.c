#include "base/base.h"
#include "geo/cheb.h"

#include <math.h>

#include "tap.h"

static const struct rect domain = {-3, 10, 5, 12};

/* Smooth, but no polynomial. */
static int bent(void *ctx, double *x, double *y, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++) {
		double u = x[i] / 20, v = y[i] / 20;

		x[i] = 100 * sin(u) * cosh(v);
		y[i] = 100 * cos(u) * sinh(v) + u;
	}
	return 0;
}

static int cubic(void *ctx, double *x, double *y, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++) {
		double u = x[i], v = y[i];

		x[i] = 1 + u * v - 2 * u * u * u + v * v * v * u * u;
		y[i] = 7 - v;
	}
	return 0;
}

static int kinked(void *ctx, double *x, double *y, size_t n)
{
	(void)ctx;
	(void)y;
	for (size_t i = 0; i < n; i++)
		x[i] = fabs(x[i] - 1);
	return 0;
}

static int half_defined(void *ctx, double *x, double *y, size_t n)
{
	(void)ctx;
	(void)y;
	for (size_t i = 0; i < n; i++)
		if (x[i] > 4.5)
			return -1;
	return 0;
}

static int endless(void *ctx, double *x, double *y, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++)
		x[i] = 1 / (y[i] - 12);
	return 0;
}

/* The furthest that it is from fn, at points all over the domain. */
static double worst(const struct cheb *c, cheb_fn *fn)
{
	enum { STEPS = 50 };
	double most = 0;

	for (int i = 0; i <= STEPS; i++)
		for (int j = 0; j <= STEPS; j++) {
			double x =
				domain.x0 + (domain.x1 - domain.x0) * i / STEPS;
			double y =
				domain.y0 + (domain.y1 - domain.y0) * j / STEPS;
			double u = x, v = y;

			if (!cheb_map(c, &x, &y, 1) || fn(NULL, &u, &v, 1))
				return INFINITY;
			most = fmax(most, hypot(x - u, y - v));
		}
	return most;
}

static void test_near(void)
{
	static const double tolerances[] = {1e-2, 1e-4, 1e-7};

	for (size_t i = 0; i < ARRAY_SIZE(tolerances); i++) {
		struct cheb *c = cheb_new(&domain, tolerances[i], bent, NULL);

		ok(c && worst(c, bent) <= tolerances[i],
			"within %g of a bent map", tolerances[i]);
		cheb_free(c);
	}
	ok(!cheb_new(&domain, 1e-14, bent, NULL),
		"nearer than the powers can be: none");
}

static void test_exact(void)
{
	struct cheb *c = cheb_new(&domain, 1e-8, cubic, NULL);

	ok(c && worst(c, cubic) < 1e-10, "a cubic is itself");
	cheb_free(c);
}

static void test_none(void)
{
	static const struct rect flat = {1, 2, 1, 3};
	static const struct rect all = {-INFINITY, 0, INFINITY, 1};

	ok(!cheb_new(&domain, 1e-3, kinked, NULL), "none of a kinked map");
	ok(!cheb_new(&domain, 1e-3, half_defined, NULL),
		"none where the map is not defined");
	ok(!cheb_new(&domain, 1e-3, endless, NULL),
		"none where the map is not finite");
	ok(!cheb_new(&flat, 1e-3, cubic, NULL), "none of a flat domain");
	ok(!cheb_new(&all, 1e-3, cubic, NULL), "none of an endless domain");
}

static void test_outside(void)
{
	struct cheb *c = cheb_new(&domain, 1e-4, bent, NULL);
	double x[3] = {0, 5.001, 1}, y[3] = {11, 11, 11};
	double nan_x = NAN, nan_y = 11;

	ok(c && !cheb_map(c, x, y, 3) && x[0] == 0 && x[2] == 1 && y[0] == 11,
		"one point outside: all stay as they are");
	ok(c && !cheb_map(c, &nan_x, &nan_y, 1), "NaN is outside");
	ok(c && cheb_map(c, x, y, 0), "no point is in it");
	x[1] = 5;
	ok(c && cheb_map(c, x, y, 3) && x[0] != 1, "its sides belong to it");
	cheb_free(c);
}

int main(void)
{
	test_near();
	test_exact();
	test_none();
	test_outside();
	return tap_done();
}
