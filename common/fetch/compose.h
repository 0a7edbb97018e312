/*
 * compose.h - windows put together from blocks that we decode: tiles, and
 * blocks of TIFFs.
 */
#ifndef FETCH_COMPOSE_H
#define FETCH_COMPOSE_H

#include "fetch/priv.h"

enum outcome {
	GOOD,
	LATER, /* a block is asked for again: the want is not ours any more */
	OTHER, /* no block of 4:2:0 */
	BAD,   /* reason and why say it */
};

/* A window being read. */
struct work {
	struct hand *hand;
	struct want *want;
	struct picture pic;
	bool planes;        /* blocks are wanted as their planes */
	const char *reason; /* a string constant */
	struct err why;
};

/* BAD, with its reason. */
enum outcome work_fail(struct work *k, const char *reason);

/*
 * The i-th block that the window meets, decoded and held until blocks_put();
 * NULL: the outcome says it.
 */
struct block *work_block(struct work *k, const struct span *span, size_t i,
	enum outcome *outcome);

/* planes.c: whether the window goes from JPEG to JPEG. */
bool planes_fit(const struct hand *h, const struct want *w);
/* Appends the chip. OTHER: it does not, after all. */
enum outcome planes_compose(struct work *k, struct buf *out);

/* Fill pic, from the blobs of the want or its local file. */
enum outcome work_compose(struct work *k);
enum outcome work_compose_wms(struct work *k);

/* Decodes the bytes of a block in this row of the level; -1: k->why; 1: OTHER.
 */
int work_decode(struct work *k, const struct scene_level *l, uint64_t row,
	struct str bytes, struct image *out) MUST_USE;

/* The mask of the picture, all valid when it is new. */
uint8_t *picture_mask(struct picture *p);
/* What has the value of nodata in every band is not valid. */
void work_mask_nodata(const struct scene *s, struct picture *p);

#endif
