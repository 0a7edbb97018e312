#include "base/base.h"
#include "form/typed.h"
#include "base/base64.h"
#include "base/num.h"
#include "rec/line.h"
#include "rec/pack.h"

enum cell_type { CELL_ANY, CELL_TEXT, CELL_REAL, CELL_BIN };

static bool is_one_of(struct str s, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(s, names[i]))
			return true;
	return false;
}

static bool ends_with(struct str s, const char *end)
{
	size_t n = strlen(end);

	return s.len >= n && !memcmp(s.s + s.len - n, end, n);
}

static enum cell_type type_of(const struct path *p)
{
	static const char *const texts[] = {"id", "key", "chip_fmt", "title",
		"title_multi", "emb_dtype", "emb_model", "label", "split"};
	static const char *const reals[] = {"lon", "lat", "area_m2", "len_m",
		"valid", "sim"};
	struct str name = p->parts[0];

	if (p->n > 1 && (str_is(name, "tags") || str_is(name, "tags_hidden")))
		return CELL_TEXT;
	if (p->n > 1)
		return str_is(name, "tag_gsd_m") ? CELL_REAL : CELL_ANY;
	if (is_bin_field(name))
		return CELL_BIN;
	if (is_one_of(name, texts, ARRAY_SIZE(texts)))
		return CELL_TEXT;
	if (is_one_of(name, reals, ARRAY_SIZE(reals)) ||
		ends_with(name, "_sim"))
		return CELL_REAL;
	return CELL_ANY;
}

static size_t digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* A number as JSON has it; *whole: without a point and an exponent. */
static bool is_number(const char *s, bool *whole)
{
	size_t n;

	s += *s == '-';
	n = digits(s);
	if (!n || (n > 1 && *s == '0'))
		return false;
	s += n;
	*whole = !*s;
	if (*s == '.') {
		n = digits(s + 1);
		if (!n)
			return false;
		s += n + 1;
	}
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		n = digits(s);
		if (!n)
			return false;
		s += n;
	}
	return !*s;
}

/* Appends the number, or returns false. */
static bool pack_number(struct buf *b, const char *s, bool real)
{
	bool whole = false;
	uint64_t u;
	int64_t i;
	double x;

	if (!is_number(s, &whole))
		return false;
	if ((real || !whole) && !parse_f64(s, &x))
		pack_f64(b, x);
	else if (!real && whole && !parse_i64(s, &i))
		pack_i64(b, i);
	else if (!real && whole && !parse_u64(s, &u))
		pack_u64(b, u);
	else
		return false;
	return true;
}

int typed_pack(struct buf *b, const struct path *field, struct str text,
	struct err *err)
{
	enum cell_type type = type_of(field);
	struct buf bytes = BUF_INIT;
	char *s;
	bool done;
	int rc = 0;

	if (type == CELL_BIN) {
		rc = base64_decode(&bytes, text.s, text.len);
		if (rc)
			err_set(err, "no base64");
		else
			pack_bin(b, bytes.data, bytes.len);
		buf_release(&bytes);
		return rc;
	}
	s = xmemdup0(text.s, text.len);
	done = type != CELL_TEXT && strlen(s) == text.len &&
	       pack_number(b, s, type == CELL_REAL);
	free(s);
	if (!done && type == CELL_REAL)
		return err_set(err, "'%.*s' is no number",
			(int)MIN(text.len, 100), text.s);
	if (!done)
		pack_str(b, text.s, text.len);
	return 0;
}
