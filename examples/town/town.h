/*
 * town.h - a made-up town: what stands in it, how it looks, what is mapped.
 *
 * Positions are metres in the image's frame: x to the right, y down, the
 * image's upper left corner at 0, 0. A town is a list of features; the painter
 * draws them by style, the map writer writes those with tags. The same seed
 * and size give the same town.
 */
#ifndef TOWN_TOWN_H
#define TOWN_TOWN_H

#include "img/img.h"

#define GROUND_M 0.3 /* a pixel on the ground */

struct point {
	double x, y;
};

/* In the order in which they are painted. */
enum style {
	STYLE_FARMLAND,
	STYLE_MEADOW,
	STYLE_RESIDENTIAL,
	STYLE_PARK,
	STYLE_YARD, /* paved ground around larger buildings */
	STYLE_FOREST_FLOOR,
	STYLE_SAND,
	STYLE_WATER,
	STYLE_FOOTWAY,
	STYLE_TRACK,
	STYLE_PAVEMENT,
	STYLE_ASPHALT,
	STYLE_MARKING, /* white lines */
	STYLE_PARKING,
	STYLE_SOCCER,
	STYLE_TENNIS,
	STYLE_BASKETBALL,
	STYLE_POOL_EDGE,
	STYLE_POOL,
	STYLE_FOUNTAIN,
	STYLE_SOLAR,
	STYLE_CAR,
	STYLE_BUILDING,
	STYLE_POLE,
	STYLE_TREE,
	STYLE_UNSEEN, /* mapped only */
	STYLES,
};

enum shape { SHAPE_NODE, SHAPE_LINE, SHAPE_AREA };

enum roof {
	ROOF_FLAT,
	ROOF_GABLED,
	ROOF_HIPPED,
	ROOF_PYRAMIDAL,
	ROOF_SKILLION
};

enum material {
	MAT_TILES,
	MAT_SLATE,
	MAT_TIN,
	MAT_CONCRETE,
	MAT_TAR_PAPER,
};

enum { MAX_TAGS = 8 };

struct tag {
	const char *key, *value; /* string constants */
};

struct feature {
	enum style style;
	enum shape shape;
	struct point *pts; /* [n]; areas are not closed */
	size_t n, cap;
	double width;  /* lines: from edge to edge */
	double size;   /* nodes: radius */
	double height; /* above the ground, for the shadow */
	double look;   /* 0 … 1: its own shade of colour */
	enum roof roof;
	enum material material;
	struct tag tags[MAX_TAGS]; /* none: not on the map */
	size_t ntags;
};

struct town {
	uint64_t seed;
	double side;              /* of the image, metres */
	struct feature *features; /* [n] */
	size_t n, cap;
};

/* Numbers in [0, 1) that depend on seed and name alone. */
struct rng {
	uint64_t seed;
	char name[32];
	uint64_t count;
};
struct rng rng_new(uint64_t seed, const char *name, int i, int j);
double rng_unit(struct rng *r);
double rng_in(struct rng *r, double low, double high);
/* The index of one of n weights, by weight. */
size_t rng_pick(struct rng *r, const double *weights, size_t n);

/* A new feature, good until the next one is made. */
struct feature *town_add(struct town *t, enum style style, enum shape shape);
void feature_point(struct feature *f, struct point p);
void feature_tag(struct feature *f, const char *key, const char *value);
void town_release(struct town *t);

/* A part of the town in its own frame: u along its streets, v across. */
struct frame {
	struct point origin; /* in the image */
	double cos, sin;
};
struct point frame_at(const struct frame *f, double u, double v);
/* A rectangle's corners, in order. */
void frame_rect(const struct frame *f, struct feature *to, double u0, double v0,
	double u1, double v1);

/* Makes the town. pixels: the image's side. */
void town_build(struct town *t, uint64_t seed, unsigned pixels);
/* Fills one block between streets; `kind` as block.c numbers them. */
enum block {
	BLOCK_HOUSES,
	BLOCK_APARTMENTS,
	BLOCK_PARK,
	BLOCK_SPORTS,
	BLOCK_SHOPS,
	BLOCK_INDUSTRY,
	BLOCK_CHURCH,
	BLOCK_SCHOOL,
	BLOCK_FARMLAND,
	BLOCK_MEADOW,
	BLOCK_FOREST,
	BLOCK_ORCHARD,
	BLOCK_SOLAR,
	BLOCKS,
};
struct rect {
	double u0, v0, u1, v1;
};
void block_build(struct town *t, const struct frame *f, struct rect r,
	enum block kind, struct rng *rng);

/* Common parts of blocks. */
void add_tree(struct town *t, struct point p, struct rng *rng, bool mapped);
struct feature *add_building(struct town *t, const struct frame *f,
	struct rect r, const char *kind, enum roof roof, enum material material,
	int levels, struct rng *rng);
void add_parking(struct town *t, const struct frame *f, struct rect r,
	struct rng *rng);
void add_pool(struct town *t, const struct frame *f, struct rect r);
void add_pitch(struct town *t, const struct frame *f, struct rect r,
	enum style style);
void add_ellipse(struct feature *to, const struct frame *f, double u, double v,
	double a, double b);

/* Paints the town: img gets pixels x pixels x RGB. */
void town_paint(const struct town *t, unsigned pixels, struct image *img);

/* The map as OSM XML, appended. */
void town_map(const struct town *t, unsigned pixels, struct buf *out);
/* The image's geotransform in EPSG:3857, GDAL's order. */
void town_transform(unsigned pixels, double transform[6]);

#endif
