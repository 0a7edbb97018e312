/*
 * Line mode read: values go from the text into `out` as they come.
 */
#include "base/base.h"
#include "rec/line.h"
#include "rec/line_priv.h"
#include "rec/pack.h"

static int read_value(struct json_in *in, unsigned depth, struct buf *out,
	struct err *err);

static int too_deep(struct err *err)
{
	return err_set(err, "nested deeper than %d", VAL_MAX_DEPTH);
}

/* Puts a container's head where a byte was left for it. */
static void put_head(struct buf *out, size_t at, bool map, uint64_t n)
{
	struct buf head = BUF_INIT;

	if (n <= 15) {
		out->data[at] = (char)((map ? 0x80 : 0x90) | n);
		return;
	}
	if (map)
		pack_map(&head, n);
	else
		pack_array(&head, n);
	buf_reserve(out, head.len - 1);
	memmove(out->data + at + head.len, out->data + at + 1,
		out->len - at - 1);
	memcpy(out->data + at, head.data, head.len);
	out->len += head.len - 1;
	buf_release(&head);
}

static int read_array(struct json_in *in, unsigned depth, struct buf *out,
	struct err *err)
{
	size_t at = out->len;
	uint64_t n = 0;

	if (depth >= VAL_MAX_DEPTH)
		return too_deep(err);
	in->pos++;
	buf_addc(out, 0);
	if (!json_eat(in, ']')) {
		do {
			if (read_value(in, depth + 1, out, err))
				return -1;
			n++;
		} while (json_eat(in, ','));
		if (!json_eat(in, ']'))
			return json_fail(in, "',' or ']' should stand here",
				err);
	}
	put_head(out, at, false, n);
	return 0;
}

enum { FEW_KEYS = 16 };

/* Where the keys of an object stand in `out`, while they are few. */
struct keys {
	size_t ends[FEW_KEYS], lens[FEW_KEYS];
	uint64_t n;
};

static int read_key(struct json_in *in, struct str *key, struct err *err)
{
	if (json_str(in, key, err))
		return -1;
	return memchr(key->s, '\0', key->len)
		       ? json_fail(in, "a key with a NUL byte", err)
		       : 0;
}

/* A key and its value. */
static int read_member(struct json_in *in, unsigned depth, struct buf *out,
	struct keys *keys, struct err *err)
{
	struct str key;
	bool bin;

	if (read_key(in, &key, err))
		return -1;
	pack_str(out, key.s, key.len);
	if (keys->n < FEW_KEYS) {
		keys->ends[keys->n] = out->len;
		keys->lens[keys->n] = key.len;
	}
	keys->n++;
	bin = !depth && is_bin_field(key);
	if (!json_eat(in, ':'))
		return json_fail(in, "':' should stand here", err);
	if (bin && json_next(in) == '"')
		return read_base64(in, out, err);
	return read_value(in, depth + 1, out, err);
}

/* No key may stand twice in the object whose head is at `at`. */
static int check_keys(const struct buf *out, size_t at, const struct keys *keys,
	struct err *err)
{
	struct str few[FEW_KEYS], twice;
	bool found;

	for (size_t i = 0; i < keys->n && keys->n <= FEW_KEYS; i++)
		few[i] = (struct str){out->data + keys->ends[i] - keys->lens[i],
			keys->lens[i]};
	found = keys->n <= FEW_KEYS
			? keys_twice(few, sizeof(*few), keys->n, &twice)
			: val_key_twice((struct val){(uint8_t *)out->data + at,
						out->len - at},
				  &twice);
	if (!found)
		return 0;
	return err_set(err, "not valid JSON: key '%.*s' stands twice",
		(int)MIN(twice.len, 100), twice.s);
}

/* Whether one member stands in the object, and its key begins with '$'. */
static bool is_marked(const struct json_in *in)
{
	struct json_in ahead = *in;
	struct str key, value;
	struct err err;
	bool marked;

	ahead.pos++;
	if (json_next(&ahead) != '"' || ahead.pos + 1 >= ahead.len ||
		!strchr("$\\", ahead.text[ahead.pos + 1]))
		return false;
	ahead.scratch = (struct buf)BUF_INIT;
	marked = !json_str(&ahead, &key, &err) && str_starts(key, "$") &&
		 json_eat(&ahead, ':') && !json_skip(&ahead, &value, &err) &&
		 json_eat(&ahead, '}');
	json_in_release(&ahead);
	return marked;
}

/* Such an object; with "$$" it is a map whose key begins with one '$'. */
static int read_dollar(struct json_in *in, unsigned depth, struct buf *out,
	struct err *err)
{
	char mark[8] = "";
	struct str key;
	int rc;

	in->pos++;
	if (read_key(in, &key, err))
		return -1;
	if (!str_starts(key, "$$")) {
		/* the longest mark has four signs */
		key.len = MIN(key.len, sizeof(mark));
		memcpy(mark, key.s, key.len);
		key.s = mark;
		rc = json_eat(in, ':') ? read_marked(in, key, out, err) : -1;
	} else if (depth >= VAL_MAX_DEPTH) {
		return too_deep(err);
	} else {
		pack_map(out, 1);
		pack_str(out, key.s + 1, key.len - 1);
		rc = json_eat(in, ':') ? read_value(in, depth + 1, out, err)
				       : -1;
	}
	if (!rc && !json_eat(in, '}'))
		rc = json_fail(in, "'}' should stand here", err);
	return rc;
}

static int read_object(struct json_in *in, unsigned depth, struct buf *out,
	struct err *err)
{
	struct keys keys;
	size_t at = out->len;

	if (is_marked(in))
		return read_dollar(in, depth, out, err);
	if (depth >= VAL_MAX_DEPTH)
		return too_deep(err);
	keys.n = 0;
	in->pos++;
	buf_addc(out, 0);
	if (!json_eat(in, '}')) {
		do {
			if (read_member(in, depth, out, &keys, err))
				return -1;
		} while (json_eat(in, ','));
		if (!json_eat(in, '}'))
			return json_fail(in, "',' or '}' should stand here",
				err);
	}
	if (keys.n <= FEW_KEYS && check_keys(out, at, &keys, err))
		return -1;
	put_head(out, at, true, keys.n);
	return keys.n > FEW_KEYS ? check_keys(out, at, &keys, err) : 0;
}

static int read_value(struct json_in *in, unsigned depth, struct buf *out,
	struct err *err)
{
	struct json_number number;
	struct str s;

	switch (json_next(in)) {
	case '{':
		return read_object(in, depth, out, err);
	case '[':
		return read_array(in, depth, out, err);
	case '"':
		if (json_str(in, &s, err))
			return -1;
		pack_str(out, s.s, s.len);
		return 0;
	case 't':
		pack_bool(out, true);
		return json_word(in, "true", err);
	case 'f':
		pack_bool(out, false);
		return json_word(in, "false", err);
	case 'n':
		pack_nil(out);
		return json_word(in, "null", err);
	default:
		if (json_number(in, &number, err))
			return -1;
		if (number.is_int)
			pack_i64(out, number.i);
		else
			pack_f64(out, number.x);
		return 0;
	}
}

int line_to_rec(const char *line, size_t len, struct buf *out, struct err *err)
{
	struct json_in in = json_in_begin(line, len);
	size_t start = out->len;
	int rc = -1;

	if (json_next(&in) != '{')
		rc = err_set(err, "the line is no JSON object");
	else
		rc = read_value(&in, 0, out, err);
	if (!rc && json_next(&in))
		rc = json_fail(&in, "text behind the object", err);
	if (!rc && val_type((struct val){(uint8_t *)out->data + start,
			   out->len - start}) != VAL_MAP)
		rc = err_set(err, "the line is no JSON object");
	json_in_release(&in);
	if (rc)
		out->len = start;
	return rc;
}
