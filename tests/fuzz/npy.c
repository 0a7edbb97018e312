/*
 * .npy arrays: every element of what is taken can be read.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "codec/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = fuzz_copy(data, size);
	struct err err = {""};
	uint64_t count = 1;
	struct npy a;
	int64_t whole;

	if (npy_parse(copy, size, &a, &err)) {
		HOLDS(*err.msg);
	} else {
		for (size_t i = 0; i < a.ndim; i++)
			count *= a.shape[i];
		HOLDS(a.count == count && a.ndim <= NPY_MAX_DIMS);
		HOLDS(a.data + a.count * a.width == copy + size);
		for (uint64_t i = 0; i < a.count; i++)
			if (!npy_i64(&a, i, &whole))
				HOLDS(npy_f64(&a, i) == (double)whole);
		npy_release(&a);
	}
	free(copy);
	return 0;
}
