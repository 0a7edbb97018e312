#include "base/base.h"
#include "form/geometry.h"
#include "geo/lonlat.h"

static const struct {
	const char *name;
	enum shape_kind kind;
	bool multi;
	unsigned depth; /* of arrays around a position */
} types[] = {
	{"Point", SHAPE_POINT, false, 0},
	{"MultiPoint", SHAPE_POINT, true, 1},
	{"LineString", SHAPE_LINE, false, 1},
	{"MultiLineString", SHAPE_LINE, true, 2},
	{"Polygon", SHAPE_AREA, false, 2},
	{"MultiPolygon", SHAPE_AREA, true, 3},
};

/* Where the reading stands. */
struct reader {
	const char *p, *end;
	struct geometry *g;
	struct err *err;
};

static bool is_digit(const struct reader *r)
{
	return r->p < r->end && *r->p >= '0' && *r->p <= '9';
}

static bool pass(struct reader *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static void pass_blanks(struct reader *r)
{
	while (r->p < r->end && memchr(" \t\r\n", *r->p, 4))
		r->p++;
}

/* Blanks, then c. */
static bool pass_mark(struct reader *r, char c)
{
	pass_blanks(r);
	return pass(r, c);
}

static bool pass_digits(struct reader *r)
{
	if (!is_digit(r))
		return false;
	while (is_digit(r))
		r->p++;
	return true;
}

/* A number as JSON writes it (RFC 8259, section 6). */
static bool pass_number(struct reader *r)
{
	pass(r, '-');
	if (!pass(r, '0') && !pass_digits(r))
		return false;
	if (pass(r, '.') && !pass_digits(r))
		return false;
	if (pass(r, 'e') || pass(r, 'E')) {
		if (!pass(r, '+'))
			pass(r, '-');
		return pass_digits(r);
	}
	return true;
}

static int expected(const struct reader *r, const char *what)
{
	return err_set(r->err, "coordinates: %s expected at '%.*s'", what,
		(int)MIN(r->end - r->p, 20), r->p);
}

/* The text ends with a bracket: no number is its last byte. */
static int read_number(struct reader *r, double *out)
{
	const char *start;

	pass_blanks(r);
	start = r->p;
	if (!pass_number(r) || r->p == r->end) {
		r->p = start;
		return expected(r, "a number");
	}
	*out = strtod(start, NULL);
	return 0;
}

/* Behind its '['. */
static int read_position(struct reader *r)
{
	struct shape *s = &r->g->shape;
	double lon, lat, more;

	if (read_number(r, &lon))
		return -1;
	if (!pass_mark(r, ','))
		return expected(r, "a latitude");
	if (read_number(r, &lat))
		return -1;
	while (pass_mark(r, ','))
		if (read_number(r, &more))
			return -1;
	if (!pass_mark(r, ']'))
		return expected(r, "',' or ']'");
	if (!lonlat_valid(lon, lat))
		return err_set(r->err,
			"the position %.10g %.10g is not on the globe: "
			"swapped axes, or another reference system?",
			lon, lat);
	shape_add_point(s, lon, lat);
	if (r->g->kind == SHAPE_POINT)
		shape_add_part(s, s->npoints - 1, false);
	return 0;
}

/* The points from `begin` on are a line or a ring. */
static void end_part(struct reader *r, size_t begin, bool hole)
{
	struct shape *s = &r->g->shape;
	size_t last = s->npoints - 1;

	if (r->g->kind == SHAPE_AREA &&
		(s->x[begin] != s->x[last] || s->y[begin] != s->y[last]))
		shape_add_point(s, s->x[begin], s->y[begin]);
	shape_add_part(s, begin, hole);
}

#define TOP SIZE_MAX

/*
 * An array with `depth` levels of arrays between it and the numbers: the
 * number-th of its parent, or TOP. Only the topmost may be empty.
 */
static int read_array(struct reader *r, unsigned depth, size_t number)
{
	size_t begin = r->g->shape.npoints, n = 0;

	if (!pass_mark(r, '['))
		return expected(r, "'['");
	if (pass_mark(r, ']'))
		return number == TOP ? 0 : expected(r, "an element before");
	if (!depth)
		return read_position(r);
	do {
		if (read_array(r, depth - 1, n++))
			return -1;
	} while (pass_mark(r, ','));
	if (!pass_mark(r, ']'))
		return expected(r, "',' or ']'");
	if (depth == 1 && r->g->kind != SHAPE_POINT)
		end_part(r, begin, r->g->kind == SHAPE_AREA && number > 0);
	return 0;
}

int geometry_read(struct geometry *g, struct str type, struct str coordinates,
	struct err *err)
{
	struct reader r = {coordinates.s, coordinates.s + coordinates.len, g,
		err};

	*g = (struct geometry){.shape = SHAPE_INIT};
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (!str_is(type, types[i].name))
			continue;
		g->kind = types[i].kind;
		g->multi = types[i].multi;
		if (read_array(&r, types[i].depth, TOP))
			return -1;
		if (r.p != r.end)
			return expected(&r, "the end");
		return 0;
	}
	return err_set(err,
		"'%.*s' is not one of Point, LineString, Polygon and their "
		"multi forms",
		(int)MIN(type.len, 100), type.s);
}

void geometry_release(struct geometry *g)
{
	shape_release(&g->shape);
}
