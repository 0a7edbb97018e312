/*
 * window.h - windows of whole pixels: round an object, and moved at random.
 *
 * Pixel coordinates: (0, 0) is the outer corner of the image's first pixel, x
 * along the row, y down; pixel i spans i … i+1. No state: safe anywhere.
 * Source: the SkyScript paper (arXiv 2312.12856), "image selection": the
 * object's bounding box becomes the tile, and is shifted so that the object
 * leaves the centre moderately.
 */
#ifndef GEO_WINDOW_H
#define GEO_WINDOW_H

#include "geo/rtree.h"

struct window {
	int64_t col, row; /* may lie outside the image until it is checked */
	int64_t w, h;     /* > 0 */
};

/* Coordinates beyond are refused: all sums of them are exact. */
#define PIXEL_LIMIT 1e12
/*
 * What is closer to a pixel's edge lies on it: an object drawn along pixels
 * must not gain one by the rounding of its coordinates.
 */
#define PIXEL_EDGE 1e-6

/*
 * The whole pixels that r covers, rounded outward; a side shorter than min_px
 * grows to it about r's centre. -1 when r is not finite or beyond PIXEL_LIMIT.
 */
int window_round(const struct rect *r, int64_t min_px,
	struct window *out) MUST_USE;

/* w x h pixels centred on a point; -1 as above. */
int window_centre(double x, double y, int64_t w, int64_t h,
	struct window *out) MUST_USE;

/* True when it lies wholly in an image of width x height pixels. */
bool window_fits(const struct window *win, uint64_t width, uint64_t height);

/*
 * The share of r inside the window: the product of the shares of its two
 * sides. A side without length counts 1 when its place lies inside (half
 * open: a pixel of the window holds it), else 0.
 */
double window_share(const struct window *win, const struct rect *r);

/*
 * Moves the window by whole pixels (dx, dy), uniform over all offsets at which
 * window_share() is at least `keep`, 0 < keep <= 1 (but for PIXEL_EDGE); ux, uy
 * in [0, 1) make the choice: dx by ux from its exact marginal, dy by uy among
 * what dx leaves. The window must hold r. Then it is moved back into an image
 * of width x height, in which it lay before: that never lowers the share.
 */
void window_shift(struct window *win, const struct rect *r, double keep,
	double ux, double uy, uint64_t width, uint64_t height);

#endif
