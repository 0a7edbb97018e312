#include "base/base.h"
#include "join/place.h"

/* Points per side of a bbox: its sides are bent in most images. */
enum { BOX_STEPS = 8 };

/* The outline of a bbox, in degrees; its longitudes may pass 180. */
static void add_box(struct shape *s, const double box[4])
{
	double width = lonlat_box_width(box), height = box[3] - box[1];
	size_t begin = s->npoints;

	for (int side = 0; side < 4; side++) {
		for (int i = 0; i < BOX_STEPS; i++) {
			double t = (double)i / BOX_STEPS;
			double u[4] = {t, 1, 1 - t, 0}, v[4] = {0, t, 1, 1 - t};

			shape_add_point(s, box[0] + u[side] * width,
				box[1] + v[side] * height);
		}
	}
	shape_add_part(s, begin, false);
}

static int add_points(struct shape *s, const struct object *o)
{
	enum shape_kind kind;
	struct err err;

	if (o->geom.len)
		return shape_add_wkb(s, (const uint8_t *)o->geom.s, o->geom.len,
			&kind, &err);
	if (o->kind == SHAPE_POINT) {
		shape_add_point(s, o->lon, o->lat);
		shape_add_part(s, s->npoints - 1, false);
	} else {
		add_box(s, o->bbox);
	}
	return 0;
}

int place_object(const struct object *o, const struct image *img,
	struct crs *crs, struct shape *shape, struct place *out)
{
	size_t npoints = shape->npoints, nparts = shape->nparts;

	*out = (struct place){
		.box_only = !o->geom.len && o->kind != SHAPE_POINT,
		.begin = npoints,
		.part_begin = nparts,
		.x = o->lon,
		.y = o->lat,
	};
	if (add_points(shape, o))
		return -1;
	out->end = shape->npoints;
	out->part_end = shape->nparts;
	if ((out->box_only &&
		    image_from_lonlat(img, crs, &out->x, &out->y, 1)) ||
		image_from_lonlat(img, crs, shape->x + npoints,
			shape->y + npoints, out->end - npoints)) {
		shape->npoints = npoints;
		shape->nparts = nparts;
		return -1;
	}
	out->bounds = shape_bounds(shape, out->begin, out->end);
	return 0;
}
