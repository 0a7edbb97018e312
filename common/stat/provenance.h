/*
 * provenance.h - the headers of a stream, each once, and what its end records
 * say was read: the graph of where the data comes from.
 *
 * Bounded: past MAX_PROVENANCE bytes of memory, headers and inputs that are new
 * are only counted.
 * One thread.
 */
#ifndef STAT_PROVENANCE_H
#define STAT_PROVENANCE_H

#include "base/map.h"
#include "rec/stream.h"

enum { MAX_PROVENANCE = 4 << 20 };

struct origin {
	struct val header;     /* owned */
	uint64_t segments;     /* that have it */
	struct map end_inputs; /* packed maps of the end records behind it */
};

/* A zeroed one is empty. */
struct provenance {
	struct origin *items; /* [n], in first-seen order */
	size_t n, cap;
	struct map index; /* ids to places */
	size_t bytes;
	size_t last;       /* place + 1 of the open segment's last header */
	uint64_t left_out; /* headers, and inputs of end records */
};

/* Notes a header or an end record that a reader has checked. */
void provenance_add(struct provenance *p, const struct rec_view *v);
void provenance_release(struct provenance *p);

/* The place of the header with that id; n when there is none. */
size_t provenance_find(const struct provenance *p, struct val id);

#endif
