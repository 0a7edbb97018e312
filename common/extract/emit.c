/*
 * An object becomes a record, or two.
 */
#include "base/base.h"
#include "extract/priv.h"
#include "geo/wkb.h"

#include <inttypes.h>

static bool type_is(const struct osm_object *o, const char *type)
{
	for (size_t i = 0; i < o->ntags; i++)
		if (str_is(o->tags[i].key, "type"))
			return str_is(o->tags[i].value, type);
	return false;
}

bool is_area_relation(const struct osm_object *o)
{
	return type_is(o, "multipolygon") || type_is(o, "boundary");
}

int mark_relation(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err)
{
	struct extract *x = ctx;

	(void)b, (void)err;
	if (!is_area_relation(o))
		return 0;
	for (size_t i = 0; i < o->nmembers; i++)
		if (o->members[i].kind == OSM_WAY)
			idset_add(&x->members.wanted, o->members[i].id);
	return 0;
}

int mark_way(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err)
{
	struct extract *x = ctx;

	(void)b, (void)err;
	for (size_t i = 0; i < o->nrefs; i++)
		nodes_want(&x->nodes, o->refs[i]);
	return 0;
}

/* All places are asked for before the first is waited for. */
static void look_up(struct extract *x, struct room *room,
	const struct osm_object *way)
{
	xgrow(&room->places, &room->places_cap, way->nrefs,
		sizeof(*room->places));
	for (size_t i = 0; i < way->nrefs; i++) {
		room->places[i] = nodes_place(&x->nodes, way->refs[i]);
		if (room->places[i])
			__builtin_prefetch((const void *)room->places[i]);
	}
}

size_t find_places(struct extract *x, struct room *room,
	const struct osm_object *way, int64_t *missing)
{
	size_t lost = 0;

	room->npos = 0;
	xgrow(&room->pos, &room->pos_cap, way->nrefs, sizeof(*room->pos));
	if (!x->direct)
		look_up(x, room, way);
	for (size_t i = 0; i < way->nrefs; i++) {
		struct osm_pos *to = &room->pos[room->npos];
		bool there;

		if (x->direct) {
			*to = way->places ? way->places[i] : OSM_NOWHERE;
			there = osm_somewhere(*to);
		} else {
			there = nodes_read(room->places[i], to);
		}
		room->npos += there;
		if (!there && !lost++)
			*missing = way->refs[i];
	}
	return lost;
}

void keep_member(struct extract *x, struct osm_batch *b,
	const struct osm_object *way, const struct room *room, size_t missing)
{
	struct made *m = b->data;

	members_put(&x->members, b->worker, way->id,
		b->number << 32 | m->seen++, room->pos,
		missing ? 0 : room->npos);
}

static int emit_node(struct extract *x, struct osm_batch *b,
	const struct osm_object *node, struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	double lon = osm_degrees(node->pos.lon);
	double lat = osm_degrees(node->pos.lat);
	struct measure s = {lon, lat, {lon, lat, lon, lat}, 0};

	if (!osm_somewhere(node->pos)) {
		add_aside(b->data, 'n', node, FAULT, "bad position",
			"the file gives none that is on the globe");
		return 0;
	}
	buf_reset(&room->geom);
	if (x->o->geometry)
		wkb_add_point(&room->geom, lon, lat);
	return add_record(x, b->data, 'n', node, &s, NULL,
		x->o->geometry ? &room->geom : NULL, err);
}

/* The room's positions as a shape of one part, longitudes unwrapped. */
static void shape_from(struct room *room)
{
	struct shape *s = &room->shape;

	s->npoints = s->nparts = 0;
	for (size_t i = 0; i < room->npos; i++) {
		double lon = osm_degrees(room->pos[i].lon);

		if (i)
			lon = measure_unwrap(lon, s->x[i - 1]);
		shape_add_point(s, lon, osm_degrees(room->pos[i].lat));
	}
	shape_add_part(s, 0, false);
}

/* The shape, with longitudes wrapped again. */
static void geom_from(struct room *room, enum shape_kind kind, bool multi)
{
	struct shape *s = &room->shape;

	for (size_t i = 0; i < s->npoints; i++)
		s->x[i] = measure_wrap(s->x[i]);
	buf_reset(&room->geom);
	wkb_add_shape(&room->geom, s, kind, multi);
}

static int emit_shape(struct extract *x, struct osm_batch *b,
	const struct osm_object *o, char letter, enum shape_kind kind,
	struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	bool area = kind == SHAPE_AREA;
	struct measure s;
	const char *reason =
		room->shape.npoints < (area ? 4 : 2)
			? "too few nodes"
			: shape_measure(&room->shape, kind, &s);

	if (reason) {
		add_aside(b->data, letter, o, DROP, reason, "%s", "");
		return 0;
	}
	if (x->o->geometry)
		geom_from(room, kind, false);
	return add_record(x, b->data, letter, o, &s,
		area ? "area_m2" : "len_m",
		x->o->geometry ? &room->geom : NULL, err);
}

static int emit_way(struct extract *x, struct osm_batch *b,
	const struct osm_object *way, struct err *err)
{
	struct room *room = &x->rooms[b->worker];
	bool closed =
		way->nrefs >= 2 && way->refs[0] == way->refs[way->nrefs - 1];
	int64_t missing = 0;
	size_t lost = find_places(x, room, way, &missing);
	bool area;

	if (x->sorted && idset_has(&x->members.wanted, way->id))
		keep_member(x, b, way, room, lost);
	if (!way->flags)
		return 0;
	area = closed && area_rules_area(x->o->rules, way->tags, way->ntags);
	if (lost) {
		add_aside(b->data, area ? 'a' : 'w', way, DROP, "missing nodes",
			"%zu of %zu, the first is node %" PRId64, lost,
			way->nrefs, missing);
		return 0;
	}
	shape_from(room);
	return emit_shape(x, b, way, area ? 'a' : 'w',
		area ? SHAPE_AREA : SHAPE_LINE, err);
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
		break;
	}
	return 0;
}
