/*
 * priv.h - what the files of common/split share: the state of one run.
 */
#ifndef SPLIT_PRIV_H
#define SPLIT_PRIV_H

#include "split/parts.h"
#include "split/place.h"
#include "split/split.h"
#include "base/map.h"
#include "base/spool.h"

struct split {
	const struct split_opts *o;
	struct filter *f;
	struct parts *parts;
	struct map names; /* VALUES, CELLS: the number of each part */
	struct cell *at;  /* CELLS: [parts] where each is */
	size_t at_cap;
	uint64_t next;      /* TURNS */
	struct spool *halo; /* CELLS: copies for other cells */
	uint64_t *copies;   /* CELLS: [parts] of them in each */
	struct buf room;
};

/* The part of an item; or its verdict says why it has none. */
void split_by_hash(struct split *s, struct item *item, size_t *part);
void split_by_value(struct split *s, struct item *item, size_t *part);
void split_by_ratio(struct split *s, struct item *item, size_t *part);
/* Also keeps what other cells may need of it: -1 when that fails. */
int split_by_cell(struct split *s, struct item *item, size_t *part,
	struct err *err) MUST_USE;
/* Adds these copies to the parts that are there. */
int split_spread_halo(struct split *s, struct err *err) MUST_USE;

#endif
