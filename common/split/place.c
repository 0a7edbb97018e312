#include "base/base.h"
#include "split/place.h"
#include "geo/lonlat.h"
#include "geo/shape.h"

/* An array of four degrees: 1, 0 when it is not there, -1. */
static int read_box(const struct rec *r, const char *name, double box[4],
	struct err *err)
{
	int rc = rec_get_f64s(r, name, box, 4, err);

	if (rc > 0 && !lonlat_box_valid(box))
		return err_set(err,
			"'%s' is not [west, south, east, north] in degrees",
			name);
	return rc;
}

static int read_point(const struct rec *r, struct place *out, struct err *err)
{
	int lon = rec_get_f64(r, "lon", &out->lon, err);
	int lat = lon < 0 ? -1 : rec_get_f64(r, "lat", &out->lat, err);

	if (lat < 0)
		return -1;
	if (lon != lat)
		return err_set(err, "'lon' or 'lat' stands alone");
	if (lon && !lonlat_valid(out->lon, out->lat))
		return err_set(err,
			"%g, %g is no longitude and latitude in degrees",
			out->lon, out->lat);
	return lon;
}

static int read_geom(const struct rec *r, double box[4], struct err *err)
{
	struct shape shape = SHAPE_INIT;
	enum shape_kind kind;
	struct str wkb;
	struct rect b;
	int rc = rec_get_bin(r, "geom", &wkb, err);

	if (rc <= 0)
		return rc;
	rc = shape_add_wkb(&shape, (const uint8_t *)wkb.s, wkb.len, &kind, err);
	if (!rc) {
		b = shape_bounds(&shape, 0, shape.npoints);
		memcpy(box, (double[]){b.x0, b.y0, b.x1, b.y1}, sizeof(b));
		rc = lonlat_box_valid(box)
			     ? 1
			     : err_set(err, "'geom' is not in degrees");
	}
	shape_release(&shape);
	return rc;
}

static void take_middle(struct place *p)
{
	p->lon = lonlat_box_middle(p->box);
	p->lat = (p->box[1] + p->box[3]) / 2;
}

int place_read(const struct rec *r, enum place_of of, struct place *out,
	struct err *err)
{
	int box = 0, point;

	if (of == PLACE_PIXELS)
		box = read_box(r, "box", out->box, err);
	if (box) {
		take_middle(out);
		return box;
	}
	point = read_point(r, out, err);
	if (point < 0)
		return -1;
	box = read_box(r, "bbox", out->box, err);
	if (!box)
		box = read_geom(r, out->box, err);
	if (box < 0)
		return -1;
	if (!box && point)
		memcpy(out->box,
			(double[]){out->lon, out->lat, out->lon, out->lat},
			sizeof(out->box));
	if (box && !point)
		take_middle(out);
	return box || point;
}
