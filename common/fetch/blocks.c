#include "base/base.h"
#include "fetch/blocks.h"

#include <pthread.h>

#include "base/hash.h"
#include "base/table.h"

struct block {
	struct table_node node;
	struct block_key key;
	struct image img;
	size_t users;
	bool filled;
	struct block *older, *newer; /* among those without users */
};

struct blocks {
	pthread_mutex_t lock;
	pthread_cond_t settled; /* one is filled, or has failed */
	struct table table;
	struct block *oldest, *newest; /* without users */
	size_t memory, used;
};

uint64_t block_key_hash(const struct block_key *k)
{
	return hash_xxh3(k, sizeof(*k));
}

static bool is_key(const struct table_node *node, const void *key)
{
	const struct block *k = OWNER_OF(node, const struct block, node);

	return !memcmp(&k->key, key, sizeof(k->key));
}

struct blocks *blocks_new(size_t memory)
{
	struct blocks *b = xcalloc(1, sizeof(*b));

	b->memory = memory;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->settled, NULL);
	return b;
}

static void block_free(struct block *k)
{
	image_release(&k->img);
	free(k);
}

void blocks_free(struct blocks *b)
{
	struct table_node *node;

	if (!b)
		return;
	while ((node = table_pop(&b->table)))
		block_free(OWNER_OF(node, struct block, node));
	table_release(&b->table);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->settled);
	free(b);
}

static size_t bytes_of(const struct block *k)
{
	return sizeof(*k) +
	       (size_t)k->img.width * k->img.height * k->img.channels;
}

static void unlink_block(struct blocks *b, struct block *k)
{
	*(k->older ? &k->older->newer : &b->oldest) = k->newer;
	*(k->newer ? &k->newer->older : &b->newest) = k->older;
	k->older = k->newer = NULL;
}

static void link_newest(struct blocks *b, struct block *k)
{
	k->older = b->newest;
	*(b->newest ? &b->newest->newer : &b->oldest) = k;
	b->newest = k;
}

struct block *blocks_get(struct blocks *b, const struct block_key *key,
	bool *mine)
{
	uint64_t hash = block_key_hash(key);
	struct table_node *node;
	struct block *k;

	pthread_mutex_lock(&b->lock);
	while ((node = table_find(&b->table, hash, is_key, key))) {
		k = OWNER_OF(node, struct block, node);
		if (k->filled)
			break;
		pthread_cond_wait(&b->settled, &b->lock);
	}
	*mine = !node;
	if (*mine) {
		k = xcalloc(1, sizeof(*k));
		k->key = *key;
		table_add(&b->table, &k->node, hash);
	} else if (!k->users) {
		unlink_block(b, k);
	}
	k->users++;
	pthread_mutex_unlock(&b->lock);
	return k;
}

struct image *block_image(struct block *k)
{
	return &k->img;
}

/* The oldest that nobody uses go until the rest has room. */
static void evict(struct blocks *b)
{
	while (b->used > b->memory && b->oldest) {
		struct block *k = b->oldest;

		unlink_block(b, k);
		table_remove(&b->table, &k->node);
		b->used -= bytes_of(k);
		block_free(k);
	}
}

void blocks_filled(struct blocks *b, struct block *k)
{
	pthread_mutex_lock(&b->lock);
	k->filled = true;
	b->used += bytes_of(k);
	evict(b);
	pthread_cond_broadcast(&b->settled);
	pthread_mutex_unlock(&b->lock);
}

void blocks_failed(struct blocks *b, struct block *k)
{
	pthread_mutex_lock(&b->lock);
	table_remove(&b->table, &k->node);
	pthread_cond_broadcast(&b->settled);
	pthread_mutex_unlock(&b->lock);
	block_free(k);
}

void blocks_put(struct blocks *b, struct block *k)
{
	pthread_mutex_lock(&b->lock);
	if (!--k->users) {
		link_newest(b, k);
		evict(b);
	}
	pthread_mutex_unlock(&b->lock);
}
