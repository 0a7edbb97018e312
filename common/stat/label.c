#include "base/base.h"
#include "stat/label.h"
#include "json/json.h"
#include "rec/line.h"

/* The bytes of the head of a str. */
static size_t str_head(uint8_t c)
{
	return c == 0xd9 ? 2 : c == 0xda ? 3 : c == 0xdb ? 5 : 1;
}

/* How much of a str that was cut is text: not the start of a character. */
static size_t whole_chars(const char *s, size_t len)
{
	for (size_t n = 0; n < 4 && n <= len; n++)
		if (utf8_valid(s, len - n))
			return len - n;
	return len;
}

bool piece_take(struct str *label, struct piece *out)
{
	const uint8_t *p = (const uint8_t *)label->s;
	size_t head;

	if (!label->len)
		return false;
	*out = (struct piece){.type = val_type((struct val){p, label->len})};
	out->is_str = out->type == VAL_STR;
	if (val_at(p, label->len, &out->val)) {
		if (out->is_str)
			(void)!val_str(out->val, &out->text);
		label->s += out->val.len;
		label->len -= out->val.len;
		return true;
	}
	out->val = (struct val){NULL, 0};
	head = MIN(str_head(*p), label->len);
	if (out->is_str)
		out->text = (struct str){label->s + head,
			whole_chars(label->s + head, label->len - head)};
	label->s += label->len;
	label->len = 0;
	return true;
}

/* The length of the UTF-8 character at s, 0 when there is none. */
static size_t char_len(const char *s, size_t len)
{
	for (size_t n = 1; n <= 4 && n <= len; n++)
		if (utf8_valid(s, n))
			return n;
	return 0;
}

/* The control characters of ASCII, and U+0080 to U+009F. */
static bool is_control(const char *s, size_t n)
{
	unsigned char c = (unsigned char)*s;

	if (n == 2)
		return c == 0xc2 && (unsigned char)s[1] < 0xa0;
	return n == 1 && (c < ' ' || c == 0x7f);
}

void add_tame(struct buf *b, struct str text)
{
	while (text.len) {
		size_t n = char_len(text.s, text.len);

		if (!n || is_control(text.s, n))
			buf_addc(b, '?');
		else
			buf_add(b, text.s, n);
		n = MAX(n, 1);
		text.s += n;
		text.len -= n;
	}
}

void add_piece(struct buf *b, const struct piece *p)
{
	struct buf json = BUF_INIT;
	struct err err;

	if (p->is_str && !p->text.len)
		buf_adds(b, "\"\"");
	else if (p->is_str)
		add_tame(b, p->text);
	else if (p->val.len && !line_from_val(p->val, &json, &err))
		add_tame(b, (struct str){json.data, json.len});
	else
		buf_adds(b, val_type_name(p->type));
	if (!p->val.len)
		buf_adds(b, "...");
	buf_release(&json);
}
