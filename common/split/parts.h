/*
 * parts.h - records sorted into parts while a stream is read, each written as
 * a stream of its own at the end.
 *
 * The headers of a part are known only when all of the input has been read, so
 * the records wait: up to a limit in memory, beyond it in one temporary file,
 * whatever the number of parts. One file is written at a time. Nothing of a
 * part appears before it is whole. One thread.
 */
#ifndef SPLIT_PARTS_H
#define SPLIT_PARTS_H

#include "rec/stream.h"

struct parts;

/* memory_bytes: what may wait in memory; max_record: as for a rec_writer. */
struct parts *parts_new(size_t memory_bytes, uint64_t max_record);
/* NULL is fine. */
void parts_free(struct parts *p);

/* Makes parts 0 … n-1 be there, empty. */
void parts_reserve(struct parts *p, size_t n);
size_t parts_count(const struct parts *p);
/* Data records of a part. */
uint64_t parts_records(const struct parts *p, size_t part);

/* Appends one packed record to part < parts_count(). */
int parts_add(struct parts *p, size_t part, struct val record,
	struct err *err) MUST_USE;
/*
 * Writes a part as a stream of one segment to a file, which appears by rename.
 * Its records are gone from `p` then.
 */
int parts_write(struct parts *p, size_t part, const char *path,
	const struct headers *h, struct err *err) MUST_USE;

#endif
