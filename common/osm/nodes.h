/*
 * nodes.h - where the nodes that ways need lie.
 *
 * First all wanted ids, in any order and from any number of threads; then
 * nodes_seal(); then positions, from any threads, each node from one at a
 * time; then look-ups. Memory: what idset.h says, and 8 bytes a wanted node,
 * in memory or in a file that is mapped.
 */
#ifndef OSM_NODES_H
#define OSM_NODES_H

#include "osm/idset.h"
#include "osm/osm.h"

struct nodes {
	struct idset wanted;
	_Atomic uint64_t *places; /* [wanted.n], 0: not seen */
	size_t bytes;             /* that are mapped */
};

#define NODES_INIT                                                             \
	{                                                                      \
		IDSET_INIT, NULL, 0                                            \
	}

static inline void nodes_want(struct nodes *s, int64_t id)
{
	idset_add(&s->wanted, id);
}

/* No more ids are wanted: how many bytes their positions take. */
uint64_t nodes_bytes(struct nodes *s);
/*
 * The same, and makes room for the positions: in a new file of this name, which loses the
 * name at once, or in memory when it is NULL.
 */
int nodes_seal(struct nodes *s, const char *path, struct err *err) MUST_USE;
void nodes_release(struct nodes *s);

/* One thread's way through ids that mostly ascend. Zero it to begin. */
struct nodes_cursor {
	int64_t number; /* id >> 12 of the block */
	struct idset_block *block;
};

/* Never 0: no node lies at -2^31 units of longitude. */
static inline uint64_t nodes_word(struct osm_pos pos)
{
	return (uint64_t)((uint32_t)pos.lon ^ UINT32_C(0x80000000)) << 32 |
	       (uint32_t)pos.lat;
}

/* Nothing happens when the id is not wanted. */
static inline void nodes_put(struct nodes *s, struct nodes_cursor *c,
	int64_t id, struct osm_pos pos)
{
	if (id >> 12 != c->number || !c->block) {
		c->number = id >> 12;
		c->block = idset_block(&s->wanted, id);
	}
	if (c->block && idset_block_has(c->block, id))
		atomic_store_explicit(&s->places[idset_rank(c->block, id)],
			nodes_word(pos), memory_order_relaxed);
}

/* For way_points and the like: the place of a look-up, to be prefetched. */
static inline const _Atomic uint64_t *nodes_place(const struct nodes *s,
	int64_t id)
{
	const struct idset_block *b = idset_block(&s->wanted, id);

	if (!b || !idset_block_has(b, id))
		return NULL;
	return &s->places[idset_rank(b, id)];
}

/* False when it has not been seen, or has no position on the globe. */
static inline bool nodes_read(const _Atomic uint64_t *place,
	struct osm_pos *pos)
{
	uint64_t word = place ? atomic_load_explicit(
					place, memory_order_relaxed)
			      : 0;

	pos->lon = (int32_t)((uint32_t)(word >> 32) ^ UINT32_C(0x80000000));
	pos->lat = (int32_t)(uint32_t)word;
	return word >> 32 != 0;
}

static inline bool nodes_get(const struct nodes *s, int64_t id,
	struct osm_pos *pos)
{
	return nodes_read(nodes_place(s, id), pos);
}

#endif
