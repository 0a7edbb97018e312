#include "base/base.h"
#include "join/object.h"

#include <math.h>

#include "geo/lonlat.h"

/* The two maps must be what they are said to be: later nobody looks again. */
static int check_map(struct val map, bool numbers, const char *name,
	struct err *err)
{
	struct val_iter it;
	struct val key, val;
	struct str s;
	double number;

	if (!map.len)
		return 0;
	for (it = val_iter(map); val_next(&it, &key, &val);) {
		if (val_str(key, &s))
			return err_set(err, "a key of '%s' is no string", name);
		if (numbers && (val_f64(val, &number) || !(number > 0)))
			return err_set(err,
				"'%s' of '%.*s' is no pixel size in metres",
				name, (int)MIN(s.len, 100), s.s);
		if (!numbers && val_str(val, &s))
			return err_set(err, "a value of '%s' is no string",
				name);
	}
	return 0;
}

static int read_tags(struct object *o, const struct rec *rec, bool check,
	struct err *err)
{
	if (rec_get_map(rec, "tags", &o->tags, err) < 0 ||
		rec_get_map(rec, "tag_gsd_m", &o->tag_gsd_m, err) < 0)
		return -1;
	if (check && (check_map(o->tags, false, "tags", err) ||
			     check_map(o->tag_gsd_m, true, "tag_gsd_m", err)))
		return -1;
	return 0;
}

static int read_sizes(struct object *o, const struct rec *rec, struct err *err)
{
	double number;

	if (rec_get_f64(rec, "area_m2", &number, err) < 0 ||
		rec_get_f64(rec, "len_m", &number, err) < 0)
		return -1;
	if (!rec_get(rec, "area_m2", &o->area_m2))
		o->area_m2.len = 0;
	if (!rec_get(rec, "len_m", &o->len_m))
		o->len_m.len = 0;
	return 0;
}

static int read_time(const struct rec *rec, const char *name, int64_t *out,
	struct err *err)
{
	struct val v;
	uint64_t time;

	if (!rec_get(rec, name, &v))
		return 0;
	if (val_u64(v, &time) || time > INT64_MAX)
		return err_set(err, "'%s' is no Unix time in whole seconds",
			name);
	*out = (int64_t)time;
	return 0;
}

static int read_times(struct object *o, const struct rec *rec, struct err *err)
{
	o->valid_from = INT64_MIN;
	o->valid_to = INT64_MAX;
	if (read_time(rec, "ts", &o->ts, err) ||
		read_time(rec, "valid_from", &o->valid_from, err) ||
		read_time(rec, "valid_to", &o->valid_to, err))
		return -1;
	return 0;
}

static int read_halo(struct object *o, const struct rec *rec, struct err *err)
{
	struct val v;

	if (!rec_get(rec, "halo", &v))
		return 0;
	if (val_bool(v, &o->halo))
		return err_set(err, "'halo' is %s instead of a bool",
			val_type_name(val_type(v)));
	return 0;
}

static int check_points(const struct shape *s, struct err *err)
{
	for (size_t i = 0; i < s->npoints; i++)
		if (!lonlat_valid(s->x[i], s->y[i]))
			return err_set(err,
				"%g, %g is no longitude and latitude in "
				"degrees",
				s->x[i], s->y[i]);
	return 0;
}

/* What a record without geometry is, by the letter of its id. */
static enum shape_kind kind_of(const struct object *o, bool has_bbox)
{
	char letter = o->id.s[0];

	if (letter == 'w')
		return SHAPE_LINE;
	if (letter == 'a')
		return SHAPE_AREA;
	if (letter == 'n' || !has_bbox)
		return SHAPE_POINT;
	return o->bbox[0] == o->bbox[2] && o->bbox[1] == o->bbox[3]
		       ? SHAPE_POINT
		       : SHAPE_AREA;
}

/* The bbox of a record that has none. */
static int find_bbox(struct object *o, const struct shape *shape,
	bool has_point, struct err *err)
{
	double *box = o->bbox;

	if (o->geom.len) {
		struct rect r = shape_bounds(shape, 0, shape->npoints);

		memcpy(box, (double[]){r.x0, r.y0, r.x1, r.y1}, sizeof(r));
		return 0;
	}
	if (o->kind == SHAPE_AREA)
		return err_set(err, "no 'geom' and no 'bbox'");
	if (!has_point)
		return err_set(err,
			"no 'geom', no 'bbox' and no 'lon' and 'lat'");
	box[0] = box[2] = o->lon;
	box[1] = box[3] = o->lat;
	return 0;
}

/* Whether the numbers that a record gives for its place are some. */
static int check_place(const struct object *o, bool point, bool bbox,
	struct err *err)
{
	if (point && !lonlat_valid(o->lon, o->lat))
		return err_set(err,
			"%g, %g is no longitude and latitude in "
			"degrees",
			o->lon, o->lat);
	if (bbox && !lonlat_box_valid(o->bbox))
		return err_set(err, "'bbox' is not [west, south, east, north] "
				    "in degrees");
	return 0;
}

/*
 * Where the object is. A bbox in the record goes before the geometry's
 * bounds: only it can say that the antimeridian is crossed.
 */
static int read_place(struct object *o, const struct rec *rec,
	const struct shape *shape, struct err *err)
{
	int lon = rec_get_f64(rec, "lon", &o->lon, err);
	int lat = lon < 0 ? -1 : rec_get_f64(rec, "lat", &o->lat, err);
	int bbox = lat < 0 ? -1 : rec_get_f64s(rec, "bbox", o->bbox, 4, err);

	if (bbox < 0)
		return -1;
	if (lon != lat)
		return err_set(err, "'lon' or 'lat' stands alone");
	if (check_place(o, lon, bbox, err))
		return -1;
	if (!o->geom.len)
		o->kind = kind_of(o, bbox);
	if (!bbox && !shape && o->geom.len) {
		o->lat = lon ? o->lat : NAN;
		return 0;
	}
	if (!bbox && find_bbox(o, shape, lon, err) < 0)
		return -1;
	if (!lon) {
		o->lon = lonlat_box_middle(o->bbox);
		o->lat = (o->bbox[1] + o->bbox[3]) / 2;
	}
	return 0;
}

static int read_geom(struct object *o, const struct rec *rec,
	struct shape *shape, struct err *err)
{
	if (shape)
		shape_reset(shape);
	if (rec_get_bin(rec, "geom", &o->geom, err) < 0)
		return -1;
	if (!rec_has(rec, "geom"))
		return 0;
	if (!shape) {
		o->kind =
			shape_wkb_kind((const uint8_t *)o->geom.s, o->geom.len);
		return 0;
	}
	if (shape_add_wkb(shape, (const uint8_t *)o->geom.s, o->geom.len,
		    &o->kind, err))
		return -1;
	return check_points(shape, err);
}

int object_read(struct object *o, const struct rec *rec, struct shape *shape,
	const char **reason, struct err *err)
{
	*o = (struct object){.kind = SHAPE_POINT};
	*reason = "no id";
	if (rec_get_str(rec, "id", &o->id, err) < 0)
		return -1;
	if (!o->id.len)
		return err_set(err, "'id' is missing or empty");
	*reason = "broken tags";
	if (read_tags(o, rec, shape, err))
		return -1;
	*reason = "broken field";
	if (read_sizes(o, rec, err) || read_times(o, rec, err) ||
		read_halo(o, rec, err))
		return -1;
	*reason = "broken geometry";
	if (read_geom(o, rec, shape, err))
		return -1;
	*reason = "broken position";
	return read_place(o, rec, shape, err);
}
