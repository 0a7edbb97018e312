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
	int n = 0;

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
	__extension__ typedef unsigned __int128 u128;
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
