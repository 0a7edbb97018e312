#include "base/base.h"
#include "osm/shape.h"
#include "geo/geodesic.h"
#include "geo/ring.h"
#include "geo/wkb.h"

#include <math.h>

static const double min_area_m2 = 1e-3;

/* Into -180 … 180; what is there already stays as it is. */
static double wrap(double lon)
{
	return remainder(lon, 360);
}

/* lon, turned so that it lies within half a circle of its neighbour. */
static double unwrap(double lon, double before)
{
	return lon + 360 * round((before - lon) / 360);
}

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
		w->lon[w->n] = w->n ? unwrap(lon, w->lon[w->n - 1]) : lon;
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

static void set_bbox(const struct way_points *w, double bbox[4])
{
	double west = w->lon[0], east = west;

	bbox[1] = bbox[3] = w->lat[0];
	for (size_t i = 1; i < w->n; i++) {
		west = fmin(west, w->lon[i]);
		east = fmax(east, w->lon[i]);
		bbox[1] = fmin(bbox[1], w->lat[i]);
		bbox[3] = fmax(bbox[3], w->lat[i]);
	}
	bbox[0] = wrap(west);
	bbox[2] = wrap(east);
	if (east - west >= 360) {
		bbox[0] = -180;
		bbox[2] = 180;
	}
}

const char *way_shape(const struct way_points *w, enum way_shape kind,
	struct osm_shape *out)
{
	if (w->n < (kind == WAY_AREA ? 4 : 2))
		return "too few nodes";
	if (kind == WAY_AREA) {
		/* once round the globe: no ring in the plane */
		if (fabs(w->lon[w->n - 1] - w->lon[0]) > 180)
			return "encloses a pole";
		if (ring_point(w->lon, w->lat, w->n, &out->lon, &out->lat))
			return "encloses nothing";
		out->size = geodesic_area_m2(w->lon, w->lat, w->n - 1);
		if (out->size < min_area_m2)
			return "encloses nothing";
	} else {
		line_middle(w->lon, w->lat, w->n, &out->lon, &out->lat);
		out->size = geodesic_length_m(w->lon, w->lat, w->n);
		if (out->size <= 0)
			return "no length";
	}
	out->lon = wrap(out->lon);
	set_bbox(w, out->bbox);
	return NULL;
}

void way_wkb(const struct way_points *w, enum way_shape kind, struct buf *b)
{
	double *lon = xcalloc(w->n, sizeof(*lon));

	for (size_t i = 0; i < w->n; i++)
		lon[i] = wrap(w->lon[i]);
	if (kind == WAY_AREA)
		wkb_add_polygon(b, lon, w->lat, w->n);
	else
		wkb_add_line(b, lon, w->lat, w->n);
	free(lon);
}
