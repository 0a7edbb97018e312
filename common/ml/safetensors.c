#include "base/base.h"
#include "ml/safetensors.h"
#include "base/half.h"
#include "base/map.h"
#include "json/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LENGTH_BYTES = 8,
	MAX_HEADER = 100000000, /* the format's own limit */
};

struct safetensors {
	const uint8_t *p;
	size_t len;
	bool mapped;
	struct tensor_info *tensors; /* [names.len], in order of names */
	struct map names;            /* name → index */
};

static size_t dtype_size(const char *dtype)
{
	static const struct {
		char name[8];
		size_t size;
	} types[] = {
		{"F32", 4},
		{"F16", 2},
		{"BF16", 2},
		{"F64", 8},
		{"I64", 8},
		{"U64", 8},
		{"I32", 4},
		{"U32", 4},
		{"I16", 2},
		{"U16", 2},
		{"I8", 1},
		{"U8", 1},
		{"BOOL", 1},
		{"F8_E4M3", 1},
		{"F8_E5M2", 1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(dtype, types[i].name))
			return types[i].size;
	return 0;
}

static int read_u64(const struct jval *v, uint64_t *out)
{
	int64_t i;

	if (jval_i64(v, &i) || i < 0)
		return -1;
	*out = (uint64_t)i;
	return 0;
}

static int read_shape(struct tensor_info *t, const struct jval *shape,
	struct err *err)
{
	if (!shape || jval_type(shape) != J_ARRAY ||
		jval_count(shape) > TENSOR_MAX_DIMS)
		return err_set(err, "shape is no array of up to %d sizes",
			TENSOR_MAX_DIMS);
	t->ndim = jval_count(shape);
	t->count = 1;
	for (size_t i = 0; i < t->ndim; i++)
		if (read_u64(jval_at(shape, i), &t->shape[i]) ||
			__builtin_mul_overflow(t->count, t->shape[i],
				&t->count))
			return err_set(err, "shape has no proper size");
	return 0;
}

/* One member of the header; data is what lies behind it. */
static int read_tensor(struct tensor_info *t, const struct jval *v,
	struct str data, struct err *err)
{
	const struct jval *offsets = jval_get(v, "data_offsets");
	uint64_t begin, end, want;
	struct str dtype;

	if (jval_str(jval_get(v, "dtype"), &dtype) ||
		dtype.len >= sizeof(t->dtype))
		return err_set(err, "has no dtype");
	memcpy(t->dtype, dtype.s, dtype.len);
	if (!dtype_size(t->dtype))
		return err_set(err, "dtype '%s' is not known", t->dtype);
	if (read_shape(t, jval_get(v, "shape"), err))
		return -1;
	if (!offsets || jval_count(offsets) != 2 ||
		read_u64(jval_at(offsets, 0), &begin) ||
		read_u64(jval_at(offsets, 1), &end))
		return err_set(err, "data_offsets are not two numbers");
	if (begin > end || end > data.len)
		return err_set(err,
			"bytes %" PRIu64 " to %" PRIu64
			" lie outside the %zu bytes of data",
			begin, end, data.len);
	if (__builtin_mul_overflow(t->count, dtype_size(t->dtype), &want) ||
		want != end - begin)
		return err_set(err,
			"%" PRIu64 " bytes do not fit its shape and dtype",
			end - begin);
	t->data = (const uint8_t *)data.s + begin;
	t->bytes = want;
	return 0;
}

static int read_tensors(struct safetensors *f, const struct jval *root,
	struct str data, struct err *err)
{
	const struct jiter *it = NULL;

	if (jval_type(root) != J_OBJECT)
		return err_set(err, "header is no JSON object");
	f->tensors = xcalloc(jval_count(root) + 1, sizeof(*f->tensors));
	while ((it = jval_next(root, it))) {
		struct str name = jiter_key(it);
		size_t at = f->names.len;

		if (str_is(name, "__metadata__"))
			continue;
		if (read_tensor(&f->tensors[at], jiter_val(it), data, err))
			return err_prefix(err, "tensor '%.*s'",
				(int)MIN(name.len, 200), name.s);
		*map_put(&f->names, name) = at;
	}
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct tensor_info *const *x = a, *const *y = b;

	if ((*x)->data != (*y)->data)
		return (*x)->data < (*y)->data ? -1 : 1;
	return ((*x)->bytes > (*y)->bytes) - ((*x)->bytes < (*y)->bytes);
}

/* Each byte of data must belong to one tensor. */
static int check_cover(const struct safetensors *f, struct str data,
	struct err *err)
{
	size_t n = f->names.len;
	const struct tensor_info **order = xcalloc(n + 1, sizeof(*order));
	const uint8_t *p = (const uint8_t *)data.s;
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		order[i] = &f->tensors[i];
	qsort(order, n, sizeof(*order), by_place);
	for (size_t i = 0; i < n && !rc; i++) {
		if (order[i]->data != p)
			rc = err_set(err,
				"tensors overlap or leave a gap at byte %zu "
				"of the data",
				(size_t)(p - (const uint8_t *)data.s));
		p += order[i]->bytes;
	}
	if (!rc && p != (const uint8_t *)data.s + data.len)
		rc = err_set(err, "bytes behind the last tensor");
	free(order);
	return rc;
}

static int parse_header(struct safetensors *f, struct err *err)
{
	uint64_t header = 0;
	struct jval *root;
	struct str data;
	int rc;

	if (f->len < LENGTH_BYTES)
		return err_set(err, "too short for a safetensors file");
	for (unsigned i = 0; i < LENGTH_BYTES; i++)
		header |= (uint64_t)f->p[i] << 8 * i;
	if (header > MAX_HEADER || header > f->len - LENGTH_BYTES)
		return err_set(err,
			"its header would be %" PRIu64 " bytes long: no "
			"safetensors file, or cut off",
			header);
	data.s = (const char *)f->p + LENGTH_BYTES + header;
	data.len = f->len - LENGTH_BYTES - (size_t)header;
	root = jval_parse((const char *)f->p + LENGTH_BYTES, (size_t)header,
		err);
	if (!root)
		return err_prefix(err, "header");
	rc = read_tensors(f, root, data, err);
	jval_free(root);
	return rc ? rc : check_cover(f, data, err);
}

struct safetensors *safetensors_parse(const void *p, size_t len,
	struct err *err)
{
	struct safetensors *f = xcalloc(1, sizeof(*f));

	f->p = p;
	f->len = len;
	if (!parse_header(f, err))
		return f;
	safetensors_free(f);
	return NULL;
}

struct safetensors *safetensors_open(const char *path, struct err *err)
{
	struct safetensors *f = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st)) {
		err_errno(err, "cannot open '%s'", path);
		goto out;
	}
	if (!S_ISREG(st.st_mode) || st.st_size < LENGTH_BYTES) {
		err_set(err, "'%s': no file, or too short for safetensors",
			path);
		goto out;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED) {
		err_errno(err, "cannot map '%s'", path);
		goto out;
	}
	f = safetensors_parse(p, (size_t)st.st_size, err);
	if (f) {
		f->mapped = true;
	} else {
		munmap(p, (size_t)st.st_size);
		err_prefix(err, "'%s'", path);
	}
out:
	if (fd >= 0)
		close(fd);
	return f;
}

void safetensors_free(struct safetensors *f)
{
	if (!f)
		return;
	if (f->mapped)
		munmap((void *)(uintptr_t)f->p, f->len);
	free(f->tensors);
	map_release(&f->names);
	free(f);
}

struct str safetensors_bytes(const struct safetensors *f)
{
	return (struct str){(const char *)f->p, f->len};
}

const struct tensor_info *safetensors_find(const struct safetensors *f,
	const char *name)
{
	const size_t *i = map_get(&f->names, str_from(name));

	return i ? &f->tensors[*i] : NULL;
}

size_t safetensors_count(const struct safetensors *f, const char *prefix)
{
	size_t n = 0;

	for (size_t i = 0; i < f->names.len; i++)
		n += str_starts(f->names.entries[i].key, prefix);
	return n;
}

const float *tensor_f32(const struct tensor_info *t, float **owned,
	struct err *err)
{
	bool f32 = !strcmp(t->dtype, "F32"), f16 = !strcmp(t->dtype, "F16");
	float *out;

	*owned = NULL;
	if (!f32 && !f16 && strcmp(t->dtype, "BF16")) {
		err_set(err, "dtype '%s' is none of F32, F16, BF16", t->dtype);
		return NULL;
	}
	if (f32 && (uintptr_t)t->data % _Alignof(float) == 0 &&
		__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		return (const float *)(const void *)t->data;
	out = *owned = xcalloc(t->count, sizeof(*out));
	for (uint64_t i = 0; i < t->count; i++) {
		const uint8_t *p = t->data + i * (f32 ? 4 : 2);
		uint32_t bits = p[0] | (uint32_t)p[1] << 8;

		if (f16) {
			out[i] = half_to_f32((uint16_t)bits);
			continue;
		}
		bits = f32 ? bits | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24
			   : bits << 16;
		memcpy(&out[i], &bits, sizeof(bits));
	}
	return out;
}
