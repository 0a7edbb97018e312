#include "base/base.h"
#include "join/keys.h"

#include <inttypes.h>

#include "base/hash.h"

enum { FEWEST_SLOTS = 1024 };

void key_add_copy(struct buf *key, uint32_t copy)
{
	if (copy > 1)
		buf_addf(key, "_%" PRIu32, copy);
}

static uint64_t hash_of(struct str key, uint32_t copy)
{
	struct buf text = BUF_INIT;
	uint64_t hash;

	if (copy < 2) {
		hash = hash_xxh64(key.s, key.len);
	} else {
		buf_add(&text, key.s, key.len);
		key_add_copy(&text, copy);
		hash = hash_xxh64(text.data, text.len);
		buf_release(&text);
	}
	return hash ? hash : 1;
}

/* The slot of the hash, or the free one where it would stand. */
static size_t slot_of(const struct keys *k, uint64_t hash)
{
	size_t i = (size_t)hash & (k->nslots - 1);

	while (k->slots[i] && k->slots[i] != hash)
		i = (i + 1) & (k->nslots - 1);
	return i;
}

static bool is_taken(const struct keys *k, uint64_t hash)
{
	return k->nslots && k->slots[slot_of(k, hash)];
}

uint32_t keys_next(const struct keys *k, struct str key)
{
	const size_t *copies = map_get(&k->copies, key);
	uint32_t copy = copies ? (uint32_t)*copies + 1 : 1;

	while (is_taken(k, hash_of(key, copy)))
		copy++;
	return copy;
}

static void grow(struct keys *k)
{
	struct keys more = {.nslots = MAX(2 * k->nslots, FEWEST_SLOTS)};

	more.slots = xcalloc(more.nslots, sizeof(*more.slots));
	for (size_t i = 0; i < k->nslots; i++)
		if (k->slots[i])
			more.slots[slot_of(&more, k->slots[i])] = k->slots[i];
	free(k->slots);
	k->slots = more.slots;
	k->nslots = more.nslots;
}

void keys_take(struct keys *k, struct str key, uint32_t copy)
{
	uint64_t hash = hash_of(key, copy);

	if (k->n >= k->nslots / 5 * 4)
		grow(k);
	k->slots[slot_of(k, hash)] = hash;
	k->n++;
	if (copy > 1)
		*map_put(&k->copies, key) = copy;
}

void keys_release(struct keys *k)
{
	free(k->slots);
	map_release(&k->copies);
	*k = (struct keys){NULL, 0, 0, MAP_INIT};
}
