/*
 * inflate.h - zlib data of known size (libdeflate does the work).
 */
#ifndef CODEC_INFLATE_H
#define CODEC_INFLATE_H

#include <stddef.h>
#include <stdint.h>

/* Working memory; one per thread. */
struct inflater;
struct inflater *inflater_new(void);
void inflater_free(struct inflater *z);

/*
 * Inflates a whole zlib stream (RFC 1950) to exactly out_len bytes. -1 when the
 * data is damaged, or is not of that size.
 */
int inflater_zlib(struct inflater *z, const void *in, size_t in_len, void *out,
	size_t out_len, struct err *err) MUST_USE;

#endif
