/*
 * nodes.h - where the nodes that ways need lie.
 *
 * First all wanted ids, in any order and any number of times; then
 * nodes_seal(); then positions as they come; then look-ups. Memory: 8 bytes a
 * wanted id, while they are collected for each time it is wanted, and 16 bytes
 * more for each once sealed.
 */
#ifndef OSM_NODES_H
#define OSM_NODES_H

#include <stddef.h>
#include <stdint.h>

struct nodes {
	int64_t *ids; /* [n], sorted and distinct once sealed */
	size_t n, cap;
	double *lon, *lat; /* [n], NaN: not seen */
};

#define NODES_INIT                                                             \
	{                                                                      \
		NULL, 0, 0, NULL, NULL                                         \
	}

void nodes_want(struct nodes *s, const int64_t *ids, size_t n);
void nodes_seal(struct nodes *s);
/* Nothing happens when the id is not wanted. */
void nodes_put(struct nodes *s, int64_t id, double lon, double lat);
bool nodes_get(const struct nodes *s, int64_t id, double *lon, double *lat);
void nodes_release(struct nodes *s);

#endif
