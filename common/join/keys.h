/*
 * keys.h - the keys that samples were given: no two get the same.
 *
 * Of a key that is taken the next is KEY_2, then KEY_3 … Keys are remembered by
 * their XXH64: one that is free counts as taken once in 2^64 / keys, which does
 * no harm. Memory: 8 to 30 bytes a key. One thread.
 */
#ifndef JOIN_KEYS_H
#define JOIN_KEYS_H

#include "base/map.h"

struct keys {
	uint64_t *slots; /* [nslots], 0: free */
	size_t n, nslots;
	struct map copies; /* of keys that were taken twice: how often */
};

/* Appends _COPY to a key, unless that is 1. */
void key_add_copy(struct buf *key, uint32_t copy);
/* Which copy of the key is free next: 1 is the key itself. */
uint32_t keys_next(const struct keys *k, struct str key);
void keys_take(struct keys *k, struct str key, uint32_t copy);
void keys_release(struct keys *k);

#endif
