/*
 * npy.h - arrays in NumPy's .npy format, versions 1 to 3.
 *
 * Source: numpy.lib.format ("A Simple File Format for NumPy Arrays"). Read are
 * plain numbers (b1, f2 f4 f8, i1 … i8, u1 … u8, either byte order) in C
 * order; arrays of objects, strings, complex numbers or records and Fortran
 * order are refused. The file must end where the array does. A struct npy is
 * read-only once read: safe from any thread.
 */
#ifndef CODEC_NPY_H
#define CODEC_NPY_H

#include <stddef.h>
#include <stdint.h>

enum { NPY_MAX_DIMS = 8 };

enum npy_kind { NPY_BOOL, NPY_FLOAT, NPY_INT, NPY_UINT };

struct npy {
	enum npy_kind kind;
	unsigned width; /* bytes per element: 1, 2, 4 or 8 */
	bool big_endian;
	size_t ndim;
	uint64_t shape[NPY_MAX_DIMS]; /* [ndim] */
	uint64_t count;               /* product of the shape, 1 for ndim 0 */
	const uint8_t *data;          /* [count * width] */
	struct buf file;              /* owns the bytes after npy_load() */
};

/* Reads the array in p; out->data is a view of it. */
int npy_parse(const void *p, size_t len, struct npy *out,
	struct err *err) MUST_USE;
/* Reads a file of at most `limit` bytes; errors name it. npy_release() it. */
int npy_load(const char *path, uint64_t limit, struct npy *out,
	struct err *err) MUST_USE;
void npy_release(struct npy *a);

/* Element i (< count, in C order) as a double: exact up to 2^53. */
double npy_f64(const struct npy *a, uint64_t i);
/* Element i as an integer; -1 for floats and for more than 2^63 - 1. */
int npy_i64(const struct npy *a, uint64_t i, int64_t *out) MUST_USE;

#endif
