#include "base/base.h"
#include "ml/blas.h"

#include <cblas.h>

#if defined(__ELF__) && defined(__GLIBC__)
/*
 * OpenBLAS reads its variables in a constructor, long before main. Functions
 * of .preinit_array run before every constructor; the environment that they
 * are given is the one that getenv() walks later. No library function may be
 * called yet, and no sanitizer is ready.
 */
static bool __attribute__((no_sanitize("address", "undefined")))
names(const char *entry, const char *name)
{
	while (*name && *entry == *name) {
		entry++;
		name++;
	}
	return !*name && *entry == '=';
}

static void __attribute__((no_sanitize("address", "undefined")))
forget_kernel_choice(int argc, char **argv, char **env)
{
	char **to = env;

	(void)argc;
	(void)argv;
	for (; *env; env++)
		if (!names(*env, "OPENBLAS_CORETYPE") &&
			!names(*env, "OPENBLAS_L2_SIZE"))
			*to++ = *env;
	*to = NULL;
}

static void (*const forget)(int, char **, char **)
	__attribute__((section(".preinit_array"), used)) = forget_kernel_choice;
#endif

void blas_init(void)
{
	openblas_set_num_threads(1);
}

const char *blas_core(void)
{
	return openblas_get_corename();
}

static void gemm(CBLAS_TRANSPOSE trans_b, size_t m, size_t n, size_t k,
	float alpha, const float *a, size_t a_step, const float *b,
	size_t b_step, float beta, float *c, size_t c_step)
{
	cblas_sgemm(CblasRowMajor, CblasNoTrans, trans_b, (blasint)m,
		(blasint)n, (blasint)k, alpha, a, (blasint)a_step, b,
		(blasint)b_step, beta, c, (blasint)c_step);
}

void gemm_nt(size_t m, size_t n, size_t k, float alpha, const float *a,
	size_t a_step, const float *b, size_t b_step, float beta, float *c,
	size_t c_step)
{
	gemm(CblasTrans, m, n, k, alpha, a, a_step, b, b_step, beta, c, c_step);
}

void gemm_nn(size_t m, size_t n, size_t k, float alpha, const float *a,
	size_t a_step, const float *b, size_t b_step, float beta, float *c,
	size_t c_step)
{
	gemm(CblasNoTrans, m, n, k, alpha, a, a_step, b, b_step, beta, c,
		c_step);
}
