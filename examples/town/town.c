/* The town's plan: streets, the river, and which block holds what. */
#include "base/base.h"
#include "town/town.h"
#include "base/hash.h"

#include <math.h>
#include <stdio.h>

enum { MAX_STREETS = 64 };

#define MAIN_WIDTH   9.0
#define STREET_WIDTH 6.0
#define TRACK_WIDTH  3.5
#define TO_ZEBRA     7.0  /* from a crossing's middle to the zebra's */
#define BANK         40.0 /* from the river's middle to the streets beside it */

struct rng rng_new(uint64_t seed, const char *name, int i, int j)
{
	struct rng r = {.seed = seed};

	snprintf(r.name, sizeof(r.name), "%s/%d/%d", name, i, j);
	return r;
}

double rng_unit(struct rng *r)
{
	char key[64];

	snprintf(key, sizeof(key), "%s/%llu", r->name,
		(unsigned long long)r->count++);
	return seeded_unit(r->seed, "town", str_from(key));
}

double rng_in(struct rng *r, double low, double high)
{
	return low + (high - low) * rng_unit(r);
}

size_t rng_pick(struct rng *r, const double *weights, size_t n)
{
	double sum = 0, at;

	for (size_t i = 0; i < n; i++)
		sum += weights[i];
	at = rng_unit(r) * sum;
	for (size_t i = 0; i + 1 < n; i++) {
		at -= weights[i];
		if (at < 0)
			return i;
	}
	return n - 1;
}

struct feature *town_add(struct town *t, enum style style, enum shape shape)
{
	struct feature *f;

	xgrow(&t->features, &t->cap, t->n + 1, sizeof(*t->features));
	f = &t->features[t->n++];
	*f = (struct feature){.style = style, .shape = shape, .look = 0.5};
	return f;
}

void feature_point(struct feature *f, struct point p)
{
	xgrow(&f->pts, &f->cap, f->n + 1, sizeof(*f->pts));
	f->pts[f->n++] = p;
}

void feature_tag(struct feature *f, const char *key, const char *value)
{
	if (f->ntags < MAX_TAGS)
		f->tags[f->ntags++] = (struct tag){key, value};
}

void town_release(struct town *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->features[i].pts);
	free(t->features);
	*t = (struct town){.seed = 0};
}

struct point frame_at(const struct frame *f, double u, double v)
{
	return (struct point){f->origin.x + u * f->cos - v * f->sin,
		f->origin.y + u * f->sin + v * f->cos};
}

void frame_rect(const struct frame *f, struct feature *to, double u0, double v0,
	double u1, double v1)
{
	feature_point(to, frame_at(f, u0, v0));
	feature_point(to, frame_at(f, u1, v0));
	feature_point(to, frame_at(f, u1, v1));
	feature_point(to, frame_at(f, u0, v1));
}

/* Where the streets run. */
struct plan {
	struct frame frame;
	double reach; /* the frame covers ±reach in both directions */
	double river; /* v of its middle */
	double u[MAX_STREETS], v[MAX_STREETS]; /* ascending */
	size_t nu, nv;
	size_t main_u, main_v;
};

static void plan_streets(struct plan *p, struct rng *rng, double side)
{
	double at;

	p->river = rng_in(rng, 0.24, 0.3) * side;
	/* upwards from the river, filled from the back */
	at = p->river - BANK;
	for (p->nv = 0; at > -p->reach && p->nv < MAX_STREETS; p->nv++) {
		p->v[p->nv] = at;
		at -= rng_in(rng, 72, 88);
	}
	for (size_t i = 0; i < p->nv / 2; i++) {
		double swap = p->v[i];

		p->v[i] = p->v[p->nv - 1 - i];
		p->v[p->nv - 1 - i] = swap;
	}
	at = -p->reach + rng_in(rng, 0, 60);
	for (p->nu = 0; at < p->reach && p->nu < MAX_STREETS; p->nu++) {
		p->u[p->nu] = at;
		at += rng_in(rng, 85, 112);
	}
	p->main_u = p->nu / 2;
	p->main_v = p->nv > 3 ? p->nv - 3 : 0;
}

static double river_middle(const struct plan *p, double u)
{
	return p->river + 9 * sin(u / 70) + 5 * sin(u / 31 + 1);
}

static double river_half(double u)
{
	return 13 + 3 * sin(u / 53 + 2);
}

/* The river's two edges, each `more` metres further out than the water's. */
static void river_outline(const struct plan *p, struct feature *f, double more)
{
	enum { STEP = 12 };
	int n = (int)(p->reach / STEP);

	for (int i = -n; i <= n; i++)
		feature_point(f, frame_at(&p->frame, i * STEP,
					 river_middle(p, i * STEP) -
						 river_half(i * STEP) - more));
	for (int i = n; i >= -n; i--)
		feature_point(f, frame_at(&p->frame, i * STEP,
					 river_middle(p, i * STEP) +
						 river_half(i * STEP) + more));
}

static void build_river(struct town *t, const struct plan *p)
{
	struct feature *f = town_add(t, STYLE_SAND, SHAPE_AREA);

	river_outline(p, f, 2.5);
	f = town_add(t, STYLE_WATER, SHAPE_AREA);
	river_outline(p, f, 0);
	feature_tag(f, "natural", "water");
	feature_tag(f, "water", "river");
	f = town_add(t, STYLE_UNSEEN, SHAPE_LINE);
	for (double u = -p->reach; u <= p->reach; u += 12)
		feature_point(f, frame_at(&p->frame, u, river_middle(p, u)));
	feature_tag(f, "waterway", "river");
}

/*
 * One street with its pavement: points at both ends and at every crossing, so
 * that streets that meet share a node.
 */
static void add_street(struct town *t, const struct plan *p, bool along_u,
	double at, double to, double width, const char *highway)
{
	const double *crossings = along_u ? p->u : p->v;
	size_t n = along_u ? p->nu : p->nv;
	struct feature *f = NULL;

	for (int pass = 0; pass < 2; pass++) {
		f = town_add(t, pass ? STYLE_ASPHALT : STYLE_PAVEMENT,
			SHAPE_LINE);
		f->width = pass ? width : width + 4;
		for (size_t i = 0; i <= n + 1; i++) {
			double s = i == 0   ? -p->reach
				   : i <= n ? crossings[i - 1]
					    : p->reach;

			if (s > to)
				break;
			if (width == MAIN_WIDTH && i && i <= n)
				feature_point(f,
					frame_at(&p->frame, at, s - TO_ZEBRA));
			feature_point(f, along_u ? frame_at(&p->frame, s, at)
						 : frame_at(&p->frame, at, s));
		}
	}
	feature_tag(f, "highway", highway);
	feature_tag(f, "surface", "asphalt");
}

/* White: a broken middle line, and zebra crossings where streets meet. */
static void mark_main(struct town *t, const struct plan *p)
{
	double u = p->u[p->main_u];
	struct feature *f;

	for (double v = -p->reach; v < p->reach; v += 9) {
		f = town_add(t, STYLE_MARKING, SHAPE_AREA);
		frame_rect(&p->frame, f, u - 0.12, v, u + 0.12, v + 4);
	}
	for (size_t i = 0; i < p->nv; i++) {
		double v = p->v[i] - TO_ZEBRA;

		for (double s = -MAIN_WIDTH / 2 + 0.6; s < MAIN_WIDTH / 2 - 0.5;
			s += 1.1) {
			f = town_add(t, STYLE_MARKING, SHAPE_AREA);
			frame_rect(&p->frame, f, u + s, v - 1.6, u + s + 0.5,
				v + 1.6);
		}
		f = town_add(t, STYLE_UNSEEN, SHAPE_NODE);
		feature_point(f, frame_at(&p->frame, u, v));
		feature_tag(f, "highway", "crossing");
		feature_tag(f, "crossing", "marked");
	}
}

/* Only the main street crosses the river. */
static void build_streets(struct town *t, const struct plan *p)
{
	for (size_t i = 0; i < p->nu; i++) {
		bool main = i == p->main_u;

		add_street(t, p, false, p->u[i],
			main ? p->reach : p->v[p->nv - 1],
			main ? MAIN_WIDTH : STREET_WIDTH,
			main ? "secondary" : "residential");
	}
	for (size_t i = 0; i < p->nv; i++) {
		bool main = i == p->main_v;

		add_street(t, p, true, p->v[i], p->reach,
			main ? STREET_WIDTH + 1 : STREET_WIDTH,
			main ? "tertiary" : "residential");
	}
	mark_main(t, p);
}

/* A gravel track beyond the river, and a power line along it. */
static void build_track(struct town *t, const struct plan *p, struct rng *rng)
{
	double v = p->river + BANK;
	struct feature *f = town_add(t, STYLE_TRACK, SHAPE_LINE);

	f->width = TRACK_WIDTH;
	for (double u = -p->reach; u <= p->reach; u += 40)
		feature_point(f, frame_at(&p->frame, u, v));
	feature_tag(f, "highway", "track");
	feature_tag(f, "surface", "gravel");
	f = town_add(t, STYLE_UNSEEN, SHAPE_LINE);
	for (double u = -p->reach; u <= p->reach; u += 45)
		feature_point(f, frame_at(&p->frame, u, v + 5));
	feature_tag(f, "power", "minor_line");
	for (double u = -p->reach; u <= p->reach; u += 45) {
		f = town_add(t, STYLE_POLE, SHAPE_NODE);
		feature_point(f, frame_at(&p->frame, u, v + 5));
		f->size = 0.5;
		f->height = 9;
		feature_tag(f, "power", "pole");
	}
	for (double u = -p->reach; u < p->reach; u += rng_in(rng, 12, 30))
		add_tree(t, frame_at(&p->frame, u, v - rng_in(rng, 5, 9)), rng,
			false);
}

/* Trees on both sides of the main street. */
static void build_avenue(struct town *t, const struct plan *p, struct rng *rng)
{
	double u = p->u[p->main_u], end = p->v[p->nv - 1];

	for (double v = -p->reach; v < end; v += 15)
		for (int s = -1; s <= 1; s += 2) {
			bool crossing = false;

			for (size_t i = 0; i < p->nv; i++)
				crossing |= fabs(p->v[i] - v) < 12;
			if (!crossing)
				add_tree(t,
					frame_at(&p->frame,
						u + s * (MAIN_WIDTH / 2 + 3.2),
						v),
					rng, true);
		}
}

/*
 * What a block of the town is: the blocks nearest to the image's middle get
 * the kinds that every town has, the others are drawn by lot.
 */
static enum block block_kind(const struct plan *p, size_t i, size_t j,
	struct rng *rng)
{
	static const struct {
		int di, dj;
		enum block kind;
	} fixed[] = {
		{0, 0, BLOCK_CHURCH},
		{-1, 0, BLOCK_PARK},
		{0, -1, BLOCK_SHOPS},
		{1, 0, BLOCK_APARTMENTS},
		{1, 1, BLOCK_SPORTS},
		{-2, -1, BLOCK_SCHOOL},
		{2, -1, BLOCK_INDUSTRY},
	};
	static const double weights[] = {82, 8, 4, 2, 2, 2};
	int di = (int)i - (int)p->main_u, dj = (int)j - (int)p->main_v;

	for (size_t k = 0; k < ARRAY_SIZE(fixed); k++)
		if (fixed[k].di == di && fixed[k].dj == dj)
			return fixed[k].kind;
	return (enum block)rng_pick(rng, weights, ARRAY_SIZE(weights));
}

static void build_blocks(struct town *t, const struct plan *p)
{
	static const enum block beyond[] = {BLOCK_FARMLAND, BLOCK_MEADOW,
		BLOCK_FOREST, BLOCK_SOLAR, BLOCK_ORCHARD};
	double near = p->river + BANK + TRACK_WIDTH / 2 + 8;

	for (size_t i = 0; i + 1 < p->nu; i++) {
		double half = i == p->main_u || i + 1 == p->main_u
				      ? MAIN_WIDTH / 2
				      : STREET_WIDTH / 2;
		double u0 = p->u[i] + half + 2, u1 = p->u[i + 1] - half - 2;
		struct rng rng = rng_new(t->seed, "field", (int)i, 0);

		for (size_t j = 0; j + 1 < p->nv; j++) {
			struct rng own =
				rng_new(t->seed, "block", (int)i, (int)j);
			enum block kind = block_kind(p, i, j, &own);

			block_build(t, &p->frame,
				(struct rect){u0,
					p->v[j] + STREET_WIDTH / 2 + 2.5, u1,
					p->v[j + 1] - STREET_WIDTH / 2 - 2.5},
				kind, &own);
		}
		for (double v = near; v < p->reach; v += 130)
			block_build(t, &p->frame,
				(struct rect){p->u[i] + 7, v, p->u[i + 1] - 7,
					v + 122},
				beyond[(i + (size_t)((v - near) / 130) * 2) %
					ARRAY_SIZE(beyond)],
				&rng);
	}
}

void town_build(struct town *t, uint64_t seed, unsigned pixels)
{
	struct rng rng = rng_new(seed, "plan", 0, 0);
	double angle = rng_in(&rng, -0.35, 0.35);
	struct plan p = {.nu = 0};

	*t = (struct town){.seed = seed, .side = pixels * GROUND_M};
	p.frame = (struct frame){{t->side / 2, t->side / 2}, cos(angle),
		sin(angle)};
	p.reach = t->side * 0.72;
	plan_streets(&p, &rng, t->side);
	build_river(t, &p);
	build_streets(t, &p);
	build_track(t, &p, &rng);
	build_avenue(t, &p, &rng);
	build_blocks(t, &p);
}
