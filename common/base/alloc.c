#include "base/base.h"
#include "base/alloc.h"

#include <stdio.h>

void xfail(const char *what, int code)
{
	fprintf(stderr, "%s: %s\n", what, strerror(code));
	exit(1);
}

static NORETURN void out_of_memory(size_t size)
{
	fprintf(stderr, "out of memory (%zu bytes wanted)\n", size);
	exit(1);
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
