/*
 * sieve.h - tells quickly that a string is none of some names.
 *
 * By its length and its first and last bytes: of the strings of an OSM file, of
 * which few are looked for, nearly all are told so, without a hash.
 */
#ifndef TAGS_SIEVE_H
#define TAGS_SIEVE_H

#include <stddef.h>
#include <stdint.h>

/* By the bytes: the lengths of the names, bits, 63 for all longer ones. */
struct sieve {
	uint64_t lengths[256];
};

static inline size_t sieve_row(struct str s)
{
	if (!s.len)
		return 0;
	return (uint8_t)(7 * (unsigned char)s.s[0] +
			 (unsigned char)s.s[s.len - 1]);
}

static inline uint64_t sieve_bit(struct str s)
{
	return UINT64_C(1) << MIN(s.len, 63);
}

static inline void sieve_add(struct sieve *f, struct str name)
{
	f->lengths[sieve_row(name)] |= sieve_bit(name);
}

/* False: s is none of the names. */
static inline bool sieve_may(const struct sieve *f, struct str s)
{
	return f->lengths[sieve_row(s)] & sieve_bit(s);
}

#endif
