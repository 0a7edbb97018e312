#include "base/base.h"
#include "rec/line.h"
#include "base/base64.h"
#include "base/num.h"
#include "json/json.h"

#include <inttypes.h>
#include <math.h>

bool is_bin_field(struct str key)
{
	static const char *const names[] = {"geom", "chip", "img_emb",
		"txt_emb"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_is(key, names[i]))
			return true;
	return false;
}

static void add_base64(struct buf *out, const char *s, size_t len)
{
	buf_addc(out, '"');
	base64_add(out, s, len);
	buf_addc(out, '"');
}

static void add_marked(struct buf *out, const char *mark, struct str bytes)
{
	buf_addf(out, "{\"%s\":", mark);
	add_base64(out, bytes.s, bytes.len);
	buf_addc(out, '}');
}

static void add_int(struct buf *out, struct val v)
{
	uint64_t u;
	int64_t i;

	if (!val_i64(v, &i))
		buf_addf(out, "%" PRId64, i);
	else if (!val_u64(v, &u))
		buf_addf(out, "{\"$num\":\"%" PRIu64 "\"}", u);
}

/* A non-finite number as text; NaNs that are not the usual one by their bits.
 */
static void add_nonfinite(struct buf *out, struct val v, double x)
{
	static const uint8_t nan64[] = {0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0};
	static const uint8_t nan32[] = {0xca, 0x7f, 0xc0, 0, 0};
	const uint8_t *usual = v.len == sizeof(nan32) ? nan32 : nan64;

	if (isinf(x)) {
		buf_adds(out, x < 0 ? "\"-inf\"" : "\"inf\"");
		return;
	}
	buf_adds(out, "\"nan");
	if (memcmp(v.p, usual, v.len)) {
		buf_addc(out, ':');
		for (size_t i = 1; i < v.len; i++)
			buf_addf(out, "%02x", v.p[i]);
	}
	buf_addc(out, '"');
}

static void add_float(struct buf *out, struct val v)
{
	bool f32 = val_is_f32(v);
	double x = 0;

	(void)!val_f64(v, &x);
	if (f32 || !isfinite(x))
		buf_adds(out, f32 ? "{\"$f32\":" : "{\"$num\":");
	if (isfinite(x))
		json_add_f64(out, x);
	else
		add_nonfinite(out, v, x);
	if (f32 || !isfinite(x))
		buf_addc(out, '}');
}

static int add_key(struct buf *out, struct val key, bool only, struct err *err)
{
	size_t start;
	struct str s;

	if (val_str(key, &s))
		return err_set(err, "a map has a key that is no string");
	if (!utf8_valid(s.s, s.len))
		return err_set(err, "a map has a key that is not UTF-8");
	if (memchr(s.s, '\0', s.len))
		return err_set(err, "a map has a key with a NUL byte");
	start = out->len;
	json_add_str(out, s.s, s.len);
	if (only && s.len && s.s[0] == '$') {
		/* one '$' more: a marker is never mistaken for data */
		buf_addc(out, '"');
		memmove(out->data + start + 2, out->data + start + 1,
			out->len - start - 2);
		out->data[start + 1] = '$';
	}
	buf_addc(out, ':');
	return 0;
}

static int add_val(struct val v, struct buf *out, struct err *err);

/* A value of the record itself: bytes of the table are plain base64. */
static int add_field(struct val key, struct val v, struct buf *out,
	struct err *err)
{
	struct str name, bytes;

	if (val_str(key, &name) || !is_bin_field(name))
		return add_val(v, out, err);
	if (!val_bin(v, &bytes))
		add_base64(out, bytes.s, bytes.len);
	else if (!val_str(v, &bytes))
		add_marked(out, "$str", bytes);
	else
		return add_val(v, out, err);
	return 0;
}

static int add_members(struct val v, bool top, struct buf *out, struct err *err)
{
	bool map = val_type(v) == VAL_MAP, first = true;
	struct val key = {NULL, 0}, e;
	struct str name = {"", 0};

	if (map && val_key_twice(v, &name))
		return err_set(err, "a map has the key '%.*s' twice",
			(int)MIN(name.len, 100), name.s);
	buf_addc(out, map ? '{' : '[');
	for (struct val_iter it = val_iter(v); val_next(&it, &key, &e);) {
		if (!first)
			buf_addc(out, ',');
		first = false;
		if (map && add_key(out, key, val_count(v) == 1, err))
			return -1;
		if (map && top ? add_field(key, e, out, err)
			       : add_val(e, out, err))
			return -1;
	}
	buf_addc(out, map ? '}' : ']');
	return 0;
}

static int add_val(struct val v, struct buf *out, struct err *err)
{
	struct str s = {"", 0};
	bool flag = false;
	int8_t type = 0;

	switch (val_type(v)) {
	case VAL_NIL:
		buf_adds(out, "null");
		break;
	case VAL_BOOL:
		(void)!val_bool(v, &flag);
		buf_adds(out, flag ? "true" : "false");
		break;
	case VAL_INT:
		add_int(out, v);
		break;
	case VAL_FLOAT:
		add_float(out, v);
		break;
	case VAL_STR:
		(void)!val_str(v, &s);
		if (utf8_valid(s.s, s.len))
			json_add_str(out, s.s, s.len);
		else
			add_marked(out, "$str", s);
		break;
	case VAL_BIN:
		(void)!val_bin(v, &s);
		add_marked(out, "$bin", s);
		break;
	case VAL_EXT:
		(void)!val_ext(v, &type, &s);
		buf_addf(out, "{\"$ext\":[%d,", type);
		add_base64(out, s.s, s.len);
		buf_adds(out, "]}");
		break;
	case VAL_ARRAY:
	case VAL_MAP:
		return add_members(v, false, out, err);
	}
	return 0;
}

int line_from_val(struct val v, struct buf *out, struct err *err)
{
	return add_val(v, out, err);
}

int line_from_rec(struct val record, struct buf *out, struct err *err)
{
	return add_members(record, true, out, err);
}
