#include "base/base.h"
#include "geo/seam.h"

#include <math.h>

/* Files round: what is as near to the antimeridian ends there. */
static const double near_deg = 1e-6;

/* By how much lon must move to be next to `near`. */
static double turn_to(double lon, double near)
{
	return 360 * round((near - lon) / 360);
}

/* By how much a side's end must move, so that it goes the shorter way. */
static double turn_of(double from, double to)
{
	double step = fabs(to - from);

	/* a side all round the earth is one: of a map of the world, or along
	 * a pole */
	return step <= 180 || fabs(step - 360) <= near_deg ? 0
							   : turn_to(to, from);
}

/* A ring of s; a hole is next to `near`, its outer ring's first point. */
static void add_ring(const struct shape *s, const struct shape_part *part,
	double near, struct shape *out)
{
	const double *x = s->x + part->begin, *y = s->y + part->begin;
	size_t n = part->end - part->begin, begin = out->npoints;
	double turn = part->hole ? turn_to(x[0], near) : 0;
	double first = x[0] + turn, last, sum = 0;

	for (size_t i = 0; i < n; i++) {
		turn += i ? turn_of(x[i - 1], x[i]) : 0;
		shape_add_point(out, x[i] + turn, y[i]);
		sum += y[i];
	}
	last = out->x[out->npoints - 1];
	if (fabs(last - first) > 180) {
		shape_add_point(out, last, copysign(90, sum));
		shape_add_point(out, first, copysign(90, sum));
		shape_add_point(out, first, y[0]);
	}
	shape_add_part(out, begin, part->hole);
}

/* How an outer ring lies to the antimeridian. */
struct where {
	bool wide, crosses, ends_east, begins_west;
	double middle;
};

static struct where look(const struct shape *s, size_t part)
{
	struct rect r =
		shape_bounds(s, s->parts[part].begin, s->parts[part].end);
	double turn = 360 * floor((r.x0 + 180 + near_deg) / 360);
	double w = r.x0 - turn, e = r.x1 - turn;

	return (struct where){.wide = e - w >= 360 - near_deg,
		.crosses = e > 180 + near_deg,
		.ends_east = fabs(e - 180) <= near_deg,
		.begins_west = fabs(w + 180) <= near_deg,
		.middle = (r.x0 + r.x1) / 2};
}

/* The middle of the part that all others belong next to; false: none. */
static bool find_middle(const struct shape *s, double *middle)
{
	bool crosses = false, east = false, west = false;

	for (size_t i = 0; i < s->nparts; i = shape_next(s, i)) {
		struct where w = look(s, i);

		if (w.wide)
			return false;
		west = west || w.begins_west;
		if (w.crosses ? !crosses : w.ends_east && !crosses && !east)
			*middle = w.middle;
		crosses = crosses || w.crosses;
		east = east || w.ends_east;
	}
	return crosses || (east && west);
}

void shape_join_seam(const struct shape *s, struct shape *out)
{
	double near = 0, middle = 0;

	for (size_t i = 0; i < s->nparts; i++) {
		if (!s->parts[i].hole)
			near = s->x[s->parts[i].begin];
		add_ring(s, &s->parts[i], near, out);
	}
	if (!find_middle(out, &middle))
		return;
	for (size_t i = 0, next; i < out->nparts; i = next) {
		double turn = turn_to(look(out, i).middle, middle);

		next = shape_next(out, i);
		for (size_t k = out->parts[i].begin;
			k < out->parts[next - 1].end; k++)
			out->x[k] += turn;
	}
}

void shape_lonlat_bounds(struct shape *deg, double bbox[4])
{
	struct rect r = shape_bounds(deg, 0, deg->npoints);
	double turn = 360 * floor((r.x0 + 180) / 360);
	double w = r.x0 - turn, e = r.x1 - turn;

	for (size_t i = 0; i < deg->npoints; i++)
		deg->x[i] -= turn;
	if (e - w >= 360) {
		w = -180;
		e = 180;
	} else if (e > 180) {
		e -= 360;
	}
	bbox[0] = w;
	bbox[1] = r.y0;
	bbox[2] = e;
	bbox[3] = r.y1;
}
