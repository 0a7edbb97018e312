#include "base/base.h"
#include "base/alloc.h"
#include "base/io.h"
#include "base/log.h"

#include <stdatomic.h>
#include <unistd.h>

/*
 * Memory mostly ends in several threads at once: the first of them says so, and
 * ends the process without exit(), whose handlers would free what the others
 * still use.
 */
static void only_once(void)
{
	static atomic_flag ending = ATOMIC_FLAG_INIT;

	while (atomic_flag_test_and_set(&ending))
		pause();
}

static NORETURN void end(void)
{
	outfile_remove_all();
	_exit(1);
}

void xfail(const char *what, int code)
{
	only_once();
	log_error("%s: %s", what, strerror(code));
	end();
}

static NORETURN void out_of_memory(size_t size)
{
	only_once();
	log_error("out of memory (%zu bytes wanted; see ulimit -v)", size);
	end();
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory(n);
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		out_of_memory(size);
	return p;
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory(SIZE_MAX);
	return xrealloc(p, bytes);
}

char *xstrdup(const char *s)
{
	return xmemdup0(s, strlen(s));
}

char *xmemdup0(const void *p, size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len)
		memcpy(copy, p, len);
	copy[len] = '\0';
	return copy;
}

void xgrow(void *p, size_t *cap, size_t need, size_t size)
{
	size_t n = *cap;
	void *array;

	if (need <= n)
		return;
	n = n < 8 ? 8 : n + n / 2;
	if (n < need)
		n = need;
	/* p points to a pointer of any type: copied, not read as void * */
	memcpy(&array, p, sizeof(array));
	array = xreallocarray(array, n, size);
	memcpy(p, &array, sizeof(array));
	*cap = n;
}
