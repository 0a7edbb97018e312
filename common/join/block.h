/*
 * block.h - samples that are made by place and come out by plan.
 *
 * Shots are added in the order of their plans, sorted by image and place, made
 * in that order, so that what lies together is read and placed once, and kept
 * in a store until they are put out in the order of the plans. For one thread,
 * but block_shot().
 */
#ifndef JOIN_BLOCK_H
#define JOIN_BLOCK_H

#include "join/sample.h"

struct block;

/*
 * For `most` shots: 24 bytes each, 100 until they are made. To be cleared
 * before the first is added.
 */
struct block *block_new(size_t most);
void block_free(struct block *b);
/* Empties it. */
void block_clear(struct block *b);

size_t block_count(const struct block *b);
bool block_is_full(const struct block *b);
/* Adds a plan that is to be kept. */
void block_add(struct block *b, const struct plan *plan);

/* Ends the adding. */
void block_sort(struct block *b, const struct catalog *catalog);
/* The i-th shot in the order of making. */
const struct shot *block_shot(const struct block *b, size_t i);
/* Keeps the records of the next n in that order, as samples_make() has them. */
int block_keep(struct block *b, const struct buf *records, const uint32_t *len,
	size_t n, struct err *err) MUST_USE;

/* Ends the keeping; all are kept, and no shot is looked at any more. */
int block_seal(struct block *b, struct err *err) MUST_USE;
/* Puts out the next n of the samples, or what is left of them. */
int block_emit(struct block *b, const struct plans *all, struct filter *f,
	size_t n, struct err *err) MUST_USE;

#endif
