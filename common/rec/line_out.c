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

	if (key.len != 4 && key.len != 7)
		return false;
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
		json_add_i64(out, i);
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

static void add_scalar(struct val v, enum val_type type, struct buf *out)
{
	struct str s = {"", 0};
	bool flag = false;
	int8_t ext = 0;

	switch (type) {
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
		(void)!val_ext(v, &ext, &s);
		buf_addf(out, "{\"$ext\":[%d,", ext);
		add_base64(out, s.s, s.len);
		buf_adds(out, "]}");
		break;
	default:
		buf_adds(out, "null");
	}
}

/* A field of the table whose type is bin: plain base64. */
static void add_table_field(struct val v, enum val_type type, struct buf *out)
{
	struct str bytes = {"", 0};

	if (type == VAL_BIN) {
		(void)!val_bin(v, &bytes);
		add_base64(out, bytes.s, bytes.len);
	} else if (type == VAL_STR) { /* else it would be read as bin */
		(void)!val_str(v, &bytes);
		add_marked(out, "$str", bytes);
	} else {
		add_scalar(v, type, out);
	}
}

/* Where the value that begins at p ends, as all of it is written: NULL: err. */
static const uint8_t *add_at(const uint8_t *p, const uint8_t *end, bool table,
	struct buf *out, struct err *err);

static const uint8_t *add_array(const uint8_t *p, const uint8_t *end,
	uint64_t n, struct buf *out, struct err *err)
{
	buf_addc(out, '[');
	for (uint64_t i = 0; i < n && p; i++) {
		if (i)
			buf_addc(out, ',');
		p = add_at(p, end, false, out, err);
	}
	buf_addc(out, ']');
	return p;
}

enum { FEW_KEYS = 32 };

static const uint8_t *twice(struct str key, struct err *err)
{
	(void)err_set(err, "a map has the key '%.*s' twice",
		(int)MIN(key.len, 100), key.s);
	return NULL;
}

static const uint8_t *add_map(const uint8_t *p, const uint8_t *end, uint64_t n,
	bool top, struct buf *out, struct err *err)
{
	struct str keys[FEW_KEYS], key;

	buf_addc(out, '{');
	for (uint64_t i = 0; i < n; i++) {
		struct val_head h = val_head(p, (size_t)(end - p));
		struct val k = {p, h.size + (size_t)h.body};

		if (i)
			buf_addc(out, ',');
		if (add_key(out, k, n == 1, err))
			return NULL;
		(void)!val_str(k, &key);
		if (n <= FEW_KEYS)
			keys[i] = key;
		p = add_at(p + k.len, end, top && is_bin_field(key), out, err);
		if (!p)
			return NULL;
	}
	buf_addc(out, '}');
	if (n <= FEW_KEYS && keys_twice(keys, sizeof(*keys), n, &key))
		return twice(key, err);
	return p;
}

static const uint8_t *add_at(const uint8_t *p, const uint8_t *end, bool table,
	struct buf *out, struct err *err)
{
	struct val_head h = val_head(p, (size_t)(end - p));
	struct val v = {p, h.size + (size_t)h.body};

	if (h.type == VAL_ARRAY)
		return add_array(p + h.size, end, h.n, out, err);
	if (h.type == VAL_MAP && h.n > FEW_KEYS) {
		struct val map = {p, (size_t)(end - p)};
		struct str key;

		if (val_key_twice(map, &key))
			return twice(key, err);
	}
	if (h.type == VAL_MAP)
		return add_map(p + h.size, end, h.n, false, out, err);
	if (table)
		add_table_field(v, h.type, out);
	else
		add_scalar(v, h.type, out);
	return p + v.len;
}

int line_from_val(struct val v, struct buf *out, struct err *err)
{
	return add_at(v.p, v.p + v.len, false, out, err) ? 0 : -1;
}

int line_from_rec(struct val record, struct buf *out, struct err *err)
{
	struct val_head h = val_head(record.p, record.len);
	struct str key;

	if (h.type != VAL_MAP)
		return err_set(err, "the record is no map");
	if (h.n > FEW_KEYS && val_key_twice(record, &key))
		return twice(key, err) ? 0 : -1;
	return add_map(record.p + h.size, record.p + record.len, h.n, true, out,
		       err)
		       ? 0
		       : -1;
}
