/*
 * members.h - the ways that relations are made of, with their positions.
 *
 * First all wanted ways, from any number of threads; then each way as it
 * comes, one member_keep a thread; then members_seal(); then look-ups, from
 * any thread. Memory: what idset.h says, 8 bytes a node of a wanted way and 32
 * a way.
 */
#ifndef OSM_MEMBERS_H
#define OSM_MEMBERS_H

#include "osm/idset.h"
#include "osm/osm.h"

struct member_way {
	int64_t id;
	uint64_t number; /* of two ways with one id the higher counts */
	size_t begin, n; /* positions of the keep; n is 0 when nodes miss */
	size_t keep;
};

/* One thread's ways. */
struct member_keep {
	struct member_way *ways; /* [nways] */
	size_t nways, ways_cap;
	struct osm_pos *points; /* [npoints] */
	size_t npoints, points_cap;
};

struct members {
	struct idset wanted;
	struct member_keep *keeps; /* [nkeeps] */
	size_t nkeeps;
	struct member_way *ways; /* [nways], by id, once sealed */
	size_t nways;
};

void members_init(struct members *m, size_t threads);
void members_release(struct members *m);

/* Keeps a wanted way; `keep` is the calling thread's number. */
void members_put(struct members *m, size_t keep, int64_t id, uint64_t number,
	const struct osm_pos *points, size_t n);
void members_seal(struct members *m);
/* The way's n positions; NULL when it has not come. */
const struct osm_pos *members_get(const struct members *m, int64_t id,
	size_t *n);

#endif
