/*
 * canvas.h - a picture to paint polygons on, finer than the image it becomes.
 *
 * Positions are metres; each pixel of the image has FINE x FINE of the canvas,
 * which are averaged at the end. Colours are 0 … 255 and may run over.
 */
#ifndef TOWN_CANVAS_H
#define TOWN_CANVAS_H

#include "town/town.h"

enum { FINE = 2 };

struct rgb {
	double r, g, b;
};

struct canvas {
	uint8_t *px;   /* [side, side, 3] */
	uint8_t *mask; /* [side, side], what is in the shade */
	size_t side;
	size_t shade_from, shade_to; /* the mask's rows that are in use */
	double per_m;                /* canvas pixels per metre */
};

void canvas_init(struct canvas *c, unsigned pixels);
void canvas_release(struct canvas *c);
/* The mean of FINE x FINE, with the grain of a sensor. */
void canvas_to_image(const struct canvas *c, unsigned pixels,
	struct image *img);

/* The colour at a point; for every canvas pixel whose middle lies inside. */
typedef struct rgb shade_fn(const void *ctx, double x, double y);
void canvas_fill(struct canvas *c, const struct point *pts, size_t n,
	shade_fn *shade, const void *ctx);
void canvas_disc(struct canvas *c, struct point p, double radius,
	shade_fn *shade, const void *ctx);
/* A line with round joints. */
void canvas_line(struct canvas *c, const struct point *pts, size_t n,
	double width, shade_fn *shade, const void *ctx);

/* Puts a polygon or a disc into the shade, then darkens what is in it. */
void canvas_shade(struct canvas *c, const struct point *pts, size_t n);
void canvas_shade_disc(struct canvas *c, struct point p, double radius);
void canvas_darken(struct canvas *c);

/* Smooth noise, 0 … 1, that changes over about `scale` metres. */
double noise(double x, double y, double scale, unsigned seed);
struct rgb rgb_scale(struct rgb c, double k);
struct rgb rgb_mix(struct rgb a, struct rgb b, double share_of_b);

#endif
