#include "base/base.h"
#include "osm/sweep.h"

static const char open_ring[] = "open ring";
static const char crosses[] = "crosses itself";
static const char touches[] = "touches itself";

struct order {
	struct edge *e; /* e[0]: before the lowest and behind the highest */
	uint32_t root;
	struct sweep_fault *fault;
};

/* What ends and begins at a point: lefts as listed, rights as numbered. */
struct event {
	uint64_t at;
	uint32_t vertex;
	const struct edge_end *lefts;
	uint32_t nlefts;
	uint32_t rights, nrights; /* the first of them, the lowest */
	uint32_t below;           /* the edge below all these */
	uint32_t lowest;          /* of lefts */
};

static const char *at_fault(struct order *o, uint32_t edge, uint32_t other,
	uint64_t at, const char *why)
{
	*o->fault = (struct sweep_fault){edge, other, at};
	return why;
}

static void hang(struct order *o, uint32_t x, uint32_t up, uint32_t old)
{
	struct edge *e = o->e;

	if (up)
		e[up].kid[e[up].kid[1] == old] = x;
	else
		o->root = x;
	if (x)
		e[x].up = up;
}

static void rotate(struct order *o, uint32_t x)
{
	struct edge *e = o->e;
	uint32_t p = e[x].up;
	int side = e[p].kid[1] == x;
	uint32_t inner = e[x].kid[!side];

	hang(o, x, e[p].up, p);
	e[x].kid[!side] = p;
	e[p].up = x;
	e[p].kid[side] = inner;
	if (inner)
		e[inner].up = p;
}

static void splay(struct order *o, uint32_t x)
{
	struct edge *e = o->e;

	while (e[x].up) {
		uint32_t p = e[x].up, g = e[p].up;

		if (g)
			rotate(o, (e[g].kid[1] == p) == (e[p].kid[1] == x) ? p
									   : x);
		rotate(o, x);
	}
}

static void insert_behind(struct order *o, uint32_t before, uint32_t x)
{
	struct edge *e = o->e;
	uint32_t high = o->root;

	if (before) {
		splay(o, before);
		high = e[before].kid[1];
		e[before].kid[1] = 0;
		e[before].up = x;
	}
	e[x].kid[0] = before;
	e[x].kid[1] = high;
	if (high)
		e[high].up = x;
	hang(o, x, 0, 0);
	e[x].prev = before;
	e[x].succ = e[before].succ;
	e[e[x].succ].prev = x;
	e[before].succ = x;
}

static void take_out(struct order *o, uint32_t x)
{
	struct edge *e = o->e;
	uint32_t low, high;

	splay(o, x);
	low = e[x].kid[0];
	high = e[x].kid[1];
	hang(o, low ? low : high, 0, 0);
	if (low) {
		splay(o, e[x].prev);
		e[e[x].prev].kid[1] = high;
		if (high)
			e[high].up = e[x].prev;
	}
	e[e[x].prev].succ = e[x].succ;
	e[e[x].succ].prev = e[x].prev;
}

/* y, which begins where x ends, in its place. */
static void replace(struct order *o, uint32_t x, uint32_t y)
{
	struct edge *e = o->e;

	e[y].prev = e[x].prev;
	e[y].succ = e[x].succ;
	e[e[y].prev].succ = y;
	e[e[y].succ].prev = y;
	hang(o, y, e[x].up, x);
	for (int i = 0; i < 2; i++) {
		uint32_t kid = e[x].kid[i];

		e[y].kid[i] = kid;
		if (kid)
			e[kid].up = y;
	}
}

/* The edge below a point; where one goes through it, that is *through. */
static uint32_t find_below(struct order *o, uint64_t at, uint32_t *through)
{
	uint32_t last = 0, below = 0;

	*through = 0;
	for (uint32_t x = o->root; x;) {
		int side = sweep_side(o->e[x].a, o->e[x].b, at);

		last = x;
		if (!side)
			*through = x;
		if (side > 0)
			below = x;
		x = side ? o->e[x].kid[side > 0] : 0;
	}
	if (last)
		splay(o, last);
	return below;
}

/* Of two edges that cross, for messages. */
static uint64_t crossing(const struct edge *e, const struct edge *f)
{
	double ex = (double)(sweep_x(e->b) - sweep_x(e->a));
	double ey = (double)(sweep_y(e->b) - sweep_y(e->a));
	double fx = (double)(sweep_x(f->b) - sweep_x(f->a));
	double fy = (double)(sweep_y(f->b) - sweep_y(f->a));
	double dx = (double)(sweep_x(f->a) - sweep_x(e->a));
	double dy = (double)(sweep_y(f->a) - sweep_y(e->a));
	double t = (dx * fy - dy * fx) / (ex * fy - ey * fx);

	t = t > 0 ? MIN(t, 1) : 0; /* rounding; NaN */
	return sweep_key((uint32_t)((double)sweep_x(e->a) + t * ex),
		(uint32_t)((double)sweep_y(e->a) + t * ey));
}

/* Neighbours in the order. */
static const char *check(struct order *o, uint32_t x, uint32_t y)
{
	const struct edge *e = &o->e[x], *f = &o->e[y];
	int fa, fb, ea, eb;

	if (!x || !y)
		return NULL;
	fa = sweep_side(e->a, e->b, f->a);
	fb = sweep_side(e->a, e->b, f->b);
	if (e->a == f->a || e->b == f->b) /* one on the other? */
		return fa || fb ? NULL
				: at_fault(o, x, y, MIN(e->b, f->b), touches);
	ea = sweep_side(f->a, f->b, e->a);
	eb = sweep_side(f->a, f->b, e->b);
	if (fa * fb > 0 || ea * eb > 0)
		return NULL;
	if (!fa || !fb)
		return at_fault(o, x, y, fa ? f->b : f->a, touches);
	if (!ea || !eb)
		return at_fault(o, x, y, ea ? e->b : e->a, touches);
	return at_fault(o, x, y, crossing(e, f), crosses);
}

/* Finds the order at the point: what is below, and the lowest of the lefts. */
static const char *look(struct order *o, struct event *v)
{
	struct edge *e = o->e;
	uint32_t through, n = 1, high;

	if (!v->nlefts) {
		v->lowest = 0;
		v->below = find_below(o, v->at, &through);
		return through ? at_fault(o, through, v->rights, v->at, touches)
			       : NULL;
	}
	v->lowest = high = v->lefts->edge;
	for (; e[e[v->lowest].prev].b == v->at; n++)
		v->lowest = e[v->lowest].prev;
	for (; e[e[high].succ].b == v->at; n++)
		high = e[high].succ;
	v->below = e[v->lowest].prev;
	/* with one between them that the checks would have found */
	return n == v->nlefts ? NULL
			      : at_fault(o, high, e[high].succ, v->at, touches);
}

/*
 * What is behind the edges that arrive at the point: the other side of the same
 * wedge of the area, next in clockwise order. Clockwise there are the rights
 * from the highest, then the lefts from the lowest.
 */
static void join(struct order *o, const struct event *v)
{
	struct edge *e = o->e;
	uint32_t top = v->nrights ? v->rights + v->nrights - 1 : v->lowest;
	bool above = e[v->below].above;
	uint32_t behind = v->nlefts ? v->lowest : top;

	for (uint32_t i = 0, x = v->rights; i < v->nrights; i++, x++) {
		above = !above;
		e[x].above = above;
		e[x].va = v->vertex;
		e[x].below = v->nlefts ? 0 : v->below;
		if (!above)
			e[x].next = behind;
		behind = x;
	}
	for (uint32_t i = 0, x = v->lowest; i < v->nlefts; i++) {
		uint32_t succ = e[x].succ;

		e[x].vb = v->vertex;
		if (e[x].above)
			e[x].next = i + 1 < v->nlefts ? succ : top;
		x = succ;
	}
}

/* The rights in place of the lefts. */
static void advance(struct order *o, const struct event *v)
{
	uint32_t old = v->lowest, last = v->below;

	for (uint32_t i = 0; i < v->nlefts || i < v->nrights; i++) {
		uint32_t succ = o->e[old].succ;

		if (i >= v->nlefts)
			insert_behind(o, last, v->rights + i);
		else if (i < v->nrights)
			replace(o, old, v->rights + i);
		else
			take_out(o, old);
		last = v->rights + i;
		old = succ;
	}
}

static const char *check_new(struct order *o, const struct event *v)
{
	const char *why = NULL;
	uint32_t x = v->below;

	for (uint32_t i = 0; i <= v->nrights && !why; i++) {
		why = check(o, x, o->e[x].succ);
		x = o->e[x].succ;
	}
	return why;
}

const char *sweep(struct edge *edges, uint32_t n, const struct edge_end *ends,
	struct sweep_fault *fault)
{
	struct order o = {edges, 0, fault};
	uint32_t right = 1, left = 0;
	const char *why = NULL;

	edges[0] = (struct edge){.a = 0};
	for (uint32_t vertex = 0; left < n && !why; vertex++) {
		struct event v = {.at = ends[left].b, .vertex = vertex};

		if (right <= n)
			v.at = MIN(v.at, edges[right].a);
		v.lefts = ends + left;
		v.rights = right;
		while (left < n && ends[left].b == v.at)
			left++;
		while (right <= n && edges[right].a == v.at)
			right++;
		v.nlefts = (uint32_t)(ends + left - v.lefts);
		v.nrights = right - v.rights;
		if ((v.nlefts + v.nrights) % 2)
			return at_fault(&o,
				v.nrights ? v.rights : v.lefts->edge, 0, v.at,
				open_ring);
		why = look(&o, &v);
		if (why)
			break;
		join(&o, &v);
		advance(&o, &v);
		why = check_new(&o, &v);
	}
	return why;
}
