/*
 * samples.h - the samples of a WebDataset: the members of a tar file that
 * stand together and whose names agree up to the first dot of the last part.
 *
 * Source: github.com/webdataset/webdataset, "The WebDataset Format".
 * libarchive reads the tar, also one packed by gzip, bzip2, xz or zstd.
 * Folders, links and names without such a dot are passed over. One thread.
 */
#ifndef PACK_SAMPLES_H
#define PACK_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

struct sample_member {
	struct str extension; /* behind the first dot, in lower case */
	struct buf data;
	bool too_large; /* not read: with it the sample is over the limit */
	bool link;      /* not read: its bytes are another member's */
};

struct sample {
	struct str name;             /* up to the first dot, with folders */
	struct sample_member *items; /* [n] */
	size_t n;
};

struct samples;

/*
 * Opens a file; "-" is standard input. Members for whose extension `wanted`
 * says no, asked with the case as it stands, are not read and in no sample. A
 * sample has at most `limit` bytes.
 */
struct samples *samples_open(const char *path, uint64_t limit,
	bool (*wanted)(void *ctx, const char *extension), void *ctx,
	struct err *err) MUST_USE;
/* NULL is fine. */
void samples_close(struct samples *s);

/*
 * The next sample, good until the next call: 1, 0 at the end, -1. An error
 * names file and member; a tar without its end mark is one. The sample that
 * the damage is in is not given out.
 */
int samples_next(struct samples *s, const struct sample **out,
	struct err *err) MUST_USE;
/* For messages: the path, or "standard input". */
const char *samples_name(const struct samples *s);

#endif
