#include "base/base.h"
#include "geo/cheb.h"

#include <math.h>

enum { MAX_N = 8 }; /* coefficients, and nodes, of one variable */

struct xy {
	double x, y;
};

struct cheb {
	struct rect domain;
	struct xy middle, scale; /* the domain to -1 … 1 */
	unsigned n;              /* coefficients of one variable */
	struct xy c[];           /* of s^i t^j: [i * n + j] */
};

/* The values at n x n points, whose coordinates in -1 … 1 are at[n]. */
static bool look(const struct cheb *c, const double *at, unsigned n,
	cheb_fn *fn, void *ctx, double *x, double *y)
{
	for (unsigned i = 0; i < n * n; i++) {
		x[i] = c->middle.x + at[i / n] / c->scale.x;
		y[i] = c->middle.y + at[i % n] / c->scale.y;
	}
	if (fn(ctx, x, y, (size_t)n * n))
		return false;
	for (unsigned i = 0; i < n * n; i++)
		if (!isfinite(x[i]) || !isfinite(y[i]))
			return false;
	return true;
}

/* powers[k * n + i]: the factor of s^i in the k-th Chebyshev polynomial. */
static void chebyshev_powers(unsigned n, double *powers)
{
	memset(powers, 0, n * n * sizeof(*powers));
	powers[0] = 1;
	powers[n + 1] = 1;
	for (unsigned k = 2; k < n; k++)
		for (unsigned i = 0; i < n; i++)
			powers[k * n + i] =
				2 * (i ? powers[(k - 1) * n + i - 1] : 0) -
				powers[(k - 2) * n + i];
}

/* weights[i * n + k]: what the value at node k adds to the factor of s^i. */
static void node_weights(unsigned n, const double *nodes, double *weights)
{
	double powers[MAX_N * MAX_N];

	chebyshev_powers(n, powers);
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < n; k++) {
			double sum = 0;

			for (unsigned m = 0; m < n; m++)
				sum += powers[m * n + i] * (m ? 2 : 1) *
				       cos(m * acos(nodes[k]));
			weights[i * n + k] = sum / n;
		}
}

static void interpolate(struct cheb *c, const double *nodes, const double *x,
	const double *y)
{
	double weights[MAX_N * MAX_N];
	unsigned n = c->n;

	node_weights(n, nodes, weights);
	memset(c->c, 0, n * n * sizeof(*c->c));
	for (unsigned i = 0; i < n * n; i++)
		for (unsigned k = 0; k < n * n; k++) {
			double w = weights[i / n * n + k / n] *
				   weights[i % n * n + k % n];

			c->c[i].x += w * x[k];
			c->c[i].y += w * y[k];
		}
}

static struct xy value(const struct cheb *c, double x, double y)
{
	double s = (x - c->middle.x) * c->scale.x;
	double t = (y - c->middle.y) * c->scale.y;
	struct xy sum = {0, 0};

	for (unsigned i = c->n; i-- > 0;) {
		const struct xy *row = &c->c[i * c->n];
		struct xy of_t = {0, 0};

		for (unsigned j = c->n; j-- > 0;) {
			of_t.x = of_t.x * t + row[j].x;
			of_t.y = of_t.y * t + row[j].y;
		}
		sum.x = sum.x * s + of_t.x;
		sum.y = sum.y * s + of_t.y;
	}
	return sum;
}

/* Interpolates with n coefficients; whether that is near enough. */
static bool try_size(struct cheb *c, unsigned n, double tolerance, cheb_fn *fn,
	void *ctx)
{
	double nodes[MAX_N], between[MAX_N + 1];
	double x[(MAX_N + 1) * (MAX_N + 1)], y[(MAX_N + 1) * (MAX_N + 1)];

	c->n = n;
	for (unsigned k = 0; k < n; k++)
		nodes[k] = cos(M_PI * (k + 0.5) / n);
	for (unsigned k = 0; k <= n; k++)
		between[k] = cos(M_PI * k / n);
	if (!look(c, nodes, n, fn, ctx, x, y))
		return false;
	interpolate(c, nodes, x, y);
	if (!look(c, between, n + 1, fn, ctx, x, y))
		return false;
	for (unsigned i = 0; i < (n + 1) * (n + 1); i++) {
		struct xy v = value(c,
			c->middle.x + between[i / (n + 1)] / c->scale.x,
			c->middle.y + between[i % (n + 1)] / c->scale.y);

		if (!(hypot(v.x - x[i], v.y - y[i]) <= tolerance))
			return false;
	}
	return true;
}

struct cheb *cheb_new(const struct rect *domain, double tolerance, cheb_fn *fn,
	void *ctx)
{
	struct cheb *c = xmalloc(sizeof(*c) + MAX_N * MAX_N * sizeof(*c->c));
	double width = domain->x1 - domain->x0;
	double height = domain->y1 - domain->y0;

	c->domain = *domain;
	c->middle.x = domain->x0 + width / 2;
	c->middle.y = domain->y0 + height / 2;
	c->scale = (struct xy){2 / width, 2 / height};
	if (isnormal(width) && isnormal(height))
		for (unsigned n = 4; n <= MAX_N; n += 2)
			if (try_size(c, n, tolerance, fn, ctx))
				return xrealloc(c,
					sizeof(*c) + n * n * sizeof(*c->c));
	free(c);
	return NULL;
}

void cheb_free(struct cheb *c)
{
	free(c);
}

bool cheb_map(const struct cheb *c, double *x, double *y, size_t n)
{
	const struct rect *d = &c->domain;

	for (size_t i = 0; i < n; i++)
		if (!(x[i] >= d->x0 && x[i] <= d->x1 && y[i] >= d->y0 &&
			    y[i] <= d->y1))
			return false;
	for (size_t i = 0; i < n; i++) {
		struct xy v = value(c, x[i], y[i]);

		x[i] = v.x;
		y[i] = v.y;
	}
	return true;
}
