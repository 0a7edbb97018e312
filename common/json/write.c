#include "base/base.h"
#include "json/json.h"
#include "base/num.h"

void json_add_str(struct buf *b, const char *s, size_t len)
{
	const char *end = s + len;

	buf_addc(b, '"');
	while (s < end) {
		const char *plain = s;

		while (s < end && (unsigned char)*s >= 0x20 && *s != '"' &&
			*s != '\\')
			s++;
		buf_add(b, plain, (size_t)(s - plain));
		if (s == end)
			break;
		if (*s == '"' || *s == '\\')
			buf_addf(b, "\\%c", *s);
		else if (*s == '\n')
			buf_adds(b, "\\n");
		else if (*s == '\t')
			buf_adds(b, "\\t");
		else
			buf_addf(b, "\\u%04x", (unsigned char)*s);
		s++;
	}
	buf_addc(b, '"');
}

void json_add_f64(struct buf *b, double v)
{
	char text[F64_TEXT];

	buf_add(b, text, f64_text(v, text));
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
		size_t n = utf8_char(p, len);

		if (!n)
			return false;
		p += n;
		len -= n;
	}
	return true;
}
