/*
 * filter.h - the loop of a filter: segments in and out, headers, records set
 * aside, summary, exit status. What every tool does the same way stands here.
 *
 * Record-wise tools call filter_map(); tools that look at the whole stream
 * call filter_next() until it is empty, then filter_emit(); tools that make
 * records call filter_put(). All end with filter_close(), whose result is the
 * process's exit status. Used from the main thread.
 */
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "cli/cli.h"
#include "rec/rec.h"
#include "rec/pack.h"
#include "rec/stream.h"

enum verdict {
	KEEP,  /* goes on */
	DROP,  /* set aside by a rule */
	FAULT, /* set aside because something is broken */
};

/* A record on its way through a filter. */
struct item {
	struct rec rec;
	uint64_t number; /* in the input, from 1 */
	uint64_t offset; /* its first byte in the input */
	enum verdict verdict;
	const char *reason; /* short and fixed, a string constant: counted */
	char *detail;       /* what is particular to this record, or NULL */
	void *data;         /* the tool's own; freed with free() */
	bool lent;          /* belongs to the filter, see filter_next() */
};

struct item *item_new(void);
/* Frees it, or empties it when it is lent. NULL is fine. */
void item_free(struct item *item);
/* Takes over what a lent item holds, its bytes too: may be kept. */
struct item *item_keep(struct item *item);
/* Sets the verdict; reason must be a string constant. Return 0. */
int item_drop(struct item *item, const char *reason, const char *fmt, ...)
	PRINTF(3, 4);
int item_fault(struct item *item, const char *reason, const char *fmt, ...)
	PRINTF(3, 4);

struct filter;

enum {
	FILTER_SOURCE = 1,   /* reads no record stream */
	FILTER_SINK = 2,     /* writes no record stream */
	FILTER_REJECTS = 4,  /* leaves the `reject` field of what is read */
	FILTER_SEGMENTS = 8, /* filter_next() and filter_emit(), too, make one
			      * output segment per input segment */
};

/*
 * Opens the input (stdin, or the first operand of a tool that takes one), the
 * output and the reject file by the options struct, whose first member is a
 * struct common. Neither may be a terminal. NULL: give it to filter_close().
 */
struct filter *filter_open(const struct cli *cli, void *opts, unsigned flags,
	struct err *err) MUST_USE;

/* The size that no record read or written may pass. */
uint64_t filter_max_record(const struct filter *f);

/*
 * For the header, before the first record goes out. bytes: UINT64_MAX when
 * not known; sha256: NULL when not known.
 */
void filter_add_input(struct filter *f, const char *path, uint64_t bytes,
	const uint8_t sha256[32]);
/*
 * Of the input added last: when its data was current (Unix seconds, 0: not
 * known) and whom to name (NULL: nobody).
 */
void filter_describe_input(struct filter *f, int64_t timestamp,
	const char *attribution);
void filter_add_licence(struct filter *f, const char *licence);
/* Headers of another stream that was read (a catalogue): passed on. */
void filter_add_headers(struct filter *f, const struct headers *h);
/* For the end record: what was read from its start to its end. */
void filter_add_end_input(struct filter *f, const char *path, uint64_t bytes,
	const uint8_t sha256[32]);

/*
 * For files that are read but not named on the command line (found in folders,
 * linked in documents), which filter_open() cannot know: -1, for the end of the
 * run, when -o or --reject would take this one's place. That output is then not
 * written. Also says no to others of the file's names.
 */
int filter_reads(struct filter *f, const char *path, struct err *err) MUST_USE;
/* Whether filter_reads() may say no to anything. */
bool filter_replaces(const struct filter *f);

/*
 * Record-wise: calls fn with runs of up to `batch` records (cut by count
 * within a segment), on the option's number of threads, and writes what is
 * kept in input order, one output segment per input segment. fn edits records
 * and sets verdicts; it returns -1 only for what must end the run.
 */
typedef int item_fn(void *ctx, struct item **items, size_t n, unsigned worker,
	struct err *err);
int filter_map(struct filter *f, item_fn *fn, void *ctx, size_t batch,
	struct err *err) MUST_USE;

/*
 * Whole stream: the next record, 1, 0 at the end, -1. *out is lent: it goes to
 * filter_emit() or item_free() before the next call; what must live longer is
 * copied by item_keep().
 */
int filter_next(struct filter *f, struct item **out, struct err *err) MUST_USE;
/* Whether records that are set aside go anywhere: else the items that
 * filter_emit() gets for them may be empty. */
bool filter_keeps_rejects(const struct filter *f);
/* Writes by verdict: to the output, or to the rejects. Frees the item. */
int filter_emit(struct filter *f, struct item *item, struct err *err) MUST_USE;
/* Writes one packed record. */
int filter_put(struct filter *f, const struct buf *record,
	struct err *err) MUST_USE;
/* Sources: n packed records, one behind the other, each within the limit. */
int filter_put_run(struct filter *f, struct val records, uint64_t n,
	struct err *err) MUST_USE;
/* Sinks: n records more have come out, other than by filter_emit(). */
void filter_count_out(struct filter *f, uint64_t n);
/*
 * Sources: sets one packed record aside. record may be empty where there is
 * nothing to keep but the reason.
 */
int filter_put_reject(struct filter *f, const struct buf *record,
	enum verdict verdict, const char *reason, const char *detail,
	struct err *err) MUST_USE;

/* The headers of all segments read so far. */
const struct headers *filter_headers(const struct filter *f);
/* For sinks, at the end: all headers read and this run's own, into out. */
int filter_provenance(const struct filter *f, struct headers *out,
	struct err *err) MUST_USE;

/*
 * Says what most likely went wrong when nothing came out: "no such key". A
 * source that has a hint also says so when nothing was set aside.
 */
void filter_hint(struct filter *f, const char *fmt, ...) PRINTF(2, 3);

/*
 * rc 0: ends the segment and all files, prints the summary, returns the exit
 * status. rc -1: reports err, leaves the output without an end record, keeps
 * the rejects, returns 1. Frees f (which may be NULL after a failed open).
 */
int filter_close(struct filter *f, int rc, struct err *err);

#endif
