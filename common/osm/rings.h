/*
 * rings.h - the area of a multipolygon or boundary relation, from its ways.
 *
 * The ways' segments bound the area by the even-odd rule, in whatever order
 * and direction they come: roles do not matter, nor which way a segment is of.
 * Points join where their positions are the same. A way that comes twice counts
 * once; a segment that two ways have, or one way has twice, counts for nothing,
 * so that areas on both sides of it are one. Rings may meet in points. What
 * comes out is valid as OGC 06-103r4 has it (section 6.1.14): no ring meets
 * itself, holes lie within the outer ring before them, and a ring that would
 * cut an area in two makes it two.
 */
#ifndef OSM_RINGS_H
#define OSM_RINGS_H

#include "geo/shape.h"
#include "osm/osm.h"

struct ring_way {
	const struct geo_pos *points; /* [n] */
	size_t n;
	int64_t id;
};

/* Where an area went wrong. */
struct ring_fault {
	int64_t way, other; /* the ways there; other: 0 where there is one */
	double lon, lat;    /* degrees */
};

/* Room, used again from one area to the next: one per thread. */
struct rings;

struct rings *rings_new(void);
void rings_free(struct rings *r);

/*
 * Makes `out` the area: each outer ring, counterclockwise, with its holes
 * behind it, clockwise, all closed, from their leftmost point on; degrees,
 * unwrapped where a segment goes across the antimeridian (the short way round).
 * NULL, or why there is no area, a constant, with *fault:
 *	"open ring"
 *	"crosses itself"
 *	"touches itself" (a point of one segment within another one)
 *	"encloses nothing" (that is nowhere: *fault is zero)
 *	"position off the globe"
 *	"goes round the globe" (segments cross both the meridians 0 and 180)
 *	"too many points" (2^31)
 * Time: n log n in points. Memory: 110 bytes a point.
 */
const char *rings_area(struct rings *r, const struct ring_way *ways, size_t n,
	struct shape *out, struct ring_fault *fault) MUST_USE;

#endif
