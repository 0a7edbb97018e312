/*
 * safetensors.h - a file of named tensors, mapped into memory.
 *
 * Source: github.com/huggingface/safetensors, "Format": 8 bytes of length, a
 * JSON object of names, types, shapes and offsets, then the numbers. All of it
 * is checked on opening: types, shapes against sizes, and that the tensors
 * cover the rest of the file without gap or overlap.
 * Read-only once open: any thread may use it. The file must not shrink
 * meanwhile.
 */
#ifndef ML_SAFETENSORS_H
#define ML_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

enum { TENSOR_MAX_DIMS = 8 };

struct tensor_info {
	char dtype[12]; /* "F32", "F16", "BF16", … */
	size_t ndim;
	uint64_t shape[TENSOR_MAX_DIMS];
	const uint8_t *data; /* in the file, any alignment */
	uint64_t bytes, count;
};

struct safetensors;

struct safetensors *safetensors_open(const char *path,
	struct err *err) MUST_USE;
/* The same on bytes that stay the caller's; for tests. */
struct safetensors *safetensors_parse(const void *p, size_t len,
	struct err *err) MUST_USE;
void safetensors_free(struct safetensors *f);

/* The whole file's bytes. */
struct str safetensors_bytes(const struct safetensors *f);
/* NULL when there is no tensor of that name. */
const struct tensor_info *safetensors_find(const struct safetensors *f,
	const char *name);
/* How many tensors have names that begin so. */
size_t safetensors_count(const struct safetensors *f, const char *prefix);

/*
 * A tensor's numbers as f32: those in the file when they are F32 and aligned,
 * else a copy in *owned (the caller frees it). NULL when the type is none of
 * F32, F16, BF16.
 */
const float *tensor_f32(const struct tensor_info *t, float **owned,
	struct err *err) MUST_USE;

#endif
