#include "base/base.h"
#include "codec/inflate.h"

#include <libdeflate.h>

struct inflater {
	struct libdeflate_decompressor *z;
};

struct inflater *inflater_new(void)
{
	struct inflater *z = xmalloc(sizeof(*z));

	z->z = libdeflate_alloc_decompressor();
	if (!z->z)
		abort();
	return z;
}

void inflater_free(struct inflater *z)
{
	if (!z)
		return;
	libdeflate_free_decompressor(z->z);
	free(z);
}

int inflater_zlib(struct inflater *z, const void *in, size_t in_len, void *out,
	size_t out_len, struct err *err)
{
	switch (libdeflate_zlib_decompress(z->z, in, in_len, out, out_len,
		NULL)) {
	case LIBDEFLATE_SUCCESS:
		return 0;
	case LIBDEFLATE_SHORT_OUTPUT:
		/* a NULL size wants exactly out_len bytes */
	case LIBDEFLATE_INSUFFICIENT_SPACE:
		return err_set(err,
			"zlib data is not of the size it is said to have, %zu",
			out_len);
	default:
		return err_set(err, "zlib data is damaged");
	}
}
