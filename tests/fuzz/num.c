/*
 * Numbers and bytes as text: what a parser takes is printed so that it reads
 * back the same.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "base/base64.h"
#include "base/half.h"
#include "base/num.h"

#include <inttypes.h>
#include <math.h>

static bool same_bits(double a, double b)
{
	return !memcmp(&a, &b, sizeof(a));
}

static void print_f64(double x)
{
	char text[F64_TEXT], brief[F64_TEXT];
	double back = 0;

	HOLDS(f64_text(x, text) == strlen(text));
	HOLDS(f64_text_short(x, brief) == strlen(brief));
	HOLDS(strpbrk(text, ".e") && strlen(text) < F64_TEXT);
	HOLDS(!parse_f64(text, &back) && same_bits(back, x));
	HOLDS(!parse_f64(brief, &back) && same_bits(back, x));
}

static void parse(const char *s)
{
	char text[32];
	uint64_t u;
	int64_t i;
	double x;

	if (!parse_u64(s, &u)) {
		snprintf(text, sizeof(text), "%" PRIu64, u);
		HOLDS(!strcmp(text, s + MIN(strspn(s, "0"), strlen(s) - 1)));
	}
	if (!parse_i64(s, &i)) {
		bool minus = *s == '-';

		text[i64_text(i, text)] = '\0';
		s += minus;
		s += MIN(strspn(s, "0"), strlen(s) - 1);
		HOLDS(!strcmp(text + (minus && i), s));
	}
	if (!parse_f64(s, &x)) {
		HOLDS(isfinite(x));
		print_f64(x);
	}
}

static void bytes_as_text(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, back = BUF_INIT;

	base64_add(&text, data, size);
	HOLDS(!base64_decode(&back, text.data, text.len));
	HOLDS(back.len == size && (!size || !memcmp(back.data, data, size)));
	buf_reset(&back);
	if (!base64_decode(&back, (const char *)data, size)) {
		buf_reset(&text);
		base64_add(&text, back.data, back.len);
		HOLDS(text.len == size);
	}
	buf_release(&text);
	buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = xmemdup0(data, size);
	uint64_t n;
	uint16_t h;
	double x;

	parse(s);
	free(s);
	bytes_as_text(data, size);
	if (size >= sizeof(x)) {
		memcpy(&x, data, sizeof(x));
		memcpy(&n, data, sizeof(n));
		memcpy(&h, data, sizeof(h));
		if (isfinite(x))
			print_f64(x);
		if (x >= 0 && x <= 100) {
			HOLDS(percent_of(n, x) <= n);
			HOLDS(!n || x <= 0 || percent_of(n, x) > 0);
		}
		if (!isnan((double)half_to_f32(h)))
			HOLDS(half_from_f32(half_to_f32(h)) == h);
	}
	return 0;
}
