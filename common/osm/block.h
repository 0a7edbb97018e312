/*
 * block.h - a PrimitiveBlock being decoded: what its parts share.
 */
#ifndef OSM_BLOCK_H
#define OSM_BLOCK_H

#include "osm/priv.h"

/* A string whose bits have not been asked for yet. */
enum { KEY_UNKNOWN = 128 };

/* A dense node that has tags, and is wanted by their bits. */
struct candidate {
	size_t at; /* among the nodes */
	struct wire tags;
	unsigned flags;
};

struct block {
	const struct osm_pass *pass;
	unsigned worker;
	struct osm_batch *batch;
	struct str *strings; /* [nstrings] */
	uint8_t *flags;      /* [nstrings] as keys */
	size_t nstrings, strings_cap, flags_cap;
	int64_t granularity, lat_offset, lon_offset, date_granularity;
	bool exact; /* positions are units of 1e-7 degrees as they stand */
	struct osm_object object; /* the one being handed out */
	size_t tags_cap, refs_cap, places_cap, members_cap;
	size_t text; /* bytes of its tags */
	struct osm_pos *places_room;
	int64_t *ids; /* of dense nodes */
	struct osm_pos *pos;
	size_t ids_cap, pos_cap;
	struct candidate *candidates; /* [ncandidates] */
	size_t ncandidates, candidates_cap;
	bool any_node; /* the batch has had one */
};

/* The bits of a key, or -1 and an error. */
int block_new_key(struct block *b, uint64_t key, struct err *err);
static inline int block_key(struct block *b, uint64_t key, struct err *err)
{
	if (key < b->nstrings && !(b->flags[key] & KEY_UNKNOWN))
		return b->flags[key];
	return block_new_key(b, key, err);
}
/* A new object of this kind, empty but for its memory. */
struct osm_object *block_begin(struct block *b, enum osm_kind kind);
/* Room for n tags more of the object. */
static inline void block_tags_room(struct block *b, size_t n)
{
	struct osm_object *o = &b->object;

	if (o->ntags + n <= b->tags_cap)
		return;
	xgrow(&o->tags, &b->tags_cap, o->ntags + n, sizeof(*o->tags));
	o->key_flags = xrealloc(o->key_flags, b->tags_cap);
}

/* Why a tag cannot be added; -1. */
int block_bad_tag(const struct block *b, bool long_text, struct err *err);

/* Adds one, for which there is room. */
static inline int block_tag(struct block *b, uint64_t key, uint64_t value,
	struct err *err)
{
	struct osm_object *o = &b->object;
	struct pair *tag = &o->tags[o->ntags];

	if (key >= b->nstrings || value >= b->nstrings)
		return block_bad_tag(b, false, err);
	tag->key = b->strings[key];
	tag->value = b->strings[value];
	o->key_flags[o->ntags] = b->flags[key];
	b->text += tag->key.len + tag->value.len;
	if (b->text > MAX_TEXT)
		return block_bad_tag(b, true, err);
	o->ntags++;
	return 0;
}

int block_info(struct block *b, int64_t ver, int64_t when,
	struct err *err) MUST_USE;
/* Hands the object out. */
int block_end(struct block *b, struct err *err) MUST_USE;
bool block_wants(const struct block *b, enum osm_kind kind, int64_t id,
	unsigned flags);
struct osm_pos block_round(const struct block *b, int64_t lon, int64_t lat);

static inline struct osm_pos block_pos(const struct block *b, int64_t lon,
	int64_t lat)
{
	if (b->exact && lon >= -1800000000 && lon <= 1800000000 &&
		lat >= -900000000 && lat <= 900000000)
		return (struct osm_pos){(int32_t)lon, (int32_t)lat};
	return block_round(b, lon, lat);
}

/* Tells the pass of n nodes, and the batch of their order. */
void block_places(struct block *b, const int64_t *ids,
	const struct osm_pos *pos, size_t n);
/*
 * Keeps a field that must be a list or a message. Protobuf would allow a list
 * in several pieces; no writer of OSM files makes them.
 */
int take_bytes(struct wire *to, const struct wire_field *f,
	struct err *err) MUST_USE;

int dense_pass(struct block *b, struct wire w, struct err *err) MUST_USE;
int plain_pass(struct block *b, enum osm_kind kind, struct wire w,
	struct err *err) MUST_USE;

#endif
