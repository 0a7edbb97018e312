#include "base/base.h"
#include "codec/unpack.h"

#include <bzlib.h>
#include <libdeflate.h>
#include <limits.h>
#include <lz4.h>
#include <zlib.h>
#include <zstd.h>

/* All but the first are made when their first block comes. */
struct unpacker {
	struct libdeflate_decompressor *deflate;
	z_stream *zlib;
	ZSTD_DCtx *zstd;
};

struct unpacker *unpacker_new(void)
{
	struct unpacker *u = xcalloc(1, sizeof(*u));

	u->deflate = libdeflate_alloc_decompressor();
	if (!u->deflate)
		abort();
	return u;
}

void unpacker_free(struct unpacker *u)
{
	if (!u)
		return;
	libdeflate_free_decompressor(u->deflate);
	if (u->zlib)
		inflateEnd(u->zlib);
	free(u->zlib);
	ZSTD_freeDCtx(u->zstd);
	free(u);
}

/* A block, and where it goes. */
struct job {
	const void *in;
	size_t in_len;
	void *out;
	size_t out_len;
};

static bool run_zlib(struct unpacker *u, const struct job *j)
{
	/* without a place for the size, it must be out_len */
	return libdeflate_zlib_decompress(u->deflate, j->in, j->in_len, j->out,
		       j->out_len, NULL) == LIBDEFLATE_SUCCESS;
}

static bool peek_zlib(struct unpacker *u, const struct job *j)
{
	int rc;

	if (!u->zlib) {
		u->zlib = xcalloc(1, sizeof(*u->zlib));
		rc = inflateInit(u->zlib);
	} else {
		rc = inflateReset(u->zlib);
	}
	u->zlib->next_in = (z_const Bytef *)j->in;
	u->zlib->avail_in = (uInt)j->in_len;
	u->zlib->next_out = j->out;
	u->zlib->avail_out = (uInt)j->out_len;
	if (rc == Z_OK)
		rc = inflate(u->zlib, Z_SYNC_FLUSH);
	if (rc == Z_MEM_ERROR)
		abort();
	return !u->zlib->avail_out;
}

/* At its end libbz2 says whether it has filled out. */
static bool unpack_bzip2(const struct job *j, bool all)
{
	unsigned len = (unsigned)j->out_len;
	int rc = BZ2_bzBuffToBuffDecompress(j->out, &len, (char *)j->in,
		(unsigned)j->in_len, 0, 0);

	if (rc == BZ_MEM_ERROR)
		abort();
	return (rc == BZ_OK && len == j->out_len) ||
	       (rc == BZ_OUTBUFF_FULL && !all);
}

static bool run_lz4(const struct job *j)
{
	return LZ4_decompress_safe(j->in, j->out, (int)j->in_len,
		       (int)j->out_len) == (int)j->out_len;
}

static bool peek_lz4(const struct job *j)
{
	return LZ4_decompress_safe_partial(j->in, j->out, (int)j->in_len,
		       (int)j->out_len, (int)j->out_len) == (int)j->out_len;
}

static void begin_zstd(struct unpacker *u)
{
	if (!u->zstd)
		u->zstd = ZSTD_createDCtx();
	if (!u->zstd ||
		ZSTD_isError(ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only)))
		abort();
}

static bool run_zstd(struct unpacker *u, const struct job *j)
{
	begin_zstd(u);
	return ZSTD_decompressDCtx(u->zstd, j->out, j->out_len, j->in,
		       j->in_len) == j->out_len;
}

static bool peek_zstd(struct unpacker *u, const struct job *j)
{
	ZSTD_inBuffer in = {j->in, j->in_len, 0};
	ZSTD_outBuffer out = {j->out, j->out_len, 0};

	begin_zstd(u);
	while (out.pos < out.size && in.pos < in.size)
		if (ZSTD_isError(ZSTD_decompressStream(u->zstd, &out, &in)))
			return false;
	return out.pos == out.size;
}

static bool run(struct unpacker *u, enum packing how, const struct job *j)
{
	switch (how) {
	case PACKED_ZLIB:
		return run_zlib(u, j);
	case PACKED_BZIP2:
		return unpack_bzip2(j, true);
	case PACKED_LZ4:
		return run_lz4(j);
	case PACKED_ZSTD:
		return run_zstd(u, j);
	}
	return false;
}

static bool peek(struct unpacker *u, enum packing how, const struct job *j)
{
	switch (how) {
	case PACKED_ZLIB:
		return peek_zlib(u, j);
	case PACKED_BZIP2:
		return unpack_bzip2(j, false);
	case PACKED_LZ4:
		return peek_lz4(j);
	case PACKED_ZSTD:
		return peek_zstd(u, j);
	}
	return false;
}

static const char *const names[] = {"zlib", "bzip2", "LZ4", "Zstandard"};

/* Some of the libraries count with int. */
static bool fits(const struct job *j)
{
	return j->in_len <= INT_MAX && j->out_len <= INT_MAX;
}

int unpacker_run(struct unpacker *u, enum packing how, const void *in,
	size_t in_len, void *out, size_t out_len, struct err *err)
{
	struct job j = {in, in_len, out, out_len};

	if (fits(&j) && run(u, how, &j))
		return 0;
	return err_set(err,
		"its %s data is damaged, or not of the size it is said to "
		"have, %zu bytes",
		names[how], out_len);
}

int unpacker_peek(struct unpacker *u, enum packing how, const void *in,
	size_t in_len, void *out, size_t out_len, struct err *err)
{
	struct job j = {in, in_len, out, out_len};

	if (fits(&j) && peek(u, how, &j))
		return 0;
	return err_set(err,
		"its %s data is damaged, or has less than %zu bytes",
		names[how], out_len);
}
