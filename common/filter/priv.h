/*
 * priv.h - what the files of common/filter share: the state of one run.
 */
#ifndef FILTER_PRIV_H
#define FILTER_PRIV_H

#include "filter/filter.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/spool.h"

#include <sys/types.h>

/* An input that a header or an end record names. */
struct input {
	char *name;
	uint64_t bytes;          /* UINT64_MAX: not known */
	uint64_t timestamp;      /* 0: not known */
	const char *attribution; /* a constant, or NULL */
	bool has_sha256;
	uint8_t sha256[SHA256_BYTES];
};

struct inputs {
	struct input *items; /* [n] */
	size_t n, cap;
};

void inputs_add(struct inputs *in, const char *path, uint64_t bytes,
	const uint8_t *sha256);
/* Appends the packed array of an `inputs` key. */
void inputs_pack(const struct inputs *in, struct buf *b);
void inputs_release(struct inputs *in);

/* Where the headers of a stream's segments come together. */
struct lineage {
	struct headers headers;
	struct map last; /* ids of the segments' last headers */
};

void lineage_add_last(struct lineage *l);
void lineage_merge(struct lineage *l, const struct lineage *from);
void lineage_release(struct lineage *l);

/* A file that an output will take the place of. */
struct replaced {
	bool there; /* else there is none: nothing can be lost */
	dev_t dev;
	ino_t ino;
};

struct filter {
	const struct cli *cli;
	const void *opts;
	const struct common *common;
	unsigned flags;
	double started; /* seconds */

	struct rec_reader *in;
	int in_fd;
	struct item item;  /* lent by filter_next() */
	struct buf packed; /* room for a record on its way out */
	struct rec_writer *out;
	struct outfile out_file;

	struct lineage segment; /* of what is being written */
	struct lineage all;     /* of the whole input */
	struct lineage others;  /* of catalogues and the like */
	struct inputs inputs, end_inputs;
	struct map licences;
	bool headers_out; /* the open segment's headers are written */
	bool in_headers;  /* the reader is among a segment's headers */
	bool mapped;      /* record-wise: one segment out per segment in */

	struct replaced by_output, by_reject; /* as it was at the start */

	struct outfile reject_file;
	struct spool *rejects; /* NULL: not kept */

	uint64_t n_segments; /* that have been ended */
	uint64_t n_in, n_out, n_dropped, n_faults;
	struct map reasons;
	char *hint;
};

/* Writes the headers of a stream: what was read, then our own. */
int write_headers(struct filter *f, struct rec_writer *w,
	const struct lineage *l, struct err *err) MUST_USE;

int rejects_open(struct filter *f, struct err *err) MUST_USE;
/* Keeps one packed record for the reject file. */
int rejects_put(struct filter *f, const struct buf *record,
	struct err *err) MUST_USE;
/* Writes the reject file; with an end record unless the run has failed. */
int rejects_close(struct filter *f, bool failed, struct err *err) MUST_USE;

/* Counts a record that was set aside, and warns of a fault. */
void count_aside(struct filter *f, const struct item *item);
void say_summary(const struct filter *f, bool failed);
/* Starts the time that the summary gives. */
void start_clock(struct filter *f);

/* Reads the next view, keeping the lineage; kind REC_EOF at the end. */
int next_view(struct filter *f, struct rec_view *v, struct err *err) MUST_USE;
/*
 * An item whose record views what was read sets out; one whose keys are wrong
 * is a fault, and its bytes become the field `raw`.
 */
void item_begin(const struct filter *f, struct item *item, uint64_t number,
	uint64_t offset);

/* Record-wise: the headers of the segment being read, then ours. */
int filter_begin_segment(struct filter *f, struct err *err) MUST_USE;
int filter_end_segment(struct filter *f, struct err *err) MUST_USE;
/* What becomes of a record that is not kept; the item stays the caller's. */
int set_aside(struct filter *f, struct item *item, struct err *err) MUST_USE;

#endif
