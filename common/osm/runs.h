/*
 * runs.h - positions of nodes whose ids ascend, from blocks of a file decoded
 * on several threads, gathered into runs (nodes.h).
 *
 * Of a batch's runs only the first and the last may go on in others: these stay
 * until the owner, in the order of the file, joins them to what is open. All
 * between are packed at once.
 */
#ifndef OSM_RUNS_H
#define OSM_RUNS_H

#include "osm/nodes.h"

struct node_runs {
	struct node_run *runs[2]; /* the first and the last; or NULL */
	unsigned n;               /* how many of them hold something */
};

void runs_release(struct node_runs *r);
/* Positions of a batch, the next n of them. */
void runs_put(struct node_runs *r, struct nodes *s, const int64_t *ids,
	const struct geo_pos *pos, size_t n);
/* A batch is done, which leaves its runs empty. `open` has one run or none. */
void runs_join(struct node_runs *open, struct nodes *s, struct node_runs *r);
/* No more come: puts what is open. */
void runs_end(struct node_runs *open, struct nodes *s);

#endif
