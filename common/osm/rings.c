#include "base/base.h"
#include "osm/rings.h"
#include "base/sort.h"
#include "osm/sweep.h"

#define MAX_POINTS (UINT32_C(1) << 31)

/* Of the globe's round, in units of struct geo_pos. */
static const int64_t half = 1800000000, quarter = 900000000;

static const char off_globe[] = "position off the globe";
static const char round_globe[] = "goes round the globe";
static const char too_many[] = "too many points";
static const char encloses_nothing[] = "encloses nothing";

struct segment {
	uint64_t a, b; /* keys, a < b */
	uint32_t way;
};

struct by_id {
	int64_t id;
	uint32_t way;
};

struct ring {
	uint32_t edge; /* its least one; the rest are behind it */
	uint32_t face; /* the part of the area that it bounds */
	bool hole;
};

struct rings {
	const struct ring_way *ways;
	bool across;         /* longitudes are 0 to 360, not -180 to 180 */
	struct by_id *order; /* of the ways */
	struct segment *segments;
	size_t n;           /* segments, and edges */
	struct edge *edges; /* [n + 1], from 1 */
	struct edge_end *ends;
	uint32_t *arrived;  /* [points of edges]: by which edge; 0: not yet */
	struct ring *rings; /* from 1 */
	uint32_t nrings;
	size_t order_cap, segments_cap, edges_cap, ends_cap, arrived_cap;
	size_t rings_cap;
};

struct rings *rings_new(void)
{
	return xcalloc(1, sizeof(struct rings));
}

void rings_free(struct rings *r)
{
	if (!r)
		return;
	free(r->order);
	free(r->segments);
	free(r->edges);
	free(r->ends);
	free(r->arrived);
	free(r->rings);
	free(r);
}

static uint64_t key_of(const struct rings *r, struct geo_pos p)
{
	int64_t x =
		r->across ? p.lon + (p.lon < 0 ? 2 * half : 0) : p.lon + half;

	return sweep_key((uint32_t)x, (uint32_t)(p.lat + quarter + 1));
}

static int64_t lon_of(const struct rings *r, uint64_t key)
{
	return sweep_x(key) - (r->across ? 0 : half);
}

static int64_t lat_of(uint64_t key)
{
	return sweep_y(key) - quarter - 1;
}

static double degrees(int64_t units)
{
	return (double)units / 1e7;
}

static const char *at_fault(const struct rings *r, struct ring_fault *fault,
	uint32_t way, struct geo_pos p, const char *why)
{
	*fault = (struct ring_fault){r->ways[way].id, 0, degrees(p.lon),
		degrees(p.lat)};
	return why;
}

static const char *add_way(struct rings *r, uint32_t way,
	struct ring_fault *fault)
{
	const struct ring_way *w = &r->ways[way];
	uint64_t before = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct geo_pos p = w->points[i];
		uint64_t key = key_of(r, p);
		int64_t step = sweep_x(key) - sweep_x(before);

		if (p.lon < -half || p.lon > half || p.lat < -quarter ||
			p.lat > quarter)
			return at_fault(r, fault, way, p, off_globe);
		if (i && (step > half || step < -half))
			return at_fault(r, fault, way, p, round_globe);
		if (i && key != before)
			r->segments[r->n++] = (struct segment){MIN(key, before),
				MAX(key, before), way};
		before = key;
	}
	return NULL;
}

static int by_id(const void *a, const void *b)
{
	const struct by_id *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->way > y->way) - (x->way < y->way);
}

/* The segments of each way, once. */
static const char *collect(struct rings *r, size_t n, struct ring_fault *fault)
{
	const char *why = NULL;

	r->n = 0;
	for (size_t i = 0; i < n && !why; i++)
		if (!i || r->order[i].id != r->order[i - 1].id)
			why = add_way(r, r->order[i].way, fault);
	return why;
}

/* As the sweep wants them; the same ones together. */
static bool is_before(const struct segment *x, const struct segment *y)
{
	int side;

	if (x->a != y->a)
		return x->a < y->a;
	side = sweep_side(x->a, x->b, y->b);
	return side ? side > 0 : x->b < y->b;
}

static bool ends_before(const struct edge_end *x, const struct edge_end *y)
{
	return x->b < y->b;
}

SORT_DEFINE(sort_segments, struct segment, is_before)
SORT_DEFINE(sort_ends, struct edge_end, ends_before)

/* Sorted; of the same ones, pairs cancel. */
static void make_edges(struct rings *r)
{
	const struct segment *s = r->segments;
	size_t n = r->n;

	sort_segments(r->segments, n);
	xgrow(&r->edges, &r->edges_cap, n + 1, sizeof(*r->edges));
	xgrow(&r->ends, &r->ends_cap, n + 1, sizeof(*r->ends));
	r->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && s[i].a == s[i + 1].a && s[i].b == s[i + 1].b) {
			i++;
			continue;
		}
		r->n++;
		r->ends[r->n - 1] = (struct edge_end){s[i].b, (uint32_t)r->n};
		r->edges[r->n] = (struct edge){.a = s[i].a,
			.b = s[i].b,
			.way = s[i].way};
	}
	sort_ends(r->ends, r->n);
}

/* The number of the point where an edge ends, the area on its left. */
static uint32_t head(const struct edge *e)
{
	return e->above ? e->vb : e->va;
}

/*
 * Takes the edges from this one round: simple by now, so no point twice. Of the
 * two at its leftmost point the lower one is the least, and the ring's inside
 * is above that.
 */
static void add_ring(struct rings *r, uint32_t first)
{
	struct edge *e = r->edges;
	uint32_t x = first, least = first;

	xgrow(&r->rings, &r->rings_cap, (size_t)r->nrings + 2,
		sizeof(*r->rings));
	r->nrings++;
	do {
		e[x].ring = r->nrings;
		r->arrived[head(&e[x])] = 0;
		least = MIN(least, x);
		x = e[x].next;
	} while (x != first);
	r->rings[r->nrings] = (struct ring){least, 0, !e[least].above};
}

/*
 * Goes once round a part of the area from `first`. Where that comes to a point
 * for the second time, what is between is a ring of its own: it is closed, and
 * the way before it goes on behind it.
 */
static void trace(struct rings *r, uint32_t first)
{
	struct edge *e = r->edges;
	uint32_t x = first, after;

	do {
		uint32_t v = head(&e[x]), before = r->arrived[v];

		after = e[x].next;
		if (before) {
			e[x].next = e[before].next;
			e[before].next = after;
			add_ring(r, x);
			r->arrived[v] = before;
		} else {
			r->arrived[v] = x;
		}
		x = after;
	} while (after != first);
	add_ring(r, first);
}

/*
 * Rings traced in one go bound the same face, of which one is the outer ring.
 * Where none is, they are holes that do not meet it, and the edge below their
 * leftmost point, which has been traced, bounds that face, too.
 */
static void make_rings(struct rings *r)
{
	const struct edge *e = r->edges;
	uint32_t nfaces = 0;

	r->nrings = 0;
	xgrow(&r->arrived, &r->arrived_cap, r->n, sizeof(*r->arrived));
	memset(r->arrived, 0, r->n * sizeof(*r->arrived));
	for (uint32_t x = 1; x <= r->n; x++) {
		uint32_t begin = r->nrings + 1, face = 0;

		if (e[x].ring)
			continue;
		trace(r, x);
		for (uint32_t i = begin; i <= r->nrings && !face; i++)
			if (!r->rings[i].hole)
				face = ++nfaces;
		if (!face)
			face = r->rings[e[e[x].below].ring].face;
		for (uint32_t i = begin; i <= r->nrings; i++)
			r->rings[i].face = face;
	}
}

static int by_face(const void *a, const void *b)
{
	const struct ring *x = a, *y = b;

	if (x->face != y->face)
		return x->face < y->face ? -1 : 1;
	return x->hole != y->hole ? x->hole - y->hole
				  : (x->edge > y->edge) - (x->edge < y->edge);
}

static void put_rings(struct rings *r, struct shape *out)
{
	const struct edge *e = r->edges;
	int64_t turn = 0;

	qsort(r->rings + 1, r->nrings, sizeof(*r->rings), by_face);
	shape_reset(out);
	for (uint32_t i = 1; i <= r->nrings; i++) {
		const struct ring *ring = &r->rings[i];
		/* its leftmost point is where this begins */
		uint32_t first = ring->hole ? e[ring->edge].next : ring->edge;
		size_t begin = out->npoints;
		uint32_t x = first;

		if (!ring->hole)
			turn = lon_of(r, e[x].a) > half ? 2 * half : 0;
		do {
			uint64_t p = e[x].above ? e[x].a : e[x].b;

			shape_add_point(out, degrees(lon_of(r, p) - turn),
				degrees(lat_of(p)));
			x = e[x].next;
		} while (x != first);
		shape_add_point(out, out->x[begin], out->y[begin]);
		shape_add_part(out, begin, ring->hole);
	}
}

static void find_fault(const struct rings *r, const struct sweep_fault *f,
	struct ring_fault *fault)
{
	const struct edge *e = r->edges;
	int64_t lon = lon_of(r, f->at);

	fault->way = r->ways[e[f->edge].way].id;
	fault->other = f->other ? r->ways[e[f->other].way].id : 0;
	fault->lon = degrees(lon > half ? lon - 2 * half : lon);
	fault->lat = degrees(lat_of(f->at));
}

/* The ways in order of ids, and room for their segments. */
static const char *begin(struct rings *r, const struct ring_way *ways, size_t n)
{
	uint64_t points = 0;

	if (n > MAX_POINTS)
		return too_many;
	r->ways = ways;
	xgrow(&r->order, &r->order_cap, n + 1, sizeof(*r->order));
	for (size_t i = 0; i < n; i++) {
		r->order[i] = (struct by_id){ways[i].id, (uint32_t)i};
		if (ways[i].n > MAX_POINTS - points)
			return too_many;
		points += ways[i].n;
	}
	qsort(r->order, n, sizeof(*r->order), by_id);
	xgrow(&r->segments, &r->segments_cap, points + 1, sizeof(*r->segments));
	return NULL;
}

const char *rings_area(struct rings *r, const struct ring_way *ways, size_t n,
	struct shape *out, struct ring_fault *fault)
{
	struct sweep_fault where;
	const char *why = begin(r, ways, n);

	*fault = (struct ring_fault){0};
	if (why)
		return why;
	r->across = false;
	why = collect(r, n, fault);
	if (why == round_globe) {
		r->across = true;
		why = collect(r, n, fault);
	}
	if (why)
		return why;
	make_edges(r);
	if (!r->n)
		return encloses_nothing;
	why = sweep(r->edges, (uint32_t)r->n, r->ends, &where);
	if (why) {
		find_fault(r, &where, fault);
		return why;
	}
	make_rings(r);
	put_rings(r, out);
	return NULL;
}
