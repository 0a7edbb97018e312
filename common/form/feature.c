#include "base/base.h"
#include "form/feature.h"
#include "base/num.h"
#include "json/json.h"
#include "rec/edit.h"
#include "rec/line.h"
#include "rec/pack.h"

#include <math.h>

void feature_room_release(struct feature_room *room)
{
	shape_release(&room->shape);
	buf_release(&room->packed);
}

static void add_position(double x, double y, struct buf *out)
{
	char text[F64_TEXT];

	buf_addc(out, '[');
	buf_add(out, text, f64_text_short(x, text));
	buf_addc(out, ',');
	buf_add(out, text, f64_text_short(y, text));
	buf_addc(out, ']');
}

/* Twice the area; more than 0: the points turn counterclockwise. */
static double turn(const double *x, const double *y, size_t n)
{
	double twice = 0;

	for (size_t i = 1; i + 1 < n; i++)
		twice += (x[i] - x[0]) * (y[i + 1] - y[0]) -
			 (x[i + 1] - x[0]) * (y[i] - y[0]);
	return twice;
}

static int add_ring(const struct shape *s, const struct shape_part *p,
	struct buf *out, struct err *err)
{
	const double *x = s->x + p->begin, *y = s->y + p->begin;
	size_t n = p->end - p->begin;
	bool back;

	if (n > 1 && x[0] == x[n - 1] && y[0] == y[n - 1])
		n--;
	if (n < 3)
		return err_set(err, "a ring of %zu points", n);
	back = p->hole ? turn(x, y, n) > 0 : turn(x, y, n) < 0;
	buf_addc(out, '[');
	for (size_t i = 0; i <= n; i++) {
		size_t at = back ? n - i : i;

		if (i)
			buf_addc(out, ',');
		add_position(x[at % n], y[at % n], out);
	}
	buf_addc(out, ']');
	return 0;
}

static int add_line(const struct shape *s, const struct shape_part *p,
	struct buf *out, struct err *err)
{
	if (p->end - p->begin < 2)
		return err_set(err, "a line of one point");
	buf_addc(out, '[');
	for (size_t i = p->begin; i < p->end; i++) {
		if (i > p->begin)
			buf_addc(out, ',');
		add_position(s->x[i], s->y[i], out);
	}
	buf_addc(out, ']');
	return 0;
}

/* The rings of a shape, each polygon's in brackets of their own. */
static int add_areas(const struct shape *s, struct buf *out, struct err *err)
{
	for (size_t i = 0; i < s->nparts; i++) {
		if (i)
			buf_adds(out, s->parts[i].hole ? "," : "],");
		if (!s->parts[i].hole)
			buf_addc(out, '[');
		if (add_ring(s, &s->parts[i], out, err))
			return -1;
	}
	buf_addc(out, ']');
	return 0;
}

static int add_shape(const struct shape *s, enum shape_kind kind,
	struct buf *out, struct err *err)
{
	static const char *const names[] = {"Point", "LineString", "Polygon"};
	size_t members = 0;
	bool multi;
	int rc = 0;

	for (size_t i = 0; i < s->nparts; i++)
		members += !s->parts[i].hole;
	multi = members != 1;
	buf_addf(out, "{\"type\":\"%s%s\",\"coordinates\":%s",
		multi ? "Multi" : "", names[kind], multi ? "[" : "");
	if (kind == SHAPE_AREA)
		rc = add_areas(s, out, err);
	for (size_t i = 0; i < s->nparts && kind != SHAPE_AREA && !rc; i++) {
		if (i)
			buf_addc(out, ',');
		if (kind == SHAPE_LINE)
			rc = add_line(s, &s->parts[i], out, err);
		else
			add_position(s->x[s->parts[i].begin],
				s->y[s->parts[i].begin], out);
	}
	buf_adds(out, multi ? "]}" : "}");
	return rc;
}

static void add_rect(struct shape *s, double w, double south, double e,
	double n)
{
	size_t begin = s->npoints;

	shape_add_point(s, w, south);
	shape_add_point(s, e, south);
	shape_add_point(s, e, n);
	shape_add_point(s, w, n);
	shape_add_part(s, begin, false);
}

/* A field west, south, east, north: 1 when it makes an area, 0, -1. */
static int read_box(const struct rec *r, const char *field, struct shape *s,
	struct err *err)
{
	double b[4];
	int rc = rec_get_f64s(r, field, b, 4, err);

	if (rc <= 0)
		return rc;
	if (!isfinite(b[0] + b[1] + b[2] + b[3]) || b[0] == b[2] ||
		b[1] >= b[3])
		return 0;
	if (b[0] < b[2]) {
		add_rect(s, b[0], b[1], b[2], b[3]);
		return 1;
	}
	if (b[0] < 180)
		add_rect(s, b[0], b[1], 180, b[3]);
	if (b[2] > -180)
		add_rect(s, -180, b[1], b[2], b[3]);
	return s->nparts > 0;
}

static int read_point(const struct rec *r, struct shape *s, struct err *err)
{
	double lon, lat;
	int rc = rec_get_f64(r, "lon", &lon, err);

	if (rc > 0)
		rc = rec_get_f64(r, "lat", &lat, err);
	if (rc <= 0)
		return rc;
	if (!isfinite(lon) || !isfinite(lat))
		return 0;
	shape_add_point(s, lon, lat);
	shape_add_part(s, 0, false);
	return 1;
}

/* Where the record is: 1, 0 when it does not say, -1. */
static int read_place(const struct rec *r, struct shape *s,
	enum shape_kind *kind, struct err *err)
{
	struct str wkb;
	int rc = rec_get_bin(r, "geom", &wkb, err);

	shape_reset(s);
	if (rc > 0 &&
		shape_add_wkb(s, (const uint8_t *)wkb.s, wkb.len, kind, err))
		return err_prefix(err, "field 'geom'");
	if (rc)
		return rc;
	*kind = SHAPE_AREA;
	rc = read_box(r, "box", s, err);
	if (!rc)
		rc = read_box(r, "bbox", s, err);
	if (rc)
		return rc;
	*kind = SHAPE_POINT;
	return read_point(r, s, err);
}

/* What GeoJSON takes as an id: a string or a number. */
static bool add_id(const struct rec *r, struct buf *out)
{
	struct val v;
	struct str s;
	double x;

	if (!rec_get(r, "id", &v))
		return false;
	if (!val_str(v, &s)) {
		if (!utf8_valid(s.s, s.len))
			return false;
		buf_adds(out, "\"id\":");
		json_add_str(out, s.s, s.len);
	} else {
		int64_t i;

		if (val_f64(v, &x) || !isfinite(x) || val_is_f32(v) ||
			(val_type(v) == VAL_INT && val_i64(v, &i)))
			return false;
		buf_adds(out, "\"id\":");
		if (line_from_val(v, out, &(struct err){""}))
			return false;
	}
	buf_addc(out, ',');
	return true;
}

int feature_add(struct feature_room *room, const struct rec *r, struct buf *out,
	const char **reason, struct err *err)
{
	struct buf *packed = &room->packed;
	enum shape_kind kind = SHAPE_POINT;
	bool has_id;
	int rc;

	buf_adds(out, "{\"type\":\"Feature\",");
	has_id = add_id(r, out);
	buf_adds(out, "\"geometry\":");
	*reason = "bad geometry";
	rc = read_place(r, &room->shape, &kind, err);
	if (!rc)
		buf_adds(out, "null");
	if (rc < 0 || (rc > 0 && add_shape(&room->shape, kind, out, err)))
		return -1;
	*reason = "no JSON";
	buf_adds(out, ",\"properties\":");
	buf_reset(packed);
	rec_pack_text(r, has_id ? "id" : NULL, packed);
	if (line_from_rec(buf_val(packed), out, err))
		return -1;
	buf_addc(out, '}');
	return 0;
}
