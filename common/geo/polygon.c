#include "base/base.h"
#include "geo/polygon.h"

#include <math.h>

enum { MAX_BANDS = 1 << 24 };

/* y0 < y1: the same edge looks the same from both of its sides. */
struct edge {
	double x0, y0, x1, y1;
	size_t member;
};

struct polygons {
	struct edge *edges; /* [n_edges], member by member */
	size_t n_edges, edges_cap;
	bool *cut_out; /* [n_members] */
	size_t n_members, members_cap;
	double bounds[4];
	double scale;    /* bands per unit of y */
	size_t n_bands;  /* 0: not sealed, or no edge */
	size_t *first;   /* [n_bands + 1] where each begins in: */
	uint32_t *items; /* numbers of edges, ascending in each band */
};

struct polygons *polygons_new(void)
{
	struct polygons *p = xcalloc(1, sizeof(*p));

	p->bounds[0] = p->bounds[1] = INFINITY;
	p->bounds[2] = p->bounds[3] = -INFINITY;
	return p;
}

void polygons_free(struct polygons *p)
{
	if (!p)
		return;
	free(p->edges);
	free(p->cut_out);
	free(p->first);
	free(p->items);
	free(p);
}

void polygons_begin(struct polygons *p, bool cut_out)
{
	xgrow(&p->cut_out, &p->members_cap, p->n_members + 1,
		sizeof(*p->cut_out));
	p->cut_out[p->n_members++] = cut_out;
}

void polygons_add_ring(struct polygons *p, const double (*xy)[2], size_t n)
{
	xgrow(&p->edges, &p->edges_cap, p->n_edges + n, sizeof(*p->edges));
	for (size_t i = 0; i < n; i++) {
		const double *a = xy[i], *b = xy[i + 1 < n ? i + 1 : 0];

		p->bounds[0] = MIN(p->bounds[0], a[0]);
		p->bounds[1] = MIN(p->bounds[1], a[1]);
		p->bounds[2] = MAX(p->bounds[2], a[0]);
		p->bounds[3] = MAX(p->bounds[3], a[1]);
		if (a[1] == b[1])
			continue;
		if (a[1] > b[1]) {
			const double *c = a;

			a = b;
			b = c;
		}
		p->edges[p->n_edges++] =
			(struct edge){a[0], a[1], b[0], b[1], p->n_members - 1};
	}
}

static size_t band_of(const struct polygons *p, double y)
{
	double band = (y - p->bounds[1]) * p->scale;

	return band < (double)p->n_bands ? (size_t)band : p->n_bands - 1;
}

/* So many bands that an edge lies in some six of them. */
static void choose_bands(struct polygons *p)
{
	double height = p->bounds[3] - p->bounds[1], sum = 0, bands;

	for (size_t i = 0; i < p->n_edges; i++)
		sum += p->edges[i].y1 - p->edges[i].y0;
	bands = ceil(4 * (double)p->n_edges * (height / sum));
	p->n_bands = bands < MAX_BANDS ? (size_t)MAX(bands, 1) : MAX_BANDS;
	p->scale = (double)p->n_bands / height;
	if (!isfinite(p->scale)) { /* hardly any height at all */
		p->n_bands = 1;
		p->scale = 0;
	}
}

void polygons_seal(struct polygons *p)
{
	size_t *next;

	if (!p->n_edges)
		return;
	choose_bands(p);
	p->first = xcalloc(p->n_bands + 1, sizeof(*p->first));
	for (size_t i = 0; i < p->n_edges; i++) {
		const struct edge *e = &p->edges[i];

		for (size_t b = band_of(p, e->y0); b <= band_of(p, e->y1); b++)
			p->first[b + 1]++;
	}
	for (size_t b = 0; b < p->n_bands; b++)
		p->first[b + 1] += p->first[b];
	p->items = xreallocarray(NULL, p->first[p->n_bands], sizeof(*p->items));
	next = xreallocarray(NULL, p->n_bands, sizeof(*next));
	memcpy(next, p->first, p->n_bands * sizeof(*next));
	for (size_t i = 0; i < p->n_edges; i++) {
		const struct edge *e = &p->edges[i];

		for (size_t b = band_of(p, e->y0); b <= band_of(p, e->y1); b++)
			p->items[next[b]++] = (uint32_t)i;
	}
	free(next);
}

const double *polygons_bounds(const struct polygons *p)
{
	return p->bounds;
}

/* True when the edge meets the half line from the point towards greater x. */
static bool right_of(const struct edge *e, double x, double y)
{
	if (y < e->y0 || y >= e->y1)
		return false;
	if (x < e->x0 && x < e->x1)
		return true;
	if (x >= e->x0 && x >= e->x1)
		return false;
	return x < e->x0 + (y - e->y0) / (e->y1 - e->y0) * (e->x1 - e->x0);
}

bool polygons_hold(const struct polygons *p, double x, double y)
{
	size_t member = 0, band;
	bool inside = false, odd = false;

	if (!p->n_bands || !(x >= p->bounds[0] && x < p->bounds[2] &&
				   y >= p->bounds[1] && y < p->bounds[3]))
		return false;
	band = band_of(p, y);
	for (size_t i = p->first[band]; i < p->first[band + 1]; i++) {
		const struct edge *e = &p->edges[p->items[i]];

		if (e->member != member) {
			inside = odd ? !p->cut_out[member] : inside;
			odd = false;
			member = e->member;
		}
		odd ^= right_of(e, x, y);
	}
	return odd ? !p->cut_out[member] : inside;
}
