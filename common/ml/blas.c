#include "base/base.h"
#include "ml/blas.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cblas.h>

/*
 * What a thread maps: OpenBLAS's buffer, 128 MB on x86-64, and as much for its
 * stack, its heap and the layers' work.
 */
#define THREAD_BYTES ((size_t)256 << 20)

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

#ifdef __GLIBC__
/*
 * At exit OpenBLAS waits for threads of its own, which ask for buffers, too: a
 * program that has none to give must leave without that.
 */
static void leave(int status, void *unused)
{
	(void)unused;
	_exit(status);
}
#endif

/*
 * OpenBLAS asks for its buffer again and again, for ever, when there is none:
 * so what will be needed is mapped once, for a trial.
 */
int blas_init(unsigned threads, struct err *err)
{
	void **p = xcalloc(threads, sizeof(*p));
	unsigned n = 0;

	openblas_set_num_threads(1);
	while (n < threads) {
		p[n] = mmap(NULL, THREAD_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p[n] == MAP_FAILED)
			break;
		n++;
	}
	for (unsigned i = 0; i < n; i++)
		munmap(p[i], THREAD_BYTES);
	free(p);
	if (n == threads)
		return 0;
#ifdef __GLIBC__
	on_exit(leave, NULL);
#endif
	return err_set(err,
		"out of memory: each of %u threads needs %zu MB of address "
		"space; give fewer threads or a higher limit (ulimit -v)",
		threads, THREAD_BYTES >> 20);
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
