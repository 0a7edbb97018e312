#include "base/base.h"
#include "geo/measure.h"
#include "geo/ring.h"
#include "geo/size.h"

#include <math.h>

static const double min_area_m2 = 1e-3;
static const char too_few_points[] = "too few points";
static const char encloses_nothing[] = "encloses nothing";
static const char encloses_pole[] = "encloses a pole";
static const char no_length[] = "no length";

double measure_wrap(double lon)
{
	return fabs(lon) <= 180 ? lon : remainder(lon, 360);
}

double measure_unwrap(double lon, double before)
{
	if (fabs(lon - before) <= 180)
		return lon;
	return lon + 360 * rint((before - lon) / 360);
}

void shape_unwrap(struct shape *s)
{
	double before = 0;

	for (size_t p = 0; p < s->nparts; p++) {
		const struct shape_part *part = &s->parts[p];

		if (!part->hole)
			before = s->x[part->begin];
		for (size_t i = part->begin; i < part->end; i++) {
			s->x[i] = measure_unwrap(s->x[i], before);
			before = s->x[i];
		}
	}
}

/* An area of rings begin … end-1. */
static const char *rings_measure(const struct shape *s, size_t begin,
	size_t end, struct measure *m)
{
	for (size_t p = begin; p < end; p++) {
		const double *x = s->x + s->parts[p].begin;
		const double *y = s->y + s->parts[p].begin;
		size_t n = s->parts[p].end - s->parts[p].begin;
		double area;

		if (n < 4)
			return too_few_points;
		/* once round the globe: no ring in the plane */
		if (fabs(x[n - 1] - x[0]) > 180)
			return encloses_pole;
		area = ring_area_m2(x, y, n - 1);
		m->size += p == begin ? area : -area;
	}
	if (area_point(s, begin, end, &m->lon, &m->lat) ||
		m->size < min_area_m2)
		return encloses_nothing;
	return NULL;
}

static const char *points_measure(const double *lon, const double *lat,
	size_t n, struct measure *m)
{
	if (n < 2)
		return too_few_points;
	line_middle(lon, lat, n, &m->lon, &m->lat);
	m->size = line_length_m(lon, lat, n);
	return m->size > 0 ? NULL : no_length;
}

/* One part with its holes; neither point nor bbox are wrapped yet. */
static const char *part_measure(const struct shape *s, enum shape_kind kind,
	size_t begin, size_t end, const struct rect *r, struct measure *m)
{
	const struct shape_part *part = &s->parts[begin];
	const double *x = s->x + part->begin, *y = s->y + part->begin;

	*m = (struct measure){*x, *y, {r->x0, r->y0, r->x1, r->y1}, 0};
	if (kind == SHAPE_AREA)
		return rings_measure(s, begin, end, m);
	if (kind == SHAPE_LINE)
		return points_measure(x, y, part->end - part->begin, m);
	return NULL;
}

/* From west to east, which is not less. */
struct arc {
	double west, east;
};

static int by_west(const void *a, const void *b)
{
	double x = ((const struct arc *)a)->west;
	double y = ((const struct arc *)b)->west;

	return (x > y) - (x < y);
}

/* All of the circle but the widest gap between the arcs. */
static struct arc join_arcs(struct arc *arcs, size_t n)
{
	struct arc all;
	double reach, gap;

	for (size_t i = 0; i < n && n > 1; i++) {
		double turn = measure_wrap(arcs[i].west) - arcs[i].west;

		arcs[i].west += turn;
		arcs[i].east += turn;
	}
	if (n > 1)
		qsort(arcs, n, sizeof(*arcs), by_west);
	reach = arcs[0].east;
	for (size_t i = 1; i < n; i++)
		reach = fmax(reach, arcs[i].east);
	gap = arcs[0].west + 360 - reach;
	all = (struct arc){arcs[0].west, reach};
	reach = arcs[0].east;
	for (size_t i = 1; i < n; i++) {
		if (arcs[i].west - reach > gap) {
			gap = arcs[i].west - reach;
			all = (struct arc){arcs[i].west, reach};
		}
		reach = fmax(reach, arcs[i].east);
	}
	if (gap <= 0)
		return (struct arc){-180, 180};
	return (struct arc){measure_wrap(all.west), measure_wrap(all.east)};
}

const char *shape_measure(const struct shape *s, enum shape_kind kind,
	struct measure *out)
{
	struct arc one, all, *arcs = &one;
	const char *why = NULL, *empty = NULL;
	double largest = -1;
	size_t n = 0;

	/* nearly all shapes have but one */
	if (s->nparts > 1)
		arcs = xcalloc(s->nparts, sizeof(*arcs));
	*out = (struct measure){0, 0, {0, 90, 0, -90}, 0};
	for (size_t i = 0, next; i < s->nparts && !why; i = next) {
		struct measure m;
		struct rect r;

		next = shape_next(s, i);
		r = shape_bounds(s, s->parts[i].begin, s->parts[next - 1].end);
		why = part_measure(s, kind, i, next, &r, &m);
		arcs[n++] = (struct arc){m.bbox[0], m.bbox[2]};
		out->bbox[1] = fmin(out->bbox[1], m.bbox[1]);
		out->bbox[3] = fmax(out->bbox[3], m.bbox[3]);
		if (why == encloses_nothing || why == no_length) {
			empty = why;
			why = NULL;
			continue;
		}
		out->size += m.size;
		if (m.size > largest) {
			largest = m.size;
			out->lon = measure_wrap(m.lon);
			out->lat = m.lat;
		}
	}
	all = join_arcs(arcs, n);
	out->bbox[0] = all.west;
	out->bbox[2] = all.east;
	if (arcs != &one)
		free(arcs);
	return why || largest >= 0 ? why : empty;
}

/* A way of OSM's has 2,000 points at most, and mostly few. */
enum { FEW = 256 };

static const char *measure_positions(const struct geo_pos *p, size_t n,
	enum shape_kind kind, struct measure *out)
{
	double few[2 * FEW], *room = few;
	struct shape_part part = {0, n, SIZE_MAX, false};
	struct shape s = {.npoints = n, .parts = &part, .nparts = 1};
	struct geo_pos low = {INT32_MAX, INT32_MAX};
	struct geo_pos high = {INT32_MIN, INT32_MIN};
	const char *why;
	struct rect r;

	if (!n)
		return too_few_points;
	if (n > FEW)
		room = xcalloc(2 * n, sizeof(*room));
	s.x = room;
	s.y = room + n;
	for (size_t i = 0; i < n; i++) {
		s.x[i] = p[i].lon / 1e7;
		s.y[i] = p[i].lat / 1e7;
		low.lon = MIN(low.lon, p[i].lon);
		low.lat = MIN(low.lat, p[i].lat);
		high.lon = MAX(high.lon, p[i].lon);
		high.lat = MAX(high.lat, p[i].lat);
	}
	r = (struct rect){low.lon / 1e7, low.lat / 1e7, high.lon / 1e7,
		high.lat / 1e7};
	if (r.x1 - r.x0 <= 180) { /* nothing to be unwrapped */
		why = part_measure(&s, kind, 0, 1, &r, out);
	} else {
		shape_unwrap(&s);
		why = shape_measure(&s, kind, out);
	}
	if (room != few)
		free(room);
	return why;
}

const char *measure_ring(const struct geo_pos *p, size_t n, struct measure *out)
{
	return measure_positions(p, n, SHAPE_AREA, out);
}

const char *measure_line(const struct geo_pos *p, size_t n, struct measure *out)
{
	return measure_positions(p, n, SHAPE_LINE, out);
}
