/* What stands in a block between the streets. */
#include "base/base.h"
#include "town/town.h"

#include <math.h>

static const char *const roof_names[] = {"flat", "gabled", "hipped",
	"pyramidal", "skillion"};
static const char *const material_names[] = {"roof_tiles", "slate", "tin",
	"concrete", "tar_paper"};
static const char *const level_names[] = {"0", "1", "2", "3", "4", "5"};

void add_tree(struct town *t, struct point p, struct rng *rng, bool mapped)
{
	struct feature *f = town_add(t, STYLE_TREE, SHAPE_NODE);

	feature_point(f, p);
	f->size = rng_in(rng, 1.8, 3.8);
	f->height = f->size * 2;
	f->look = rng_unit(rng);
	if (mapped)
		feature_tag(f, "natural", "tree");
}

struct feature *add_building(struct town *t, const struct frame *f,
	struct rect r, const char *kind, enum roof roof, enum material material,
	int levels, struct rng *rng)
{
	struct feature *b = town_add(t, STYLE_BUILDING, SHAPE_AREA);

	frame_rect(f, b, r.u0, r.v0, r.u1, r.v1);
	b->roof = roof;
	b->material = material;
	b->height = 3.0 * levels + (roof == ROOF_FLAT ? 0.5 : 2);
	b->look = rng_unit(rng);
	feature_tag(b, "building", kind);
	feature_tag(b, "roof:shape", roof_names[roof]);
	feature_tag(b, "roof:material", material_names[material]);
	feature_tag(b, "building:levels",
		level_names[MIN((size_t)levels, ARRAY_SIZE(level_names) - 1)]);
	return b;
}

static void add_car(struct town *t, const struct frame *f, double u, double v,
	struct rng *rng)
{
	struct feature *c = town_add(t, STYLE_CAR, SHAPE_AREA);

	frame_rect(f, c, u - 0.9, v - 2.1, u + 0.9, v + 2.1);
	c->look = rng_unit(rng);
	c->height = 1.4;
}

void add_parking(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	struct feature *p = town_add(t, STYLE_PARKING, SHAPE_AREA);

	frame_rect(f, p, r.u0, r.v0, r.u1, r.v1);
	feature_tag(p, "amenity", "parking");
	feature_tag(p, "surface", "asphalt");
	for (double v = r.v0 + 2.8; v + 2.6 < r.v1; v += 11)
		for (double u = r.u0 + 1.4; u + 1.3 < r.u1; u += 2.6) {
			p = town_add(t, STYLE_MARKING, SHAPE_AREA);
			frame_rect(f, p, u + 1.25, v - 2.4, u + 1.38, v + 2.4);
			if (rng_unit(rng) < 0.55)
				add_car(t, f, u, v, rng);
		}
}

void add_pool(struct town *t, const struct frame *f, struct rect r)
{
	struct feature *p = town_add(t, STYLE_POOL_EDGE, SHAPE_AREA);

	frame_rect(f, p, r.u0 - 1, r.v0 - 1, r.u1 + 1, r.v1 + 1);
	p = town_add(t, STYLE_POOL, SHAPE_AREA);
	frame_rect(f, p, r.u0, r.v0, r.u1, r.v1);
	feature_tag(p, "leisure", "swimming_pool");
}

void add_pitch(struct town *t, const struct frame *f, struct rect r,
	enum style style)
{
	struct feature *p = town_add(t, style, SHAPE_AREA);

	frame_rect(f, p, r.u0, r.v0, r.u1, r.v1);
	feature_tag(p, "leisure", "pitch");
	feature_tag(p, "sport",
		style == STYLE_SOCCER   ? "soccer"
		: style == STYLE_TENNIS ? "tennis"
					: "basketball");
	feature_tag(p, "surface",
		style == STYLE_SOCCER   ? "grass"
		: style == STYLE_TENNIS ? "clay"
					: "asphalt");
}

void add_ellipse(struct feature *to, const struct frame *f, double u, double v,
	double a, double b)
{
	enum { CORNERS = 28 };

	for (int i = 0; i < CORNERS; i++) {
		double turn = 6.283185307179586 * i / CORNERS;

		feature_point(to,
			frame_at(f, u + a * cos(turn), v + b * sin(turn)));
	}
}

static void add_ground(struct town *t, const struct frame *f, struct rect r,
	enum style style, const char *key, const char *value, struct rng *rng)
{
	struct feature *g = town_add(t, style, SHAPE_AREA);

	frame_rect(f, g, r.u0, r.v0, r.u1, r.v1);
	g->look = rng_unit(rng);
	if (key)
		feature_tag(g, key, value);
}

/* A roof that its material goes with. */
static enum material roof_material(enum roof roof, struct rng *rng)
{
	static const double flat[] = {0, 0, 25, 45, 30};
	static const double pitched[] = {66, 18, 16};

	if (roof == ROOF_FLAT || roof == ROOF_SKILLION)
		return (enum material)rng_pick(rng, flat, ARRAY_SIZE(flat));
	return (enum material)rng_pick(rng, pitched, ARRAY_SIZE(pitched));
}

/* One plot: a house, perhaps a garage and a pool, and trees in the garden. */
static void build_plot(struct town *t, const struct frame *f, struct rect r,
	bool street_below, struct rng *rng)
{
	static const double roofs[] = {14, 48, 26, 8, 4};
	double width = rng_in(rng, 8.5, r.u1 - r.u0 - 7);
	double depth = rng_in(rng, 7.5, 11), setback = rng_in(rng, 4, 7);
	double u = r.u0 + rng_in(rng, 1.5, 2.5), side = street_below ? -1 : 1;
	double front = street_below ? r.v1 - setback : r.v0 + setback;
	double back = front + side * depth;
	enum roof roof = (enum roof)rng_pick(rng, roofs, ARRAY_SIZE(roofs));
	double rest = fabs((street_below ? r.v0 : r.v1) - back);

	add_building(t, f,
		(struct rect){u, MIN(front, back), u + width, MAX(front, back)},
		"house", roof, roof_material(roof, rng),
		1 + (rng_unit(rng) < 0.5), rng);
	if (rng_unit(rng) < 0.4) {
		double v = front + side * rng_in(rng, 0, 2);

		add_building(t, f,
			(struct rect){u + width + 0.6, MIN(v, v + side * 5.5),
				u + width + 4.1, MAX(v, v + side * 5.5)},
			"garage", ROOF_FLAT,
			rng_unit(rng) < 0.5 ? MAT_TIN : MAT_TAR_PAPER, 1, rng);
	}
	if (rest > 13 && rng_unit(rng) < 0.16) {
		double v = back + side * 5;

		add_pool(t, f,
			(struct rect){u + 1.5, MIN(v, v + side * 4.2), u + 9.5,
				MAX(v, v + side * 4.2)});
	} else {
		int n = (int)rng_in(rng, 1, 4);

		for (int i = 0; i < n && rest > 8; i++) {
			double to_u = rng_in(rng, r.u0 + 2.5, r.u1 - 2.5);
			double to_v = back + side * rng_in(rng, 4, rest - 1);

			add_tree(t, frame_at(f, to_u, to_v), rng,
				rng_unit(rng) < 0.3);
		}
	}
}

static void build_houses(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	double middle = (r.v0 + r.v1) / 2;

	add_ground(t, f, r, STYLE_RESIDENTIAL, "landuse", "residential", rng);
	for (int row = 0; row < 2; row++) {
		double v0 = row ? middle : r.v0, v1 = row ? r.v1 : middle;
		size_t n = (size_t)((r.u1 - r.u0) / rng_in(rng, 18, 23));
		double plot = (r.u1 - r.u0) / (double)n;

		for (size_t i = 0; i < n; i++) {
			double u = r.u0 + plot * (double)i;

			build_plot(t, f, (struct rect){u, v0, u + plot, v1},
				row == 1, rng);
		}
	}
}

static void build_apartments(struct town *t, const struct frame *f,
	struct rect r, struct rng *rng)
{
	double depth = 12, gap = (r.v1 - r.v0 - 2 * depth - 10) / 1;

	add_ground(t, f, r, STYLE_RESIDENTIAL, "landuse", "residential", rng);
	for (int i = 0; i < 2; i++) {
		double v = r.v0 + 5 + i * (depth + gap);

		add_building(t, f,
			(struct rect){r.u0 + 6, v, r.u1 - 6, v + depth},
			"apartments", i ? ROOF_FLAT : ROOF_HIPPED,
			i ? MAT_CONCRETE : MAT_TILES, 4, rng);
	}
	add_parking(t, f,
		(struct rect){r.u0 + 8, r.v0 + depth + 14, r.u0 + 34,
			r.v0 + depth + 30},
		rng);
	for (double u = r.u0 + 44; u < r.u1 - 6; u += rng_in(rng, 6, 10))
		add_tree(t, frame_at(f, u, r.v0 + depth + rng_in(rng, 14, 32)),
			rng, true);
}

static void add_path(struct town *t, const struct frame *f, double u0,
	double v0, double u1, double v1)
{
	struct feature *p = town_add(t, STYLE_FOOTWAY, SHAPE_LINE);

	p->width = 2.2;
	for (int i = 0; i <= 12; i++) {
		double s = i / 12.0, bend = 5 * sin(s * 6.283185307179586);

		feature_point(p,
			frame_at(f, u0 + (u1 - u0) * s,
				v0 + (v1 - v0) * s + (i % 12 ? bend : 0)));
	}
	feature_tag(p, "highway", "footway");
	feature_tag(p, "surface", "fine_gravel");
}

static void build_park(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	double w = r.u1 - r.u0, h = r.v1 - r.v0;
	double pond_u = r.u0 + 0.72 * w, pond_v = r.v0 + 0.68 * h;
	double square_u = r.u0 + 0.3 * w, square_v = r.v0 + 0.38 * h;
	struct feature *p;

	add_ground(t, f, r, STYLE_PARK, "leisure", "park", rng);
	add_path(t, f, r.u0, r.v0 + 0.3 * h, r.u1, r.v0 + 0.36 * h);
	add_path(t, f, r.u0 + 0.1 * w, r.v1, r.u0 + 0.45 * w, r.v0);
	p = town_add(t, STYLE_SAND, SHAPE_AREA);
	add_ellipse(p, f, pond_u, pond_v, 0.18 * w + 1.2, 0.19 * h + 1.2);
	p = town_add(t, STYLE_WATER, SHAPE_AREA);
	add_ellipse(p, f, pond_u, pond_v, 0.18 * w, 0.19 * h);
	feature_tag(p, "natural", "water");
	feature_tag(p, "water", "pond");
	p = town_add(t, STYLE_FOUNTAIN, SHAPE_NODE);
	feature_point(p, frame_at(f, square_u, square_v));
	p->size = 3.4;
	feature_tag(p, "amenity", "fountain");
	for (int i = 0; i < 46; i++) {
		double u = rng_in(rng, r.u0 + 3, r.u1 - 3);
		double v = rng_in(rng, r.v0 + 3, r.v1 - 3);
		double du = (u - pond_u) / (0.18 * w + 5);
		double dv = (v - pond_v) / (0.19 * h + 5);

		if (du * du + dv * dv > 1 &&
			hypot(u - square_u, v - square_v) > 9)
			add_tree(t, frame_at(f, u, v), rng, true);
	}
}

static void build_sports(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	double w = r.u1 - r.u0, h = r.v1 - r.v0;

	add_ground(t, f, r, STYLE_PARK, "leisure", "sports_centre", rng);
	add_pitch(t, f,
		(struct rect){r.u0 + 4, r.v0 + 5, r.u0 + 0.58 * w, r.v1 - 5},
		STYLE_SOCCER);
	for (int i = 0; i < 2; i++) {
		double u = r.u0 + 0.64 * w + i * 16.5;

		if (u + 14 < r.u1)
			add_pitch(t, f,
				(struct rect){u, r.v0 + 4, u + 13.5,
					r.v0 + 0.5 * h},
				STYLE_TENNIS);
	}
	add_pitch(t, f,
		(struct rect){r.u0 + 0.64 * w, r.v0 + 0.58 * h,
			r.u0 + 0.64 * w + 22, r.v0 + 0.58 * h + 13},
		STYLE_BASKETBALL);
	add_building(t, f,
		(struct rect){r.u0 + 0.64 * w, r.v1 - 13, r.u1 - 4, r.v1 - 3},
		"sports_centre", ROOF_SKILLION, MAT_TIN, 2, rng);
}

static void build_shops(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	double w = r.u1 - r.u0, h = r.v1 - r.v0;
	struct feature *b;

	add_ground(t, f, r, STYLE_YARD, "landuse", "retail", rng);
	b = add_building(t, f,
		(struct rect){r.u0 + 4, r.v0 + 4, r.u0 + 0.62 * w,
			r.v0 + 0.5 * h},
		"retail", ROOF_FLAT, MAT_CONCRETE, 2, rng);
	feature_tag(b, "shop", "supermarket");
	add_building(t, f,
		(struct rect){r.u0 + 0.68 * w, r.v0 + 4, r.u1 - 4,
			r.v0 + 0.7 * h},
		"retail", ROOF_FLAT, MAT_TAR_PAPER, 1, rng);
	add_parking(t, f,
		(struct rect){r.u0 + 5, r.v0 + 0.58 * h, r.u0 + 0.62 * w,
			r.v1 - 4},
		rng);
}

static void build_industry(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	double w = r.u1 - r.u0, h = r.v1 - r.v0;

	add_ground(t, f, r, STYLE_YARD, "landuse", "industrial", rng);
	add_building(t, f,
		(struct rect){r.u0 + 5, r.v0 + 5, r.u0 + 0.55 * w, r.v1 - 12},
		"industrial", ROOF_GABLED, MAT_TIN, 3, rng);
	add_building(t, f,
		(struct rect){r.u0 + 0.63 * w, r.v0 + 5, r.u1 - 5,
			r.v0 + 0.45 * h},
		"warehouse", ROOF_SKILLION, MAT_TIN, 2, rng);
	add_building(t, f,
		(struct rect){r.u0 + 0.63 * w, r.v0 + 0.55 * h, r.u1 - 5,
			r.v0 + 0.72 * h},
		"office", ROOF_FLAT, MAT_TAR_PAPER, 3, rng);
	add_parking(t, f,
		(struct rect){r.u0 + 0.63 * w, r.v1 - 15, r.u1 - 5, r.v1 - 3},
		rng);
}

static void build_church(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	double u = (r.u0 + r.u1) / 2, v = (r.v0 + r.v1) / 2;
	struct feature *b;

	add_ground(t, f, r, STYLE_PARK, "landuse", "religious", rng);
	b = add_building(t, f, (struct rect){u - 18, v - 7, u + 14, v + 7},
		"church", ROOF_GABLED, MAT_SLATE, 4, rng);
	feature_tag(b, "amenity", "place_of_worship");
	b = add_building(t, f, (struct rect){u + 14, v - 4, u + 22, v + 4},
		"tower", ROOF_PYRAMIDAL, MAT_TIN, 5, rng);
	b->height = 28;
	feature_tag(b, "man_made", "tower");
	add_path(t, f, u, r.v0, u, v - 9);
	for (int i = 0; i < 26; i++) {
		double a = rng_in(rng, 0, 6.283185307179586);
		double d = rng_in(rng, 0.78, 0.96);

		add_tree(t,
			frame_at(f, u + cos(a) * d * (r.u1 - u),
				v + sin(a) * d * (r.v1 - v)),
			rng, true);
	}
}

static void build_school(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	double w = r.u1 - r.u0, h = r.v1 - r.v0;

	add_ground(t, f, r, STYLE_YARD, "amenity", "school", rng);
	add_building(t, f,
		(struct rect){r.u0 + 5, r.v0 + 5, r.u0 + 0.7 * w, r.v0 + 20},
		"school", ROOF_HIPPED, MAT_TILES, 3, rng);
	add_building(t, f,
		(struct rect){r.u0 + 5, r.v0 + 24, r.u0 + 20, r.v1 - 5},
		"school", ROOF_FLAT, MAT_CONCRETE, 2, rng);
	add_pitch(t, f,
		(struct rect){r.u0 + 30, r.v0 + 0.55 * h, r.u0 + 56,
			r.v0 + 0.55 * h + 15},
		STYLE_BASKETBALL);
	for (double v = r.v0 + 6; v < r.v1 - 4; v += rng_in(rng, 6, 9))
		add_tree(t, frame_at(f, r.u1 - 5, v), rng, true);
}

static void build_forest(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	struct feature *g = town_add(t, STYLE_FOREST_FLOOR, SHAPE_AREA);

	frame_rect(f, g, r.u0, r.v0, r.u1, r.v1);
	feature_tag(g, "natural", "wood");
	feature_tag(g, "leaf_type", "broadleaved");
	for (double v = r.v0 + 2; v < r.v1 - 1; v += 4.4)
		for (double u = r.u0 + 2; u < r.u1 - 1; u += 4.4)
			add_tree(t,
				frame_at(f, u + rng_in(rng, -1.4, 1.4),
					v + rng_in(rng, -1.4, 1.4)),
				rng, false);
}

static void build_orchard(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	add_ground(t, f, r, STYLE_MEADOW, "landuse", "orchard", rng);
	for (double v = r.v0 + 4; v < r.v1 - 3; v += 8)
		for (double u = r.u0 + 4; u < r.u1 - 3; u += 6.5) {
			add_tree(t, frame_at(f, u, v), rng, false);
			t->features[t->n - 1].size *= 0.62;
		}
}

static void build_solar(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng)
{
	struct feature *s;

	add_ground(t, f, r, STYLE_MEADOW, NULL, NULL, rng);
	s = town_add(t, STYLE_SOLAR, SHAPE_AREA);
	frame_rect(f, s, r.u0 + 5, r.v0 + 5, r.u1 - 5, r.v1 - 5);
	feature_tag(s, "power", "plant");
	feature_tag(s, "plant:source", "solar");
	feature_tag(s, "plant:method", "photovoltaic");
}

void block_build(struct town *t, const struct frame *f, struct rect r,
	enum block kind, struct rng *rng)
{
	typedef void build_fn(struct town *, const struct frame *, struct rect,
		struct rng *);
	static build_fn *const builders[BLOCKS] = {
		[BLOCK_HOUSES] = build_houses,
		[BLOCK_APARTMENTS] = build_apartments,
		[BLOCK_PARK] = build_park,
		[BLOCK_SPORTS] = build_sports,
		[BLOCK_SHOPS] = build_shops,
		[BLOCK_INDUSTRY] = build_industry,
		[BLOCK_CHURCH] = build_church,
		[BLOCK_SCHOOL] = build_school,
		[BLOCK_FOREST] = build_forest,
		[BLOCK_ORCHARD] = build_orchard,
		[BLOCK_SOLAR] = build_solar,
	};

	if (builders[kind])
		builders[kind](t, f, r, rng);
	else if (kind == BLOCK_FARMLAND)
		add_ground(t, f, r, STYLE_FARMLAND, "landuse", "farmland", rng);
	else
		add_ground(t, f, r, STYLE_MEADOW, "landuse", "meadow", rng);
}
