#include "base/base.h"
#include "base/num.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>

/* Nothing here calls setlocale(), and nothing may: numbers are "C". */

static bool starts_like_number(const char *s, bool sign)
{
	if (sign && *s == '-')
		s++;
	return *s >= '0' && *s <= '9';
}

int parse_u64(const char *s, uint64_t *out)
{
	unsigned long long v;
	char *end;

	if (!starts_like_number(s, false))
		return -1;
	errno = 0;
	v = strtoull(s, &end, 10);
	if (errno || *end)
		return -1;
	*out = v;
	return 0;
}

int parse_i64(const char *s, int64_t *out)
{
	long long v;
	char *end;

	if (!starts_like_number(s, true))
		return -1;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno || *end)
		return -1;
	*out = v;
	return 0;
}

int parse_f64(const char *s, double *out)
{
	const char *digits = s + (*s == '-');
	double v;
	char *end;

	if (*digits == '.')
		digits++;
	if (!starts_like_number(digits, false))
		return -1;
	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
		return -1;
	v = strtod(s, &end);
	if (*end || !isfinite(v))
		return -1;
	*out = v;
	return 0;
}

int i64_from_text(struct str s, int64_t *out)
{
	bool negative = s.s[0] == '-';
	uint64_t v = 0;

	if (s.len > 20)
		return -1;
	for (size_t i = negative; i < s.len; i++)
		if (__builtin_mul_overflow(v, 10, &v) ||
			__builtin_add_overflow(v, (uint64_t)(s.s[i] - '0'), &v))
			return -1;
	if (v > (uint64_t)INT64_MAX + negative)
		return -1;
	*out = negative ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

/*
 * The numbers that are written quickly: m * 2^-s with m of 53 bits, whose 17
 * digits need at most 20 decimals, so that all there is to it fits into 128
 * bits and is exact.
 */
#define QUICK_MIN 1e-4
#define QUICK_MAX 1e15
#define MANTISSA  (UINT64_C(1) << 52) /* m is at least this */
__extension__ typedef unsigned __int128 u128;

static const uint64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000,
	10000000, 100000000, 1000000000, UINT64_C(10000000000),
	UINT64_C(100000000000), UINT64_C(1000000000000),
	UINT64_C(10000000000000), UINT64_C(100000000000000),
	UINT64_C(1000000000000000), UINT64_C(10000000000000000),
	UINT64_C(100000000000000000), UINT64_C(1000000000000000000)};

static u128 power_of_ten(unsigned n)
{
	return n < ARRAY_SIZE(powers)
		       ? powers[n]
		       : (u128)powers[n - 10] * UINT64_C(10000000000);
}

/* x >> s, to the nearest, halves to even; s > 0. */
static uint64_t shift_rounded(u128 x, unsigned s)
{
	const u128 half = (u128)1 << (s - 1);
	u128 rest = x & (2 * half - 1);
	uint64_t whole = (uint64_t)(x >> s);

	return whole + (rest > half || (rest == half && whole & 1));
}

/*
 * Whether digits * 10^-decimals is read as m * 2^-s: it is when it lies nearer
 * than half the gap between two doubles, or at the half of an even one. Below
 * a power of two the gap is half as wide.
 */
static bool reads_back(uint64_t digits, unsigned decimals, uint64_t m,
	unsigned s)
{
	u128 gap = power_of_ten(decimals), have = (u128)digits << s;
	u128 want = m * gap, off = have > want ? have - want : want - have;

	if (have < want && m == MANTISSA)
		return 4 * off <= gap;
	return 2 * off < gap || (2 * off == gap && !(m & 1));
}

size_t i64_text(int64_t v, char out[I64_TEXT])
{
	static const char pairs[] = "00010203040506070809"
				    "10111213141516171819"
				    "20212223242526272829"
				    "30313233343536373839"
				    "40414243444546474849"
				    "50515253545556575859"
				    "60616263646566676869"
				    "70717273747576777879"
				    "80818283848586878889"
				    "90919293949596979899";
	char text[I64_TEXT], *end = text + sizeof(text), *p = end;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	for (; u > 9; u /= 100) {
		p -= 2;
		memcpy(p, pairs + u % 100 * 2, 2);
	}
	if (u || p == end)
		*--p = (char)('0' + u);
	if (v < 0)
		*--p = '-';
	memcpy(out, p, (size_t)(end - p));
	return (size_t)(end - p);
}

static size_t put_digits(uint64_t digits, unsigned decimals, bool negative,
	char *out)
{
	char text[24]; /* the digits, last one first */
	size_t n = 0, len = 0;

	while (decimals && digits % 10 == 0) {
		digits /= 10;
		decimals--;
	}
	for (; digits || n <= decimals; digits /= 10)
		text[n++] = (char)('0' + digits % 10);
	if (negative)
		out[len++] = '-';
	while (n) {
		if (n == decimals)
			out[len++] = '.';
		out[len++] = text[--n];
	}
	out[len] = '\0';
	return len;
}

/* The text of a number between the limits; 0: it is none of those. */
static size_t quick_text(double x, char *out)
{
	unsigned s, decimals = 20, digits = 15;
	uint64_t bits, m, d;

	if (!(fabs(x) >= QUICK_MIN && fabs(x) < QUICK_MAX))
		return 0;
	memcpy(&bits, &x, sizeof(bits));
	m = (bits & (MANTISSA - 1)) | MANTISSA;
	s = 1075 - (unsigned)(bits >> 52 & 2047);
	/* 17 digits have so many decimals */
	while (m * power_of_ten(decimals - 1) >> s >= powers[16])
		decimals--;
	for (; digits < 17; digits++) {
		unsigned fewer = decimals - (17 - digits);

		d = shift_rounded(m * power_of_ten(fewer), s);
		if (reads_back(d, fewer, m, s))
			return put_digits(d, fewer, bits >> 63, out);
	}
	d = shift_rounded(m * power_of_ten(decimals), s);
	return put_digits(d, decimals, bits >> 63, out);
}

/*
 * m / 10^decimals, to the nearest double, ties to even: m is moved to the top
 * of 128 bits, so that the quotient has more bits than a double and the
 * remainder says on which side of a tie it lies. m > 0, decimals < 20.
 */
static double divide(uint64_t m, unsigned decimals)
{
	u128 power = power_of_ten(decimals);
	int up = __builtin_clzll(m);
	u128 top = (u128)(m << up) << 64, q = top / power;
	uint64_t high = (uint64_t)(q >> 64), bits;
	int extra = high ? 128 - __builtin_clzll(high) - 53
			 : 64 - __builtin_clzll((uint64_t)q) - 53;
	u128 rest;

	bits = (uint64_t)(q >> extra);
	rest = q & (((u128)1 << extra) - 1);
	if (rest > (u128)1 << (extra - 1) ||
		(rest == (u128)1 << (extra - 1) && (top % power || bits & 1)))
		bits++;
	return ldexp((double)bits, extra - 64 - up);
}

static double f64_slowly(struct str s)
{
	char few[64], *text = few;
	double x;

	if (s.len >= sizeof(few))
		text = xmalloc(s.len + 1);
	memcpy(text, s.s, s.len);
	text[s.len] = '\0';
	x = strtod(text, NULL);
	if (text != few)
		free(text);
	return x;
}

double f64_from_text(struct str s)
{
	enum { MOST_DIGITS = 19, MOST_DECIMALS = 19 };
	bool negative = s.s[0] == '-', point = false;
	unsigned digits = 0, decimals = 0;
	uint64_t m = 0;
	double x;

	for (size_t i = negative; i < s.len; i++) {
		char c = s.s[i];

		if (c == '.') {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return f64_slowly(s); /* an exponent */
		digits += m || c != '0';
		decimals += point;
		if (digits > MOST_DIGITS || decimals > MOST_DECIMALS)
			return f64_slowly(s);
		m = 10 * m + (uint64_t)(c - '0');
	}
	x = m ? divide(m, decimals) : 0;
	return negative ? -x : x;
}

int parse_bytes(const char *s, uint64_t *out)
{
	static const char units[] = "KMG";
	unsigned shift = 0;
	unsigned long long v;
	const char *unit;
	char *end;

	if (!starts_like_number(s, false))
		return -1;
	errno = 0;
	v = strtoull(s, &end, 10);
	if (errno)
		return -1;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * (unsigned)(unit - units + 1);
		end++;
		if (!strcmp(end, "iB"))
			end += 2;
	}
	if (*end || v > UINT64_MAX >> shift)
		return -1;
	*out = v << shift;
	return 0;
}

size_t f64_text_short(double x, char out[F64_TEXT])
{
	int n = (int)quick_text(x, out);

	if (n)
		return (size_t)n;
	/* %g drops zeros, so 15 digits are the start; but subnormal numbers
	 * have fewer than 15 */
	for (int digits = fabs(x) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
		n = snprintf(out, F64_TEXT, "%.*g", digits, x);
		if (digits == 17 || strtod(out, NULL) == x)
			break;
	}
	return (size_t)n;
}

size_t f64_text(double x, char out[F64_TEXT])
{
	size_t n = f64_text_short(x, out);

	if (strcspn(out, ".e") == n) {
		out[n++] = '.';
		out[n++] = '0';
		out[n] = '\0';
	}
	return n;
}

uint64_t percent_of(uint64_t n, double percent)
{
	char text[F64_TEXT];
	uint64_t digits = 0; /* percent = digits / 10^(scale - 2) */
	u128 num, den = 1;
	long scale = 2;
	bool fraction = false;

	if (percent <= 0)
		return 0;
	f64_text_short(percent, text);
	for (const char *s = text; *s; s++) {
		if (*s == 'e') {
			scale -= strtol(s + 1, NULL, 10);
			break;
		}
		if (*s == '.') {
			fraction = true;
			continue;
		}
		digits = 10 * digits + (uint64_t)(*s - '0');
		scale += fraction;
	}
	num = (u128)n * digits; /* at most 17 digits: below 2^121 */
	for (; scale > 0 && den <= num; scale--)
		den *= 10;
	for (; scale < 0; scale++)
		num *= 10;
	return (uint64_t)((num + den - 1) / den);
}
