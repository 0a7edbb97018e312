/*
 * A PrimitiveBlock: a string table, then groups of nodes (dense or plain),
 * ways and relations. Bytes in, objects out; no state but reused memory.
 */
#include "base/base.h"
#include "osm/block.h"
#include "base/map.h"

#include <inttypes.h>
#include <math.h>

struct block *block_new(const struct osm_pass *pass, unsigned worker)
{
	struct block *b = xcalloc(1, sizeof(*b));

	b->pass = pass;
	b->worker = worker;
	return b;
}

void block_free(struct block *b)
{
	if (!b)
		return;
	free(b->strings);
	free(b->flags);
	free(b->object.tags);
	free(b->object.key_flags);
	free(b->object.refs);
	free(b->places_room);
	free(b->object.members);
	free(b->ids);
	free(b->pos);
	free(b->candidates);
	free(b->versions);
	free(b->from);
	free(b);
}

/* Where many tags are compared with each other, a map is faster. */
enum { FEW_TAGS = 32 };

static bool key_among(const struct pair *tags, size_t n, struct str key)
{
	for (size_t i = 0; i < n; i++)
		if (tags[i].key.s == key.s || str_eq(tags[i].key, key))
			return true;
	return false;
}

/* False when all keys differ in length or first byte, as they mostly do. */
static bool may_repeat(const struct osm_object *o)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < o->ntags; i++) {
		struct str key = o->tags[i].key;
		unsigned first = key.len ? (unsigned char)key.s[0] : 0;
		uint64_t bit = UINT64_C(1) << ((key.len * 7 + first) & 63);

		if (seen & bit)
			return true;
		seen |= bit;
	}
	return false;
}

void drop_repeated_keys(struct osm_object *o)
{
	struct map seen = MAP_INIT;
	size_t kept = 0;

	if (!may_repeat(o))
		return;
	for (size_t i = 0; i < o->ntags; i++) {
		bool again;

		if (o->ntags <= FEW_TAGS)
			again = key_among(o->tags, kept, o->tags[i].key);
		else
			again = (*map_put(&seen, o->tags[i].key))++ > 0;
		if (again)
			continue;
		o->tags[kept] = o->tags[i];
		o->key_flags[kept++] = o->key_flags[i];
	}
	o->ntags = kept;
	map_release(&seen);
}

struct geo_pos osm_pos_of(double lon, double lat)
{
	if (!(fabs(lon) <= 180) || !(fabs(lat) <= 90))
		return OSM_NOWHERE;
	return (struct geo_pos){(int32_t)lrint(lon * 1e7),
		(int32_t)lrint(lat * 1e7)};
}

/* 1e-9 degrees * (offset + granularity * v). */
struct geo_pos block_round(const struct block *b, int64_t lon, int64_t lat)
{
	int64_t x, y;

	if (__builtin_mul_overflow(b->granularity, lon, &x) ||
		__builtin_add_overflow(b->lon_offset, x, &x) ||
		__builtin_mul_overflow(b->granularity, lat, &y) ||
		__builtin_add_overflow(b->lat_offset, y, &y))
		return OSM_NOWHERE;
	return osm_pos_of((double)x / 1e9, (double)y / 1e9);
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
	xgrow(&b->flags, &b->flags_cap, b->nstrings, sizeof(*b->flags));
	if (b->nstrings)
		memset(b->flags, KEY_UNKNOWN, b->nstrings);
	return rc;
}

struct osm_object *block_begin(struct block *b, enum osm_kind kind)
{
	struct osm_object *o = &b->object;

	/* field by field: zeroing the whole takes longer than a small object */
	o->kind = kind;
	o->ntags = o->nrefs = o->nmembers = 0;
	o->places = NULL;
	o->pos = OSM_NOWHERE;
	o->ver = 0;
	o->ts = 0;
	b->text = 0;
	return o;
}

int block_new_key(struct block *b, uint64_t key, struct err *err)
{
	const struct osm_pass *p = b->pass;
	uint8_t flags = 1;

	if (key >= b->nstrings)
		return err_set(err,
			"a tag points past the %zu strings of its block",
			b->nstrings);
	if (p->key)
		flags = p->key(p->ctx, b->worker, b->strings[key]);
	b->flags[key] = flags & 127;
	return b->flags[key];
}

bool block_wants(const struct block *b, enum osm_kind kind, int64_t id,
	unsigned flags)
{
	const struct osm_pass *p = b->pass;

	return p->wants ? p->wants(p->ctx, kind, id, flags) : flags != 0;
}

int block_bad_tag(const struct block *b, bool long_text, struct err *err)
{
	if (long_text)
		return err_set(err,
			"the tags of object %" PRId64 " are over %d bytes long",
			b->object.id, MAX_TEXT);
	return err_set(err,
		"a tag of object %" PRId64
		" points past the %zu strings of its block",
		b->object.id, b->nstrings);
}

int block_time(const struct block *b, int64_t id, int64_t when, int64_t *out,
	struct err *err)
{
	int64_t ms;

	if (__builtin_mul_overflow(when, b->date_granularity, &ms))
		return err_set(err, "object %" PRId64 " has no possible time",
			id);
	*out = ms / 1000;
	return 0;
}

int block_info(struct block *b, int64_t ver, int64_t when, struct err *err)
{
	struct osm_object *o = &b->object;

	o->ver = ver > 0 ? (uint64_t)ver : 0;
	return block_time(b, o->id, when, &o->ts, err);
}

int block_end(struct block *b, struct err *err)
{
	if (!b->pass->bare)
		drop_repeated_keys(&b->object);
	if (!b->pass->object(b->pass->ctx, b->batch, &b->object, err))
		return 0;
	b->batch->failed = true;
	return -1;
}

void block_places(struct block *b, const int64_t *ids,
	const struct geo_pos *pos, size_t n)
{
	struct osm_batch *batch = b->batch;

	if (!n)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!b->any_node)
			batch->first = ids[i];
		else if (ids[i] <= batch->last)
			batch->ascending = false;
		b->any_node = true;
		batch->last = ids[i];
	}
	b->pass->places(b->pass->ctx, batch, ids, pos, n);
}

int take_bytes(struct wire *to, const struct wire_field *f, struct err *err)
{
	if (f->type != WIRE_BYTES || to->p)
		return err_set(err,
			"field %u of an object is damaged, or stands there "
			"twice",
			f->number);
	*to = f->bytes;
	return 0;
}

/* By the field number in a PrimitiveGroup: 1 and 2 are nodes, 5 changesets. */
static enum osm_kind kind_of_field(uint32_t number)
{
	static const enum osm_kind kinds[] = {0, OSM_NODE, OSM_NODE, OSM_WAY,
		OSM_RELATION};

	return number < ARRAY_SIZE(kinds) ? kinds[number] : 0;
}

static int objects_pass(struct block *b, enum osm_kind kind,
	const struct wire_field *f, struct err *err)
{
	bool dense = f->number == 2;

	if (b->scanning)
		return dense ? dense_versions(b, f->bytes, err)
			     : plain_versions(b, kind, f->bytes, err);
	return dense ? dense_pass(b, f->bytes, err)
		     : plain_pass(b, kind, f->bytes, err);
}

static int group_pass(struct block *b, struct wire w, struct err *err)
{
	enum osm_kind first = 0;
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&w, &f, err)) > 0) {
		enum osm_kind kind = kind_of_field(f.number);

		if (kind && first && kind != first)
			return err_set(err, "a group has objects of two kinds");
		first = kind ? kind : first;
		if (!(b->pass->kinds & kind))
			continue;
		if (f.type != WIRE_BYTES)
			return err_set(err, "a group of objects is damaged");
		if (objects_pass(b, kind, &f, err))
			return -1;
	}
	return rc;
}

static void read_number(struct block *b, const struct wire_field *f)
{
	if (f->number == 17)
		b->granularity = (int32_t)f->varint;
	else if (f->number == 18)
		b->date_granularity = (int32_t)f->varint;
	else if (f->number == 19)
		b->lat_offset = (int64_t)f->varint;
	else if (f->number == 20)
		b->lon_offset = (int64_t)f->varint;
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
		if (f.type == WIRE_VARINT)
			read_number(b, &f);
		else if (f.type == WIRE_BYTES && f.number == 1 &&
			 read_strings(b, f.bytes, err))
			return -1;
	}
	if (!rc && (b->granularity <= 0 || b->date_granularity <= 0))
		return err_set(err, "its granularity is not above 0");
	b->exact = b->granularity == 100 && !b->lat_offset && !b->lon_offset;
	return rc;
}

static int groups_pass(struct block *b, struct wire w, struct err *err)
{
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&w, &f, err)) > 0)
		if (f.number == 2 && f.type == WIRE_BYTES &&
			group_pass(b, f.bytes, err))
			return -1;
	return rc;
}

static int scan(struct block *b, struct wire content, struct err *err)
{
	int rc;

	b->scanning = true;
	b->disordered = false;
	b->nversions = b->at = 0;
	rc = groups_pass(b, content, err);
	b->scanning = false;
	return rc;
}

int block_scan(struct block *b, struct wire content, struct err *err)
{
	return read_frame(b, content, err) ? -1 : scan(b, content, err);
}

int block_pass(struct block *b, struct wire content,
	const struct sequel *sequel, struct osm_batch *batch, struct err *err)
{
	b->batch = batch;
	b->sequel = sequel;
	b->any_node = false;
	batch->ascending = true;
	batch->first = INT64_MAX;
	batch->last = INT64_MIN;
	if (read_frame(b, content, err))
		return -1;
	if (sequel) {
		if (scan(b, content, err))
			return -1;
		block_end_versions(b);
	}
	return groups_pass(b, content, err);
}

/* Adds the kinds of one group's objects. */
static int group_kinds(struct wire w, struct blob *blob, struct err *err)
{
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&w, &f, err)) > 0)
		blob->kinds |= (uint8_t)kind_of_field(f.number);
	return rc;
}

/*
 * By the table and the first object of the first group, when that is the only
 * one: a group has objects of one kind. False when that is not to be seen, and
 * then with how many bytes it would be.
 */
static bool one_kind(struct wire w, size_t total, struct blob *blob,
	size_t *want)
{
	enum { HEAD = 16 }; /* more than two keys and a length */
	const uint8_t *begin = w.p;
	uint64_t key, len;

	*want = total;
	if (!wire_varint(&w, &key) || key != (1 << 3 | WIRE_BYTES) ||
		!wire_varint(&w, &len))
		return false;
	if (len > wire_len(w)) {
		/* most of it: then all of it, which is unpacked faster */
		if (len < total / 4)
			*want = (size_t)(w.p - begin) + (size_t)len + HEAD;
		return false;
	}
	w.p += len;
	if (!wire_varint(&w, &key) || key != (2 << 3 | WIRE_BYTES) ||
		!wire_varint(&w, &len) || !wire_len(w) ||
		len != total - (size_t)(w.p - begin) || !wire_varint(&w, &key))
		return false;
	blob->kinds = (uint8_t)kind_of_field((uint32_t)(key >> 3));
	return blob->kinds != 0;
}

int block_kinds(struct wire begin, size_t total, struct blob *blob,
	size_t *want, struct err *err)
{
	struct wire_field f;
	int rc;

	blob->kinds = 0;
	if (one_kind(begin, total, blob, want))
		return 1;
	if (wire_len(begin) < total)
		return 0;
	while ((rc = wire_next(&begin, &f, err)) > 0)
		if (f.number == 2 && f.type == WIRE_BYTES &&
			group_kinds(f.bytes, blob, err))
			return -1;
	return rc ? rc : 1;
}
