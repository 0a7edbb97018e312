/*
 * stream.h - record streams, version 1: segments of headers, data records and
 * one end record (skyfilters-records(5)).
 *
 * The reader checks the framing, the order of the parts, the count and the
 * CRC-32C of every segment. Errors name the last whole record and the byte
 * offset. One thread per reader or writer.
 */
#ifndef REC_STREAM_H
#define REC_STREAM_H

#include "rec/rec.h"

#define KEY_HEADER "skyfilters"
#define KEY_END    "skyfilters_end"

enum { STREAM_VERSION = 1 };
#define MAX_RECORD (UINT64_C(256) << 20) /* unless told otherwise */

/* Headers in first-seen order, each id once; owns their bytes. */
struct headers {
	struct buf *items; /* [n] packed header records */
	char (*ids)[17];   /* [n] */
	size_t n, cap, ids_cap;
};

#define HEADERS_INIT                                                           \
	{                                                                      \
		NULL, NULL, 0, 0, 0                                            \
	}

/* Adds a copy of a header record unless its id is there; checks it. */
int headers_add(struct headers *h, struct val header, struct err *err) MUST_USE;
/* Adds all of `from`. */
void headers_merge(struct headers *h, const struct headers *from);
struct val headers_at(const struct headers *h, size_t i);
void headers_release(struct headers *h);

enum rec_kind { REC_EOF, REC_HEADER, REC_DATA, REC_END };

struct rec_view {
	enum rec_kind kind;
	struct val val;        /* the record; good until the next read */
	const struct rec *rec; /* its fields: rec_view_rec() and rec_check() */
	uint64_t number;       /* data records: 1 for the first of the stream */
	uint64_t offset;       /* of its first byte in the stream */
};

struct rec_reader;

/* Reads from fd (not closed); name is for messages and is copied. */
struct rec_reader *rec_reader_new(int fd, const char *name);
void rec_reader_free(struct rec_reader *r);
/* A record of more bytes is an error (MAX_RECORD when this is not called). */
void rec_reader_limit(struct rec_reader *r, uint64_t max_record);
/* Calls fn each time before bytes of records go that have been read. */
void rec_reader_on_fill(struct rec_reader *r, void (*fn)(void *ctx), void *ctx);
/* Calls fn each time before it may wait for input, with the descriptor. */
void rec_reader_on_wait(struct rec_reader *r, void (*fn)(void *ctx, int fd),
	void *ctx);
/* Whether the bytes lie where they go with the next rec_reader_on_fill(). */
bool rec_reader_holds(const struct rec_reader *r, struct val v);
/* 0 and *out (kind REC_EOF at the end), or -1. After -1 it stays -1. */
int rec_reader_next(struct rec_reader *r, struct rec_view *out,
	struct err *err) MUST_USE;

/*
 * Reads a whole file of records: calls fn with each data record, adds its
 * headers to h (may be NULL), stops when fn returns -1. Gives the SHA-256 and
 * the number of bytes read (each may be NULL).
 */
typedef int rec_fn(void *ctx, struct rec *rec, struct err *err);
int rec_read_file(const char *path, rec_fn *fn, void *ctx, struct headers *h,
	uint8_t sha256[32], uint64_t *bytes, struct err *err) MUST_USE;

struct rec_writer;

/* Writes to fd (not closed). */
struct rec_writer *rec_writer_new(int fd, const char *name);
void rec_writer_free(struct rec_writer *w);
/* As for readers: what a reader would not take is not written. */
void rec_writer_limit(struct rec_writer *w, uint64_t max_record);
/* A header opens a segment, or adds to the one whose headers are open. */
int rec_writer_header(struct rec_writer *w, struct val v,
	struct err *err) MUST_USE;
int rec_writer_data(struct rec_writer *w, struct val record,
	struct err *err) MUST_USE;
/*
 * The same of bytes that are only lent: they stay where they are until
 * rec_writer_settle(). Records that lie one behind the other go out in one run,
 * without being copied.
 */
int rec_writer_lend(struct rec_writer *w, struct val record,
	struct err *err) MUST_USE;
/* Before bytes go that were lent. */
int rec_writer_settle(struct rec_writer *w, struct err *err) MUST_USE;
/* n records at once, one behind the other, of which each is within limits. */
int rec_writer_run(struct rec_writer *w, struct val records, uint64_t n,
	struct err *err) MUST_USE;
/* -1 when a record of that size is over the limit. */
int rec_writer_fits(const struct rec_writer *w, size_t size,
	struct err *err) MUST_USE;
/*
 * Ends the segment. `inputs` is a packed array for the end record's `inputs`
 * (NULL: an empty array).
 */
int rec_writer_end(struct rec_writer *w, const struct buf *inputs,
	struct err *err) MUST_USE;
/* A writer that has failed writes no more, and says why again. */
int rec_writer_flush(struct rec_writer *w, struct err *err) MUST_USE;
/*
 * The same but for an end record that nothing has followed yet. That is kept
 * back until then, so that a stream whose making fails never looks whole.
 */
int rec_writer_flush_data(struct rec_writer *w, struct err *err) MUST_USE;
bool rec_writer_holds_end(const struct rec_writer *w);

#endif
