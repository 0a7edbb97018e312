/*
 * Packed blocks and files: how the first byte says, so that one target has all
 * decoders. What is unpacked is the same however it is asked for.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "codec/unpack.h"
#include "codec/zread.h"

enum { MOST = 1 << 18 };

static void fuzz_block(struct unpacker *u, enum packing how,
	const uint8_t *data, size_t size, size_t len)
{
	uint8_t *all = xmalloc(len + 1), *first = xmalloc(len + 1);
	struct err err = {""};

	memset(all, 0, len + 1);
	memset(first, 0, len + 1);
	all[len] = first[len / 2] = 0xa5;
	if (!unpacker_run(u, how, data, size, all, len, &err)) {
		bool fewer = !unpacker_peek(u, how, data, size, first, len / 2,
			&err);

		HOLDS(fewer || how == PACKED_ZSTD);
		/* a match at distance 0, which LZ4 has not, copies anything */
		HOLDS(!fewer || how == PACKED_LZ4 ||
			!memcmp(all, first, len / 2));
	} else {
		HOLDS(*err.msg);
		(void)!unpacker_peek(u, how, data, size, first, len / 2, &err);
	}
	HOLDS(all[len] == 0xa5 && first[len / 2] == 0xa5);
	free(all);
	free(first);
}

struct file {
	const uint8_t *p;
	size_t left, step;
};

static long read_file(void *ctx, void *p, size_t len, struct err *err)
{
	struct file *f = ctx;
	size_t n = MIN(MIN(len, f->step), f->left);

	(void)err;
	if (n)
		memcpy(p, f->p, n);
	f->p += n;
	f->left -= n;
	return (long)n;
}

static long fuzz_file_in(enum zread_kind kind, const uint8_t *data, size_t size,
	size_t step, struct buf *out)
{
	struct file f = {data, size, step};
	struct zread *z = zread_new(kind, read_file, &f);
	struct err err = {""};
	long n;

	do {
		buf_reserve(out, step);
		n = zread(z, out->data + out->len, step, &err);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 && out->len < MOST);
	HOLDS((n < 0) == (*err.msg != '\0'));
	zread_free(z);
	return n;
}

static void fuzz_stream(enum zread_kind kind, const uint8_t *data, size_t size)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	long rc = fuzz_file_in(kind, data, size, 4096, &a);
	long same = fuzz_file_in(kind, data, size, 7, &b);

	/* libbz2 hands out as much of a damaged block as is asked for */
	if (rc <= 0 && same <= 0)
		HOLDS(rc == same && (rc || a.len == b.len));
	if (a.len && b.len)
		HOLDS(!memcmp(a.data, b.data, MIN(a.len, b.len)));
	buf_release(&a);
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unpacker *u;
	uint8_t *copy;
	unsigned how;
	size_t len;

	if (size < 3)
		return 0;
	/* then the size it is said to have, which blocks have */
	how = data[0] % 8;
	len = data[1] | (size_t)data[2] << 8;
	copy = fuzz_copy(data + 3, size - 3);
	u = unpacker_new();
	if (how <= PACKED_ZSTD)
		fuzz_block(u, (enum packing)how, copy, size - 3, len);
	else
		fuzz_stream(how % 2 ? ZREAD_GZIP : ZREAD_BZIP2, copy, size - 3);
	unpacker_free(u);
	free(copy);
	return 0;
}
