/*
 * blas.h - matrix products on OpenBLAS, all row-major f32.
 *
 * OpenBLAS runs single-threaded inside whichever thread calls; any number of
 * threads may. OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE in the environment have
 * no say in programs that link this (on Linux with glibc): they would choose
 * the kernels, hence the speed and the last bits of the output.
 */
#ifndef ML_BLAS_H
#define ML_BLAS_H

#include <stddef.h>

/*
 * Before the first product; again is harmless. -1 when there is no address
 * space for what `threads` threads that multiply at the same time take.
 */
int blas_init(unsigned threads, struct err *err) MUST_USE;
/* The kind of processor whose kernels are in use. */
const char *blas_core(void);

/*
 * c [m, n] = alpha · a [m, k] · bᵀ, b [n, k], + beta · c; the steps are the
 * distances of rows in floats.
 */
void gemm_nt(size_t m, size_t n, size_t k, float alpha, const float *a,
	size_t a_step, const float *b, size_t b_step, float beta, float *c,
	size_t c_step);
/* The same with b [k, n]. */
void gemm_nn(size_t m, size_t n, size_t k, float alpha, const float *a,
	size_t a_step, const float *b, size_t b_step, float beta, float *c,
	size_t c_step);

#endif
