/*
 * blocks.h - decoded blocks of images, kept while there is room, so that
 * windows that share one decode it once. All threads share them.
 */
#ifndef FETCH_BLOCKS_H
#define FETCH_BLOCKS_H

#include "img/img.h"

struct blocks;
struct block;

struct block_key {
	uint64_t scene; /* number */
	uint64_t level, col, row;
	uint64_t planes;        /* 1: as its planes, else as pixels */
	uint64_t width, height; /* 0, but of windows that are asked for whole */
};

uint64_t block_key_hash(const struct block_key *k);

struct blocks *blocks_new(size_t memory);
void blocks_free(struct blocks *b);

/*
 * The block of a key, held until blocks_put(). Waits while another thread
 * decodes it. *mine: it is not there, and the caller decodes it into
 * block_image(), then calls blocks_filled() or, when that fails,
 * blocks_failed(), after which it is not held.
 */
struct block *blocks_get(struct blocks *b, const struct block_key *k,
	bool *mine);
struct image *block_image(struct block *k);
void blocks_filled(struct blocks *b, struct block *k);
void blocks_failed(struct blocks *b, struct block *k);
void blocks_put(struct blocks *b, struct block *k);

#endif
