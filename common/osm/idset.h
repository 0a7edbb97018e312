/*
 * idset.h - a set of object ids, dense where they are dense and small where
 * they are not.
 *
 * A block of 4,096 ids is a bitmap of 512 bytes, made when its first id comes;
 * directories of a million blocks are mapped on demand, so that ids may be
 * negative and of any size. Memory: 800 bytes for each 4,096 ids among which
 * there is at least one.
 *
 * Ids are added from any number of threads at once. Sealed, each has its rank
 * among all of the set, and the set is read-only.
 */
#ifndef OSM_IDSET_H
#define OSM_IDSET_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { IDSET_BLOCK = 4096, IDSET_WORDS = IDSET_BLOCK / 64 };

struct idset_block {
	_Atomic uint64_t bits[IDSET_WORDS];
	uint16_t before[IDSET_WORDS]; /* sealed: ids in the words before */
	uint64_t rank;                /* sealed: of its first id */
	/* what the set's owner knows of the ids, and where in it, word by
	 * word: nodes.h */
	_Atomic(void *) data;
	uint16_t at[IDSET_WORDS];
};

typedef _Atomic(struct idset_block *) idset_slot;

/* 2^32 ids: a directory of 2^20 blocks. */
struct idset_region {
	int64_t number; /* id >> 32 */
	idset_slot *blocks;
	struct idset_region *next;
};

/* Ids from -2^36 to 2^36 find their region at once, others along a list. */
enum { IDSET_NEAR = 16 };

struct idset {
	_Atomic(struct idset_region *) near[2 * IDSET_NEAR];
	_Atomic(struct idset_region *) far;
	uint64_t n; /* sealed: how many */
};

#define IDSET_INIT                                                             \
	{                                                                      \
		{NULL}, NULL, 0                                                \
	}

void idset_add(struct idset *s, int64_t id);
/* The same, for ids of which neighbours are near each other. */
void idset_add_all(struct idset *s, const int64_t *ids, size_t n);
/*
 * Puts in a block of the ids from number << 12 on, which the set frees: false,
 * and nothing, when it has one already.
 */
bool idset_put(struct idset *s, int64_t number, struct idset_block *block);
/* Gives each id its rank, in ascending order of ids. */
void idset_seal(struct idset *s);
void idset_release(struct idset *s);
/* Calls fn with each block. */
void idset_each(const struct idset *s,
	void (*fn)(void *ctx, struct idset_block *b), void *ctx);

/* The region's directory, or NULL. */
idset_slot *idset_far(const struct idset *s, int64_t number);

static inline struct idset_block *idset_block(const struct idset *s, int64_t id)
{
	int64_t number = id >> 32;
	idset_slot *blocks;

	if (number >= -IDSET_NEAR && number < IDSET_NEAR) {
		struct idset_region *r = atomic_load_explicit(
			&s->near[number + IDSET_NEAR], memory_order_acquire);

		blocks = r ? r->blocks : NULL;
	} else {
		blocks = idset_far(s, number);
	}
	if (!blocks)
		return NULL;
	return atomic_load_explicit(&blocks[(uint64_t)id >> 12 & 0xfffff],
		memory_order_acquire);
}

static inline bool idset_block_has(const struct idset_block *b, int64_t id)
{
	uint64_t word = atomic_load_explicit(&b->bits[(uint64_t)id >> 6 & 63],
		memory_order_relaxed);

	return word >> ((uint64_t)id & 63) & 1;
}

static inline bool idset_has(const struct idset *s, int64_t id)
{
	const struct idset_block *b = idset_block(s, id);

	return b && idset_block_has(b, id);
}

/* How many ids of its block, which is sealed, stand before one in the set. */
static inline unsigned idset_block_rank(const struct idset_block *b, int64_t id)
{
	uint64_t word = atomic_load_explicit(&b->bits[(uint64_t)id >> 6 & 63],
		memory_order_relaxed);
	uint64_t below = (UINT64_C(1) << ((uint64_t)id & 63)) - 1;

	return b->before[(uint64_t)id >> 6 & 63] +
	       (unsigned)__builtin_popcountll(word & below);
}

/* Of an id that is in the sealed set. */
static inline uint64_t idset_rank(const struct idset_block *b, int64_t id)
{
	return b->rank + idset_block_rank(b, id);
}

/* How many ids a sealed block has. */
static inline unsigned idset_block_size(const struct idset_block *b)
{
	return b->before[IDSET_WORDS - 1] +
	       (unsigned)__builtin_popcountll(b->bits[IDSET_WORDS - 1]);
}

#endif
