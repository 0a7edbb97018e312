/*
 * The values that JSON has no form for: objects whose only key begins with a
 * dollar sign (line.h).
 */
#include "base/base.h"
#include "rec/line_priv.h"
#include "rec/pack.h"
#include "base/base64.h"
#include "base/num.h"

#include <math.h>

enum { MAX_HEAD = 5 }; /* bytes in front of a bin or str */

/*
 * A string of base64, decoded into `out` behind the head of a bin or a str: the
 * bytes of a large image are in memory once.
 */
static int read_bytes(struct json_in *in, struct buf *out, bool bin,
	struct err *err)
{
	struct str s;
	size_t n, pad = 0;

	if (json_str(in, &s, err))
		return -1;
	while (pad < 2 && pad < s.len && s.s[s.len - 1 - pad] == '=')
		pad++;
	n = s.len / 4 * 3 - pad;
	if (s.len % 4)
		return json_fail(in, "bytes are not written as base64", err);
	buf_reserve(out, n + MAX_HEAD);
	if (bin)
		pack_bin_head(out, n);
	else
		pack_str_head(out, n);
	n += out->len;
	if (base64_decode(out, s.s, s.len) || out->len != n)
		return json_fail(in, "bytes are not written as base64", err);
	return 0;
}

int read_base64(struct json_in *in, struct buf *out, struct err *err)
{
	return read_bytes(in, out, true, err);
}

/* "nan:" and 2 * n hex digits as the big-endian bits of a float. */
static int nan_bits(struct str s, unsigned n, uint64_t *bits)
{
	char hex[17] = "", *end;

	if (!str_starts(s, "nan:") || s.len != 4 + 2 * n)
		return -1;
	memcpy(hex, s.s + 4, 2 * n);
	if (strspn(hex, "0123456789abcdef") != 2 * n)
		return -1;
	*bits = strtoull(hex, &end, 16);
	return 0;
}

static int pack_text_f64(struct str s, struct buf *out)
{
	uint64_t bits;
	double x;

	if (str_is(s, "inf"))
		pack_f64(out, INFINITY);
	else if (str_is(s, "-inf"))
		pack_f64(out, -INFINITY);
	else if (str_is(s, "nan"))
		pack_f64(out, (double)NAN);
	else if (!nan_bits(s, 8, &bits)) {
		memcpy(&x, &bits, sizeof(x));
		if (!isnan(x))
			return -1;
		pack_f64(out, x);
	} else
		return -1;
	return 0;
}

static int pack_text_f32(struct str s, struct buf *out)
{
	uint32_t half;
	uint64_t bits;
	float x;

	if (str_is(s, "inf"))
		pack_f32(out, INFINITY);
	else if (str_is(s, "-inf"))
		pack_f32(out, -INFINITY);
	else if (str_is(s, "nan"))
		pack_f32(out, NAN);
	else if (!nan_bits(s, 4, &bits)) {
		half = (uint32_t)bits;
		memcpy(&x, &half, sizeof(x));
		if (!isnan(x))
			return -1;
		pack_f32(out, x);
	} else
		return -1;
	return 0;
}

static int read_num(struct json_in *in, struct buf *out, struct err *err)
{
	char text[24] = "";
	struct str s;
	uint64_t u;

	if (json_str(in, &s, err))
		return -1;
	if (!pack_text_f64(s, out))
		return 0;
	if (s.len < sizeof(text))
		memcpy(text, s.s, s.len);
	if (parse_u64(text, &u))
		return json_fail(in, "$num holds no such number", err);
	pack_u64(out, u);
	return 0;
}

static int read_f32(struct json_in *in, struct buf *out, struct err *err)
{
	struct json_number number = {.x = NAN};
	struct str s;
	int rc;

	if (json_next(in) == '"') {
		rc = json_str(in, &s, err);
		if (!rc && pack_text_f32(s, out))
			rc = json_fail(in, "$f32 holds no 4-byte number", err);
		return rc;
	}
	if (json_number(in, &number, err))
		return -1;
	if (number.is_int)
		number.x = (double)number.i;
	if ((double)(float)number.x != number.x)
		return json_fail(in, "$f32 holds no 4-byte number", err);
	pack_f32(out, (float)number.x);
	return 0;
}

static int read_ext(struct json_in *in, struct buf *out, struct err *err)
{
	static const char what[] = "$ext is not [type, base64]";
	struct json_number type = {.is_int = false};
	struct buf bytes = BUF_INIT;
	struct str s;
	int rc = -1;

	if (!json_eat(in, '['))
		return json_fail(in, what, err);
	(void)json_next(in);
	if (json_number(in, &type, err))
		return -1;
	if (!type.is_int || type.i < -128 || type.i > 127 || !json_eat(in, ','))
		return json_fail(in, what, err);
	if (json_str(in, &s, err))
		return -1;
	if (base64_decode(&bytes, s.s, s.len) || !json_eat(in, ']'))
		json_fail(in, what, err);
	else
		rc = 0;
	if (!rc)
		pack_ext(out, (int8_t)type.i, bytes.data, bytes.len);
	buf_release(&bytes);
	return rc;
}

int read_marked(struct json_in *in, struct str mark, struct buf *out,
	struct err *err)
{
	if (str_is(mark, "$bin"))
		return read_bytes(in, out, true, err);
	if (str_is(mark, "$str"))
		return read_bytes(in, out, false, err);
	if (str_is(mark, "$num"))
		return read_num(in, out, err);
	if (str_is(mark, "$f32"))
		return read_f32(in, out, err);
	if (str_is(mark, "$ext"))
		return read_ext(in, out, err);
	return err_set(err, "unknown marker '%.*s'", (int)MIN(mark.len, 40),
		mark.s);
}
