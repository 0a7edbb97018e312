/*
 * bpe_priv.h - what bpe.c (files) and encode.c (texts) share.
 */
#ifndef TEXT_BPE_PRIV_H
#define TEXT_BPE_PRIV_H

#include "text/bpe.h"

#define BPE_NO_ID UINT32_MAX

/* Two neighbours that become one symbol; the lower rank goes first. */
struct merge {
	uint32_t left, right;
	uint32_t rank, result;
};

struct bpe {
	uint32_t inner[256]; /* ids of the bytes */
	uint32_t last[256];  /* the same at a word's end */
	uint32_t start, end;
	struct merge *slots; /* open addressing; result BPE_NO_ID: free */
	size_t nslots;       /* power of two */
};

/* The pair's merge, or the free slot where it belongs. */
struct merge *bpe_find(const struct bpe *b, uint32_t left, uint32_t right);

#endif
