/*
 * ahead.h - records under way together, in any order, written in the order in
 * which they came: for what waits for something (a server, a disk), or does
 * better when it may choose what to do next.
 *
 * Between being begun and being written a record is set aside, in memory while
 * they are few, else on disk, and so is what becomes of it: memory does not
 * grow with their number but for some 200 bytes each.
 */
#ifndef FILTER_AHEAD_H
#define FILTER_AHEAD_H

#include "filter/filter.h"

struct ahead;

enum begun {
	BEGUN_ERROR = -1, /* the end of the run */
	BEGUN_DONE,       /* nothing is under way: the item is as it will be */
	BEGUN_LATER,      /* ahead_done() will be called with its ticket */
};

/* All are called in the main thread. */
struct ahead_ops {
	/*
	 * Looks at the next record, in the order of the input; views into it
	 * end with the call. Tickets count from 0.
	 */
	enum begun (*begin)(void *ctx, struct ahead *a, struct item *item,
		uint64_t ticket, struct err *err);
	/* Puts what ahead_done() was given into the record that it is for. */
	int (*finish)(void *ctx, struct item *item, struct str result,
		struct err *err);
	/* No record comes before some are done: the input is at its end, or
	 * waits, or as many as may be are under way. May be called often. */
	void (*idle)(void *ctx);
	/* About every second while the main thread waits: -1 ends the run. */
	int (*watch)(void *ctx, struct err *err);
};

/*
 * Runs a filter so, at most `limit` records under way, which of records and
 * results holds `memory` bytes. One output segment per input segment. After -1
 * some may still be under way: the tool ends what calls ahead_done() before
 * ahead_free().
 */
struct ahead *ahead_new(struct filter *f, size_t limit, size_t memory);
int ahead_run(struct ahead *a, const struct ahead_ops *ops, void *ctx,
	struct err *err) MUST_USE;
void ahead_free(struct ahead *a);

/*
 * The record is kept, with this result, which is taken out of the buf. Any
 * thread, once for each ticket.
 */
void ahead_done(struct ahead *a, uint64_t ticket, struct buf *result);
/* It is set aside; reason must be a string constant. */
void ahead_drop(struct ahead *a, uint64_t ticket, enum verdict verdict,
	const char *reason, const char *fmt, ...) PRINTF(5, 6);

/* Records under way that are not done. */
size_t ahead_waiting(struct ahead *a);

#endif
