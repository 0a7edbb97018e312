/*
 * base.h - what every source file includes first.
 *
 * The C library headers that nearly every file needs, function attributes,
 * and the few macros used everywhere. Config macros come from config.h.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The result must be used: it says whether the call worked. */
#define MUST_USE       __attribute__((warn_unused_result))
#define PRINTF(fmt, v) __attribute__((format(printf, fmt, v)))
/* Compiled twice: the processor's count of bits is used where it has one. */
#ifdef __x86_64__
#define COUNTS_BITS __attribute__((target_clones("popcnt", "default")))
#else
#define COUNTS_BITS
#endif
#define NORETURN __attribute__((noreturn))
/* Into functions for certain processors, too. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)     ((a) < (b) ? (a) : (b))
#define MAX(a, b)     ((a) > (b) ? (a) : (b))

/* A string that need not end with a NUL; `s` belongs to someone else. */
struct str {
	const char *s;
	size_t len;
};

/* A key and its value, as in a tag. */
struct pair {
	struct str key, value;
};

static inline struct str str_from(const char *s)
{
	return (struct str){s, strlen(s)};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.s, b.s, a.len));
}

static inline bool str_is(struct str a, const char *b)
{
	return str_eq(a, str_from(b));
}

static inline bool str_starts(struct str a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.len >= n && !memcmp(a.s, prefix, n);
}

/* The text of a file without a byte order mark (UTF-8's) at its start. */
static inline struct str str_skip_bom(struct str s)
{
	size_t n = str_starts(s, "\xef\xbb\xbf") ? 3 : 0;

	return (struct str){s.s + n, s.len - n};
}

#include "base/alloc.h"
#include "base/err.h"
#include "base/buf.h"

#endif
