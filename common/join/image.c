#include "base/base.h"
#include "join/image.h"

#include <math.h>

#include "geo/cheb.h"
#include "geo/lonlat.h"
#include "geo/shape.h"

/* Maps may be this wrong, in pixels. */
static const double tolerance_px = 1e-4;

/* Points per side of a window whose bounds are sought: sides are bent. */
enum { SIDE_POINTS = 4 };

struct ctx {
	const struct image *img;
	struct crs *crs;
};

static int to_pixels(void *ctx, double *x, double *y, size_t n)
{
	const struct ctx *c = ctx;

	if (crs_from_lonlat(c->crs, c->img->middle_x, x, y, n))
		return -1;
	affine_undo(&c->img->to_pixel, x, y, n);
	return 0;
}

static int to_lonlat(void *ctx, double *x, double *y, size_t n)
{
	const struct ctx *c = ctx;

	affine_apply(c->img->field.transform, x, y, n);
	if (crs_to_lonlat(c->crs, x, y, n))
		return -1;
	for (size_t i = 0; i < n; i++)
		x[i] = lonlat_near(x[i], c->img->middle_lon);
	return 0;
}

/* The maps of an image. */
enum {
	NEAR_TO_PIXELS, /* of what is near the image: objects reach out of it */
	FAR_TO_PIXELS,  /* of what is further away, by higher powers */
	TO_LONLAT,
};

/* Degrees that the far map goes on beyond the image. */
static const double far_deg = 1;

/* What stands for a map that polynomials cannot be near to, or for a footprint
 * that has no place in the image. */
static char none;

/* The image's bounds in degrees, and that much more on each side. */
static struct rect degrees_about(const struct image *img, double dx, double dy)
{
	double half = MIN(lonlat_box_width(img->bbox) / 2 + dx, 180);

	return (struct rect){img->middle_lon - half,
		MAX(img->bbox[1] - dy, -90), img->middle_lon + half,
		MIN(img->bbox[3] + dy, 90)};
}

static struct cheb *make_map(const struct image *img, struct crs *crs,
	int which)
{
	double width = lonlat_box_width(img->bbox);
	double height = img->bbox[3] - img->bbox[1];
	double w = (double)img->field.size[0], h = (double)img->field.size[1];
	struct rect domain = {-w / 2, -h / 2, w * 1.5, h * 1.5};
	struct ctx ctx = {img, crs};

	if (which == TO_LONLAT)
		return cheb_new(&domain, tolerance_px * height / h, to_lonlat,
			&ctx);
	domain = which == NEAR_TO_PIXELS
			 ? degrees_about(img, width / 2, height / 2)
			 : degrees_about(img, far_deg, far_deg);
	return cheb_new(&domain, tolerance_px, to_pixels, &ctx);
}

/* What stands at a place: `made` where nothing did before, and then it is kept;
 * else `made` is freed. */
static void *settle(_Atomic(void *) *place, void *made,
	void (*release)(void *made))
{
	void *before = NULL;

	if (!made)
		made = &none;
	if (atomic_compare_exchange_strong(place, &before, made))
		return made;
	if (made != &none)
		release(made);
	return before;
}

static void free_map(void *map)
{
	cheb_free(map);
}

static void free_footprint(void *footprint)
{
	shape_release(footprint);
	free(footprint);
}

/* The image's map, made by the first thread that asks; NULL: there is none. */
static const struct cheb *map_of(const struct image *img, struct crs *crs,
	int which)
{
	_Atomic(void *) *place = &img->maps->maps[which];
	void *map = atomic_load_explicit(place, memory_order_acquire);

	if (!map)
		map = settle(place, make_map(img, crs, which), free_map);
	return map == &none ? NULL : map;
}

void image_maps_release(struct image_maps *maps)
{
	void *footprint = atomic_load(&maps->footprint);

	for (size_t i = 0; i < ARRAY_SIZE(maps->maps); i++) {
		void *map = atomic_load(&maps->maps[i]);

		if (map != &none)
			cheb_free(map);
	}
	if (footprint && footprint != &none)
		free_footprint(footprint);
}

static bool follow(const struct image *img, struct crs *crs, int which,
	double *x, double *y, size_t n)
{
	const struct cheb *map = map_of(img, crs, which);

	return map && cheb_map(map, x, y, n);
}

int image_from_lonlat(const struct image *img, struct crs *crs, double *x,
	double *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = lonlat_near(x[i], img->middle_lon);
	return follow(img, crs, NEAR_TO_PIXELS, x, y, n) ||
			       follow(img, crs, FAR_TO_PIXELS, x, y, n)
		       ? 0
		       : to_pixels(&(struct ctx){img, crs}, x, y, n);
}

int image_to_lonlat(const struct image *img, struct crs *crs, double *x,
	double *y, size_t n)
{
	return follow(img, crs, TO_LONLAT, x, y, n)
		       ? 0
		       : to_lonlat(&(struct ctx){img, crs}, x, y, n);
}

double image_gsd_at(const struct image *img, double lat)
{
	const double to_rad = M_PI / 180, most = 85.06; /* of the map */
	double middle = (img->bbox[1] + img->bbox[3]) / 2;

	if (isnan(lat) || str_is(img->field.kind, "raster"))
		return img->field.gsd_m;
	return img->field.gsd_m * cos(MAX(MIN(lat, most), -most) * to_rad) /
	       cos(middle * to_rad);
}

/*
 * What of the footprint is near the image, in its pixels; without parts where
 * nothing is. Not of images wider than half the globe: in their pixels rings
 * need not hang together.
 */
static struct shape *make_footprint(const struct image *img, struct crs *crs)
{
	const double width = lonlat_box_width(img->bbox);
	const double height = img->bbox[3] - img->bbox[1];
	const struct rect near = degrees_about(img, width / 2, height / 2);
	struct shape all = SHAPE_INIT, *s;
	enum shape_kind kind;
	struct err err;

	if (width > 180 || shape_add_wkb(&all, (const uint8_t *)img->geom.data,
				   img->geom.len, &kind, &err))
		return NULL;
	for (size_t i = 0; i < all.npoints; i++)
		all.y[i] += img->moved_deg[1];
	s = xcalloc(1, sizeof(*s));
	for (int turn = -2; turn <= 2; turn++)
		shape_clip(&all, turn * 360 + img->moved_deg[0], &near, s);
	shape_release(&all);
	if (s->npoints && image_from_lonlat(img, crs, s->x, s->y, s->npoints)) {
		free_footprint(s);
		return NULL;
	}
	shape_bound_runs(s, 0, s->nparts);
	return s;
}

double image_share(const struct image *img, struct crs *crs,
	const struct window *win)
{
	const struct rect r = {(double)win->col, (double)win->row,
		(double)(win->col + win->w), (double)(win->row + win->h)};
	_Atomic(void *) *place = &img->maps->footprint;
	const struct shape *s;
	void *made;

	if (!window_fits(win, img->field.size[0], img->field.size[1]))
		return 0;
	if (!img->geom.len)
		return 1;
	made = atomic_load_explicit(place, memory_order_acquire);
	if (!made)
		made = settle(place, make_footprint(img, crs), free_footprint);
	if (made == &none)
		return 1;
	s = made;
	return shape_inside(s, 0, s->nparts, SHAPE_AREA, &r).size /
	       ((double)win->w * (double)win->h);
}

bool image_holds(const struct image *img, struct crs *crs,
	const struct window *win)
{
	return image_share(img, crs, win) >= 0.99;
}

/* Whether a pole lies in the window: *south, *north. The catalogue says how far
 * the image reaches. */
static void find_poles(const struct image *img, struct crs *crs,
	const struct window *win, bool *south, bool *north)
{
	const double far = 85;

	*south = *north = false;
	if (img->bbox[1] > -far && img->bbox[3] < far)
		return;
	for (int i = 0; i < 2; i++) {
		double x = img->middle_lon, y = i ? 90 : -90;
		bool in = !image_from_lonlat(img, crs, &x, &y, 1) &&
			  x > (double)win->col && y > (double)win->row &&
			  x < (double)(win->col + win->w) &&
			  y < (double)(win->row + win->h);

		*(i ? north : south) = in;
	}
}

int image_window_box(const struct image *img, struct crs *crs,
	const struct window *win, double box[4])
{
	double x[4 * SIDE_POINTS + 1], y[4 * SIDE_POINTS + 1];
	bool south, north;
	size_t n = 0;

	for (int side = 0; side < 4; side++) {
		for (int i = 0; i < SIDE_POINTS; i++) {
			double t = (double)i / SIDE_POINTS;
			double u[4] = {t, 1, 1 - t, 0}, v[4] = {0, t, 1, 1 - t};

			x[n] = (double)win->col + u[side] * (double)win->w;
			y[n++] = (double)win->row + v[side] * (double)win->h;
		}
	}
	x[n] = (double)win->col + (double)win->w / 2;
	y[n++] = (double)win->row + (double)win->h / 2;
	if (image_to_lonlat(img, crs, x, y, n))
		return -1;
	/* longitudes as seen from the window's middle, which is the last */
	box[0] = box[2] = x[n - 1];
	box[1] = box[3] = y[n - 1];
	for (size_t i = 0; i < n - 1; i++) {
		double lon = lonlat_near(x[i], x[n - 1]);

		box[0] = MIN(box[0], lon);
		box[1] = MIN(box[1], y[i]);
		box[2] = MAX(box[2], lon);
		box[3] = MAX(box[3], y[i]);
	}
	find_poles(img, crs, win, &south, &north);
	box[0] = lonlat_wrap(box[0]);
	box[2] = lonlat_wrap(box[2]);
	if (south || north)
		box[0] = -180, box[2] = 180;
	if (south)
		box[1] = -90;
	if (north)
		box[3] = 90;
	return 0;
}

void window_surroundings(const double box[4], double out[4])
{
	const double share = 0.05, least = 1e-6;
	double width = lonlat_box_width(box), height = box[3] - box[1];
	double dx = width * share + least, dy = height * share + least;

	out[0] = lonlat_wrap(box[0] - dx);
	out[2] = lonlat_wrap(box[2] + dx);
	if (width + 2 * dx >= 360)
		out[0] = -180, out[2] = 180;
	out[1] = MAX(box[1] - dy, -90);
	out[3] = MIN(box[3] + dy, 90);
}
