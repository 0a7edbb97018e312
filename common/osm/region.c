#include "base/base.h"
#include "osm/region.h"
#include "base/io.h"
#include "base/num.h"
#include "geo/polygon.h"
#include "json/json.h"

#include <math.h>

#define MAX_FILE (UINT64_C(256) << 20)

struct region {
	struct polygons *polygons;
	double (*points)[2]; /* [n_points] of the ring that is being read */
	size_t n_points, points_cap;
	size_t n_rings;
};

static int add_point(struct region *r, double lon, double lat, struct err *err)
{
	if (!(fabs(lon) <= 360 && fabs(lat) <= 90))
		return err_set(err, "%g, %g is no longitude, latitude", lon,
			lat);
	xgrow(&r->points, &r->points_cap, r->n_points + 1, sizeof(*r->points));
	r->points[r->n_points][0] = lon;
	r->points[r->n_points++][1] = lat;
	return 0;
}

static int end_ring(struct region *r, struct err *err)
{
	if (r->n_points < 3)
		return err_set(err, "a ring of %zu points encloses nothing",
			r->n_points);
	polygons_add_ring(r->polygons, (const double(*)[2])r->points,
		r->n_points);
	r->n_points = 0;
	r->n_rings++;
	return 0;
}

/* coordinates: [[lon, lat], …] */
static int add_json_ring(struct region *r, const struct jval *ring,
	struct err *err)
{
	double lon, lat;

	for (size_t i = 0; i < jval_count(ring); i++) {
		const struct jval *point = jval_at(ring, i);

		if (jval_f64(jval_at(point, 0), &lon) ||
			jval_f64(jval_at(point, 1), &lat))
			return err_set(err,
				"a ring's point %zu is no array of longitude "
				"and latitude",
				i + 1);
		if (add_point(r, lon, lat, err))
			return -1;
	}
	return end_ring(r, err);
}

static int add_json_polygon(struct region *r, const struct jval *rings,
	struct err *err)
{
	polygons_begin(r->polygons, false);
	for (size_t i = 0; i < jval_count(rings); i++)
		if (add_json_ring(r, jval_at(rings, i), err))
			return -1;
	return 0;
}

static int add_json(struct region *r, const struct jval *v, struct err *err);

static int add_json_all(struct region *r, const struct jval *list,
	const char *what, struct err *err)
{
	for (size_t i = 0; i < jval_count(list); i++)
		if (add_json(r, jval_at(list, i), err))
			return err_prefix(err, "%s %zu", what, i + 1);
	return 0;
}

/* A GeoJSON object of any type; how deep they nest, the parser limits. */
static int add_json(struct region *r, const struct jval *v, struct err *err)
{
	const struct jval *coordinates = jval_get(v, "coordinates");
	struct str type;

	if (jval_str(jval_get(v, "type"), &type))
		return err_set(err, "a GeoJSON object has a \"type\"");
	if (str_is(type, "FeatureCollection"))
		return add_json_all(r, jval_get(v, "features"), "feature", err);
	if (str_is(type, "GeometryCollection"))
		return add_json_all(r, jval_get(v, "geometries"), "geometry",
			err);
	if (str_is(type, "Feature"))
		return add_json(r, jval_get(v, "geometry"), err);
	if (str_is(type, "Polygon"))
		return add_json_polygon(r, coordinates, err);
	if (!str_is(type, "MultiPolygon"))
		return err_set(err, "a %.*s encloses nothing: give polygons",
			(int)MIN(type.len, 40), type.s);
	for (size_t i = 0; i < jval_count(coordinates); i++)
		if (add_json_polygon(r, jval_at(coordinates, i), err))
			return err_prefix(err, "polygon %zu", i + 1);
	return 0;
}

static int parse_geojson(struct region *r, struct str text, struct err *err)
{
	struct jval *root = jval_parse(text.s, text.len, err);
	int rc = root ? add_json(r, root, err) : -1;

	jval_free(root);
	return rc;
}

/* The next line that is not empty, without blanks around it; false: none. */
static bool next_line(struct str *rest, struct str *line, size_t *number)
{
	while (rest->len) {
		const char *nl = memchr(rest->s, '\n', rest->len);
		size_t n = nl ? (size_t)(nl - rest->s) : rest->len;

		*line = (struct str){rest->s, n};
		rest->s += n + (nl != NULL);
		rest->len -= n + (nl != NULL);
		++*number;
		while (line->len && (unsigned char)line->s[0] <= ' ') {
			line->s++;
			line->len--;
		}
		while (line->len &&
			(unsigned char)line->s[line->len - 1] <= ' ')
			line->len--;
		if (line->len)
			return true;
	}
	return false;
}

/* "lon lat", two numbers with blanks between them. */
static int parse_lonlat(struct region *r, struct str line, struct err *err)
{
	char text[128];
	char *space;
	double lon, lat;

	if (line.len < sizeof(text)) {
		memcpy(text, line.s, line.len);
		text[line.len] = '\0';
		space = text + strcspn(text, " \t");
		if (*space) {
			*space++ = '\0';
			space += strspn(space, " \t");
			if (!parse_f64(text, &lon) && !parse_f64(space, &lat))
				return add_point(r, lon, lat, err);
		}
	}
	return err_set(err,
		"'%.*s' is neither END nor a longitude and a latitude",
		(int)MIN(line.len, 60), line.s);
}

/*
 * A name; then sections of a name, points and END; then END. A section whose
 * name begins with '!' is cut out of those before it.
 */
static int parse_poly(struct region *r, struct str text, size_t *number,
	struct err *err)
{
	bool in_section = false;
	struct str line;

	if (!next_line(&text, &line, number))
		return err_set(err, "the file is empty");
	while (next_line(&text, &line, number)) {
		if (str_is(line, "END")) {
			if (!in_section)
				return 0;
			if (end_ring(r, err))
				return -1;
			in_section = false;
		} else if (in_section) {
			if (parse_lonlat(r, line, err))
				return -1;
		} else {
			polygons_begin(r->polygons, line.s[0] == '!');
			in_section = true;
		}
	}
	return err_set(err, "the file ends without its last END");
}

struct region *region_parse(const char *name, const char *text, size_t len,
	struct err *err)
{
	struct region *r = xcalloc(1, sizeof(*r));
	struct str s = str_skip_bom((struct str){text, len});
	size_t line = 0;
	int rc;

	while (s.len && (unsigned char)s.s[0] <= ' ' && s.s[0] != '\n') {
		s.s++;
		s.len--;
	}
	r->polygons = polygons_new();
	if (s.len && s.s[0] == '{') {
		rc = parse_geojson(r, s, err);
	} else {
		rc = parse_poly(r, s, &line, err);
		if (rc && line)
			err_prefix(err, "line %zu", line);
	}
	if (!rc && !r->n_rings)
		rc = err_set(err, "there is no polygon in it");
	if (rc) {
		err_prefix(err, "%s", name);
		region_free(r);
		return NULL;
	}
	polygons_seal(r->polygons);
	free(r->points);
	r->points = NULL;
	return r;
}

struct region *region_load(const char *path, struct err *err)
{
	struct buf text = BUF_INIT;
	struct region *r = NULL;

	if (!load_file(path, MAX_FILE, &text, err))
		r = region_parse(path, text.data, text.len, err);
	buf_release(&text);
	return r;
}

void region_free(struct region *r)
{
	if (!r)
		return;
	polygons_free(r->polygons);
	free(r->points);
	free(r);
}

bool region_holds(const struct region *r, double lon, double lat)
{
	const double *bounds = polygons_bounds(r->polygons);

	return polygons_hold(r->polygons, lon, lat) ||
	       (bounds[2] > 180 &&
		       polygons_hold(r->polygons, lon + 360, lat)) ||
	       (bounds[0] < -180 && polygons_hold(r->polygons, lon - 360, lat));
}
