/*
 * history.h - where nodes have been, and of which nodes ways have been, for the
 * objects of a history file that others are made of.
 *
 * A set of wanted ids, sealed; then their versions, in the order of such a file
 * and from one thread; then look-ups, from any thread. Times are Unix seconds.
 * Memory beside the set: 8 bytes a wanted id, 16 for each place of a node, 32
 * for each version of a way and 8 for each node of it. What stays as it was
 * from one version to the next is kept once.
 */
#ifndef OSM_HISTORY_H
#define OSM_HISTORY_H

#include "osm/idset.h"
#include "osm/osm.h"

/* From then on until the next one; lon INT32_MIN: it is nowhere. */
struct move {
	int64_t from;
	int32_t lon;
	int32_t lat : 31;
	uint32_t more : 1; /* the next one is of the same node */
};

struct moves {
	const struct idset *wanted;
	uint64_t *begin; /* [wanted->n] of its moves, from 1; 0: none */
	struct move *list;
	size_t n, cap;
	int64_t last; /* the node that came last */
};

void moves_init(struct moves *m, const struct idset *wanted);
void moves_release(struct moves *m);
/* The node is at pos from then on; OSM_NOWHERE: it is deleted. */
void moves_add(struct moves *m, int64_t id, int64_t from, struct geo_pos pos);
/* The first of a node's moves, or NULL. */
const struct move *moves_of(const struct moves *m, int64_t id);
/* Where it was then: OSM_NOWHERE before it was made. */
struct geo_pos moves_at(const struct moves *m, int64_t id, int64_t at);

/* A way was of these nodes from <= t < to. */
struct course {
	int64_t from, to;
	size_t begin; /* among the refs */
	uint32_t n;
	bool more; /* the next one is of the same way */
};

struct courses {
	const struct idset *wanted;
	uint64_t *begin; /* as of moves */
	struct course *list;
	size_t n, cap;
	int64_t last;
	int64_t *refs; /* [nrefs] */
	size_t nrefs, refs_cap;
};

void courses_init(struct courses *c, const struct idset *wanted);
void courses_release(struct courses *c);
/* Fewer than 2^32 refs. */
void courses_add(struct courses *c, int64_t id, int64_t from, int64_t to,
	const int64_t *refs, size_t n);
const struct course *courses_of(const struct courses *c, int64_t id);
/* What it was then, or NULL. */
const struct course *courses_at(const struct courses *c, int64_t id,
	int64_t at);

#endif
