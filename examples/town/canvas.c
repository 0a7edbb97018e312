#include "base/base.h"
#include "town/canvas.h"

#include <math.h>

void canvas_init(struct canvas *c, unsigned pixels)
{
	c->side = (size_t)pixels * FINE;
	c->per_m = FINE / GROUND_M;
	c->shade_from = c->side;
	c->shade_to = 0;
	c->px = xcalloc(c->side * c->side, 3);
	c->mask = xcalloc(c->side, c->side);
}

void canvas_release(struct canvas *c)
{
	free(c->px);
	free(c->mask);
}

struct rgb rgb_scale(struct rgb c, double k)
{
	return (struct rgb){c.r * k, c.g * k, c.b * k};
}

struct rgb rgb_mix(struct rgb a, struct rgb b, double share_of_b)
{
	double k = share_of_b;

	return (struct rgb){a.r + (b.r - a.r) * k, a.g + (b.g - a.g) * k,
		a.b + (b.b - a.b) * k};
}

static uint32_t scramble(uint32_t x, uint32_t y, uint32_t seed)
{
	uint32_t h = x * 0x9e3779b1u ^ y * 0x85ebca77u ^ seed * 0xc2b2ae3du;

	h ^= h >> 15;
	h *= 0x2c1b3c6du;
	h ^= h >> 12;
	h *= 0x297a2d39u;
	return h ^ h >> 15;
}

static double lattice(int64_t x, int64_t y, unsigned seed)
{
	return scramble((uint32_t)x, (uint32_t)y, seed) / 4294967296.0;
}

double noise(double x, double y, double scale, unsigned seed)
{
	double fx = floor(x / scale), fy = floor(y / scale);
	double tx = x / scale - fx, ty = y / scale - fy;
	int64_t ix = (int64_t)fx, iy = (int64_t)fy;
	double top, bottom;

	tx = tx * tx * (3 - 2 * tx);
	ty = ty * ty * (3 - 2 * ty);
	top = lattice(ix, iy, seed) * (1 - tx) + lattice(ix + 1, iy, seed) * tx;
	bottom = lattice(ix, iy + 1, seed) * (1 - tx) +
		 lattice(ix + 1, iy + 1, seed) * tx;
	return top * (1 - ty) + bottom * ty;
}

static uint8_t to_byte(double v)
{
	return v <= 0 ? 0 : v >= 255 ? 255 : (uint8_t)(v + 0.5);
}

/* One row of canvas pixels: shaded, or put into the mask. */
struct fill {
	struct canvas *c;
	shade_fn *shade; /* NULL: into the mask */
	const void *ctx;
};

static void fill_span(const struct fill *f, size_t row, double from, double to)
{
	struct canvas *c = f->c;
	double first = ceil(MAX(from, 0) - 0.5),
	       y = ((double)row + 0.5) / c->per_m;
	double last = MIN(ceil(to - 0.5), (double)c->side);

	if (!f->shade) {
		c->shade_from = MIN(c->shade_from, row);
		c->shade_to = MAX(c->shade_to, row + 1);
	}
	for (size_t x = (size_t)MAX(first, 0); (double)x < last; x++) {
		size_t at = row * c->side + x;
		struct rgb v;

		if (!f->shade) {
			c->mask[at] = 1;
			continue;
		}
		v = f->shade(f->ctx, ((double)x + 0.5) / c->per_m, y);
		c->px[3 * at] = to_byte(v.r);
		c->px[3 * at + 1] = to_byte(v.g);
		c->px[3 * at + 2] = to_byte(v.b);
	}
}

enum { MAX_CROSSINGS = 64 };

/* Where the outline crosses y, in canvas pixels, ascending. */
static size_t crossings(const struct point *pts, size_t n, double y,
	double per_m, double out[MAX_CROSSINGS])
{
	size_t found = 0;

	for (size_t i = 0; i < n && found < MAX_CROSSINGS; i++) {
		struct point a = pts[i], b = pts[(i + 1) % n];
		double x;
		size_t at;

		if ((a.y <= y) == (b.y <= y))
			continue;
		x = (a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y)) * per_m;
		for (at = found; at > 0 && out[at - 1] > x; at--)
			out[at] = out[at - 1];
		out[at] = x;
		found++;
	}
	return found;
}

static void fill_polygon(const struct fill *f, const struct point *pts,
	size_t n)
{
	struct canvas *c = f->c;
	double low = INFINITY, high = -INFINITY, out[MAX_CROSSINGS];

	for (size_t i = 0; i < n; i++) {
		low = MIN(low, pts[i].y);
		high = MAX(high, pts[i].y);
	}
	low = MAX(floor(low * c->per_m), 0);
	high = MIN(ceil(high * c->per_m), (double)c->side);
	for (double row = low; row < high; row++) {
		size_t k = crossings(pts, n, (row + 0.5) / c->per_m, c->per_m,
			out);

		for (size_t i = 0; i + 1 < k; i += 2)
			fill_span(f, (size_t)row, out[i], out[i + 1]);
	}
}

static void fill_disc(const struct fill *f, struct point p, double radius)
{
	struct canvas *c = f->c;
	double low = MAX(floor((p.y - radius) * c->per_m), 0);
	double high = MIN(ceil((p.y + radius) * c->per_m), (double)c->side);

	for (double row = low; row < high; row++) {
		double dy = (row + 0.5) / c->per_m - p.y;
		double square = radius * radius - dy * dy;
		double half = square > 0 ? sqrt(square) : 0;

		if (half > 0)
			fill_span(f, (size_t)row, (p.x - half) * c->per_m,
				(p.x + half) * c->per_m);
	}
}

void canvas_fill(struct canvas *c, const struct point *pts, size_t n,
	shade_fn *shade, const void *ctx)
{
	fill_polygon(&(struct fill){c, shade, ctx}, pts, n);
}

void canvas_disc(struct canvas *c, struct point p, double radius,
	shade_fn *shade, const void *ctx)
{
	fill_disc(&(struct fill){c, shade, ctx}, p, radius);
}

void canvas_line(struct canvas *c, const struct point *pts, size_t n,
	double width, shade_fn *shade, const void *ctx)
{
	for (size_t i = 0; i + 1 < n; i++) {
		struct point a = pts[i], b = pts[i + 1];
		double len = hypot(b.x - a.x, b.y - a.y);
		double nx = (a.y - b.y) / len * width / 2;
		double ny = (b.x - a.x) / len * width / 2;
		const struct point quad[] = {{a.x + nx, a.y + ny},
			{b.x + nx, b.y + ny}, {b.x - nx, b.y - ny},
			{a.x - nx, a.y - ny}};

		canvas_fill(c, quad, 4, shade, ctx);
		if (i)
			canvas_disc(c, a, width / 2, shade, ctx);
	}
}

void canvas_shade(struct canvas *c, const struct point *pts, size_t n)
{
	fill_polygon(&(struct fill){c, NULL, NULL}, pts, n);
}

void canvas_shade_disc(struct canvas *c, struct point p, double radius)
{
	fill_disc(&(struct fill){c, NULL, NULL}, p, radius);
}

void canvas_darken(struct canvas *c)
{
	size_t end = c->shade_to * c->side;

	for (size_t i = c->shade_from * c->side; i < end; i++) {
		if (!c->mask[i])
			continue;
		c->px[3 * i] = (uint8_t)(c->px[3 * i] * 0.48);
		c->px[3 * i + 1] = (uint8_t)(c->px[3 * i + 1] * 0.52);
		c->px[3 * i + 2] = (uint8_t)(c->px[3 * i + 2] * 0.60);
		c->mask[i] = 0;
	}
	c->shade_from = c->side;
	c->shade_to = 0;
}

void canvas_to_image(const struct canvas *c, unsigned pixels, struct image *img)
{
	size_t at = 0;

	*img = (struct image){xcalloc((size_t)pixels * pixels, 3), pixels,
		pixels, 3};
	for (size_t y = 0; y < pixels; y++)
		for (size_t x = 0; x < pixels; x++) {
			double grain = 7 * lattice((int64_t)x, (int64_t)y, 77);

			for (size_t b = 0; b < 3; b++) {
				unsigned sum = 0;

				for (size_t k = 0; k < FINE * FINE; k++)
					sum += c->px[3 * ((y * FINE +
								  k / FINE) *
									 c->side +
								 x * FINE +
								 k % FINE) +
						     b];
				img->px[at++] =
					to_byte(sum / (double)(FINE * FINE) +
						grain - 3.5);
			}
		}
}
