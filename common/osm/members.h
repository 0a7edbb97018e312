/*
 * members.h - the ways that relations are made of, with their positions.
 *
 * First all wanted ways, from any number of threads; then members_seal(); then
 * each way as it comes: its positions are kept by the thread that has them,
 * each in its own keep, and the owner puts it in; then look-ups, from any
 * thread. Memory: what idset.h says, 8 bytes a node of a wanted way and 24 a
 * way.
 */
#ifndef OSM_MEMBERS_H
#define OSM_MEMBERS_H

#include "osm/idset.h"
#include "osm/osm.h"

struct member_way {
	int64_t id;
	uint32_t keep;
	uint32_t n;   /* positions; 0 when nodes miss */
	size_t begin; /* among the keep's */
};

/* One thread's positions. */
struct member_keep {
	struct geo_pos *points; /* [n] */
	size_t n, cap;
};

struct members {
	struct idset wanted;
	struct member_keep *keeps; /* [nkeeps] */
	size_t nkeeps;
	struct member_way *ways; /* [wanted.n], id unused; n is 0: not seen */
};

void members_init(struct members *m, size_t threads);
void members_release(struct members *m);
void members_seal(struct members *m);

/* Keeps the positions of a wanted way, fewer than 2^32. */
struct member_way members_keep(struct members *m, unsigned keep, int64_t id,
	const struct geo_pos *points, size_t n);
/* Of two ways with one id the one put in last counts. */
void members_put(struct members *m, const struct member_way *way);
/* The way's n positions; NULL when it has not come, or not with all nodes. */
const struct geo_pos *members_get(const struct members *m, int64_t id,
	size_t *n);

#endif
