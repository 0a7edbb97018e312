/*
 * Objects one by one: nodes that are not dense, ways, relations.
 */
#include "base/base.h"
#include "osm/block.h"

#include <inttypes.h>

/*
 * The fields of an object, each once. They are not zeroed, for that would take
 * as long as reading them: `seen` says which are there.
 */
enum {
	ID = 1,
	KEYS = 2,
	VALS = 3,
	INFO = 4,
	LAT = 8, /* of nodes, numbers */
	LON = 9,
	REFS = 8, /* of ways: nodes */
	LATS = 9, /* and where they lie */
	LONS = 10,
	ROLES = 8, /* of relations: the members' */
	IDS = 9,
	TYPES = 10,
	FIELDS = 11,
};

struct plain {
	unsigned seen;  /* bits by field number */
	unsigned flags; /* of all keys */
	int64_t id;
	uint64_t lat, lon;          /* of nodes, zigzag */
	struct wire fields[FIELDS]; /* those that are lists or messages */
};

static struct wire field(const struct plain *e, unsigned number)
{
	return e->seen >> number & 1 ? e->fields[number]
				     : (struct wire){NULL, NULL};
}

/* Whether the field is a number, by the kind. */
static bool is_number(uint32_t number, bool node)
{
	return number == ID || (node && (number == LAT || number == LON));
}

/* The bits of all keys. */
static int plain_flags(struct block *b, struct plain *e, struct err *err)
{
	struct wire keys = field(e, KEYS);
	uint64_t key;

	e->flags = 0;
	while (keys.p < keys.end) {
		int bits;

		if (!wire_varint(&keys, &key))
			return err_set(err,
				"the keys of object %" PRId64 " are damaged",
				e->id);
		bits = block_key(b, key, err);
		if (bits < 0)
			return -1;
		e->flags |= (unsigned)bits;
	}
	return 0;
}

static int keep_field(struct plain *e, const struct wire_field *f, bool node,
	struct err *err)
{
	bool number = is_number(f->number, node);

	if (f->type != (number ? WIRE_VARINT : WIRE_BYTES) ||
		e->seen >> f->number & 1)
		return err_set(err,
			"field %u of an object is damaged, or stands there "
			"twice",
			f->number);
	e->seen |= 1U << f->number;
	if (!number)
		e->fields[f->number] = f->bytes;
	else if (f->number == ID)
		e->id = node ? wire_zigzag(f->varint) : (int64_t)f->varint;
	else
		*(f->number == LAT ? &e->lat : &e->lon) = f->varint;
	return 0;
}

/* By its keys: 1, 0 when it is not wanted, -1. */
static int ask(struct block *b, struct plain *e, enum osm_kind kind,
	struct err *err)
{
	if (plain_flags(b, e, err))
		return -1;
	return block_wants(b, kind, e->id, e->flags);
}

/*
 * The fields of an object: 1; 0 when its id and keys, which mostly come first,
 * say that it is not wanted; -1.
 */
static int read_plain(struct block *b, struct plain *e, struct wire w,
	enum osm_kind kind, struct err *err)
{
	bool node = kind == OSM_NODE, asked = node || b->scanning;
	const unsigned needed = node ? 1 << ID | 1 << LAT | 1 << LON : 1 << ID;
	struct wire_field f;
	int rc;

	e->seen = e->flags = 0;
	while ((rc = wire_next(&w, &f, err)) > 0) {
		if (f.number >= FIELDS)
			continue;
		if (keep_field(e, &f, node, err))
			return -1;
		if (asked || f.number != KEYS || !(e->seen & 1 << ID))
			continue;
		asked = true;
		rc = ask(b, e, kind, err);
		if (rc <= 0)
			return rc;
	}
	if (rc)
		return rc;
	if ((e->seen & needed) != needed)
		return err_set(err, "an object has no id, or a node no place");
	if (node) /* whose place may be wanted */
		return plain_flags(b, e, err) ? -1 : 1;
	return asked ? 1 : ask(b, e, kind, err);
}

static int read_info(struct version_info *info, struct wire w, struct err *err)
{
	struct wire_field f;
	int rc;

	*info = (struct version_info){.visible = true};
	while ((rc = wire_next(&w, &f, err)) > 0) {
		if (f.type != WIRE_VARINT)
			continue;
		if (f.number == 1)
			info->ver = (int32_t)f.varint;
		else if (f.number == 2)
			info->when = (int64_t)f.varint;
		else if (f.number == 6)
			info->visible = f.varint != 0;
	}
	return rc;
}

/* Tags as two packed lists of the same length. */
static int add_tags(struct block *b, struct wire keys, struct wire vals,
	struct err *err)
{
	uint64_t k, v;

	block_tags_room(b, wire_len(keys));
	while (keys.p < keys.end) {
		if (!wire_varint(&keys, &k) || !wire_varint(&vals, &v))
			return err_set(err,
				"object %" PRId64 " has more keys than values",
				b->object.id);
		if (block_tag(b, k, v, err))
			return -1;
	}
	if (vals.p < vals.end)
		return err_set(err,
			"object %" PRId64 " has more values than keys",
			b->object.id);
	return 0;
}

static int add_refs(struct block *b, struct wire w, struct err *err)
{
	struct osm_object *o = &b->object;
	int64_t ref = 0, *to;

	/* each has a byte at least */
	xgrow(&o->refs, &b->refs_cap, wire_len(w), sizeof(*o->refs));
	to = o->refs;
	while (w.p < w.end) {
		if (!wire_delta_any(&w, &ref))
			return err_set(err,
				"the nodes of way %" PRId64 " are damaged",
				o->id);
		*to++ = ref;
	}
	o->nrefs = (size_t)(to - o->refs);
	return 0;
}

/* Where the nodes of a way lie, for files that say so in the way. */
static int add_places(struct block *b, struct wire lats, struct wire lons,
	struct err *err)
{
	struct osm_object *o = &b->object;
	int64_t lat = 0, lon = 0;

	if (!wire_len(lats) && !wire_len(lons))
		return 0;
	xgrow(&b->places_room, &b->places_cap, o->nrefs,
		sizeof(*b->places_room));
	for (size_t i = 0; i < o->nrefs; i++) {
		if (!wire_delta(&lats, &lat) || !wire_delta(&lons, &lon))
			return err_set(err,
				"the positions of way %" PRId64 " are damaged",
				o->id);
		b->places_room[i] = block_pos(b, lon, lat);
	}
	o->places = b->places_room;
	return 0;
}

static int add_member(struct block *b, const struct plain *e, uint64_t role,
	int64_t id, uint64_t type, struct err *err)
{
	static const enum osm_kind kinds[] = {OSM_NODE, OSM_WAY, OSM_RELATION};
	struct osm_object *o = &b->object;

	if (role >= b->nstrings || type >= ARRAY_SIZE(kinds))
		return err_set(err,
			"a member of relation %" PRId64
			" has no role or type that there is",
			e->id);
	xgrow(&o->members, &b->members_cap, o->nmembers + 1,
		sizeof(*o->members));
	o->members[o->nmembers++] =
		(struct osm_member){kinds[type], id, b->strings[role]};
	return 0;
}

static int add_members(struct block *b, const struct plain *e, struct err *err)
{
	struct wire roles = field(e, ROLES), ids = field(e, IDS);
	struct wire types = field(e, TYPES);
	uint64_t role, type;
	int64_t id = 0;

	while (ids.p < ids.end) {
		if (!wire_delta(&ids, &id) || !wire_varint(&roles, &role) ||
			!wire_varint(&types, &type))
			return err_set(err,
				"the members of relation %" PRId64
				" are damaged",
				e->id);
		if (add_member(b, e, role, id, type, err))
			return -1;
	}
	return 0;
}

static struct geo_pos place(const struct block *b, const struct plain *e)
{
	return block_pos(b, wire_zigzag(e->lon), wire_zigzag(e->lat));
}

static int add_parts(struct block *b, const struct plain *e, enum osm_kind kind,
	struct err *err)
{
	const struct osm_pass *pass = b->pass;
	struct osm_object *o = &b->object;

	if (kind == OSM_NODE) {
		o->pos = place(b, e);
		return 0;
	}
	if (kind == OSM_RELATION)
		return pass->wants_members && !pass->wants_members(pass->ctx, o)
			       ? 0
			       : add_members(b, e, err);
	if (add_refs(b, field(e, REFS), err))
		return -1;
	return add_places(b, field(e, LATS), field(e, LONS), err);
}

static void tell_place(struct block *b, const struct plain *e, bool gone)
{
	struct geo_pos pos = gone ? OSM_NOWHERE : place(b, e);

	b->batch->from = &b->object.from;
	block_places(b, &e->id, &pos, 1);
}

int plain_versions(struct block *b, enum osm_kind kind, struct wire w,
	struct err *err)
{
	struct version_info info;
	struct plain e;

	if (read_plain(b, &e, w, kind, err) < 0 ||
		read_info(&info, field(&e, INFO), err))
		return -1;
	return block_add_version(b, kind, e.id, &info, err);
}

static int hand_out(struct block *b, const struct plain *e, enum osm_kind kind,
	const struct version_info *info, struct err *err)
{
	struct osm_object *o = block_begin(b, kind);

	o->id = e->id;
	o->flags = e->flags;
	if (!b->pass->bare &&
		(block_info(b, info->ver, info->when, err) ||
			add_tags(b, field(e, KEYS), field(e, VALS), err)))
		return -1;
	return add_parts(b, e, kind, err) ? -1 : block_end(b, err);
}

int plain_pass(struct block *b, enum osm_kind kind, struct wire w,
	struct err *err)
{
	const struct version *v = b->sequel ? &b->versions[b->at++] : NULL;
	struct version_info info = {.visible = true};
	bool node = kind == OSM_NODE;
	struct plain e;
	int rc;

	if (v && !block_holds(b, v))
		return 0;
	rc = read_plain(b, &e, w, kind, err);
	if (rc <= 0)
		return rc;
	if ((node || !b->pass->bare) && read_info(&info, field(&e, INFO), err))
		return -1;
	if (node && b->pass->places)
		tell_place(b, &e, !info.visible);
	if (!info.visible ||
		(node && (!wire_len(field(&e, KEYS)) ||
				 !block_wants(b, kind, e.id, e.flags))))
		return 0;
	return hand_out(b, &e, kind, &info, err);
}
