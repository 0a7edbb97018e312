#include "base/base.h"
#include "geo/shape.h"

#include <math.h>

/* One side of a rectangle: keeps the points with sign * coordinate <= limit. */
struct side {
	unsigned axis; /* 0: x, 1: y */
	double sign, limit;
};

/* Sums over what is inside: size, and size times place. */
struct sums {
	double size, x, y;
};

void clip_room_release(struct clip_room *room)
{
	free(room->xy[0]);
	free(room->xy[1]);
	*room = (struct clip_room){0};
}

static double beyond(const struct side *side, const double *p)
{
	return side->sign * p[side->axis] - side->limit;
}

/* Clips a ring of n points with one side; returns the number left, <= 2 n. */
static size_t clip_side(const struct side *side, const double *in, size_t n,
	double *out)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		const double *a = in + 2 * (i ? i - 1 : n - 1);
		const double *b = in + 2 * i;
		double da = beyond(side, a), db = beyond(side, b);

		if ((da > 0) != (db > 0)) {
			double t = da / (da - db);
			unsigned other = !side->axis;

			out[2 * m + side->axis] = side->sign * side->limit;
			out[2 * m + other] =
				a[other] + t * (b[other] - a[other]);
			m++;
		}
		if (db <= 0) {
			memcpy(out + 2 * m, b, 2 * sizeof(*b));
			m++;
		}
	}
	return m;
}

/* Area and moments of a ring, by the shoelace formula about its first point. */
static struct sums ring_sums(const double *p, size_t n)
{
	struct sums s = {0, 0, 0};

	for (size_t i = 1; i + 1 < n; i++) {
		double ax = p[2 * i] - p[0], ay = p[2 * i + 1] - p[1];
		double bx = p[2 * i + 2] - p[0], by = p[2 * i + 3] - p[1];
		double area = (ax * by - bx * ay) / 2;

		s.size += area;
		s.x += area * (p[0] + (ax + bx) / 3);
		s.y += area * (p[1] + (ay + by) / 3);
	}
	return s;
}

static struct sums ring_inside(const struct shape *s,
	const struct shape_part *part, const struct rect *r,
	struct clip_room *room)
{
	const struct side sides[4] = {{0, -1, -r->x0}, {0, 1, r->x1},
		{1, -1, -r->y0}, {1, 1, r->y1}};
	size_t n = part->end - part->begin;
	struct rect bounds = shape_bounds(s, part->begin, part->end);
	unsigned now = 0;

	if (!rect_meets(&bounds, r))
		return (struct sums){0, 0, 0};
	xgrow(&room->xy[0], &room->cap[0], 2 * n, sizeof(double));
	for (size_t i = 0; i < n; i++) {
		room->xy[0][2 * i] = s->x[part->begin + i];
		room->xy[0][2 * i + 1] = s->y[part->begin + i];
	}
	for (unsigned i = 0; i < 4 && n; i++, now = !now) {
		xgrow(&room->xy[!now], &room->cap[!now], 4 * n, sizeof(double));
		n = clip_side(&sides[i], room->xy[now], n, room->xy[!now]);
	}
	return ring_sums(room->xy[now], n);
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
	enum shape_kind kind, const struct rect *r, struct clip_room *room)
{
	struct sums all = {0, 0, 0};
	struct inside in = {0, 0, 0};

	for (size_t i = begin; i < end; i++) {
		const struct shape_part *part = &s->parts[i];
		double sign = 1;
		struct sums one;

		if (kind == SHAPE_AREA) {
			one = ring_inside(s, part, r, room);
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
	if (all.size > 0) {
		in.size = all.size;
		in.x = MAX(MIN(all.x / all.size, r->x1), r->x0);
		in.y = MAX(MIN(all.y / all.size, r->y1), r->y0);
	}
	return in;
}
