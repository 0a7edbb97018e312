/*
 * Line mode: the bytes as a line of JSON and as a packed record. There and back
 * again gives the same record, in msgpack's shortest encodings.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "rec/line.h"
#include "rec/pack.h"

static struct val of(const struct buf *b)
{
	return (struct val){(uint8_t *)b->data, b->len};
}

/* The value in shortest encodings, written a second time. */
static void shortest(struct val v, struct buf *out)
{
	struct val_iter it = val_iter(v);
	struct val key = {NULL, 0}, e;
	struct str s;
	int8_t type = 0;
	int64_t i;
	uint64_t u;

	switch (val_type(v)) {
	case VAL_INT:
		if (!val_i64(v, &i))
			pack_i64(out, i);
		else if (!val_u64(v, &u))
			pack_u64(out, u);
		return;
	case VAL_STR:
		HOLDS(!val_str(v, &s));
		pack_str(out, s.s, s.len);
		return;
	case VAL_BIN:
		HOLDS(!val_bin(v, &s));
		pack_bin(out, s.s, s.len);
		return;
	case VAL_EXT:
		HOLDS(!val_ext(v, &type, &s));
		pack_ext(out, type, s.s, s.len);
		return;
	case VAL_MAP:
		pack_map(out, val_count(v));
		break;
	case VAL_ARRAY:
		pack_array(out, val_count(v));
		break;
	case VAL_NIL:
	case VAL_BOOL:
	case VAL_FLOAT:
		pack_val(out, v);
		return;
	}
	while (val_next(&it, &key, &e)) {
		if (key.len)
			shortest(key, out);
		shortest(e, out);
	}
}

/* A packed map: its line reads back as it is. */
static void from_record(struct val v)
{
	struct buf line = BUF_INIT, back = BUF_INIT, want = BUF_INIT;
	struct err err;

	if (!line_from_rec(v, &line, &err)) {
		HOLDS(!memchr(line.data, '\n', line.len));
		HOLDS(!line_to_rec(line.data, line.len, &back, &err));
		shortest(v, &want);
		HOLDS(back.len == want.len);
		HOLDS(!memcmp(back.data, want.data, want.len));
	}
	buf_release(&line);
	buf_release(&back);
	buf_release(&want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = BUF_INIT;
	struct val v;
	struct err err;

	if (!line_to_rec((const char *)data, size, &b, &err)) {
		struct buf line = BUF_INIT;

		HOLDS(val_at((uint8_t *)b.data, b.len, &v) && v.len == b.len);
		HOLDS(!line_from_rec(of(&b), &line, &err));
		from_record(of(&b));
		buf_release(&line);
	} else {
		HOLDS(!b.len);
	}
	buf_release(&b);
	if (val_at(data, size, &v) && val_type(v) == VAL_MAP)
		from_record(v);
	return 0;
}
