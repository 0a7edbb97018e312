/*
 * map.h - string keys to size_t values, in order of insertion.
 *
 * Keys are copied and owned by the map. Not for several threads while one
 * of them adds.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

struct map_entry {
	struct str key;
	size_t value;
};

struct map {
	struct map_entry *entries; /* [len], in order of insertion */
	size_t len;
	size_t cap;
	uint32_t *slots; /* index + 1 into entries, 0 = free */
	size_t nslots;   /* power of two, or 0 */
};

#define MAP_INIT                                                               \
	{                                                                      \
		NULL, 0, 0, NULL, 0                                            \
	}

/* The value's place, or NULL when the key is not there. */
size_t *map_get(const struct map *m, struct str key);
/* The value's place, made with value 0 when it was not there. */
size_t *map_put(struct map *m, struct str key);
void map_release(struct map *m);

#endif
