#include "base/base.h"
#include "json/in.h"
#include "base/num.h"
#include "json/json.h"
#include "json/priv.h"

#include <errno.h>
#include <math.h>

struct json_in json_in_begin(const char *text, size_t len)
{
	return (struct json_in){text, len, 0, BUF_INIT};
}

void json_in_release(struct json_in *in)
{
	buf_release(&in->scratch);
}

int json_fail(const struct json_in *in, const char *what, struct err *err)
{
	return err_set(err, "not valid JSON: column %zu: %s", in->pos + 1,
		in->pos < in->len ? what : "the text ends early");
}

char json_next(struct json_in *in)
{
	for (; in->pos < in->len; in->pos++) {
		char c = in->text[in->pos];

		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return c ? c : '\1'; /* no JSON either */
	}
	return 0;
}

bool json_eat(struct json_in *in, char c)
{
	if (json_next(in) != c)
		return false;
	in->pos++;
	return true;
}

static int hex4(const struct json_in *in, size_t at, uint32_t *out)
{
	*out = 0;
	for (size_t i = at; i < at + 4; i++) {
		char c = i < in->len ? in->text[i] : 'x';
		uint32_t digit =
			(uint32_t)(c >= '0' && c <= '9'   ? c - '0'
				   : c >= 'a' && c <= 'f' ? c - 'a' + 10
				   : c >= 'A' && c <= 'F' ? c - 'A' + 10
							  : 16);

		if (digit > 15)
			return -1;
		*out = *out << 4 | digit;
	}
	return 0;
}

static void add_utf8(struct buf *b, uint32_t c)
{
	unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};

	buf_addc(b, (char)(lead[more] | c >> 6 * more));
	while (more--)
		buf_addc(b, (char)(0x80 | (c >> 6 * more & 0x3f)));
}

/* \uXXXX, of which two make one character past U+FFFF; pos is at the u. */
static int unicode_escape(struct json_in *in, struct err *err)
{
	uint32_t c, low;

	if (hex4(in, in->pos + 1, &c))
		return json_fail(in, "\\u without four hex digits", err);
	in->pos += 5;
	if (c >= 0xd800 && c < 0xdc00 && in->pos + 1 < in->len &&
		in->text[in->pos] == '\\' && in->text[in->pos + 1] == 'u' &&
		!hex4(in, in->pos + 2, &low) && low >= 0xdc00 && low < 0xe000) {
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		in->pos += 6;
	}
	if (c >= 0xd800 && c < 0xe000)
		return json_fail(in, "half of a surrogate pair", err);
	add_utf8(&in->scratch, c);
	return 0;
}

/* The escape whose backslash pos is at. */
static int escape(struct json_in *in, struct err *err)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	in->pos++;
	if (in->pos < in->len && in->text[in->pos] == 'u')
		return unicode_escape(in, err);
	at = in->pos < in->len && in->text[in->pos]
		     ? strchr(from, in->text[in->pos])
		     : NULL;
	if (!at)
		return json_fail(in, "no such escape", err);
	buf_addc(&in->scratch, to[at - from]);
	in->pos++;
	return 0;
}

int json_str(struct json_in *in, struct str *out, struct err *err)
{
	bool escaped = false;

	if (!json_eat(in, '"'))
		return json_fail(in, "a string should stand here", err);
	buf_reset(&in->scratch);
	for (;;) {
		const char *s = in->text + in->pos;
		size_t n = plain_length(s, in->len - in->pos);
		char c = in->pos + n < in->len ? s[n] : 0;

		if (!utf8_valid(s, n))
			return json_fail(in, "the string is not UTF-8", err);
		in->pos += n;
		if (c == '"' && !escaped) {
			*out = (struct str){s, n};
			in->pos++;
			return 0;
		}
		buf_add(&in->scratch, s, n);
		if (c == '"')
			break;
		if (c != '\\')
			return json_fail(in,
				"a control character in a string, or no quote "
				"behind it",
				err);
		escaped = true;
		if (escape(in, err))
			return -1;
	}
	in->pos++;
	*out = (struct str){in->scratch.data, in->scratch.len};
	return 0;
}

/* The digits from pos on: how many. */
static size_t digits(const struct json_in *in, size_t pos)
{
	size_t n = 0;

	while (pos + n < in->len && in->text[pos + n] >= '0' &&
		in->text[pos + n] <= '9')
		n++;
	return n;
}

/* Checks a number's grammar from pos on: where it ends; 0: it is none. */
static size_t number_end(const struct json_in *in, bool *is_int)
{
	size_t at = in->pos + (in->text[in->pos] == '-'), n = digits(in, at);

	*is_int = true;
	if (!n || (n > 1 && in->text[at] == '0'))
		return 0;
	at += n;
	if (at < in->len && in->text[at] == '.') {
		*is_int = false;
		n = digits(in, at + 1);
		if (!n)
			return 0;
		at += 1 + n;
	}
	if (at < in->len && (in->text[at] == 'e' || in->text[at] == 'E')) {
		*is_int = false;
		at++;
		at += at < in->len &&
		      (in->text[at] == '+' || in->text[at] == '-');
		n = digits(in, at);
		if (!n)
			return 0;
		at += n;
	}
	return at;
}

int json_number(struct json_in *in, struct json_number *out, struct err *err)
{
	struct str s = {in->text + in->pos, 0};
	size_t end = in->pos < in->len ? number_end(in, &out->is_int) : 0;

	if (!end)
		return json_fail(in, "a value should stand here", err);
	s.len = end - in->pos;
	if (out->is_int && i64_from_text(s, &out->i))
		return json_fail(in, "an integer of more than 64 bits", err);
	if (!out->is_int)
		out->x = f64_from_text(s);
	if (!out->is_int && !isfinite(out->x))
		return json_fail(in, "a number too large for a double", err);
	in->pos = end;
	return 0;
}

int json_word(struct json_in *in, const char *word, struct err *err)
{
	size_t n = strlen(word);

	if (in->len - in->pos < n || memcmp(in->text + in->pos, word, n))
		return json_fail(in, "a value should stand here", err);
	in->pos += n;
	return 0;
}

/* Where the string that begins at pos ends; the end of the text: nowhere. */
static size_t string_end(const struct json_in *in, size_t pos)
{
	for (pos++; pos < in->len && in->text[pos] != '"'; pos++)
		pos += in->text[pos] == '\\';
	return MIN(pos + 1, in->len);
}

int json_skip(struct json_in *in, struct str *text, struct err *err)
{
	size_t begin, depth = 0;

	(void)json_next(in);
	for (begin = in->pos; in->pos < in->len;) {
		char c = in->text[in->pos];

		if (!depth && strchr(",:]} \t\r\n", c))
			break;
		if (c == '"') {
			in->pos = string_end(in, in->pos);
			continue;
		}
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		in->pos++;
	}
	if (depth || begin == in->pos)
		return json_fail(in, "a value should stand here", err);
	*text = (struct str){in->text + begin, in->pos - begin};
	return 0;
}
