/*
 * alloc.h - memory that is there or the program ends.
 *
 * Every function aborts the process with a message (exit status 1) when memory
 * runs out, so callers never check. Sizes that come from input must be checked
 * against a limit before they get here. Free with free().
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

void *xmalloc(size_t size) __attribute__((malloc));
/* n zeroed elements; ends the program when n * size overflows. */
void *xcalloc(size_t n, size_t size) __attribute__((malloc));
void *xrealloc(void *p, size_t size);
/* Resizes p to n elements; ends the program when n * size overflows. */
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s) __attribute__((malloc));
/* Copies len bytes and adds a NUL. */
char *xmemdup0(const void *p, size_t len) __attribute__((malloc));

/*
 * Grows the array *p of elements of `size` bytes so that it holds at least
 * `need` of them; *cap is its room in elements. Growth is geometric.
 */
void xgrow(void *p, size_t *cap, size_t need, size_t size);

/* Ends the program likewise: what cannot be done, and why (an errno). */
NORETURN void xfail(const char *what, int code);

#endif
