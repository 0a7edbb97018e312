/* The polynomials of images beside the transformations they stand for. */
#include "base/base.h"
#include "join/image.h"

#include <math.h>

#include "geo/lonlat.h"
#include "join/slots.h"
#include "tap.h"

struct sample {
	const char *crs;
	double lon, lat; /* the middle */
	double gsd;      /* in units of the coordinate system */
	uint64_t side;
};

static double unit(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state / 4294967296.0;
}

static bool set_up(struct image *img, struct image_maps *maps, struct crs *crs,
	const struct sample *s)
{
	double half = s->gsd * (double)s->side / 2;
	double x = s->lon, y = s->lat;
	double lon[4], lat[4];

	if (crs_from_lonlat(crs, 0, &x, &y, 1))
		return false;
	*img = (struct image){.middle_lon = s->lon,
		.middle_x = x,
		.maps = maps};
	memcpy(img->field.transform,
		(double[]){x - half, s->gsd, 0, y + half, 0, -s->gsd},
		sizeof(img->field.transform));
	img->field.size[0] = img->field.size[1] = s->side;
	for (int i = 0; i < 4; i++) {
		lon[i] = x + (i & 1 ? half : -half);
		lat[i] = y + (i & 2 ? half : -half);
	}
	if (crs_to_lonlat(crs, lon, lat, 4))
		return false;
	img->bbox[0] = img->bbox[2] = s->lon;
	img->bbox[1] = img->bbox[3] = s->lat;
	for (int i = 0; i < 4; i++) {
		double near = lonlat_near(lon[i], s->lon);

		img->bbox[0] = MIN(img->bbox[0], near);
		img->bbox[2] = MAX(img->bbox[2], near);
		img->bbox[1] = MIN(img->bbox[1], lat[i]);
		img->bbox[3] = MAX(img->bbox[3], lat[i]);
	}
	img->bbox[0] = lonlat_wrap(img->bbox[0]);
	img->bbox[2] = lonlat_wrap(img->bbox[2]);
	return !affine_invert(img->field.transform, &img->to_pixel);
}

/*
 * The furthest from what PROJ says, in pixels, of points up to `reach` images
 * away, one way and the other.
 */
static double worst(const struct image *img, struct crs *crs, double reach)
{
	uint32_t state = 7;
	double most = 0, side = (double)img->field.size[0];
	double pixels = side / (img->bbox[3] - img->bbox[1]);

	for (int i = 0; i < 2000; i++) {
		double col = side * (0.5 + reach * (unit(&state) - 0.5));
		double row = side * (0.5 + reach * (unit(&state) - 0.5));
		double x = col, y = row, u = col, v = row;
		double lon, lat;

		affine_apply(img->field.transform, &x, &y, 1);
		if (crs_to_lonlat(crs, &x, &y, 1))
			continue;
		if (image_to_lonlat(img, crs, &u, &v, 1))
			return INFINITY;
		most = fmax(most, hypot(lonlat_near(u, x) - x, v - y) * pixels);
		lon = u = lonlat_near(x, img->middle_lon);
		lat = v = y;
		if (image_from_lonlat(img, crs, &u, &v, 1) ||
			crs_from_lonlat(crs, img->middle_x, &lon, &lat, 1))
			return INFINITY;
		affine_undo(&img->to_pixel, &lon, &lat, 1);
		most = fmax(most, hypot(u - lon, v - lat));
	}
	return most;
}

static void test_images(void)
{
	static const struct sample samples[] = {
		{"EPSG:32645", 85.52, 27.63, 0.132, 8000},
		{"EPSG:32633", 15.1, 47.2, 30, 7700},
		{"EPSG:3857", -122.4, 37.8, 0.597, 20000},
		{"EPSG:2056", 9.52, 47.14, 0.1, 10000},
		{"EPSG:4326", 10, 50, 1e-5, 4000},
		{"EPSG:4326", 179.99, -17, 1e-5, 4000},
		{"EPSG:32760", 179.9, -17.1, 10, 3000},
		{"EPSG:3413", 0, 89.9, 40, 2000},
		{"EPSG:3031", 120, -70, 100, 30000},
		{"EPSG:6933", 30, 10, 1000, 3000},
		{"EPSG:4326", 0, 0, 0.25, 700},
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];
		struct image_maps maps = {.maps = {NULL}};
		struct image img;
		struct err err;
		struct crs *crs = crs_new(s->crs, &err);
		double near, far;

		if (!ok(crs && set_up(&img, &maps, crs, s), "%s", s->crs))
			continue;
		near = worst(&img, crs, 1);
		far = worst(&img, crs, 4);
		ok(near < 2e-4, "in the image %.2g pixels off", near);
		ok(far < 2e-4, "and around it %.2g", far);
		image_maps_release(&maps);
		crs_free(crs);
	}
}

static void test_slots(void)
{
	enum { N = 5000 };
	struct slots s = {NULL, 0, 0, NULL, 0};
	uint32_t first[N], state = 1;
	bool good = true;

	for (int turn = 0; turn < 2; turn++) {
		for (uint32_t i = 0; i < N; i++)
			first[i] = UINT32_MAX;
		for (uint32_t i = 0, n = 0; i < 3 * N; i++) {
			uint32_t v = (uint32_t)(unit(&state) * N);
			uint32_t place = slots_place(&s, v * 65536);

			if (first[v] == UINT32_MAX)
				first[v] = n++;
			good = good && place == first[v] && s.n == n &&
			       s.numbers[place] == v * 65536;
		}
		slots_clear(&s);
	}
	ok(good, "numbers get places in the order of their first sight");
	ok(slots_place(&s, UINT32_MAX) == 0 && slots_place(&s, 0) == 1,
		"and again when it was emptied");
	slots_release(&s);
}

int main(void)
{
	test_images();
	test_slots();
	return tap_done();
}
