/*
 * Rings of hostile ways: two bytes are a point, a newline ends a way, one that
 * is '=' alone is the way before it again. What comes out is the same whatever
 * the order and direction of the ways, its rings are simple, and it covers what
 * the ways enclose by the even-odd rule; what is refused has the fault that is
 * named, found by comparing each segment with each.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "geo/ring.h"
#include "osm/rings.h"

#include <math.h>

enum { MOST = 128, STEP_X = 14062500, STEP_Y = 7000000 };

struct input {
	struct geo_pos points[MOST], back[MOST];
	struct ring_way ways[MOST], backwards[MOST];
	size_t n, npoints;
	bool wide; /* goes across the antimeridian */
};

/* Without those that cancel. */
struct segments {
	struct geo_pos a[MOST], b[MOST];
	size_t n;
};

static void end_way(struct input *in, size_t begin)
{
	size_t n = in->npoints - begin;
	int64_t id = (int64_t)in->n;

	for (size_t i = 0; i < n; i++)
		in->back[begin + i] = in->points[begin + n - 1 - i];
	in->ways[in->n++] = (struct ring_way){in->points + begin, n, id};
}

static void parse(const uint8_t *p, size_t len, struct input *in)
{
	size_t begin = 0;

	for (size_t i = 0; i < len && in->n + 1 < MOST; i++) {
		if (p[i] == '\n') {
			end_way(in, begin);
			begin = in->npoints;
		} else if (p[i] == '=' && begin == in->npoints && in->n) {
			in->ways[in->n] = in->ways[in->n - 1];
			in->n++;
		} else if (i + 1 < len && in->npoints < MOST) {
			in->points[in->npoints++] =
				(struct geo_pos){(p[i] - 128) * STEP_X,
					(p[i + 1] - 128) * STEP_Y};
			i++;
		}
	}
	end_way(in, begin);
	for (size_t i = 0; i < in->n; i++) {
		const struct ring_way *w = &in->ways[i];

		for (size_t k = 1; k < w->n; k++)
			in->wide = in->wide || labs((long)w->points[k].lon -
						       w->points[k - 1].lon) >
						       180 * 10000000L;
		in->backwards[in->n - 1 - i] = (struct ring_way){
			in->back + (w->points - in->points), w->n, w->id};
	}
}

static bool same(struct geo_pos a, struct geo_pos b)
{
	return a.lon == b.lon && a.lat == b.lat;
}

static void add_segment(struct segments *s, struct geo_pos a, struct geo_pos b)
{
	for (size_t i = 0; i < s->n; i++) {
		if ((same(s->a[i], a) && same(s->b[i], b)) ||
			(same(s->a[i], b) && same(s->b[i], a))) {
			s->a[i] = s->a[--s->n];
			s->b[i] = s->b[s->n];
			return;
		}
	}
	s->a[s->n] = a;
	s->b[s->n++] = b;
}

static void add_segments(struct segments *s, const struct input *in)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct ring_way *w = &in->ways[i];

		if (i && w->id == in->ways[i - 1].id)
			continue;
		for (size_t k = 1; k < w->n; k++)
			if (!same(w->points[k - 1], w->points[k]))
				add_segment(s, w->points[k - 1], w->points[k]);
	}
}

static int side(struct geo_pos a, struct geo_pos b, struct geo_pos p)
{
	int64_t ax = a.lon / STEP_X, ay = a.lat / STEP_Y;
	int64_t cross = (b.lon / STEP_X - ax) * (p.lat / STEP_Y - ay) -
			(b.lat / STEP_Y - ay) * (p.lon / STEP_X - ax);

	return (cross > 0) - (cross < 0);
}

static bool within(struct geo_pos a, struct geo_pos b, struct geo_pos p)
{
	return !side(a, b, p) && !same(a, p) && !same(b, p) &&
	       MIN(a.lon, b.lon) <= p.lon && p.lon <= MAX(a.lon, b.lon) &&
	       MIN(a.lat, b.lat) <= p.lat && p.lat <= MAX(a.lat, b.lat);
}

static bool is_open(const struct segments *s)
{
	for (size_t i = 0; i < 2 * s->n; i++) {
		struct geo_pos p = i < s->n ? s->a[i] : s->b[i - s->n];
		size_t ends = 0;

		for (size_t k = 0; k < s->n; k++)
			ends += same(s->a[k], p) + same(s->b[k], p);
		if (ends % 2)
			return true;
	}
	return false;
}

static bool meets(const struct segments *s, bool crossing)
{
	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < s->n; k++) {
			struct geo_pos a = s->a[i], b = s->b[i];
			struct geo_pos c = s->a[k], d = s->b[k];

			if (crossing ? side(a, b, c) * side(a, b, d) < 0 &&
						side(c, d, a) * side(c, d, b) <
							0
				     : within(a, b, c) || within(a, b, d))
				return true;
		}
	}
	return false;
}

static void check_rings(const struct shape *s)
{
	HOLDS(s->nparts && !s->parts[0].hole);
	for (size_t p = 0; p < s->nparts; p++) {
		size_t begin = s->parts[p].begin, end = s->parts[p].end;
		double twice = 0;

		HOLDS(end - begin >= 4);
		HOLDS(s->x[begin] == s->x[end - 1] &&
			s->y[begin] == s->y[end - 1]);
		for (size_t i = begin; i + 1 < end; i++) {
			twice += s->x[i] * s->y[i + 1] - s->x[i + 1] * s->y[i];
			for (size_t k = begin; k < i; k++)
				HOLDS(s->x[i] != s->x[k] || s->y[i] != s->y[k]);
		}
		HOLDS((twice < 0) == s->parts[p].hole);
	}
}

/* Near each point: how many polygons hold it, and whether the ways do. */
static void check_cover(const struct shape *s, const struct segments *in)
{
	for (size_t i = 0; i < 2 * in->n; i++) {
		struct geo_pos p = i < in->n ? in->a[i] : in->b[i - in->n];
		double x = p.lon / 1e7 + 0.0137, y = p.lat / 1e7 + 0.0059;
		bool odd = false;
		int held = 0;

		for (size_t k = 0; k < in->n; k++) {
			double xs[2] = {in->a[k].lon / 1e7, in->b[k].lon / 1e7};
			double ys[2] = {in->a[k].lat / 1e7, in->b[k].lat / 1e7};

			odd ^= ring_holds(xs, ys, 2, x, y);
		}
		for (size_t k = 0; k < s->nparts; k++) {
			const struct shape_part *part = &s->parts[k];

			if (ring_holds(s->x + part->begin, s->y + part->begin,
				    part->end - part->begin, x, y))
				held += part->hole ? -1 : 1;
			/* holes stand behind the ring that holds them */
			HOLDS(held == 0 || held == 1);
		}
		HOLDS(held == odd);
	}
}

static void check_refusal(const char *why, const struct segments *s)
{
	if (!strcmp(why, "open ring"))
		HOLDS(is_open(s));
	else if (!strcmp(why, "encloses nothing"))
		HOLDS(!s->n);
	else
		HOLDS(meets(s, !strcmp(why, "crosses itself")));
}

static bool same_shape(const struct shape *a, const struct shape *b)
{
	return a->npoints == b->npoints && a->nparts == b->nparts &&
	       !memcmp(a->x, b->x, a->npoints * sizeof(*a->x)) &&
	       !memcmp(a->y, b->y, a->npoints * sizeof(*a->y));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rings *r = rings_new();
	struct shape s = SHAPE_INIT, again = SHAPE_INIT;
	struct input in = {.n = 0};
	struct segments segments = {.n = 0};
	struct ring_fault fault;
	const char *why, *second;

	parse(data, size, &in);
	why = rings_area(r, in.ways, in.n, &s, &fault);
	second = rings_area(r, in.backwards, in.n, &again, &fault);
	HOLDS(why == second && (why || same_shape(&s, &again)));
	if (!why)
		check_rings(&s);
	if (!in.wide) {
		add_segments(&segments, &in);
		if (why)
			check_refusal(why, &segments);
		else
			HOLDS(!is_open(&segments) && !meets(&segments, true) &&
				!meets(&segments, false));
		if (!why)
			check_cover(&s, &segments);
	}
	rings_free(r);
	shape_release(&s);
	shape_release(&again);
	return 0;
}
