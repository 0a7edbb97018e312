#include "base/base.h"
#include "raster/outline.h"

#include <math.h>

#include "geo/seam.h"
#include "geo/wkb.h"

enum {
	MIN_DEPTH = 2, /* a curve can cross its chord in the middle */
	MAX_DEPTH = 8,
	SHORT_EDGE = 16, /* part of the outline's extent */
};

struct point {
	double px[2];
	double lonlat[2];
};

struct tracer {
	outline_fn *fn;
	void *ctx;
	double tolerance;
	double short_px;  /* edges up to this length have one bend at most */
	struct shape deg; /* longitudes without jumps */
	size_t begin;     /* of the ring at hand */
};

/* lon plus as many turns as bring it next to `near`. */
static double unwrap(double lon, double near)
{
	return lon + 360 * round((near - lon) / 360);
}

/* Next to the point before; a ring's first, to the first of all. */
static void add_point(struct tracer *t, const double lonlat[2])
{
	const struct shape *s = &t->deg;
	double near = lonlat[0];

	if (s->npoints)
		near = s->x[s->npoints > t->begin ? s->npoints - 1 : 0];
	shape_add_point(&t->deg, unwrap(lonlat[0], near), lonlat[1]);
}

static int locate(const struct tracer *t, struct point *p)
{
	if (t->fn(t->ctx, p->px, p->lonlat) < 0 || !isfinite(p->lonlat[0]) ||
		!isfinite(p->lonlat[1]))
		return -1;
	return 0;
}

/* Whether m is off the straight line from a to b by more than allowed. */
static bool bends(const struct tracer *t, const struct point *a,
	const struct point *m, const struct point *b)
{
	double shrink = cos(m->lonlat[1] * M_PI / 180);
	double mx =
		(unwrap(m->lonlat[0], a->lonlat[0]) - a->lonlat[0]) * shrink;
	double bx =
		(unwrap(b->lonlat[0], a->lonlat[0]) - a->lonlat[0]) * shrink;
	double my = m->lonlat[1] - a->lonlat[1];
	double by = b->lonlat[1] - a->lonlat[1];
	double length = hypot(bx, by);

	if (length == 0)
		return hypot(mx, my) > t->tolerance;
	return fabs(mx * by - my * bx) / length > t->tolerance;
}

/* Adds what lies between a and b, and b. */
static int add_edge(struct tracer *t, const struct point *a,
	const struct point *b, unsigned depth)
{
	struct point m = {
		.px = {(a->px[0] + b->px[0]) / 2, (a->px[1] + b->px[1]) / 2}};

	if (depth < MAX_DEPTH) {
		if (locate(t, &m) < 0)
			return -1;
		if (depth < MIN_DEPTH || bends(t, a, &m, b))
			return add_edge(t, a, &m, depth + 1) < 0
				       ? -1
				       : add_edge(t, &m, b, depth + 1);
	}
	add_point(t, b->lonlat);
	return 0;
}

/* Closes the ring; one that goes all round the earth, by way of the pole. */
static void close_ring(struct tracer *t)
{
	struct shape *s = &t->deg;
	size_t first = t->begin, last = s->npoints - 1;
	double lon = s->x[first], lat = s->y[first], sum = 0;

	if (fabs(s->x[last] - lon) < 180) {
		s->x[last] = lon;
		s->y[last] = lat;
	} else {
		for (size_t i = first; i <= last; i++)
			sum += s->y[i];
		shape_add_point(s, s->x[last], copysign(90, sum));
		shape_add_point(s, lon, copysign(90, sum));
		shape_add_point(s, lon, lat);
	}
	shape_add_part(s, first, false);
}

/* x, y: [n], pixels. */
static int trace(struct tracer *t, const double *x, const double *y, size_t n)
{
	struct point a = {.px = {x[0], y[0]}}, b;

	t->begin = t->deg.npoints;
	if (locate(t, &a) < 0)
		return -1;
	add_point(t, a.lonlat);
	for (size_t i = 1; i < n; i++, a = b) {
		double length = hypot(x[i] - x[i - 1], y[i] - y[i - 1]);

		b = (struct point){.px = {x[i], y[i]}};
		if (locate(t, &b) < 0 ||
			add_edge(t, &a, &b,
				length > t->short_px ? 0 : MIN_DEPTH) < 0)
			return -1;
	}
	close_ring(t);
	return 0;
}

int outline_of_rings(const struct shape *px, outline_fn *fn, void *ctx,
	double tolerance_deg, struct outline *out, struct err *err)
{
	struct tracer t = {.fn = fn, .ctx = ctx, .tolerance = tolerance_deg};
	struct rect all = shape_bounds(px, 0, px->npoints);
	int ret = 0;

	t.short_px = hypot(all.x1 - all.x0, all.y1 - all.y0) / SHORT_EDGE;
	for (size_t i = 0; i < px->nparts && !ret; i++) {
		size_t begin = px->parts[i].begin;

		ret = trace(&t, px->x + begin, px->y + begin,
			px->parts[i].end - begin);
	}
	if (ret) {
		err_set(err, "the image's edge has no longitude and latitude "
			     "in places");
	} else {
		shape_lonlat_bounds(&t.deg, out->bbox_deg);
		wkb_add_shape(&out->wkb, &t.deg, SHAPE_AREA, t.deg.nparts > 1);
	}
	shape_release(&t.deg);
	return ret;
}

int outline_make(const double size_px[2], outline_fn *fn, void *ctx,
	double tolerance_deg, struct outline *out, struct err *err)
{
	double x[5] = {0, 0, size_px[0], size_px[0], 0};
	double y[5] = {0, size_px[1], size_px[1], 0, 0};
	struct shape_part part = {0, ARRAY_SIZE(x), SIZE_MAX, false};
	struct shape px = {.x = x,
		.y = y,
		.npoints = ARRAY_SIZE(x),
		.parts = &part,
		.nparts = 1};

	return outline_of_rings(&px, fn, ctx, tolerance_deg, out, err);
}
