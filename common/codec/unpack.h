/*
 * unpack.h - packed blocks whose size is known: PBF's blobs, say.
 *
 * libdeflate, libbz2, liblz4 and libzstd do the work; zlib where only the
 * beginning is wanted, which libdeflate cannot give.
 */
#ifndef CODEC_UNPACK_H
#define CODEC_UNPACK_H

#include <stddef.h>
#include <stdint.h>

enum packing {
	PACKED_ZLIB, /* RFC 1950 */
	PACKED_BZIP2,
	PACKED_LZ4, /* a block without a frame */
	PACKED_ZSTD /* RFC 8878 */
};

/* Working memory; one per thread. */
struct unpacker;
struct unpacker *unpacker_new(void);
void unpacker_free(struct unpacker *u);

/*
 * Unpacks a whole block to exactly out_len bytes. -1 when it is damaged, or is
 * not of that size; out holds anything then.
 */
int unpacker_run(struct unpacker *u, enum packing how, const void *in,
	size_t in_len, void *out, size_t out_len, struct err *err) MUST_USE;

/*
 * The first out_len bytes of a block; -1 when it is damaged before their end,
 * or has fewer, or is Zstandard's and wants more than 128 MiB of memory.
 */
int unpacker_peek(struct unpacker *u, enum packing how, const void *in,
	size_t in_len, void *out, size_t out_len, struct err *err) MUST_USE;

#endif
