/*
 * shape.h - geometries as flat runs of points, and what of them lies inside a
 * rectangle.
 *
 * A shape is a number of parts: points, lines, or rings of which some are
 * holes. Its points are two arrays, so that a whole scene can be transformed
 * at once. Coordinates are those of the caller: degrees as read, later pixels.
 * A struct shape owns its arrays; a zeroed one is empty. Not for several
 * threads while one of them adds.
 *
 * Source: OGC 06-103r4 (Simple Features), section 8.2, well-known binary.
 */
#ifndef GEO_SHAPE_H
#define GEO_SHAPE_H

#include "geo/rtree.h"

enum shape_kind { SHAPE_POINT, SHAPE_LINE, SHAPE_AREA };

struct shape_part {
	size_t begin, end; /* points */
	size_t runs;       /* SIZE_MAX: not bounded, see shape_bound_runs() */
	bool hole;
};

struct shape {
	double *x, *y; /* [npoints] */
	size_t npoints, x_cap, y_cap;
	struct shape_part *parts; /* [nparts] */
	size_t nparts, parts_cap;
	struct rect *runs; /* [nruns] */
	size_t nruns, runs_cap;
};

#define SHAPE_INIT                                                             \
	{                                                                      \
		NULL, NULL, 0, 0, 0, NULL, 0, 0, NULL, 0, 0                    \
	}

void shape_release(struct shape *s);
void shape_add_point(struct shape *s, double x, double y);
/* Empties it, and keeps its room. */
void shape_reset(struct shape *s);
/* Makes the points from `begin` on a part. */
void shape_add_part(struct shape *s, size_t begin, bool hole);

/* The part behind `part`, an area's holes passed over. */
size_t shape_next(const struct shape *s, size_t part);

/*
 * Appends the parts of a WKB geometry: point, line string, polygon or the
 * multi form of one of them, in either byte order, with Z and M (dropped) and
 * a reference system (ignored) or without. An error names the byte offset;
 * the shape is then as it was. Coordinates that are not finite, lines and
 * geometries without points are errors; so is a collection of mixed kinds.
 */
int shape_add_wkb(struct shape *s, const uint8_t *p, size_t len,
	enum shape_kind *kind, struct err *err) MUST_USE;

/* The kind of a geometry that shape_add_wkb() has taken before. */
enum shape_kind shape_wkb_kind(const uint8_t *p, size_t len);

/* The bounds of points begin … end-1; end > begin. */
struct rect shape_bounds(const struct shape *s, size_t begin, size_t end);

/*
 * Adds to out, which is another shape, what of the rings of an area lies in r
 * once they are moved by dx: by clipping each with the four sides (Sutherland
 * and Hodgman, CACM 17(1), 1974; the edges that it leaves along the sides
 * enclose nothing). No side of them is longer than an eighth of r.
 */
void shape_clip(const struct shape *s, double dx, const struct rect *r,
	struct shape *out);

/*
 * Bounds the sides of the parts begin … end-1 in runs, so that shape_inside()
 * need not look at all of them: for long ones that are asked for often.
 */
void shape_bound_runs(struct shape *s, size_t begin, size_t end);

/* How much of a shape lies in a rectangle, and where. */
struct inside {
	double size; /* area; length of lines; number of points */
	double x, y; /* the centre of what is inside; when size > 0 */
};

/*
 * What of the parts begin … end-1 lies inside r: of areas the rings less the
 * holes, each by Green's theorem over its edges, moved into r (less than a
 * billionth of r is nothing); lines by clipping each segment (Liang and Barsky,
 * ACM TOG 3(1), 1984); points half
 * open: x0 <= x < x1. Rings may turn either way and need not repeat their
 * first point.
 */
struct inside shape_inside(const struct shape *s, size_t begin, size_t end,
	enum shape_kind kind, const struct rect *r);

#endif
