/* The town's picture: ground, then what lies on it, then what stands on it. */
#include "base/base.h"
#include "town/paint.h"

#include <math.h>

static struct rgb plain_shade(const void *ctx, double x, double y)
{
	const struct rgb *c = ctx;

	return rgb_scale(*c, 0.97 + 0.06 * noise(x, y, 0.6, 1));
}

/* Two colours that change over patches, with a finer grain on top. */
struct ground {
	struct rgb a, b;
	double patch, grain; /* metres */
	double depth;        /* of the grain, share of brightness */
	unsigned seed;
};

static struct rgb ground_shade(const void *ctx, double x, double y)
{
	const struct ground *g = ctx;
	double patch = 0.6 * noise(x, y, g->patch, g->seed) +
		       0.4 * noise(x, y, g->patch / 4, g->seed + 1);
	double grain = noise(x, y, g->grain, g->seed + 2) - 0.5;

	return rgb_scale(rgb_mix(g->a, g->b, patch), 1 + g->depth * grain);
}

/* Looks of the grounds that need no more than patches. */
static const struct ground grounds[STYLES] = {
	[STYLE_MEADOW] = {{118, 138, 74}, {140, 146, 88}, 22, 1, 0.14, 10},
	[STYLE_RESIDENTIAL] = {{98, 120, 66}, {128, 134, 86}, 9, 0.8, 0.16, 13},
	[STYLE_PARK] = {{92, 130, 62}, {112, 142, 74}, 16, 0.9, 0.12, 16},
	[STYLE_YARD] = {{158, 154, 146}, {142, 140, 134}, 12, 0.7, 0.08, 19},
	[STYLE_FOREST_FLOOR] = {{48, 66, 36}, {60, 76, 42}, 8, 1, 0.3, 22},
	[STYLE_SAND] = {{176, 162, 126}, {156, 144, 108}, 6, 0.7, 0.12, 25},
	[STYLE_WATER] = {{44, 74, 84}, {54, 88, 92}, 26, 2.2, 0.07, 28},
	[STYLE_FOOTWAY] = {{204, 190, 158}, {190, 176, 146}, 5, 0.6, 0.08, 31},
	[STYLE_TRACK] = {{178, 160, 128}, {152, 138, 110}, 5, 0.6, 0.18, 34},
	[STYLE_PAVEMENT] = {{176, 174, 168}, {164, 162, 156}, 6, 0.8, 0.06, 37},
	[STYLE_ASPHALT] = {{104, 104, 106}, {116, 115, 114}, 14, 0.6, 0.08, 40},
	[STYLE_PARKING] = {{112, 111, 111}, {98, 98, 100}, 9, 0.6, 0.08, 43},
	[STYLE_BASKETBALL] = {{92, 116, 136}, {84, 106, 128}, 9, 0.6, 0.05, 46},
	[STYLE_TENNIS] = {{190, 104, 72}, {178, 96, 68}, 8, 0.6, 0.06, 49},
	[STYLE_POOL_EDGE] = {{222, 216, 202}, {212, 206, 194}, 4, 0.6, 0.05,
		52},
	[STYLE_POOL] = {{70, 186, 206}, {92, 204, 218}, 3, 0.8, 0.10, 55},
	[STYLE_MARKING] = {{232, 232, 228}, {220, 220, 216}, 4, 0.5, 0.06, 58},
};

/* A feature's rectangle as a frame for rows and lines on it. */
struct field {
	struct frame frame; /* u along the first side */
	double w, h;
	double look;
};

static struct field field_of(const struct feature *f)
{
	const struct point *a = f->pts;
	struct field r = {.look = f->look};

	r.w = hypot(a[1].x - a[0].x, a[1].y - a[0].y);
	r.h = hypot(a[3].x - a[0].x, a[3].y - a[0].y);
	r.frame = (struct frame){a[0], (a[1].x - a[0].x) / r.w,
		(a[1].y - a[0].y) / r.w};
	return r;
}

static void to_field(const struct field *r, double x, double y, double *u,
	double *v)
{
	double dx = x - r->frame.origin.x, dy = y - r->frame.origin.y;

	*u = dx * r->frame.cos + dy * r->frame.sin;
	*v = -dx * r->frame.sin + dy * r->frame.cos;
}

static struct rgb farmland_shade(const void *ctx, double x, double y)
{
	static const struct rgb crops[] = {{176, 152, 98}, {142, 118, 84},
		{122, 140, 64}};
	const struct field *r = ctx;
	struct rgb c = crops[(size_t)(r->look * 3) % ARRAY_SIZE(crops)];
	double u, v;

	to_field(r, x, y, &u, &v);
	return rgb_scale(c, 0.92 + 0.07 * sin(u * 3.4) +
				    0.14 * (noise(x, y, 18, 61) - 0.5) +
				    0.10 * (noise(x, y, 0.8, 62) - 0.5));
}

/* Mown in stripes. */
static struct rgb soccer_shade(const void *ctx, double x, double y)
{
	const struct field *r = ctx;
	double u, v;

	to_field(r, x, y, &u, &v);
	return rgb_scale((struct rgb){84, 140, 62},
		(fmod(u + 100, 10) < 5 ? 1.06 : 0.95) +
			0.10 * (noise(x, y, 1, 64) - 0.5));
}

/* Rows of panels with grass between them. */
static struct rgb solar_shade(const void *ctx, double x, double y)
{
	const struct field *r = ctx;
	double u, v, row, column;

	to_field(r, x, y, &u, &v);
	row = fmod(v, 6);
	column = fmod(u, 24);
	if (row > 3.4 || column > 22.4)
		return ground_shade(&grounds[STYLE_MEADOW], x, y);
	if (row > 3.2 || fmod(u, 1.6) < 0.12)
		return (struct rgb){150, 156, 168};
	return rgb_scale((struct rgb){36, 48, 88},
		1 + 0.2 * (noise(x, y, 3, 66) - 0.5));
}

/* A white line inside a field, from (u0, v0) to (u1, v1). */
static void field_line(struct canvas *c, const struct field *r, double u0,
	double v0, double u1, double v1)
{
	const struct point ends[] = {frame_at(&r->frame, u0, v0),
		frame_at(&r->frame, u1, v1)};

	canvas_line(c, ends, 2, 0.22, ground_shade, &grounds[STYLE_MARKING]);
}

static void field_box(struct canvas *c, const struct field *r, double u0,
	double v0, double u1, double v1)
{
	field_line(c, r, u0, v0, u1, v0);
	field_line(c, r, u1, v0, u1, v1);
	field_line(c, r, u1, v1, u0, v1);
	field_line(c, r, u0, v1, u0, v0);
}

static void field_circle(struct canvas *c, const struct field *r, double u,
	double v, double radius)
{
	enum { PARTS = 32 };

	for (int i = 0; i < PARTS; i++) {
		double a = 6.283185307179586 * i / PARTS;
		double b = 6.283185307179586 * (i + 1) / PARTS;

		field_line(c, r, u + radius * cos(a), v + radius * sin(a),
			u + radius * cos(b), v + radius * sin(b));
	}
}

static void paint_pitch(struct canvas *c, const struct feature *f)
{
	struct field r = field_of(f);
	double w = r.w, h = r.h;

	if (f->style == STYLE_SOCCER) {
		double box = MIN(0.4 * h, 16), goal = 0.16 * w;

		canvas_fill(c, f->pts, f->n, soccer_shade, &r);
		field_box(c, &r, 1, 1, w - 1, h - 1);
		field_line(c, &r, w / 2, 1, w / 2, h - 1);
		field_circle(c, &r, w / 2, h / 2, 0.1 * w);
		field_box(c, &r, 1, h / 2 - box, 1 + goal, h / 2 + box);
		field_box(c, &r, w - 1 - goal, h / 2 - box, w - 1, h / 2 + box);
		return;
	}
	canvas_fill(c, f->pts, f->n, ground_shade, &grounds[f->style]);
	if (f->style == STYLE_TENNIS) {
		field_box(c, &r, 1.4, 3, w - 1.4, h - 3);
		field_line(c, &r, 2.8, 3, 2.8, h - 3);
		field_line(c, &r, w - 2.8, 3, w - 2.8, h - 3);
		field_line(c, &r, 0.6, h / 2, w - 0.6, h / 2);
		field_line(c, &r, w / 2, h / 2 - 6.4, w / 2, h / 2 + 6.4);
		field_box(c, &r, 2.8, h / 2 - 6.4, w - 2.8, h / 2 + 6.4);
	} else {
		field_box(c, &r, 0.8, 0.8, w - 0.8, h - 0.8);
		field_line(c, &r, w / 2, 0.8, w / 2, h - 0.8);
		field_circle(c, &r, w / 2, h / 2, 1.8);
		field_box(c, &r, 0.8, h / 2 - 2.4, 6.5, h / 2 + 2.4);
		field_box(c, &r, w - 6.5, h / 2 - 2.4, w - 0.8, h / 2 + 2.4);
	}
}

void paint_box(struct canvas *c, struct point m, struct point u, double a,
	double b, struct rgb colour)
{
	const struct point pts[] = {
		{m.x - a * u.x + b * u.y, m.y - a * u.y - b * u.x},
		{m.x + a * u.x + b * u.y, m.y + a * u.y - b * u.x},
		{m.x + a * u.x - b * u.y, m.y + a * u.y + b * u.x},
		{m.x - a * u.x - b * u.y, m.y - a * u.y + b * u.x}};

	canvas_fill(c, pts, 4, plain_shade, &colour);
}

struct crown {
	const struct feature *f;
};

/* A ball of leaves, lighter towards the sun. */
static struct rgb crown_shade(const void *ctx, double x, double y)
{
	const struct feature *f = ((const struct crown *)ctx)->f;
	double dx = (x - f->pts[0].x) / f->size,
	       dy = (y - f->pts[0].y) / f->size;
	struct rgb c = rgb_mix((struct rgb){58, 88, 40},
		(struct rgb){92, 112, 52}, f->look);

	return rgb_scale(c, 0.92 + 0.30 * (dx * SUN_X + dy * SUN_Y) +
				    0.55 * (noise(x, y, 0.8, 71) - 0.5));
}

static void paint_tree(struct canvas *c, const struct feature *f)
{
	const struct crown crown = {f};
	double r = f->size;

	/* three balls make an uneven outline */
	for (int i = 0; i < 3; i++) {
		double a = 6.283185307179586 * (f->look + i / 3.0);

		canvas_disc(c,
			(struct point){f->pts[0].x + 0.28 * r * cos(a),
				f->pts[0].y + 0.28 * r * sin(a)},
			0.78 * r, crown_shade, &crown);
	}
}

static void paint_fountain(struct canvas *c, const struct feature *f)
{
	struct rgb spray = {214, 226, 230};

	canvas_disc(c, f->pts[0], f->size + 3, ground_shade,
		&grounds[STYLE_FOOTWAY]);
	canvas_disc(c, f->pts[0], f->size, ground_shade,
		&grounds[STYLE_PAVEMENT]);
	canvas_disc(c, f->pts[0], f->size - 0.6, ground_shade,
		&grounds[STYLE_POOL]);
	canvas_disc(c, f->pts[0], 0.7, plain_shade, &spray);
}

static void paint_car(struct canvas *c, const struct feature *f)
{
	static const struct rgb colours[] = {{226, 226, 226}, {40, 42, 46},
		{150, 28, 30}, {46, 70, 130}, {170, 172, 176}};
	size_t at = (size_t)(f->look * ARRAY_SIZE(colours));
	struct field r = field_of(f);
	struct rgb glass = {46, 54, 62};
	const struct point window[] = {frame_at(&r.frame, 0.2, 1.1),
		frame_at(&r.frame, 1.6, 1.1), frame_at(&r.frame, 1.6, 1.8),
		frame_at(&r.frame, 0.2, 1.8)};

	canvas_fill(c, f->pts, f->n, plain_shade, &colours[at]);
	canvas_fill(c, window, 4, plain_shade, &glass);
}

/* The shadow on the ground: the outline drawn along to where the top falls. */
static void cast_shadow(struct canvas *c, const struct feature *f)
{
	double dx = -SUN_X * SHADOW_M * f->height;
	double dy = -SUN_Y * SHADOW_M * f->height;

	if (f->shape == SHAPE_NODE) {
		struct point p = f->pts[0];
		enum { STEPS = 6 };

		for (int i = 1; i <= STEPS; i++)
			canvas_shade_disc(c,
				(struct point){p.x + dx * i / STEPS,
					p.y + dy * i / STEPS},
				f->size * 0.85);
		return;
	}
	for (size_t i = 0; i < f->n; i++) {
		struct point a = f->pts[i], b = f->pts[(i + 1) % f->n];
		const struct point quad[] = {a, b, {b.x + dx, b.y + dy},
			{a.x + dx, a.y + dy}};

		canvas_shade(c, quad, 4);
	}
}

static void paint_feature(struct canvas *c, const struct feature *f)
{
	struct rgb pole = {92, 80, 66};
	struct field r;

	switch (f->style) {
	case STYLE_FARMLAND:
	case STYLE_SOLAR:
		r = field_of(f);
		canvas_fill(c, f->pts, f->n,
			f->style == STYLE_SOLAR ? solar_shade : farmland_shade,
			&r);
		break;
	case STYLE_SOCCER:
	case STYLE_TENNIS:
	case STYLE_BASKETBALL:
		paint_pitch(c, f);
		break;
	case STYLE_FOUNTAIN:
		paint_fountain(c, f);
		break;
	case STYLE_CAR:
		paint_car(c, f);
		break;
	case STYLE_BUILDING:
		paint_roof(c, f);
		break;
	case STYLE_POLE:
		canvas_disc(c, f->pts[0], f->size, plain_shade, &pole);
		break;
	case STYLE_TREE:
		paint_tree(c, f);
		break;
	default:
		if (f->shape == SHAPE_LINE)
			canvas_line(c, f->pts, f->n, f->width, ground_shade,
				&grounds[f->style]);
		else
			canvas_fill(c, f->pts, f->n, ground_shade,
				&grounds[f->style]);
	}
}

void town_paint(const struct town *t, unsigned pixels, struct image *img)
{
	const struct point whole[] = {{0, 0}, {t->side, 0}, {t->side, t->side},
		{0, t->side}};
	struct canvas c;

	canvas_init(&c, pixels);
	canvas_fill(&c, whole, 4, ground_shade, &grounds[STYLE_MEADOW]);
	for (unsigned style = 0; style < STYLE_UNSEEN; style++) {
		for (size_t i = 0; i < t->n; i++)
			if (t->features[i].style == style &&
				t->features[i].height > 0)
				cast_shadow(&c, &t->features[i]);
		canvas_darken(&c);
		for (size_t i = 0; i < t->n; i++)
			if (t->features[i].style == style)
				paint_feature(&c, &t->features[i]);
	}
	canvas_to_image(&c, pixels, img);
	canvas_release(&c);
}
