/*
 * store.h - byte strings put in one after the other and read back by number:
 * in memory while they are few, in a temporary file when they are many.
 *
 * For what is looked at again, in any order, and would not fit into memory.
 * Memory: 5 bytes a string, and 1 MiB.
 */
#ifndef BASE_STORE_H
#define BASE_STORE_H

#include <stddef.h>
#include <stdint.h>

struct store;

struct store *store_new(void);
/* Frees it and its file; fine on NULL. */
void store_free(struct store *s);

/* At most 256 MiB each, and 2^32 - 1 of them; the first is number 0. */
int store_put(struct store *s, const void *p, size_t len,
	struct err *err) MUST_USE;
size_t store_count(const struct store *s);
/* After this none may be put in, and any number of threads may read. */
int store_seal(struct store *s, struct err *err) MUST_USE;

/*
 * The strings of n ascending numbers, read into `room`, which is emptied:
 * out[i] is good until it changes. What lies close together is read at once.
 */
int store_read(const struct store *s, const uint32_t *numbers, size_t n,
	struct buf *room, struct str *out, struct err *err) MUST_USE;

#endif
