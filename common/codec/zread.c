#include "base/base.h"
#include "codec/zread.h"

#include <bzlib.h>
#include <inttypes.h>
#include <limits.h>
#include <zlib.h>

enum { CHUNK = 1 << 16 };

struct zread {
	enum zread_kind kind;
	zread_source *source;
	void *ctx;
	z_stream gzip;
	bz_stream bzip2;
	bool inside;     /* of a member */
	uint64_t start;  /* where it began, in the packed file */
	uint64_t offset; /* of `next` there */
	const uint8_t *next;
	size_t left;
	bool failed;
	struct err err;
	uint8_t chunk[CHUNK];
};

static const char *const names[] = {"gzip", "bzip2"};

bool zread_tell(const void *p, size_t len, enum zread_kind *kind)
{
	const uint8_t *b = p;

	if (len >= 2 && b[0] == 0x1f && b[1] == 0x8b)
		*kind = ZREAD_GZIP;
	else if (len >= 4 && !memcmp(b, "BZh", 3) && b[3] >= '1' && b[3] <= '9')
		*kind = ZREAD_BZIP2;
	else
		return false;
	return true;
}

struct zread *zread_new(enum zread_kind kind, zread_source *source, void *ctx)
{
	struct zread *z = xcalloc(1, sizeof(*z));

	z->kind = kind;
	z->source = source;
	z->ctx = ctx;
	/* 15 bits of window, 16: a gzip header */
	if (kind == ZREAD_GZIP && inflateInit2(&z->gzip, 15 + 16) != Z_OK)
		abort();
	return z;
}

static void end_bzip2(struct zread *z)
{
	BZ2_bzDecompressEnd(&z->bzip2);
	z->bzip2 = (bz_stream){.next_in = NULL};
}

void zread_free(struct zread *z)
{
	if (!z)
		return;
	inflateEnd(&z->gzip);
	end_bzip2(z);
	free(z);
}

/* More of the packed file: 1, 0 at its end, -1. */
static int fill(struct zread *z, struct err *err)
{
	long n = z->source(z->ctx, z->chunk, sizeof(z->chunk), err);

	z->next = z->chunk;
	z->left = n > 0 ? (size_t)n : 0;
	return n > 0 ? 1 : (int)n;
}

static void begin(struct zread *z)
{
	z->inside = true;
	z->start = z->offset;
	if (z->kind == ZREAD_GZIP) {
		inflateReset(&z->gzip);
	} else {
		end_bzip2(z);
		if (BZ2_bzDecompressInit(&z->bzip2, 0, 0) != BZ_OK)
			abort();
	}
}

static void advance(struct zread *z, size_t n)
{
	z->next += n;
	z->left -= n;
	z->offset += n;
}

/* Something is wrong, in a library's words if it has some. */
static void damaged(struct zread *z, bool no_member, const char *how)
{
	const char *name = names[z->kind];

	z->failed = true;
	if (no_member && z->start)
		(err_set)(&z->err,
			"what stands behind the %s data, at byte %" PRIu64
			", is none",
			name, z->start);
	else
		(err_set)(&z->err,
			"its %s data is damaged at byte %" PRIu64 "%s%s", name,
			z->offset, how ? ": " : "", how ? how : "");
}

/* As many bytes as the chunk gives, also where it fails then. */
static size_t step_gzip(struct zread *z, void *p, size_t len)
{
	/* a header's two magic bytes are looked at together */
	bool magic = z->gzip.total_in < 2;
	int rc;

	z->gzip.next_in = (z_const Bytef *)z->next;
	z->gzip.avail_in = (uInt)z->left;
	z->gzip.next_out = p;
	z->gzip.avail_out = (uInt)len;
	rc = inflate(&z->gzip, Z_NO_FLUSH);
	advance(z, z->left - z->gzip.avail_in);
	if (rc == Z_MEM_ERROR)
		abort();
	if (rc == Z_STREAM_END)
		z->inside = false;
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		damaged(z, magic && z->gzip.total_in <= 2, z->gzip.msg);
	return len - z->gzip.avail_out;
}

static size_t step_bzip2(struct zread *z, void *p, size_t len)
{
	int rc;

	z->bzip2.next_in = (char *)z->next;
	z->bzip2.avail_in = (unsigned)z->left;
	z->bzip2.next_out = p;
	z->bzip2.avail_out = (unsigned)len;
	rc = BZ2_bzDecompress(&z->bzip2);
	advance(z, z->left - z->bzip2.avail_in);
	if (rc == BZ_MEM_ERROR)
		abort();
	if (rc == BZ_STREAM_END)
		z->inside = false;
	else if (rc != BZ_OK)
		damaged(z, rc == BZ_DATA_ERROR_MAGIC, NULL);
	return len - z->bzip2.avail_out;
}

static size_t step(struct zread *z, void *p, size_t len)
{
	return z->kind == ZREAD_GZIP ? step_gzip(z, p, len)
				     : step_bzip2(z, p, len);
}

static long read_on(struct zread *z, void *p, size_t len, struct err *err)
{
	size_t n = 0;

	while (!n && !z->failed) {
		int rc = z->left ? 1 : fill(z, err);

		if (rc < 0 || (!rc && !z->inside && z->offset))
			return rc;
		if (rc && !z->inside)
			begin(z);
		/* at the end of the file, what is still to be handed out */
		if (z->inside)
			n = step(z, p, len);
		if (!rc && !n && !z->failed)
			return err_set(err,
				"its %s data ends early, at byte %" PRIu64,
				names[z->kind], z->offset);
	}
	return n ? (long)n : -1;
}

long zread(struct zread *z, void *p, size_t len, struct err *err)
{
	long n = -1;

	if (!z->failed) {
		n = read_on(z, p, MIN(len, INT_MAX), &z->err);
		z->failed = z->failed || n < 0;
	}
	if (n < 0)
		*err = z->err;
	return n;
}
