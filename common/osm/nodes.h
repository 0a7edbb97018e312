/*
 * nodes.h - where the nodes that ways need lie.
 *
 * First all wanted ids, in any order and from any number of threads; then
 * nodes_seal(); then positions, from any threads, each node from one at a
 * time; then look-ups.
 *
 * The positions of a block of ids (idset.h) are 8 bytes each until the owner
 * knows that no more come, and packs them: for each 64 ids the least longitude
 * and latitude, and what each node is beyond them in as many bits as the
 * largest needs. Nodes made together lie together, so that this takes 5 to 7
 * bytes a node. Memory: that, and what idset.h says. In a file, which is
 * mapped, they stay 8 bytes each.
 */
#ifndef OSM_NODES_H
#define OSM_NODES_H

#include "osm/idset.h"
#include "osm/osm.h"

struct nodes {
	struct idset wanted;
	void *map; /* of a file, or NULL */
	size_t map_bytes;
	struct buf packed;      /* room for the block being packed */
	struct node_old *olds;  /* [nolds] positions that have been packed, */
	size_t nolds, olds_cap; /* those from first_old on not freed yet */
	size_t first_old;
	uint64_t turn;
};

#define NODES_INIT                                                             \
	{                                                                      \
		IDSET_INIT, NULL, 0, BUF_INIT, NULL, 0, 0, 0, 0                \
	}

static inline void nodes_want(struct nodes *s, int64_t id)
{
	idset_add(&s->wanted, id);
}

/* No more ids are wanted: how many bytes their positions will take. */
uint64_t nodes_bytes(struct nodes *s);
/*
 * The same, and makes room for the positions: in a new file of this name, which
 * loses the name at once, or, when it is NULL, in memory, as they come.
 */
int nodes_seal(struct nodes *s, const char *path, struct err *err) MUST_USE;
/* As after nodes_seal(): forgets all positions. Not while others put any. */
void nodes_clear(struct nodes *s);
void nodes_release(struct nodes *s);

/* A block's positions are 8 bytes each, or, with this bit in the pointer: */
enum { NODES_PACKED = 1 };
/* Makes room for them; several threads may at once. */
void *nodes_open(struct idset_block *b);

/* A position as a word, never 0: no node lies at -2^31 units of longitude. */
static inline uint64_t nodes_word(struct geo_pos pos)
{
	return (uint64_t)((uint32_t)pos.lon ^ UINT32_C(0x80000000)) << 32 |
	       (uint32_t)pos.lat;
}

static inline bool nodes_unword(uint64_t word, struct geo_pos *pos)
{
	pos->lon = (int32_t)((uint32_t)(word >> 32) ^ UINT32_C(0x80000000));
	pos->lat = (int32_t)(uint32_t)word;
	return word >> 32 != 0;
}

/*
 * The position of a node, whose block is b or NULL: nothing happens when it is
 * not wanted, or comes when its block is packed.
 */
static inline void nodes_put(struct idset_block *b, int64_t id,
	struct geo_pos pos)
{
	void *data;

	if (!b || !idset_block_has(b, id))
		return;
	data = atomic_load_explicit(&b->data, memory_order_acquire);
	if (!data)
		data = nodes_open(b);
	if (!((uintptr_t)data & NODES_PACKED))
		atomic_store_explicit((_Atomic uint64_t *)data +
					      idset_block_rank(b, id),
			nodes_word(pos), memory_order_relaxed);
}

/*
 * On the owner's thread: no position of this block comes any more. Threads that
 * are still about to put one may be so until nodes_turn() has been called
 * `turns` times. Nothing happens to positions in a file.
 */
void nodes_pack(struct nodes *s, struct idset_block *b, unsigned turns);
void nodes_turn(struct nodes *s);

/* Where a position is to be read; kept apart so that it can be prefetched. */
struct node_place {
	const void *at; /* NULL: nowhere */
	unsigned rank;  /* in packed ones */
};

enum { NODES_PLAIN = 64 }; /* a rank that says: 8 bytes */

static inline struct node_place nodes_find(const struct nodes *s, int64_t id)
{
	const struct idset_block *b = idset_block(&s->wanted, id);
	struct node_place place = {NULL, NODES_PLAIN};
	const char *data;

	if (!b || !idset_block_has(b, id))
		return place;
	data = atomic_load_explicit(&b->data, memory_order_acquire);
	if (!data)
		return place;
	if ((uintptr_t)data & NODES_PACKED) {
		place.rank = idset_word_rank(b, id);
		place.at = data - NODES_PACKED + b->at[(uint64_t)id >> 6 & 63];
	} else {
		place.at = data + 8 * (size_t)idset_block_rank(b, id);
	}
	return place;
}

/* One of 64 that are packed together. */
bool nodes_unpack(const uint8_t *group, unsigned rank, struct geo_pos *pos);

/* False when it has not been seen, or has no position on the globe. */
static inline bool nodes_read(struct node_place place, struct geo_pos *pos)
{
	if (!place.at)
		return false;
	if (place.rank != NODES_PLAIN)
		return nodes_unpack(place.at, place.rank, pos);
	return nodes_unword(
		atomic_load_explicit((const _Atomic uint64_t *)place.at,
			memory_order_relaxed),
		pos);
}

static inline bool nodes_get(const struct nodes *s, int64_t id,
	struct geo_pos *pos)
{
	return nodes_read(nodes_find(s, id), pos);
}

#endif
