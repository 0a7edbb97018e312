/*
 * spool.h - byte strings put in one after the other and read back in that
 * order: in memory while they are few, in a temporary file when they are many.
 *
 * For what must see a whole stream before it can write the first record. Not
 * for several threads at once.
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include <stddef.h>
#include <stdint.h>

struct spool;

struct spool *spool_new(void);
/* Frees it and its file; fine on NULL. */
void spool_free(struct spool *s);

/* At most 4 GiB each. Nothing may be put behind a spool_rewind(). */
int spool_put(struct spool *s, const void *p, size_t len,
	struct err *err) MUST_USE;
/* Goes (back) to the first. */
int spool_rewind(struct spool *s, struct err *err) MUST_USE;
/* The next one, good until the next call: 1, 0 at the end, -1. */
int spool_next(struct spool *s, struct str *out, struct err *err) MUST_USE;

#endif
