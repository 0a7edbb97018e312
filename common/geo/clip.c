#include "base/base.h"
#include "geo/shape.h"

#include <math.h>

/* Less of a rectangle than this is what rounding leaves of nothing. */
static const double least_share = 1e-9;

/* Sums over what is inside: size, and size times place. */
struct sums {
	double size, x, y;
};

/* A point as seen from the rectangle's corner x0, y0. */
struct corner {
	double u, v;
};

/* Where the edge from a to b has this v. */
static struct corner at_v(struct corner a, struct corner b, double v)
{
	return (struct corner){a.u + (v - a.v) / (b.v - a.v) * (b.u - a.u), v};
}

static struct corner at_u(struct corner a, struct corner b, double u)
{
	return (struct corner){u, a.v + (u - a.u) / (b.u - a.u) * (b.v - a.v)};
}

/* Adds what lies between u = 0 and a piece of an edge, signed by its way. */
static void add_piece(struct sums *s, struct corner a, struct corner b)
{
	double dv = b.v - a.v;

	s->size += (a.u + b.u) / 2 * dv;
	s->x += (a.u * a.u + a.u * b.u + b.u * b.u) / 6 * dv;
	s->y += (a.v * (2 * a.u + b.u) + b.v * (a.u + 2 * b.u)) / 6 * dv;
}

/*
 * The same of what is left of the edge once all is moved into 0 … width: what
 * lies beyond a side counts up to that side.
 */
static void add_edge(struct sums *s, struct corner a, struct corner b,
	double width)
{
	struct corner from = a, to = b;
	bool turned = a.u > b.u;

	if (turned)
		from = b, to = a;
	if (to.u <= 0)
		return;
	if (from.u < 0)
		from = at_u(from, to, 0);
	if (from.u >= width) {
		from.u = to.u = width;
	} else if (to.u > width) {
		struct corner side = at_u(from, to, width);
		struct corner end = {width, to.v};

		if (turned)
			add_piece(s, end, side);
		else
			add_piece(s, side, end);
		to = side;
	}
	if (turned)
		add_piece(s, to, from);
	else
		add_piece(s, from, to);
}

static struct sums ring_inside(const struct shape *s,
	const struct shape_part *part, const struct rect *r)
{
	double width = r->x1 - r->x0, height = r->y1 - r->y0;
	size_t last = part->end - 1;
	struct corner b = {s->x[last] - r->x0, s->y[last] - r->y0};
	struct sums sum = {0, 0, 0};

	for (size_t i = part->begin; i < part->end; i++) {
		struct corner a = b, from, to;

		b = (struct corner){s->x[i] - r->x0, s->y[i] - r->y0};
		if ((a.v <= 0 && b.v <= 0) || (a.v >= height && b.v >= height))
			continue;
		from = a.v < 0        ? at_v(a, b, 0)
		       : a.v > height ? at_v(a, b, height)
				      : a;
		to = b.v < 0        ? at_v(a, b, 0)
		     : b.v > height ? at_v(a, b, height)
				    : b;
		add_edge(&sum, from, to, width);
	}
	sum.x += sum.size * r->x0;
	sum.y += sum.size * r->y0;
	return sum;
}

/* Narrows t0 … t1 to where p + t * d <= limit. False when nothing is left. */
static bool narrow(double p, double d, double limit, double *t0, double *t1)
{
	if (d > 0)
		*t1 = MIN(*t1, (limit - p) / d);
	else if (d < 0)
		*t0 = MAX(*t0, (limit - p) / d);
	else if (p > limit)
		return false;
	return *t0 < *t1;
}

static struct sums line_inside(const struct shape *s,
	const struct shape_part *part, const struct rect *r)
{
	struct sums sum = {0, 0, 0};

	for (size_t i = part->begin + 1; i < part->end; i++) {
		double x = s->x[i - 1], dx = s->x[i] - x;
		double y = s->y[i - 1], dy = s->y[i] - y;
		double t0 = 0, t1 = 1, len, middle;

		if (MAX(x, s->x[i]) < r->x0 || MIN(x, s->x[i]) > r->x1 ||
			MAX(y, s->y[i]) < r->y0 || MIN(y, s->y[i]) > r->y1)
			continue;
		if (!narrow(-x, -dx, -r->x0, &t0, &t1) ||
			!narrow(x, dx, r->x1, &t0, &t1) ||
			!narrow(-y, -dy, -r->y0, &t0, &t1) ||
			!narrow(y, dy, r->y1, &t0, &t1))
			continue;
		len = (t1 - t0) * hypot(dx, dy);
		middle = (t0 + t1) / 2;
		sum.size += len;
		sum.x += len * (x + middle * dx);
		sum.y += len * (y + middle * dy);
	}
	return sum;
}

static struct sums points_inside(const struct shape *s,
	const struct shape_part *part, const struct rect *r)
{
	struct sums sum = {0, 0, 0};

	for (size_t i = part->begin; i < part->end; i++) {
		if (s->x[i] < r->x0 || s->x[i] >= r->x1 || s->y[i] < r->y0 ||
			s->y[i] >= r->y1)
			continue;
		sum.size += 1;
		sum.x += s->x[i];
		sum.y += s->y[i];
	}
	return sum;
}

struct inside shape_inside(const struct shape *s, size_t begin, size_t end,
	enum shape_kind kind, const struct rect *r)
{
	double least = kind == SHAPE_AREA
			       ? least_share * (r->x1 - r->x0) * (r->y1 - r->y0)
			       : 0;
	struct sums all = {0, 0, 0};
	struct inside in = {0, 0, 0};

	for (size_t i = begin; i < end; i++) {
		const struct shape_part *part = &s->parts[i];
		double sign = 1;
		struct sums one;

		if (kind == SHAPE_AREA) {
			one = ring_inside(s, part, r);
			sign = (one.size < 0) != part->hole ? -1 : 1;
		} else if (kind == SHAPE_LINE) {
			one = line_inside(s, part, r);
		} else {
			one = points_inside(s, part, r);
		}
		all.size += sign * one.size;
		all.x += sign * one.x;
		all.y += sign * one.y;
	}
	if (all.size > least) {
		in.size = all.size;
		in.x = MAX(MIN(all.x / all.size, r->x1), r->x0);
		in.y = MAX(MIN(all.y / all.size, r->y1), r->y0);
	}
	return in;
}
