#include "base/base.h"
#include "osm/shape.h"
#include "geo/wkb.h"

size_t way_points_set(struct way_points *w, const struct osm_object *way,
	const struct nodes *nodes, int64_t *missing)
{
	size_t lost = 0;

	w->n = 0;
	xgrow(&w->lon, &w->lon_cap, way->nrefs, sizeof(*w->lon));
	xgrow(&w->lat, &w->lat_cap, way->nrefs, sizeof(*w->lat));
	for (size_t i = 0; i < way->nrefs; i++) {
		double lon, lat;

		if (!nodes_get(nodes, way->refs[i], &lon, &lat)) {
			if (!lost++)
				*missing = way->refs[i];
			continue;
		}
		w->lon[w->n] =
			w->n ? measure_unwrap(lon, w->lon[w->n - 1]) : lon;
		w->lat[w->n++] = lat;
	}
	return lost;
}

void way_points_release(struct way_points *w)
{
	free(w->lon);
	free(w->lat);
	*w = (struct way_points){NULL, NULL, 0, 0, 0};
}

const char *way_shape(const struct way_points *w, enum way_shape kind,
	struct measure *out)
{
	struct shape_part part = {0, w->n, false};
	struct shape s = {.x = w->lon,
		.y = w->lat,
		.npoints = w->n,
		.parts = &part,
		.nparts = 1};

	if (w->n < (kind == WAY_AREA ? 4 : 2))
		return "too few nodes";
	return shape_measure(&s, kind == WAY_AREA ? SHAPE_AREA : SHAPE_LINE,
		out);
}

void way_wkb(const struct way_points *w, enum way_shape kind, struct buf *b)
{
	double *lon = xcalloc(w->n, sizeof(*lon));

	for (size_t i = 0; i < w->n; i++)
		lon[i] = measure_wrap(w->lon[i]);
	if (kind == WAY_AREA)
		wkb_add_polygon(b, lon, w->lat, w->n);
	else
		wkb_add_line(b, lon, w->lat, w->n);
	free(lon);
}
