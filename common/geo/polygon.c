#include "base/base.h"
#include "geo/polygon.h"

#include <math.h>

enum { MAX_BANDS = 1 << 24, MAX_CELLS = 1024 };

/* y0 <= y1: the same edge looks the same from both of its sides. */
struct edge {
	double x0, y0, x1, y1;
	size_t member;
};

/* What is known of all points of a cell. */
enum cell { CELL_OUT, CELL_IN, CELL_EDGE };

struct polygons {
	struct edge *edges; /* [n_edges], member by member */
	size_t n_edges, edges_cap;
	bool *cut_out; /* [n_members] */
	size_t n_members, members_cap;
	double bounds[4];
	double scale;         /* bands per unit of y */
	size_t n_bands;       /* 0: not sealed, or no edge */
	size_t *first;        /* [n_bands + 1] where each begins in: */
	uint32_t *items;      /* numbers of edges, ascending in each band */
	size_t columns, rows; /* of a grid over the bounds; 0: there is none */
	double per_x, per_y;  /* cells per unit */
	unsigned char *cells; /* [rows, columns] enum cell */
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
	free(p->cells);
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
		if (a[1] > b[1]) {
			const double *c = a;

			a = b;
			b = c;
		}
		p->edges[p->n_edges++] =
			(struct edge){a[0], a[1], b[0], b[1], p->n_members - 1};
	}
}

/*
 * Into how many parts to divide the bounds' width or height, where the edges'
 * own add up to `sum`: so that an edge lies in some six of them.
 */
static size_t divide(const struct polygons *p, double whole, double sum)
{
	double parts = ceil(4 * (double)p->n_edges * (whole / sum));

	/* the first also catches NaN: there is hardly any height at all */
	return !(parts > 1) ? 1 : parts < MAX_BANDS ? (size_t)parts : MAX_BANDS;
}

/* Parts per unit; 0 where there are no units to speak of. */
static double per_unit(size_t parts, double whole)
{
	double scale = (double)parts / whole;

	return isfinite(scale) ? scale : 0;
}

static size_t cell_of(double x, double from, double per, size_t n)
{
	double cell = (x - from) * per;

	return cell < (double)n ? (size_t)cell : n - 1;
}

static void mark(struct polygons *p, size_t row, size_t from, size_t to)
{
	memset(p->cells + row * p->columns + from, CELL_EDGE, to - from + 1);
}

/* Marks the cells that the edge goes through, and some beside it. */
static void mark_edge(struct polygons *p, const struct edge *e)
{
	const double *b = p->bounds;
	size_t row = cell_of(e->y0, b[1], p->per_y, p->rows);
	size_t last = cell_of(e->y1, b[1], p->per_y, p->rows);
	size_t left = cell_of(MIN(e->x0, e->x1), b[0], p->per_x, p->columns);
	size_t right = cell_of(MAX(e->x0, e->x1), b[0], p->per_x, p->columns);
	double slope = (e->x1 - e->x0) / (e->y1 - e->y0);
	bool steep = last - row > 1; /* so that x can be told from y */

	for (; row <= last; row++) {
		double y0 = MAX(e->y0, b[1] + (double)row / p->per_y);
		double y1 = MIN(e->y1, b[1] + (double)(row + 1) / p->per_y);
		double at0 = e->x0 + (y0 - e->y0) * slope;
		double at1 = e->x0 + (y1 - e->y0) * slope;
		/* one cell more on both sides, for rounding */
		double x0 = MIN(at0, at1) - 1 / p->per_x;
		double x1 = MAX(at0, at1) + 1 / p->per_x;

		if (!steep)
			mark(p, row, left, right);
		else
			mark(p, row,
				cell_of(MAX(x0, b[0]), b[0], p->per_x,
					p->columns),
				cell_of(x1, b[0], p->per_x, p->columns));
	}
}

static bool ask_edges(const struct polygons *p, double x, double y);

/* Cells side by side without an edge in them are of one kind. */
static void fill_row(struct polygons *p, size_t row)
{
	unsigned char *cells = p->cells + row * p->columns;
	double y = p->bounds[1] + ((double)row + 0.5) / p->per_y;

	for (size_t i = 0; i < p->columns; i++) {
		double x = p->bounds[0] + ((double)i + 0.5) / p->per_x;

		if (cells[i] == CELL_EDGE)
			continue;
		if (i && cells[i - 1] != CELL_EDGE)
			cells[i] = cells[i - 1];
		else
			cells[i] = ask_edges(p, x, y) ? CELL_IN : CELL_OUT;
	}
}

/*
 * The grid says of most points at once where they are. Not for what is so small
 * beside its coordinates that rounding moves it by cells.
 */
static void make_grid(struct polygons *p, double width, double height,
	double sum_x)
{
	double far = 0;

	for (int i = 0; i < 4; i++)
		far = MAX(far, fabs(p->bounds[i]));
	if (!(width > 1e-9 * far && height > 1e-9 * far))
		return;
	p->columns = MIN(divide(p, width, sum_x), MAX_CELLS);
	p->rows = MIN(p->n_bands, MAX_CELLS);
	p->per_x = per_unit(p->columns, width);
	p->per_y = per_unit(p->rows, height);
	p->cells = xcalloc(p->rows, p->columns);
	for (size_t i = 0; i < p->n_edges; i++)
		mark_edge(p, &p->edges[i]);
	for (size_t row = 0; row < p->rows; row++)
		fill_row(p, row);
}

static size_t band_of(const struct polygons *p, double y)
{
	return cell_of(y, p->bounds[1], p->scale, p->n_bands);
}

/* Sorts the edges into the bands, keeping their order in each. */
static void fill_bands(struct polygons *p)
{
	size_t *next;

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

void polygons_seal(struct polygons *p)
{
	double width = p->bounds[2] - p->bounds[0], sum_x = 0;
	double height = p->bounds[3] - p->bounds[1], sum_y = 0;

	if (!p->n_edges)
		return;
	for (size_t i = 0; i < p->n_edges; i++) {
		sum_x += fabs(p->edges[i].x1 - p->edges[i].x0);
		sum_y += p->edges[i].y1 - p->edges[i].y0;
	}
	p->n_bands = divide(p, height, sum_y);
	p->scale = per_unit(p->n_bands, height);
	fill_bands(p);
	make_grid(p, width, height, sum_x);
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

static bool ask_edges(const struct polygons *p, double x, double y)
{
	size_t member = 0, band = band_of(p, y);
	bool inside = false, odd = false;

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

bool polygons_hold(const struct polygons *p, double x, double y)
{
	const double *b = p->bounds;
	size_t cell;

	if (!p->n_bands || !(x >= b[0] && x < b[2] && y >= b[1] && y < b[3]))
		return false;
	if (!p->cells)
		return ask_edges(p, x, y);
	cell = cell_of(y, b[1], p->per_y, p->rows) * p->columns +
	       cell_of(x, b[0], p->per_x, p->columns);
	return p->cells[cell] == CELL_EDGE ? ask_edges(p, x, y)
					   : p->cells[cell] == CELL_IN;
}
