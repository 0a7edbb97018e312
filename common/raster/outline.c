#include "base/base.h"
#include "raster/outline.h"

#include <math.h>

#include "geo/wkb.h"

enum {
	MIN_DEPTH = 2, /* a curve can cross its chord in the middle */
	MAX_DEPTH = 8,
};

struct point {
	double px[2];
	double lonlat[2];
};

struct ring {
	outline_fn *fn;
	void *ctx;
	double tolerance;
	double *lon, *lat; /* [n], longitudes without jumps */
	size_t n, lon_cap, lat_cap;
};

/* lon plus as many turns as bring it next to `near`. */
static double unwrap(double lon, double near)
{
	return lon + 360 * round((near - lon) / 360);
}

static void ring_put(struct ring *ring, double lon, double lat)
{
	xgrow(&ring->lon, &ring->lon_cap, ring->n + 1, sizeof(*ring->lon));
	xgrow(&ring->lat, &ring->lat_cap, ring->n + 1, sizeof(*ring->lat));
	ring->lon[ring->n] = lon;
	ring->lat[ring->n++] = lat;
}

static void ring_add(struct ring *ring, const double lonlat[2])
{
	double near = ring->n ? ring->lon[ring->n - 1] : lonlat[0];

	ring_put(ring, unwrap(lonlat[0], near), lonlat[1]);
}

static int locate(const struct ring *ring, struct point *p)
{
	if (ring->fn(ring->ctx, p->px, p->lonlat) < 0 ||
		!isfinite(p->lonlat[0]) || !isfinite(p->lonlat[1]))
		return -1;
	return 0;
}

/* Whether m is off the straight line from a to b by more than allowed. */
static bool bends(const struct ring *ring, const struct point *a,
	const struct point *m, const struct point *b)
{
	double shrink = cos(m->lonlat[1] * M_PI / 180);
	double mx =
		(unwrap(m->lonlat[0], a->lonlat[0]) - a->lonlat[0]) * shrink;
	double bx =
		(unwrap(b->lonlat[0], a->lonlat[0]) - a->lonlat[0]) * shrink;
	double my = m->lonlat[1] - a->lonlat[1];
	double by = b->lonlat[1] - a->lonlat[1];
	double length = hypot(bx, by);

	if (length == 0)
		return hypot(mx, my) > ring->tolerance;
	return fabs(mx * by - my * bx) / length > ring->tolerance;
}

/* Adds what lies between a and b, and b. */
static int add_edge(struct ring *ring, const struct point *a,
	const struct point *b, unsigned depth)
{
	struct point m = {
		.px = {(a->px[0] + b->px[0]) / 2, (a->px[1] + b->px[1]) / 2}};

	if (depth < MAX_DEPTH) {
		if (locate(ring, &m) < 0)
			return -1;
		if (depth < MIN_DEPTH || bends(ring, a, &m, b))
			return add_edge(ring, a, &m, depth + 1) < 0
				       ? -1
				       : add_edge(ring, &m, b, depth + 1);
	}
	ring_add(ring, b->lonlat);
	return 0;
}

/* The bounds, with the longitudes moved so that w is in [-180, 180). */
static void find_bounds(struct ring *ring, double bbox[4])
{
	double w = INFINITY, s = INFINITY, e = -INFINITY, n = -INFINITY, turn;

	for (size_t i = 0; i < ring->n; i++) {
		w = fmin(w, ring->lon[i]);
		e = fmax(e, ring->lon[i]);
		s = fmin(s, ring->lat[i]);
		n = fmax(n, ring->lat[i]);
	}
	turn = 360 * floor((w + 180) / 360);
	for (size_t i = 0; i < ring->n; i++)
		ring->lon[i] -= turn;
	w -= turn;
	e -= turn;
	if (e - w >= 360) {
		w = -180;
		e = 180;
	} else if (e > 180) {
		e -= 360;
	}
	bbox[0] = w;
	bbox[1] = s;
	bbox[2] = e;
	bbox[3] = n;
}

/* Closes the ring; one that goes all round the earth, by way of the pole. */
static void close_ring(struct ring *ring)
{
	double lon = ring->lon[0], lat = ring->lat[0], sum = 0;
	size_t last = ring->n - 1;

	if (fabs(ring->lon[last] - lon) < 180) {
		ring->lon[last] = lon;
		ring->lat[last] = lat;
		return;
	}
	for (size_t i = 0; i < ring->n; i++)
		sum += ring->lat[i];
	ring_put(ring, ring->lon[last], copysign(90, sum));
	ring_put(ring, lon, copysign(90, sum));
	ring_put(ring, lon, lat);
}

int outline_make(const double size_px[2], outline_fn *fn, void *ctx,
	double tolerance_deg, struct outline *out, struct err *err)
{
	struct ring ring = {.fn = fn, .ctx = ctx, .tolerance = tolerance_deg};
	struct point corners[5] = {
		{.px = {0, 0}},
		{.px = {0, size_px[1]}},
		{.px = {size_px[0], size_px[1]}},
		{.px = {size_px[0], 0}},
		{.px = {0, 0}},
	};
	int ret = -1;

	for (size_t i = 0; i < ARRAY_SIZE(corners); i++)
		if (locate(&ring, &corners[i]) < 0)
			goto out;
	ring_add(&ring, corners[0].lonlat);
	for (size_t i = 0; i + 1 < ARRAY_SIZE(corners); i++)
		if (add_edge(&ring, &corners[i], &corners[i + 1], 0) < 0)
			goto out;
	close_ring(&ring);
	find_bounds(&ring, out->bbox_deg);
	wkb_add_polygon(&out->wkb, ring.lon, ring.lat, ring.n);
	ret = 0;
out:
	if (ret < 0)
		err_set(err, "the image's edge has no longitude and latitude "
			     "in places");
	free(ring.lon);
	free(ring.lat);
	return ret;
}
