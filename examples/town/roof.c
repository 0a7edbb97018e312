/*
 * Roofs: every face is as bright as the sun, in the south-east, makes it, so
 * that a gabled roof shows two shades, a hipped or pyramidal one four.
 */
#include "base/base.h"
#include "town/paint.h"

#include <math.h>

/* A building's rectangle in its own frame: p along the longer side. */
struct rect_frame {
	struct point middle;
	struct point p, q; /* unit vectors */
	double half_p, half_q;
	const struct feature *f;
	struct rgb colour;
};

static struct rgb roof_colour(const struct feature *f)
{
	static const struct rgb colours[][2] = {
		[MAT_TILES] = {{186, 98, 66}, {150, 80, 62}},
		[MAT_SLATE] = {{92, 95, 106}, {76, 80, 88}},
		[MAT_TIN] = {{128, 158, 196}, {172, 180, 188}},
		[MAT_CONCRETE] = {{190, 186, 176}, {166, 163, 156}},
		[MAT_TAR_PAPER] = {{82, 82, 84}, {104, 100, 96}},
	};

	return rgb_mix(colours[f->material][0], colours[f->material][1],
		f->look);
}

/* Which way the roof falls at (p, q): ±1 for the long faces, ±2 for the ends,
 * 0 where it is flat. */
static int face_at(const struct rect_frame *r, double p, double q)
{
	double to_end = r->half_p - fabs(p), to_side = r->half_q - fabs(q);
	int side = q < 0 ? -1 : 1, end = p < 0 ? -2 : 2;

	switch (r->f->roof) {
	case ROOF_FLAT:
		return 0;
	case ROOF_SKILLION:
		return 1;
	case ROOF_GABLED:
		return side;
	case ROOF_HIPPED:
		return to_end < to_side ? end : side;
	case ROOF_PYRAMIDAL:
		return to_end * r->half_q < to_side * r->half_p ? end : side;
	}
	return 0;
}

static double face_light(const struct rect_frame *r, int face)
{
	struct point n = abs(face) == 2 ? r->p : r->q;
	double sign = face < 0 ? -1 : 1;

	if (!face)
		return 1;
	return 1 + 0.34 * sign * (n.x * SUN_X + n.y * SUN_Y);
}

/* The grain of the material: rows of tiles, ribs of tin, patches of tar. */
static double texture(const struct rect_frame *r, int face, double p, double q,
	double x, double y)
{
	double along = abs(face) == 2 ? q : p, down = abs(face) == 2 ? p : q;

	switch (r->f->material) {
	case MAT_TILES:
		return 1 + 0.05 * sin(down * 14) +
		       0.12 * (noise(x, y, 0.9, 31) - 0.5);
	case MAT_TIN:
		return 1 + 0.07 * sin(along * 7) +
		       0.10 * (noise(x, y, 4, 32) - 0.5);
	case MAT_SLATE:
		return 1 + 0.12 * (noise(x, y, 0.7, 33) - 0.5);
	default:
		return 1 + 0.16 * (noise(x, y, 5, 34) - 0.5) +
		       0.05 * (noise(x, y, 0.5, 35) - 0.5);
	}
}

static struct rgb roof_shade(const void *ctx, double x, double y)
{
	const struct rect_frame *r = ctx;
	double dx = x - r->middle.x, dy = y - r->middle.y;
	double p = dx * r->p.x + dy * r->p.y, q = dx * r->q.x + dy * r->q.y;
	double edge = MIN(r->half_p - fabs(p), r->half_q - fabs(q));
	int face = face_at(r, p, q);
	double light = face_light(r, face) * texture(r, face, p, q, x, y);

	if (!face && edge < 0.5) /* the parapet */
		light *= 1.22;
	else if (face && edge < 0.25) /* the gutter */
		light *= 0.82;
	if (r->f->roof == ROOF_GABLED && fabs(q) < 0.16) /* the ridge */
		light *= 1.14;
	return rgb_scale(r->colour, light);
}

/* Boxes of machines on large flat roofs, standing in the roof's own frame. */
static void paint_machines(struct canvas *c, const struct rect_frame *r)
{
	static const double places[][2] = {{-0.5, -0.3}, {0.1, 0.35},
		{0.55, -0.25}};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		double p = places[i][0] * r->half_p,
		       q = places[i][1] * r->half_q;
		struct point at = {r->middle.x + p * r->p.x + q * r->q.x,
			r->middle.y + p * r->p.y + q * r->q.y};

		canvas_shade_disc(c,
			(struct point){at.x - 0.9 * SUN_X, at.y - 0.9 * SUN_Y},
			1.2);
		canvas_darken(c);
		paint_box(c, at, r->p, 1.5, 1.0, (struct rgb){206, 208, 210});
	}
}

void paint_roof(struct canvas *c, const struct feature *f)
{
	struct rect_frame r = {.f = f, .colour = roof_colour(f)};
	const struct point *a = f->pts;
	double w = hypot(a[1].x - a[0].x, a[1].y - a[0].y);
	double h = hypot(a[3].x - a[0].x, a[3].y - a[0].y);
	struct point u = {(a[1].x - a[0].x) / w, (a[1].y - a[0].y) / w};
	struct point v = {(a[3].x - a[0].x) / h, (a[3].y - a[0].y) / h};
	bool wide = w >= h;

	r.middle = (struct point){(a[0].x + a[2].x) / 2, (a[0].y + a[2].y) / 2};
	r.p = wide ? u : v;
	r.q = wide ? v : u;
	r.half_p = (wide ? w : h) / 2;
	r.half_q = (wide ? h : w) / 2;
	canvas_fill(c, f->pts, f->n, roof_shade, &r);
	if (f->roof == ROOF_FLAT && r.half_q > 5.5)
		paint_machines(c, &r);
}
