/*
 * An object becomes a record, or two.
 */
#include "base/base.h"
#include "extract/priv.h"
#include "geo/wkb.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

int mark_way(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err)
{
	struct extract *x = ctx;

	(void)b, (void)err;
	/* a closed way may be either: which does not matter enough here */
	if (select_has_tests(x->o->select) &&
		!idset_has(&x->members.wanted, o->id) &&
		choose(x, o, EXPR_LINE | EXPR_WAY_AREA, NULL) == EXPR_NO)
		return 0;
	nodes_want(&x->nodes, o->refs, o->nrefs);
	return 0;
}

size_t find_places(struct extract *x, struct room *room,
	const struct osm_object *way, int64_t *missing)
{
	const struct geo_pos *from = way->places;
	size_t lost = 0;

	if (x->o->versions)
		return find_places_then(x, room, way, missing);
	xgrow(&room->pos, &room->pos_cap, way->nrefs, sizeof(*room->pos));
	if (!x->direct) {
		xgrow(&room->places, &room->places_cap, way->nrefs,
			sizeof(*room->places));
		nodes_get(&x->nodes, way->refs, way->nrefs, room->places,
			room->pos);
		from = room->pos;
	}
	room->npos = 0;
	for (size_t i = 0; i < way->nrefs; i++) {
		struct geo_pos pos = from ? from[i] : OSM_NOWHERE;

		if (osm_somewhere(pos))
			room->pos[room->npos++] = pos;
		else if (!lost++)
			*missing = way->refs[i];
	}
	return lost;
}

void keep_member(struct extract *x, struct osm_batch *b,
	const struct osm_object *way, const struct room *room, size_t missing)
{
	struct made *m = b->data;

	xgrow(&m->ways, &m->ways_cap, m->nways + 1, sizeof(*m->ways));
	m->ways[m->nways++] = members_keep(&x->members, b->worker, way->id,
		room->pos, missing ? 0 : room->npos);
}

static int emit_node(struct extract *x, struct osm_batch *b,
	const struct osm_object *node, struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	struct measure s = no_measure();

	if (osm_somewhere(node->pos)) {
		double lon = osm_degrees(node->pos.lon);
		double lat = osm_degrees(node->pos.lat);

		s = (struct measure){lon, lat, {lon, lat, lon, lat}, 0};
	}
	if (!is_chosen(x, b->worker, node, EXPR_NODE, &s, EXPR_MAYBE))
		return 0;
	if (!osm_somewhere(node->pos)) {
		add_aside(b->data, 'n', node, FAULT, "bad position", "%s",
			"the file gives none that is on the globe");
		return 0;
	}
	buf_reset(&room->geom);
	if (x->o->geometry)
		wkb_add_point(&room->geom, s.lon, s.lat);
	return add_record(x, b->data, 'n', node, &s, SIZE_NONE,
		x->o->geometry ? &room->geom : NULL, err);
}

/* Of ids: a line, an area from a way, a relation. */
static char letter_of(unsigned type)
{
	return type == EXPR_LINE ? 'w' : type == EXPR_WAY_AREA ? 'a' : 'r';
}

const struct buf *geom_of(struct extract *x, struct room *room,
	enum shape_kind kind)
{
	struct shape *s = &room->shape;

	if (!x->o->geometry)
		return NULL;
	for (size_t i = 0; i < s->npoints; i++)
		s->x[i] = measure_wrap(s->x[i]);
	buf_reset(&room->geom);
	wkb_add_shape(&room->geom, s, kind, shape_next(s, 0) < s->nparts);
	return &room->geom;
}

int emit_broken(struct extract *x, struct osm_batch *b,
	const struct osm_object *o, unsigned type, const char *reason,
	const char *detail, struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	char letter = letter_of(type);
	struct measure s = no_measure();
	bool there = x->o->keep_broken && room->shape.nparts &&
		     !shape_measure(&room->shape, SHAPE_POINT, &s);

	if (!there)
		s = no_measure();
	s.size = (double)NAN;
	if (!is_chosen(x, b->worker, o, type, &s, EXPR_MAYBE))
		return 0;
	if (there)
		return add_record(x, b->data, letter, o, &s, SIZE_NONE, NULL,
			err);
	add_aside(b->data, letter, o, DROP, reason, "%s", detail);
	return 0;
}

/* A way without all of its nodes: those that are there. */
static int emit_broken_way(struct extract *x, struct osm_batch *b,
	const struct osm_object *way, unsigned type, size_t lost,
	int64_t missing, struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	char detail[100];

	shape_reset(&room->shape);
	for (size_t i = 0; i < room->npos; i++) {
		shape_add_point(&room->shape, osm_degrees(room->pos[i].lon),
			osm_degrees(room->pos[i].lat));
		shape_add_part(&room->shape, i, false);
	}
	snprintf(detail, sizeof(detail),
		"%zu of %zu, the first is node %" PRId64, lost, way->nrefs,
		missing);
	return emit_broken(x, b, way, type, "missing nodes", detail, err);
}

static int emit_whole_way(struct extract *x, struct osm_batch *b,
	const struct osm_object *way, unsigned type, enum expr_answer answer,
	struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	bool area = type == EXPR_WAY_AREA;
	struct measure s;
	const char *reason = room->npos < (area ? 4 : 2) ? "too few nodes"
			     : area ? measure_ring(room->pos, room->npos, &s)
				    : measure_line(room->pos, room->npos, &s);

	if (reason) {
		room->shape.nparts = 0;
		return emit_broken(x, b, way, type, reason, "", err);
	}
	if (!is_chosen(x, b->worker, way, type, &s, answer))
		return 0;
	buf_reset(&room->geom);
	if (x->o->geometry)
		wkb_add_positions(&room->geom, room->pos, room->npos, area);
	return add_record(x, b->data, letter_of(type), way, &s,
		area ? SIZE_AREA : SIZE_LENGTH,
		x->o->geometry ? &room->geom : NULL, err);
}

static int emit_way(struct extract *x, struct osm_batch *b,
	const struct osm_object *way, struct err *err)
{
	static const unsigned way_type[] = {EXPR_LINE, EXPR_WAY_AREA};
	struct room *room = &x->rooms[b->worker];
	bool member = x->sorted && idset_has(&x->members.wanted, way->id);
	enum expr_answer answers[] = {EXPR_NO, EXPR_NO};
	unsigned types = way_types(x, b, way);
	int64_t missing = 0;
	size_t lost;
	int rc = 0;

	for (int i = 0; i < 2; i++) {
		unsigned type = types & way_type[i];

		if (type)
			answers[i] = choose(x, way, type, NULL);
		if (type && answers[i] == EXPR_NO) /* counts it */
			(void)is_chosen(x, b->worker, way, type, NULL, EXPR_NO);
	}
	if (answers[0] == EXPR_NO && answers[1] == EXPR_NO && !member)
		return 0;
	lost = find_places(x, room, way, &missing);
	if (member)
		keep_member(x, b, way, room, lost);
	for (int i = 0; i < 2 && !rc; i++) {
		if (answers[i] == EXPR_NO)
			continue;
		rc = lost ? emit_broken_way(x, b, way, way_type[i], lost,
				    missing, err)
			  : emit_whole_way(x, b, way, way_type[i], answers[i],
				    err);
	}
	return rc;
}

int emit_object(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err)
{
	struct extract *x = ctx;

	switch (o->kind) {
	case OSM_NODE:
		return emit_node(x, b, o, err);
	case OSM_WAY:
		return emit_way(x, b, o, err);
	case OSM_RELATION:
		return emit_relation(x, b, o, err);
	}
	return 0;
}
