/*
 * num.h - numbers from text and to text, the same in every locale.
 *
 * Parsers take the whole string or fail: no blanks, no sign where none can be,
 * no rest. 0 when it worked, -1 else (the caller says what was wrong).
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stddef.h>
#include <stdint.h>

int parse_u64(const char *s, uint64_t *out) MUST_USE;
int parse_i64(const char *s, int64_t *out) MUST_USE;
/* Finite decimal numbers only. */
int parse_f64(const char *s, double *out) MUST_USE;
/* Bytes, alone or with a binary unit: "65536", "64K", "256M" or "2GiB". */
int parse_bytes(const char *s, uint64_t *out) MUST_USE;

/*
 * The same of texts that have been checked to be numbers as JSON writes them
 * (RFC 8259 section 6), much faster. -1 when the integer needs more than 64
 * bits; a double may come out infinite.
 */
int i64_from_text(struct str s, int64_t *out) MUST_USE;
double f64_from_text(struct str s);

/* Room for any integer of 64 bits as text. */
enum { I64_TEXT = 24 };

/* Its decimal text, without a NUL. Returns the length. */
size_t i64_text(int64_t v, char out[I64_TEXT]);

/* Room for any double as text. */
enum { F64_TEXT = 32 };

/*
 * The shortest decimal text that reads back as x, with '.' or 'e' in it
 * ("1.0", "0.1", "1e+300"). x must be finite. Returns the length.
 */
size_t f64_text(double x, char out[F64_TEXT]);
/* The same without the forced ".0": "1", "0.1". */
size_t f64_text_short(double x, char out[F64_TEXT]);

/*
 * ceil(n * percent / 100), exactly for the decimal number that percent prints
 * as: 0.1 is a thousandth, not the double beside it. percent is 0 to 100.
 */
uint64_t percent_of(uint64_t n, double percent);

#endif
