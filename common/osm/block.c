/*
 * A PrimitiveBlock: a string table, then groups of nodes (dense or plain),
 * ways and relations. Bytes in, objects out; no state but reused memory.
 */
#include "base/base.h"
#include "osm/priv.h"
#include "osm/wire.h"

#include <inttypes.h>
#include <math.h>

struct block {
	struct str *strings; /* [nstrings] */
	size_t nstrings, strings_cap;
	int64_t granularity, lat_offset, lon_offset, date_granularity;
	struct osm_object object; /* the one being handed out */
	size_t tags_cap, refs_cap;
	size_t text; /* bytes of its tags */
	const struct pass *pass;
};

struct block *block_new(void)
{
	return xcalloc(1, sizeof(struct block));
}

void block_free(struct block *b)
{
	if (!b)
		return;
	free(b->strings);
	free(b->object.tags);
	free(b->object.refs);
	free(b);
}

bool on_globe(double lon, double lat)
{
	return lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90;
}

static int read_strings(struct block *b, struct wire w, struct err *err)
{
	struct wire_field f;
	int rc;

	b->nstrings = 0;
	while ((rc = wire_next(&w, &f, err)) > 0) {
		if (f.number != 1 || f.type != WIRE_BYTES)
			continue;
		xgrow(&b->strings, &b->strings_cap, b->nstrings + 1,
			sizeof(*b->strings));
		b->strings[b->nstrings++] = (struct str){
			(const char *)f.bytes.p, wire_len(f.bytes)};
	}
	return rc;
}

/* A new object of this kind, empty but for its memory. */
static struct osm_object *begin(struct block *b, enum osm_kind kind)
{
	struct osm_object *o = &b->object;

	*o = (struct osm_object){.kind = kind,
		.tags = o->tags,
		.refs = o->refs};
	b->text = 0;
	return o;
}

static int add_tag(struct block *b, uint64_t key, uint64_t value,
	struct err *err)
{
	struct osm_object *o = &b->object;

	if (key >= b->nstrings || value >= b->nstrings)
		return err_set(err,
			"a tag of object %" PRId64
			" points past the %zu strings of its block",
			o->id, b->nstrings);
	b->text += b->strings[key].len + b->strings[value].len;
	if (b->text > MAX_TEXT)
		return err_set(err,
			"the tags of object %" PRId64 " are over %d bytes long",
			o->id, MAX_TEXT);
	xgrow(&o->tags, &b->tags_cap, o->ntags + 1, sizeof(*o->tags));
	o->tags[o->ntags++] = (struct pair){b->strings[key], b->strings[value]};
	return 0;
}

/* Tags as two packed lists of the same length. */
static int add_tags(struct block *b, struct wire keys, struct wire vals,
	struct err *err)
{
	uint64_t k, v;

	while (keys.p < keys.end) {
		if (!wire_varint(&keys, &k) || !wire_varint(&vals, &v))
			return err_set(err,
				"object %" PRId64 " has more keys than values",
				b->object.id);
		if (add_tag(b, k, v, err))
			return -1;
	}
	if (vals.p < vals.end)
		return err_set(err,
			"object %" PRId64 " has more values than keys",
			b->object.id);
	return 0;
}

/* 1e-9 degrees * (offset + granularity * v), or NaN off the globe. */
static void set_position(struct block *b, int64_t lon, int64_t lat)
{
	struct osm_object *o = &b->object;
	int64_t x, y;

	o->lon = o->lat = (double)NAN;
	if (__builtin_mul_overflow(b->granularity, lon, &x) ||
		__builtin_add_overflow(b->lon_offset, x, &x) ||
		__builtin_mul_overflow(b->granularity, lat, &y) ||
		__builtin_add_overflow(b->lat_offset, y, &y) ||
		!on_globe((double)x / 1e9, (double)y / 1e9))
		return;
	o->lon = (double)x / 1e9;
	o->lat = (double)y / 1e9;
}

static int set_info(struct block *b, int64_t ver, int64_t when, struct err *err)
{
	struct osm_object *o = &b->object;
	int64_t ms;

	if (__builtin_mul_overflow(when, b->date_granularity, &ms))
		return err_set(err, "object %" PRId64 " has no possible time",
			o->id);
	o->ver = ver > 0 ? (uint64_t)ver : 0;
	o->ts = ms / 1000;
	return 0;
}

/*
 * Keeps a field that must be a list or a message. Protobuf would allow a list
 * in several pieces; no writer of OSM files makes them.
 */
static int take_bytes(struct wire *to, const struct wire_field *f,
	struct err *err)
{
	if (f->type != WIRE_BYTES || to->p)
		return err_set(err,
			"field %u of an object is damaged, or stands there "
			"twice",
			f->number);
	*to = f->bytes;
	return 0;
}

struct dense {
	struct wire ids, lats, lons, keys_vals, versions, times;
};

static int read_dense(struct dense *d, struct wire w, struct err *err)
{
	struct wire_field f;
	struct wire info = {NULL, NULL};
	struct wire *const lists[] = {[1] = &d->ids,
		[5] = &info,
		[8] = &d->lats,
		[9] = &d->lons,
		[10] = &d->keys_vals};
	struct wire *const infos[] = {[1] = &d->versions, [2] = &d->times};
	int rc;

	*d = (struct dense){0};
	while ((rc = wire_next(&w, &f, err)) > 0)
		if (f.number < ARRAY_SIZE(lists) && lists[f.number] &&
			take_bytes(lists[f.number], &f, err))
			return -1;
	if (rc)
		return rc;
	while ((rc = wire_next(&info, &f, err)) > 0)
		if (f.number < ARRAY_SIZE(infos) && infos[f.number] &&
			take_bytes(infos[f.number], &f, err))
			return -1;
	return rc;
}

/* Keys and values of one node, ended by a 0. */
static int dense_tags(struct block *b, struct wire *w, struct err *err)
{
	uint64_t k, v;

	for (;;) {
		if (!wire_varint(w, &k))
			break;
		if (!k)
			return 0;
		if (!wire_varint(w, &v))
			break;
		if (add_tag(b, k, v, err))
			return -1;
	}
	return err_set(err, "the tags of dense nodes end before the nodes do");
}

static bool has_rest(const struct dense *d)
{
	return wire_len(d->lats) || wire_len(d->lons) ||
	       wire_len(d->versions) || wire_len(d->times) ||
	       wire_len(d->keys_vals);
}

static int dense_pass(struct block *b, struct wire w, struct err *err)
{
	int64_t id = 0, lat = 0, lon = 0, when = 0;
	bool versions, times, tags;
	struct dense d;

	if (read_dense(&d, w, err))
		return -1;
	/* a list may be left out; else it has something for every node */
	versions = wire_len(d.versions) > 0;
	times = wire_len(d.times) > 0;
	tags = wire_len(d.keys_vals) > 0;
	while (d.ids.p < d.ids.end) {
		struct osm_object *o = begin(b, OSM_NODE);
		uint64_t ver = 0;

		if (!wire_delta(&d.ids, &id) || !wire_delta(&d.lats, &lat) ||
			!wire_delta(&d.lons, &lon) ||
			(versions && !wire_varint(&d.versions, &ver)) ||
			(times && !wire_delta(&d.times, &when)))
			return err_set(err,
				"dense nodes are damaged behind node %" PRId64,
				id);
		o->id = id;
		set_position(b, lon, lat);
		if (set_info(b, (int32_t)ver, when, err) ||
			(tags && dense_tags(b, &d.keys_vals, err)) ||
			pass_object(b->pass, o, err))
			return -1;
	}
	if (has_rest(&d))
		return err_set(err,
			"dense nodes have lists that go on behind their ids");
	return 0;
}

/* The parts of a plain node, a way or a relation. */
struct plain {
	int64_t id, lat, lon;
	struct wire keys, vals, info, refs;
	bool has_id, has_position;
};

static int64_t zigzag(uint64_t v)
{
	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

static int read_plain(struct plain *e, struct wire w, bool node,
	struct err *err)
{
	struct wire *const lists[] = {[2] = &e->keys,
		[3] = &e->vals,
		[4] = &e->info,
		[8] = node ? NULL : &e->refs};
	unsigned position = 0;
	struct wire_field f;
	int rc;

	*e = (struct plain){0};
	while ((rc = wire_next(&w, &f, err)) > 0) {
		bool number = f.type == WIRE_VARINT;

		if (f.number < ARRAY_SIZE(lists) && lists[f.number]) {
			if (take_bytes(lists[f.number], &f, err))
				return -1;
		} else if (f.number == 1 && number) {
			e->id = node ? zigzag(f.varint) : (int64_t)f.varint;
			e->has_id = true;
		} else if (f.number == 8 && number && node) {
			e->lat = zigzag(f.varint);
			position |= 1;
		} else if (f.number == 9 && number && node) {
			e->lon = zigzag(f.varint);
			position |= 2;
		}
	}
	e->has_position = position == 3;
	return rc;
}

static int plain_info(struct block *b, struct wire w, struct err *err)
{
	struct wire_field f;
	int64_t ver = 0, when = 0;
	int rc;

	while ((rc = wire_next(&w, &f, err)) > 0) {
		if (f.number == 1 && f.type == WIRE_VARINT)
			ver = (int32_t)f.varint;
		if (f.number == 2 && f.type == WIRE_VARINT)
			when = (int64_t)f.varint;
	}
	return rc ? rc : set_info(b, ver, when, err);
}

static int add_refs(struct block *b, struct wire w, struct err *err)
{
	struct osm_object *o = &b->object;
	int64_t ref = 0;

	xgrow(&o->refs, &b->refs_cap, wire_count(w), sizeof(*o->refs));
	while (w.p < w.end) {
		if (!wire_delta(&w, &ref))
			return err_set(err,
				"the nodes of way %" PRId64 " are damaged",
				o->id);
		o->refs[o->nrefs++] = ref;
	}
	return 0;
}

static int plain_pass(struct block *b, enum osm_kind kind, struct wire w,
	struct err *err)
{
	struct osm_object *o = begin(b, kind);
	struct plain e;

	if (read_plain(&e, w, kind == OSM_NODE, err))
		return -1;
	if (!e.has_id || (kind == OSM_NODE && !e.has_position))
		return err_set(err, "an object has no id, or a node no place");
	o->id = e.id;
	if (plain_info(b, e.info, err) || add_tags(b, e.keys, e.vals, err))
		return -1;
	if (kind == OSM_NODE)
		set_position(b, e.lon, e.lat);
	if (kind == OSM_WAY && add_refs(b, e.refs, err))
		return -1;
	return pass_object(b->pass, o, err);
}

static int group_pass(struct block *b, struct wire w, struct err *err)
{
	static const enum osm_kind kinds[] = {0, OSM_NODE, 0, OSM_WAY,
		OSM_RELATION};
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&w, &f, err)) > 0) {
		if (f.number > 4)
			continue;
		if (f.type != WIRE_BYTES)
			return err_set(err, "a group of objects is damaged");
		if (f.number == 2) {
			if (b->pass->kinds & OSM_NODE)
				rc = dense_pass(b, f.bytes, err);
		} else if (b->pass->kinds & kinds[f.number]) {
			rc = plain_pass(b, kinds[f.number], f.bytes, err);
		}
		if (rc < 0)
			return -1;
	}
	return rc;
}

/* Everything that groups refer to may stand behind them: read it first. */
static int read_frame(struct block *b, struct wire w, struct err *err)
{
	struct wire_field f;
	int rc;

	b->nstrings = 0;
	b->granularity = 100;
	b->date_granularity = 1000;
	b->lat_offset = b->lon_offset = 0;
	while ((rc = wire_next(&w, &f, err)) > 0) {
		if (f.type == WIRE_BYTES) {
			if (f.number == 1 && read_strings(b, f.bytes, err))
				return -1;
			continue;
		}
		if (f.type != WIRE_VARINT)
			continue;
		if (f.number == 17)
			b->granularity = (int32_t)f.varint;
		else if (f.number == 18)
			b->date_granularity = (int32_t)f.varint;
		else if (f.number == 19)
			b->lat_offset = (int64_t)f.varint;
		else if (f.number == 20)
			b->lon_offset = (int64_t)f.varint;
	}
	if (!rc && (b->granularity <= 0 || b->date_granularity <= 0))
		return err_set(err, "its granularity is not above 0");
	return rc;
}

int block_pass(struct block *b, const uint8_t *p, size_t len,
	const struct pass *pass, struct err *err)
{
	struct wire w = {p, p + len};
	struct wire_field f;
	int rc;

	b->pass = pass;
	if (read_frame(b, w, err))
		return -1;
	while ((rc = wire_next(&w, &f, err)) > 0)
		if (f.number == 2 && f.type == WIRE_BYTES &&
			group_pass(b, f.bytes, err))
			return -1;
	return rc;
}
