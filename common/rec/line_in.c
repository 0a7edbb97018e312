#include "base/base.h"
#include "rec/line.h"
#include "rec/pack.h"
#include "base/base64.h"
#include "base/num.h"
#include "json/json.h"

#include <math.h>

static int pack_json(const struct jval *v, unsigned depth, struct buf *out,
	struct err *err);

/* The bytes of a base64 member, packed by `put`. */
static int pack_bytes(const struct jval *v, struct buf *out,
	void (*put)(struct buf *out, struct buf *bytes), struct err *err)
{
	struct buf bytes = BUF_INIT;
	struct str s;
	int rc = -1;

	if (jval_str(v, &s) || base64_decode(&bytes, s.s, s.len))
		err_set(err, "bytes are not written as base64");
	else
		rc = 0;
	if (!rc)
		put(out, &bytes);
	buf_release(&bytes);
	return rc;
}

static void put_bin(struct buf *out, struct buf *bytes)
{
	pack_bin(out, bytes->data, bytes->len);
}

static void put_str(struct buf *out, struct buf *bytes)
{
	pack_str(out, bytes->data, bytes->len);
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

static int pack_num(const struct jval *v, struct buf *out, struct err *err)
{
	char text[24] = "";
	struct str s;
	uint64_t u;

	if (jval_str(v, &s))
		return err_set(err, "$num is no text");
	if (!pack_text_f64(s, out))
		return 0;
	if (s.len < sizeof(text))
		memcpy(text, s.s, s.len);
	if (parse_u64(text, &u))
		return err_set(err, "$num holds no such number: '%.*s'",
			(int)MIN(s.len, 40), s.s);
	pack_u64(out, u);
	return 0;
}

static int pack_f32_json(const struct jval *v, struct buf *out, struct err *err)
{
	struct str s;
	double x;

	if (!jval_f64(v, &x) && (double)(float)x == x)
		pack_f32(out, (float)x);
	else if (jval_str(v, &s) || pack_text_f32(s, out))
		return err_set(err, "$f32 holds no 4-byte number");
	return 0;
}

static int pack_ext_json(const struct jval *v, struct buf *out, struct err *err)
{
	struct buf bytes = BUF_INIT;
	struct str s;
	int64_t type;
	int rc = -1;

	if (jval_count(v) != 2 || jval_i64(jval_at(v, 0), &type) ||
		type < -128 || type > 127 || jval_str(jval_at(v, 1), &s) ||
		base64_decode(&bytes, s.s, s.len))
		err_set(err, "$ext is not [type, base64]");
	else
		rc = 0;
	if (!rc)
		pack_ext(out, (int8_t)type, bytes.data, bytes.len);
	buf_release(&bytes);
	return rc;
}

/* A map whose only key begins with '$': what the marker says. */
static int pack_marked(struct str mark, const struct jval *v, struct buf *out,
	struct err *err)
{
	if (str_is(mark, "$bin"))
		return pack_bytes(v, out, put_bin, err);
	if (str_is(mark, "$str"))
		return pack_bytes(v, out, put_str, err);
	if (str_is(mark, "$num"))
		return pack_num(v, out, err);
	if (str_is(mark, "$f32"))
		return pack_f32_json(v, out, err);
	if (str_is(mark, "$ext"))
		return pack_ext_json(v, out, err);
	return err_set(err, "unknown marker '%.*s'", (int)MIN(mark.len, 40),
		mark.s);
}

static int too_deep(struct err *err)
{
	return err_set(err, "nested deeper than %d", VAL_MAX_DEPTH);
}

static int pack_object(const struct jval *v, unsigned depth, struct buf *out,
	struct err *err)
{
	const struct jiter *it = jval_next(v, NULL);
	struct str key;

	if (jval_count(v) == 1) {
		key = jiter_key(it);
		if (key.len && key.s[0] == '$') {
			if (key.len < 2 || key.s[1] != '$')
				return pack_marked(key, jiter_val(it), out,
					err);
			if (depth >= VAL_MAX_DEPTH)
				return too_deep(err);
			pack_map(out, 1);
			pack_str(out, key.s + 1, key.len - 1);
			return pack_json(jiter_val(it), depth + 1, out, err);
		}
	}
	if (depth >= VAL_MAX_DEPTH)
		return too_deep(err);
	pack_map(out, jval_count(v));
	for (; it; it = jval_next(v, it)) {
		const struct jval *e = jiter_val(it);

		key = jiter_key(it);
		pack_str(out, key.s, key.len);
		if (!depth && is_bin_field(key) && jval_type(e) == J_STR) {
			if (pack_bytes(e, out, put_bin, err))
				return err_prefix(err, "field '%.*s'",
					(int)key.len, key.s);
		} else if (pack_json(e, depth + 1, out, err)) {
			return -1;
		}
	}
	return 0;
}

static int pack_json(const struct jval *v, unsigned depth, struct buf *out,
	struct err *err)
{
	struct str s = {"", 0};
	int64_t i = 0;
	bool b = false;
	double x = 0;

	switch (jval_type(v)) {
	case J_NULL:
		pack_nil(out);
		break;
	case J_BOOL:
		(void)!jval_bool(v, &b);
		pack_bool(out, b);
		break;
	case J_INT:
		(void)!jval_i64(v, &i);
		pack_i64(out, i);
		break;
	case J_REAL:
		(void)!jval_f64(v, &x);
		pack_f64(out, x);
		break;
	case J_STR:
		(void)!jval_str(v, &s);
		pack_str(out, s.s, s.len);
		break;
	case J_ARRAY:
		if (depth >= VAL_MAX_DEPTH)
			return too_deep(err);
		pack_array(out, jval_count(v));
		for (size_t k = 0; k < jval_count(v); k++)
			if (pack_json(jval_at(v, k), depth + 1, out, err))
				return -1;
		break;
	case J_OBJECT:
		return pack_object(v, depth, out, err);
	}
	return 0;
}

int line_to_rec(const char *line, size_t len, struct buf *out, struct err *err)
{
	struct jval *root = jval_parse(line, len, err);
	size_t start = out->len;
	int rc = -1;

	if (!root)
		return -1;
	if (jval_type(root) != J_OBJECT)
		err_set(err, "the line is no JSON object");
	else
		rc = pack_json(root, 0, out, err);
	if (!rc && val_type((struct val){(uint8_t *)out->data + start,
			   out->len - start}) != VAL_MAP)
		rc = err_set(err, "the line is no JSON object");
	jval_free(root);
	if (rc)
		out->len = start;
	return rc;
}
