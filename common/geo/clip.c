#include "base/base.h"
#include "geo/shape.h"

#include <math.h>

/* Edges that have bounds of their own. */
enum { RUN = 16 };

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

/* What an edge adds that may lie anywhere. */
static void clip_edge(struct sums *s, struct corner a, struct corner b,
	double width, double height)
{
	struct corner from = a, to = b;

	if ((a.v <= 0 && b.v <= 0) || (a.v >= height && b.v >= height))
		return;
	if (a.v < 0 || a.v > height)
		from = at_v(a, b, a.v < 0 ? 0 : height);
	if (b.v < 0 || b.v > height)
		to = at_v(a, b, b.v < 0 ? 0 : height);
	add_edge(s, from, to, width);
}

static double clamp(double v, double most)
{
	return MAX(MIN(v, most), 0);
}

/*
 * The bounds of the RUN edges that end at the part's points i, i + 1 …; NULL
 * where it has none.
 */
static const struct rect *run_of(const struct shape *s,
	const struct shape_part *part, size_t i)
{
	if (part->runs == SIZE_MAX || (i - part->begin) % RUN)
		return NULL;
	return &s->runs[part->runs + (i - part->begin) / RUN];
}

/* Edges of which none can add anything, or which count up to u = width. */
static bool is_beside(const struct rect *run, const struct rect *r)
{
	return run->y1 <= r->y0 || run->y0 >= r->y1 || run->x1 <= r->x0 ||
	       run->x0 >= r->x1;
}

static struct sums ring_inside(const struct shape *s,
	const struct shape_part *part, const struct rect *r)
{
	double width = r->x1 - r->x0, height = r->y1 - r->y0;
	size_t last = part->end - 1;
	struct corner b = {s->x[last] - r->x0, s->y[last] - r->y0};
	struct sums sum = {0, 0, 0};

	for (size_t i = part->begin; i < part->end; i++) {
		const struct rect *run = run_of(s, part, i);
		struct corner a = b;

		if (run && is_beside(run, r)) {
			i = MIN(i + RUN, part->end) - 1;
			b = (struct corner){s->x[i] - r->x0, s->y[i] - r->y0};
			if (run->x0 >= r->x1)
				add_piece(&sum,
					(struct corner){width,
						clamp(a.v, height)},
					(struct corner){width,
						clamp(b.v, height)});
			continue;
		}
		b = (struct corner){s->x[i] - r->x0, s->y[i] - r->y0};
		clip_edge(&sum, a, b, width, height);
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

/* What of the segment that ends at point i lies inside. */
static void add_segment(struct sums *sum, const struct shape *s, size_t i,
	const struct rect *r)
{
	double x = s->x[i - 1], dx = s->x[i] - x;
	double y = s->y[i - 1], dy = s->y[i] - y;
	double t0 = 0, t1 = 1, len, middle;

	if (MAX(x, s->x[i]) < r->x0 || MIN(x, s->x[i]) > r->x1 ||
		MAX(y, s->y[i]) < r->y0 || MIN(y, s->y[i]) > r->y1)
		return;
	if (!narrow(-x, -dx, -r->x0, &t0, &t1) ||
		!narrow(x, dx, r->x1, &t0, &t1) ||
		!narrow(-y, -dy, -r->y0, &t0, &t1) ||
		!narrow(y, dy, r->y1, &t0, &t1))
		return;
	len = (t1 - t0) * sqrt(dx * dx + dy * dy);
	middle = (t0 + t1) / 2;
	sum->size += len;
	sum->x += len * (x + middle * dx);
	sum->y += len * (y + middle * dy);
}

static struct sums line_inside(const struct shape *s,
	const struct shape_part *part, const struct rect *r)
{
	struct sums sum = {0, 0, 0};

	for (size_t i = part->begin; i < part->end; i++) {
		const struct rect *run = run_of(s, part, i);

		if (run && !rect_meets(run, r))
			i = MIN(i + RUN, part->end) - 1;
		else if (i > part->begin)
			add_segment(&sum, s, i, r);
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

static void bound_part(struct shape *s, struct shape_part *part)
{
	size_t n = (part->end - part->begin + RUN - 1) / RUN;
	size_t last = part->end - 1;

	xgrow(&s->runs, &s->runs_cap, s->nruns + n, sizeof(*s->runs));
	part->runs = s->nruns;
	for (size_t i = part->begin; i < part->end; i += RUN) {
		struct rect *r = &s->runs[s->nruns++];
		size_t before = i > part->begin ? i - 1 : last;

		*r = shape_bounds(s, i, MIN(i + RUN, part->end));
		r->x0 = MIN(r->x0, s->x[before]);
		r->y0 = MIN(r->y0, s->y[before]);
		r->x1 = MAX(r->x1, s->x[before]);
		r->y1 = MAX(r->y1, s->y[before]);
	}
}

void shape_bound_runs(struct shape *s, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		if (s->parts[i].end - s->parts[i].begin > 2 * RUN)
			bound_part(s, &s->parts[i]);
}

/* One side of a rectangle: keeps the points with sign * coordinate <= limit. */
struct side {
	double sign, limit;
	bool y;
};

static double beyond(const struct side *side, const struct shape *s, size_t i)
{
	return side->sign * (side->y ? s->y[i] : s->x[i]) - side->limit;
}

/* Clips a ring, which is all of `in`, with one side, into out. */
static void clip_side(const struct side *side, const struct shape *in,
	struct shape *out)
{
	shape_reset(out);
	for (size_t i = 0, last = in->npoints - 1; i < in->npoints;
		last = i++) {
		double a = beyond(side, in, last), b = beyond(side, in, i);
		double t = a / (a - b);

		if ((a > 0) != (b > 0))
			shape_add_point(out,
				in->x[last] + t * (in->x[i] - in->x[last]),
				in->y[last] + t * (in->y[i] - in->y[last]));
		if (b <= 0)
			shape_add_point(out, in->x[i], in->y[i]);
	}
}

/* How many pieces of at most `step` a length is, which may both be 0. */
static int pieces(double length, double step)
{
	return fabs(length) > step && step > 0 ? (int)ceil(fabs(length) / step)
					       : 1;
}

/* Adds a ring with its sides cut into pieces of at most dx and dy. */
static void add_cut(const struct shape *ring, double dx, double dy, bool hole,
	struct shape *out)
{
	size_t begin = out->npoints;

	for (size_t i = 0, last = ring->npoints - 1; i < ring->npoints;
		last = i++) {
		double w = ring->x[i] - ring->x[last];
		double h = ring->y[i] - ring->y[last];
		int n = MAX(pieces(w, dx), pieces(h, dy));

		for (int k = 1; k <= n; k++)
			shape_add_point(out, ring->x[last] + w * k / n,
				ring->y[last] + h * k / n);
	}
	shape_add_part(out, begin, hole);
}

void shape_clip(const struct shape *s, double dx, const struct rect *r,
	struct shape *out)
{
	const struct side sides[4] = {{-1, -r->x0, false}, {1, r->x1, false},
		{-1, -r->y0, true}, {1, r->y1, true}};
	struct shape room[2] = {SHAPE_INIT, SHAPE_INIT};

	for (size_t i = 0; i < s->nparts; i++) {
		const struct shape_part *part = &s->parts[i];
		unsigned now = 0;

		shape_reset(&room[0]);
		for (size_t k = part->begin; k < part->end; k++)
			shape_add_point(&room[0], s->x[k] + dx, s->y[k]);
		for (size_t k = 0; k < 4 && room[now].npoints; k++, now = !now)
			clip_side(&sides[k], &room[now], &room[!now]);
		if (room[now].npoints)
			add_cut(&room[now], (r->x1 - r->x0) / 8,
				(r->y1 - r->y0) / 8, part->hole, out);
	}
	shape_release(&room[0]);
	shape_release(&room[1]);
}
