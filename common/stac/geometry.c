#include "base/base.h"
#include "stac/priv.h"

#include <math.h>

#include "geo/seam.h"
#include "geo/wkb.h"

static int add_ring(struct shape *s, const struct jval *ring, bool hole,
	struct err *err)
{
	size_t begin = s->npoints, n = jval_count(ring), last;

	if (n < 3)
		return err_set(err, "a ring of fewer than three positions");
	for (size_t i = 0; i < n; i++) {
		const struct jval *p = jval_at(ring, i);
		double lon, lat;

		if (jval_f64(jval_at(p, 0), &lon) ||
			jval_f64(jval_at(p, 1), &lat))
			return err_set(err,
				"a position that is no two numbers");
		/* some go on beyond the antimeridian */
		if (!(fabs(lon) <= 360 && fabs(lat) <= 90))
			return err_set(err,
				"the position %.10g %.10g is not on the globe",
				lon, lat);
		shape_add_point(s, lon, lat);
	}
	last = s->npoints - 1;
	if (s->x[begin] != s->x[last] || s->y[begin] != s->y[last])
		shape_add_point(s, s->x[begin], s->y[begin]);
	shape_add_part(s, begin, hole);
	return 0;
}

static int add_polygon(struct shape *s, const struct jval *rings,
	struct err *err)
{
	if (!jval_count(rings))
		return err_set(err, "a polygon without rings");
	for (size_t i = 0; i < jval_count(rings); i++)
		if (add_ring(s, jval_at(rings, i), i > 0, err))
			return -1;
	return 0;
}

static int add_polygons(struct shape *s, const struct jval *polygons,
	struct err *err)
{
	if (!jval_count(polygons))
		return err_set(err, "no polygons");
	for (size_t i = 0; i < jval_count(polygons); i++)
		if (add_polygon(s, jval_at(polygons, i), err))
			return -1;
	return 0;
}

int geometry_take(const struct jval *geometry, struct stac_item *item,
	struct err *err)
{
	const struct jval *xy = jval_get(geometry, "coordinates");
	struct str type = text_of(geometry, "type");
	bool multi = str_is(type, "MultiPolygon");
	struct shape s = SHAPE_INIT, whole = SHAPE_INIT;
	struct measure m;
	double box[4];
	int rc;

	if (!multi && !str_is(type, "Polygon"))
		return 0;
	rc = multi ? add_polygons(&s, xy, err) : add_polygon(&s, xy, err);
	if (!rc) {
		shape_join_seam(&s, &whole);
		shape_lonlat_bounds(&whole, box);
		wkb_add_shape(&item->geom, &whole, SHAPE_AREA, multi);
		/* of far parts it is narrower than the bounds */
		item->has_bbox = !shape_measure(&whole, SHAPE_AREA, &m);
		if (item->has_bbox)
			memcpy(item->bbox_deg, m.bbox, sizeof(m.bbox));
	}
	shape_release(&s);
	shape_release(&whole);
	return rc;
}
