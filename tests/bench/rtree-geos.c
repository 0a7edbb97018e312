/*
 * rtree-geos - GEOS's STRtree through its C interface, for tests/bench/rtree.
 *
 * Queries take geometries, of which only the envelope counts: lines from corner
 * to corner, made before the clock runs.
 */
#include "rtree-bench.h"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

struct geos {
	GEOSContextHandle_t context;
	GEOSGeometry *lines[BLOCK];
	size_t n;
	struct pairs *pairs;
	size_t object;
};

static GEOSGeometry *line(GEOSContextHandle_t context, const struct box *b)
{
	double xy[4] = {b->x0, b->y0, b->x1, b->y1};

	return GEOSGeom_createLineString_r(context,
		GEOSCoordSeq_copyFromBuffer_r(context, xy, 2, 0, 0));
}

static void skip(void *item, void *arg)
{
	(void)item;
	(void)arg;
}

static void *index_new(const struct box *boxes, size_t n, const char *variant)
{
	GEOSContextHandle_t context = GEOS_init_r();
	GEOSSTRtree *tree = GEOSSTRtree_create_r(context,
		variant ? strtoul(variant, NULL, 10) : 10);
	GEOSGeometry *first = line(context, &boxes[0]);

	for (size_t i = 0; i < n; i++) {
		GEOSGeometry *g = line(context, &boxes[i]);

		/* it keeps the envelope only */
		GEOSSTRtree_insert_r(context, tree, g, (void *)i);
		GEOSGeom_destroy_r(context, g);
	}
	/* the first query builds it */
	GEOSSTRtree_query_r(context, tree, first, skip, NULL);
	GEOSGeom_destroy_r(context, first);
	return tree;
}

static void *room_new(void)
{
	static _Thread_local struct geos room;

	room.context = GEOS_init_r();
	return &room;
}

static void prepare(void *arg, const struct box *boxes, size_t n)
{
	struct geos *room = arg;

	while (room->n)
		GEOSGeom_destroy_r(room->context, room->lines[--room->n]);
	while (room->n < n) {
		room->lines[room->n] = line(room->context, &boxes[room->n]);
		room->n++;
	}
}

static void take(void *item, void *arg)
{
	struct geos *room = arg;

	pair(room->pairs, room->object, (size_t)item);
}

static void query(const void *index, void *arg, const struct box *boxes,
	size_t n, size_t first, struct pairs *pairs)
{
	struct geos *room = arg;

	(void)boxes;
	room->pairs = pairs;
	for (size_t i = 0; i < n; i++) {
		room->object = first + i;
		GEOSSTRtree_query_r(room->context, (GEOSSTRtree *)index,
			room->lines[i], take, room);
	}
}
