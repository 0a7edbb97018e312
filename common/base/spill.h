/*
 * spill.h - byte strings put aside, each to be taken back once, in any order:
 * in memory while they are few, in temporary files when they are many.
 *
 * What is taken back makes room again, on disk too. Any thread.
 */
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include <stddef.h>
#include <stdint.h>

struct spill;
struct spill_file;

/* Where a string is; a zeroed one is an empty string. */
struct spill_place {
	void *p;                 /* in memory, owned; NULL: in the file */
	struct spill_file *file; /* NULL: in memory */
	uint64_t at;
	size_t len;
};

/* memory: bytes that are kept there. */
struct spill *spill_new(size_t memory);
/* What has not been taken back goes, but for what is in memory: drop that. */
void spill_free(struct spill *s);

int spill_put(struct spill *s, const void *p, size_t len,
	struct spill_place *at, struct err *err) MUST_USE;
/* The same of a whole buf, which is empty after it. */
int spill_give(struct spill *s, struct buf *b, struct spill_place *at,
	struct err *err) MUST_USE;
/* Puts the bytes into out, which must be empty; `at` is empty after it, also
 * after -1. */
int spill_take(struct spill *s, struct spill_place *at, struct buf *out,
	struct err *err) MUST_USE;
void spill_drop(struct spill *s, struct spill_place *at);

#endif
