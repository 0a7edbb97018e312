/*
 * nodes.h - where the nodes that ways need lie.
 *
 * First all wanted ids, in any order and from any number of threads; then
 * nodes_seal(); then positions, each node from one thread at a time; then
 * look-ups, from any threads. Or all that come are wanted, and no ids are
 * given before.
 *
 * Where ids ascend, the positions come as runs, block of ids (idset.h) by
 * block, which are packed: for each 64 ids the least longitude and latitude,
 * and what each node is beyond them in as many bits as the largest needs. Nodes
 * made together lie together, so that this takes 5 to 7 bytes a node. Memory:
 * that, and what idset.h says. In any order, or in a file, which is mapped,
 * they take 8 bytes each.
 */
#ifndef OSM_NODES_H
#define OSM_NODES_H

#include "osm/idset.h"
#include "osm/osm.h"

struct nodes {
	struct idset wanted;
	bool all;  /* that come are wanted: the set is of those that have */
	void *map; /* of a file, or NULL */
	size_t map_bytes;
};

#define NODES_INIT                                                             \
	{                                                                      \
		IDSET_INIT, false, NULL, 0                                     \
	}

static inline void nodes_want(struct nodes *s, const int64_t *ids, size_t n)
{
	idset_add_all(&s->wanted, ids, n);
}

/* Whether any positions need be put. */
static inline bool nodes_needed(const struct nodes *s)
{
	return s->all || s->wanted.n;
}

/* No more ids are wanted: how many bytes their positions will take. */
uint64_t nodes_bytes(struct nodes *s);
/*
 * The same, and makes room for the positions: in a new file of this name, which
 * loses the name at once, or, when it is NULL, in memory, as they come.
 */
int nodes_seal(struct nodes *s, const char *path, struct err *err) MUST_USE;
/* Forgets all positions, and what is wanted only if it was not given before.
 * Not while others put any. */
void nodes_clear(struct nodes *s);
void nodes_release(struct nodes *s);

/* The position of a node that comes in any order, not when all are wanted:
 * nothing happens when this one is not. */
void nodes_put(struct nodes *s, int64_t id, struct geo_pos pos);

/* Positions of one block's nodes. */
struct node_run {
	int64_t number;             /* id >> 12 */
	uint64_t have[IDSET_WORDS]; /* a bit for each that has come */
	struct geo_pos pos[IDSET_BLOCK];
};

/* They are all that will come of this block; others of it are ignored. From
 * any threads, not for a file. */
void nodes_put_run(struct nodes *s, const struct node_run *run);

/* Where a position is to be read. */
struct node_place {
	const void *at; /* NULL: nowhere */
	unsigned rank;  /* in packed ones */
};

/* The positions of n nodes, OSM_NOWHERE where none has come. room: [n] */
void nodes_get(const struct nodes *s, const int64_t *ids, size_t n,
	struct node_place *room, struct geo_pos *pos);

#endif
