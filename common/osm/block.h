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

/* A version in a history file. */
struct version {
	uint8_t kind; /* enum osm_kind */
	bool visible; /* not deleted */
	uint32_t ver;
	int64_t id;
	int64_t from, until; /* in force from <= t < until */
};

/* What a file says of one. */
struct version_info {
	int64_t ver, when; /* units of the block's date granularity */
	bool visible;
};

/* The first and last version of a block, if it is not damaged; `from` is the
 * least one of the first object's versions. */
struct ends {
	bool known;
	uint8_t kinds; /* 0: it has none */
	struct version first, last;
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
	struct geo_pos *places_room;
	int64_t *ids; /* of dense nodes */
	struct geo_pos *pos;
	size_t ids_cap, pos_cap;
	struct candidate *candidates; /* [ncandidates] */
	size_t ncandidates, candidates_cap;
	bool any_node;   /* the batch has had one */
	bool scanning;   /* of a history file, what its versions are: */
	bool disordered; /* they do not ascend */
	const struct sequel *sequel; /* or NULL */
	struct version *versions;    /* [nversions] of the pass's kinds */
	size_t nversions, versions_cap;
	size_t at; /* the next object's, while they are handed out */
	int64_t *from;
	size_t from_cap;
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
/* Unix seconds. */
int block_time(const struct block *b, int64_t id, int64_t when, int64_t *out,
	struct err *err) MUST_USE;
bool block_wants(const struct block *b, enum osm_kind kind, int64_t id,
	unsigned flags);
struct geo_pos block_round(const struct block *b, int64_t lon, int64_t lat);

static inline struct geo_pos block_pos(const struct block *b, int64_t lon,
	int64_t lat)
{
	if (b->exact && lon >= -1800000000 && lon <= 1800000000 &&
		lat >= -900000000 && lat <= 900000000)
		return (struct geo_pos){(int32_t)lon, (int32_t)lat};
	return block_round(b, lon, lat);
}

/* Tells the pass of n nodes, and the batch of their order. */
void block_places(struct block *b, const int64_t *ids,
	const struct geo_pos *pos, size_t n);
/*
 * Keeps a field that must be a list or a message. Protobuf would allow a list
 * in several pieces; no writer of OSM files makes them.
 */
int take_bytes(struct wire *to, const struct wire_field *f,
	struct err *err) MUST_USE;

/* The versions of a history file's block, into `versions`, without ends. */
int block_scan(struct block *b, struct wire content, struct err *err) MUST_USE;
void block_ends(const struct block *b, struct ends *ends);
/* -1 when b must not stand behind a. */
int version_follows(const struct version *a, const struct version *b,
	struct err *err) MUST_USE;
int block_add_version(struct block *b, enum osm_kind kind, int64_t id,
	const struct version_info *info, struct err *err) MUST_USE;
void block_end_versions(struct block *b);
/* Whether the pass takes a version; if so, the object's times are set. */
bool block_holds(struct block *b, const struct version *v);
/* Of the block's next n ids and positions those that hold, and the batch's
 * times of them: how many. */
size_t block_hold_places(struct block *b, size_t n);
int dense_versions(struct block *b, struct wire w, struct err *err) MUST_USE;
int plain_versions(struct block *b, enum osm_kind kind, struct wire w,
	struct err *err) MUST_USE;

int dense_pass(struct block *b, struct wire w, struct err *err) MUST_USE;
int plain_pass(struct block *b, enum osm_kind kind, struct wire w,
	struct err *err) MUST_USE;

#endif
