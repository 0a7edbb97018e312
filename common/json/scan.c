#include "base/base.h"
#include "json/scan.h"

static enum json_place end_of(const struct json_scan *s)
{
	return s->depth ? JSON_WITHIN : JSON_LAST;
}

static enum json_place scan_quoted(struct json_scan *s, char c)
{
	if (s->escaped || c == '\\') {
		s->escaped = !s->escaped;
		return JSON_WITHIN;
	}
	s->quoted = c != '"';
	return s->quoted ? JSON_WITHIN : end_of(s);
}

enum json_place json_scan(struct json_scan *s, char c)
{
	if (s->quoted)
		return scan_quoted(s, c);
	if (c == '}' || c == ']') {
		if (!s->depth)
			return JSON_BEHIND;
		s->depth--;
		return end_of(s);
	}
	s->quoted = c == '"';
	s->depth += c == '{' || c == '[';
	return s->depth || !c || !strchr(",: \t\r\n", c) ? JSON_WITHIN
							 : JSON_BEHIND;
}

/* The value at the start of `text`; len 0 where there is none. */
static struct str value_at(struct str text)
{
	struct json_scan scan = {0, false, false};

	for (size_t i = 0; i < text.len; i++) {
		enum json_place place = json_scan(&scan, text.s[i]);

		if (place != JSON_WITHIN)
			return (struct str){text.s, i + (place == JSON_LAST)};
	}
	return (struct str){text.s, 0};
}

static void skip(struct str *text, size_t n)
{
	text->s += n;
	text->len -= n;
}

static void pass_blanks(struct str *text)
{
	while (text->len && memchr(" \t\r\n", *text->s, 4))
		skip(text, 1);
}

/* Passes over blanks and one `mark`; false when that does not stand there. */
static bool pass(struct str *text, char mark)
{
	pass_blanks(text);
	if (!text->len || *text->s != mark)
		return false;
	skip(text, 1);
	return true;
}

bool json_member(struct str object, const char *name, struct str *value)
{
	struct str text = object, key, found;

	for (char mark = '{'; pass(&text, mark); mark = ',') {
		pass_blanks(&text);
		key = value_at(text);
		if (key.len < 2 || *key.s != '"')
			break;
		skip(&text, key.len);
		if (!pass(&text, ':'))
			break;
		pass_blanks(&text);
		found = value_at(text);
		if (!found.len)
			break;
		if (str_is((struct str){key.s + 1, key.len - 2}, name)) {
			*value = found;
			return true;
		}
		skip(&text, found.len);
	}
	return false;
}
