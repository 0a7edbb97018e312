/*
 * Relations: areas of multipolygons and boundaries, and, when they are asked
 * for, the lines or points that others are made of.
 */
#include "base/base.h"
#include "extract/priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static bool type_is(const struct osm_object *o, const char *type)
{
	for (size_t i = 0; i < o->ntags; i++)
		if (str_is(o->tags[i].key, "type"))
			return str_is(o->tags[i].value, type);
	return false;
}

static bool is_area(const struct osm_object *o)
{
	return type_is(o, "multipolygon") || type_is(o, "boundary");
}

static unsigned type_of(const struct osm_object *o)
{
	return is_area(o) ? EXPR_RELATION_AREA : EXPR_RELATION;
}

/* The tag `type` alone does not say what an area is. */
bool is_asked_for(void *ctx, const struct osm_object *o)
{
	const struct extract *x = ctx;

	return x->o->relations || (is_area(o) && o->ntags > 1);
}

int mark_relation(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err)
{
	struct extract *x = ctx;

	(void)b, (void)err;
	if (!is_asked_for(x, o) || choose(x, o, type_of(o), NULL) == EXPR_NO)
		return 0;
	for (size_t i = 0; i < o->nmembers; i++) {
		const struct osm_member *m = &o->members[i];

		if (m->kind == OSM_WAY)
			idset_add(&x->members.wanted, m->id);
		else if (m->kind == OSM_NODE && !x->nodes.all && !is_area(o))
			nodes_want(&x->nodes, &m->id, 1);
	}
	return 0;
}

/* What a relation lacks. */
struct lack {
	size_t n;
	const struct osm_member *first;
};

static void add_lack(struct lack *lack, const struct osm_member *m)
{
	if (!lack->n++)
		lack->first = m;
}

/* The member ways that are whole, into the room. */
static void gather_ways(struct extract *x, struct room *room,
	const struct osm_object *o, struct lack *lack)
{
	room->nways = 0;
	xgrow(&room->ways, &room->ways_cap, o->nmembers, sizeof(*room->ways));
	for (size_t i = 0; i < o->nmembers; i++) {
		const struct osm_member *m = &o->members[i];
		struct ring_way *way = &room->ways[room->nways];

		if (m->kind != OSM_WAY)
			continue;
		way->id = m->id;
		way->points =
			x->o->versions
				? find_member_then(x, room, m->id, &way->n)
				: members_get(&x->members, m->id, &way->n);
		if (way->points && way->n)
			room->nways++;
		else
			add_lack(lack, m);
	}
}

static void add_point(struct shape *s, struct geo_pos pos)
{
	shape_add_point(s, osm_degrees(pos.lon), osm_degrees(pos.lat));
}

static bool find_node(const struct extract *x, const struct room *room,
	int64_t id, struct geo_pos *pos)
{
	struct node_place place;

	if (x->o->versions)
		*pos = moves_at(&x->moves, id, room->now);
	else
		nodes_get(&x->nodes, &id, 1, &place, pos);
	return osm_somewhere(*pos);
}

/* The node members, each a part of the room's shape. */
static void gather_nodes(struct extract *x, struct room *room,
	const struct osm_object *o, struct lack *lack)
{
	struct shape *s = &room->shape;

	for (size_t i = 0; i < o->nmembers; i++) {
		const struct osm_member *m = &o->members[i];
		struct geo_pos pos;

		if (m->kind != OSM_NODE)
			continue;
		if (!find_node(x, room, m->id, &pos)) {
			add_lack(lack, m);
			continue;
		}
		add_point(s, pos);
		shape_add_part(s, s->npoints - 1, false);
	}
}

/* The ways as parts of the room's shape: lines, or points each. */
static void shape_of_ways(struct room *room, bool points)
{
	struct shape *s = &room->shape;

	for (size_t i = 0; i < room->nways; i++) {
		size_t begin = s->npoints;

		for (size_t j = 0; j < room->ways[i].n; j++) {
			add_point(s, room->ways[i].points[j]);
			if (points)
				shape_add_part(s, s->npoints - 1, false);
		}
		if (!points)
			shape_add_part(s, begin, false);
	}
}

static int emit_incomplete(struct extract *x, struct osm_batch *b,
	const struct osm_object *o, const struct lack *lack, struct err *err)
{
	char detail[100];

	snprintf(detail, sizeof(detail), "%zu of %zu, the first is %s %" PRId64,
		lack->n, o->nmembers,
		lack->first->kind == OSM_WAY ? "way" : "node", lack->first->id);
	shape_of_ways(&x->rooms[b->worker], true);
	return emit_broken(x, b, o, type_of(o), "missing members", detail, err);
}

static int emit_area(struct extract *x, struct osm_batch *b,
	const struct osm_object *o, struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	struct ring_fault fault = {0, 0, 0, 0};
	char detail[160] = "";
	const char *reason;
	struct measure s;

	if (!room->rings)
		room->rings = rings_new();
	reason = rings_area(room->rings, room->ways, room->nways, &room->shape,
		&fault);
	if (!reason)
		reason = shape_measure(&room->shape, SHAPE_AREA, &s);
	if (!reason &&
		!is_chosen(x, b->worker, o, EXPR_RELATION_AREA, &s, EXPR_MAYBE))
		return 0;
	if (!reason)
		return add_record(x, b->data, 'r', o, &s, SIZE_AREA,
			geom_of(x, room, SHAPE_AREA), err);
	if (fault.way)
		snprintf(detail, sizeof(detail),
			"way %" PRId64 "%s%.0" PRId64 ", at %.7f %.7f",
			fault.way, fault.other ? " and way " : "", fault.other,
			fault.lon, fault.lat);
	shape_reset(&room->shape);
	shape_of_ways(room, true);
	return emit_broken(x, b, o, EXPR_RELATION_AREA, reason, detail, err);
}

/* A relation that is no area: its ways, or, without these, its nodes. */
static int emit_other(struct extract *x, struct osm_batch *b,
	const struct osm_object *o, struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	bool lines = room->nways > 0;
	const char *reason;
	struct measure s;

	if (lines) {
		shape_reset(&room->shape);
		shape_of_ways(room, false);
		shape_unwrap(&room->shape);
	}
	reason = !room->shape.nparts
			 ? "no members"
			 : shape_measure(&room->shape,
				   lines ? SHAPE_LINE : SHAPE_POINT, &s);
	if (reason) {
		room->shape.nparts = 0;
		return emit_broken(x, b, o, EXPR_RELATION, reason, "", err);
	}
	if (!lines)
		s.size = (double)NAN;
	if (!is_chosen(x, b->worker, o, EXPR_RELATION, &s, EXPR_MAYBE))
		return 0;
	return add_record(x, b->data, 'r', o, &s,
		lines ? SIZE_LENGTH : SIZE_NONE,
		geom_of(x, room, lines ? SHAPE_LINE : SHAPE_POINT), err);
}

int emit_relation(struct extract *x, struct osm_batch *b,
	const struct osm_object *o, struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	struct lack lack = {0, NULL};
	bool area = is_area(o);

	if (!is_asked_for(x, o))
		return 0;
	if (choose(x, o, type_of(o), NULL) == EXPR_NO) { /* counts it */
		(void)is_chosen(x, b->worker, o, type_of(o), NULL, EXPR_NO);
		return 0;
	}
	shape_reset(&room->shape);
	gather_ways(x, room, o, &lack);
	if (!area)
		gather_nodes(x, room, o, &lack);
	if (lack.n)
		return emit_incomplete(x, b, o, &lack, err);
	return area ? emit_area(x, b, o, err) : emit_other(x, b, o, err);
}
