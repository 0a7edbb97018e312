#include "base/base.h"
#include "json/json.h"
#include "base/num.h"
#include "json/priv.h"

/* One bit in each byte. */
#define BYTES(c) (UINT64_C(0x0101010101010101) * (c))

static inline uint64_t eight(const char *s)
{
	uint64_t v;

	memcpy(&v, s, sizeof(v));
	return v;
}

/* Not 0 where one of eight bytes is 0. */
static inline uint64_t has_zero(uint64_t v)
{
	return (v - BYTES(1)) & ~v & BYTES(0x80);
}

size_t plain_length(const char *s, size_t len)
{
	size_t n = 0;

	for (; n + 8 <= len; n += 8) {
		uint64_t v = eight(s + n);

		if (has_zero(v ^ BYTES('"')) | has_zero(v ^ BYTES('\\')) |
			has_zero(v & BYTES(0xe0)))
			break;
	}
	while (n < len && (unsigned char)s[n] >= 0x20 && s[n] != '"' &&
		s[n] != '\\')
		n++;
	return n;
}

void json_add_str(struct buf *b, const char *s, size_t len)
{
	const char *end = s + len;

	buf_reserve(b, len + 2);
	buf_addc(b, '"');
	while (s < end) {
		size_t plain = plain_length(s, (size_t)(end - s));

		buf_add(b, s, plain);
		s += plain;
		if (s == end)
			break;
		if (*s == '"' || *s == '\\') {
			buf_addc(b, '\\');
			buf_addc(b, *s);
		} else if (*s == '\n') {
			buf_adds(b, "\\n");
		} else if (*s == '\t') {
			buf_adds(b, "\\t");
		} else {
			buf_addf(b, "\\u%04x", (unsigned char)*s);
		}
		s++;
	}
	buf_addc(b, '"');
}

void json_add_i64(struct buf *b, int64_t v)
{
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char text[24], *p = text + sizeof(text);

	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(text + sizeof(text) - p));
}

void json_add_f64(struct buf *b, double v)
{
	char text[F64_TEXT];

	buf_add(b, text, f64_text(v, text));
}

static void add_array(struct buf *b, const struct jval *v)
{
	buf_addc(b, '[');
	for (size_t i = 0; i < jval_count(v); i++) {
		if (i)
			buf_addc(b, ',');
		json_add_val(b, jval_at(v, i));
	}
	buf_addc(b, ']');
}

static void add_object(struct buf *b, const struct jval *v)
{
	const struct jiter *it = NULL;
	char mark = '{';

	if (!jval_count(v))
		buf_addc(b, mark);
	while ((it = jval_next(v, it))) {
		struct str key = jiter_key(it);

		buf_addc(b, mark);
		mark = ',';
		json_add_str(b, key.s, key.len);
		buf_addc(b, ':');
		json_add_val(b, jiter_val(it));
	}
	buf_addc(b, '}');
}

void json_add_val(struct buf *b, const struct jval *v)
{
	struct str s = {"", 0};
	int64_t i = 0;
	double x = 0;
	bool yes = false;

	switch (jval_type(v)) {
	case J_NULL:
		buf_adds(b, "null");
		break;
	case J_BOOL:
		(void)!jval_bool(v, &yes);
		buf_adds(b, yes ? "true" : "false");
		break;
	case J_INT:
		(void)!jval_i64(v, &i);
		json_add_i64(b, i);
		break;
	case J_REAL:
		(void)!jval_f64(v, &x);
		json_add_f64(b, x);
		break;
	case J_STR:
		(void)!jval_str(v, &s);
		json_add_str(b, s.s, s.len);
		break;
	case J_ARRAY:
		add_array(b, v);
		break;
	case J_OBJECT:
		add_object(b, v);
		break;
	}
}

/* The length of a character by its first byte, 0 when none begins so. */
static size_t utf8_len(unsigned char lead)
{
	return lead < 0x80   ? 1
	       : lead < 0xc2 ? 0
	       : lead < 0xe0 ? 2
	       : lead < 0xf0 ? 3
	       : lead < 0xf5 ? 4
			     : 0;
}

/*
 * The length of the UTF-8 character at p, 0 when there is none: overlong
 * forms, surrogates and code points past U+10FFFF are not UTF-8 (RFC 3629).
 */
static size_t utf8_char(const unsigned char *p, size_t left)
{
	uint32_t c = p[0];
	size_t n = utf8_len(p[0]);

	if (n < 2 || n > left)
		return n == 1;
	c &= 0xffu >> (n + 1);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if ((n == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) ||
		(n == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	return n;
}

bool utf8_valid(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;

	while (len) {
		size_t n = 8;

		if (len < n || eight((const char *)p) & BYTES(0x80))
			n = utf8_char(p, len);
		if (!n)
			return false;
		p += n;
		len -= n;
	}
	return true;
}
