#include "base/base.h"
#include "rec/val.h"

static uint64_t big_endian(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

static struct val_head fixed_head(uint8_t c)
{
	if (c < 0x80 || c >= 0xe0)
		return (struct val_head){VAL_INT, false, 1, 0, 0};
	if (c < 0x90)
		return (struct val_head){VAL_MAP, false, 1, 0, c & 15};
	if (c < 0xa0)
		return (struct val_head){VAL_ARRAY, false, 1, 0, c & 15};
	return (struct val_head){VAL_STR, false, 1, c & 31, 0};
}

/* Heads 0xc0 … 0xdf: their type, and the bytes of their length field (or of
 * their number, or of a fixext's body). */
static const struct {
	uint8_t type, width;
} heads[32] = {
	{VAL_NIL, 0},
	{255, 0},
	{VAL_BOOL, 0},
	{VAL_BOOL, 0},
	{VAL_BIN, 1},
	{VAL_BIN, 2},
	{VAL_BIN, 4},
	{VAL_EXT, 1},
	{VAL_EXT, 2},
	{VAL_EXT, 4},
	{VAL_FLOAT, 4},
	{VAL_FLOAT, 8},
	{VAL_INT, 1},
	{VAL_INT, 2},
	{VAL_INT, 4},
	{VAL_INT, 8},
	{VAL_INT, 1},
	{VAL_INT, 2},
	{VAL_INT, 4},
	{VAL_INT, 8},
	{VAL_EXT, 1},
	{VAL_EXT, 2},
	{VAL_EXT, 4},
	{VAL_EXT, 8},
	{VAL_EXT, 16},
	{VAL_STR, 1},
	{VAL_STR, 2},
	{VAL_STR, 4},
	{VAL_ARRAY, 2},
	{VAL_ARRAY, 4},
	{VAL_MAP, 2},
	{VAL_MAP, 4},
};

/* 1 and *h, 0 when len is too short for the head, -1 for 0xc1. */
static int read_head(const uint8_t *p, size_t len, struct val_head *h)
{
	unsigned width;
	uint8_t c;

	if (!len)
		return 0;
	c = p[0];
	if (c < 0xc0 || c >= 0xe0) {
		*h = fixed_head(c);
		return 1;
	}
	if (c == 0xc1)
		return -1;
	width = heads[c - 0xc0].width;
	*h = (struct val_head){(enum val_type)heads[c - 0xc0].type, c == 0xca,
		1, width, 0};
	if (h->type == VAL_FLOAT || h->type == VAL_INT || !width)
		return 1;
	if (c >= 0xd4 && c <= 0xd8) {
		h->body++; /* fixext: the type byte */
		return 1;
	}
	if (len < 1 + width)
		return 0;
	h->size = (uint8_t)(1 + width);
	h->body = big_endian(p + 1, width);
	if (h->type == VAL_EXT)
		h->body++;
	if (h->type == VAL_ARRAY || h->type == VAL_MAP) {
		h->n = h->body;
		h->body = 0;
	}
	return 1;
}

int64_t val_scan(struct val_scan *s, const uint8_t *p, size_t len)
{
	if (!s->started) {
		s->left[0] = 1;
		s->started = true;
	}
	for (;;) {
		struct val_head h;
		int rc = read_head(p + s->pos, len - s->pos, &h);
		uint64_t end, children;

		if (rc < 0)
			return -1;
		s->need = len + 1;
		if (!rc)
			return 0;
		end = s->pos + h.size + h.body;
		children = h.type == VAL_MAP ? 2 * h.n : h.n;
		s->need = end + children;
		if (s->need > len)
			return 0;
		s->pos = end;
		s->left[s->depth]--;
		if ((h.type == VAL_MAP || h.type == VAL_ARRAY) &&
			s->depth == VAL_MAX_DEPTH)
			return -1;
		if (children)
			s->left[++s->depth] = children;
		while (!s->left[s->depth]) {
			if (!s->depth)
				return (int64_t)s->pos;
			s->depth--;
		}
	}
}

bool val_at(const uint8_t *p, size_t len, struct val *out)
{
	size_t n = val_skip(p, len, 0);

	*out = (struct val){p, n};
	return n > 0;
}

struct val_head val_head(const uint8_t *p, size_t len)
{
	struct val_head h;

	if (read_head(p, len, &h) != 1)
		h = (struct val_head){VAL_NIL, false, 0, 0, 0};
	return h;
}

static struct val_head head_of(struct val v)
{
	return val_head(v.p, v.len);
}

enum val_type val_type(struct val v)
{
	return head_of(v).type;
}

const char *val_type_name(enum val_type t)
{
	static const char *const names[] = {"nil", "bool", "int", "float",
		"str", "bin", "array", "map", "ext"};

	return names[t];
}

int val_bool(struct val v, bool *out)
{
	if (!v.len || (v.p[0] & 0xfe) != 0xc2)
		return -1;
	*out = v.p[0] & 1;
	return 0;
}

/* The integer as its bits, and whether it is negative. */
static int read_int(struct val v, uint64_t *bits, bool *negative)
{
	struct val_head h = head_of(v);
	uint64_t sign;

	if (!h.size || h.type != VAL_INT)
		return -1;
	if (v.p[0] < 0xc0 || v.p[0] >= 0xe0) {
		*bits = (uint64_t)(int64_t)(int8_t)v.p[0];
		*negative = v.p[0] >= 0xe0;
		return 0;
	}
	*bits = big_endian(v.p + 1, (unsigned)h.body);
	*negative = false;
	if (v.p[0] >= 0xd0) { /* signed: extend */
		sign = UINT64_C(1) << (8 * h.body - 1);
		*bits = (*bits ^ sign) - sign;
		*negative = *bits >> 63;
	}
	return 0;
}

int val_i64(struct val v, int64_t *out)
{
	uint64_t bits;
	bool negative;

	if (read_int(v, &bits, &negative) || (!negative && bits >> 63))
		return -1;
	*out = (int64_t)bits;
	return 0;
}

int val_u64(struct val v, uint64_t *out)
{
	bool negative;

	if (read_int(v, out, &negative) || negative)
		return -1;
	return 0;
}

int val_f64(struct val v, double *out)
{
	struct val_head h = head_of(v);
	uint64_t bits;
	bool negative;

	if (h.size && h.type == VAL_FLOAT) {
		bits = big_endian(v.p + 1, (unsigned)h.body);
		if (h.f32) {
			uint32_t half = (uint32_t)bits;
			float f;

			memcpy(&f, &half, sizeof(f));
			*out = (double)f;
		} else {
			memcpy(out, &bits, sizeof(*out));
		}
		return 0;
	}
	if (read_int(v, &bits, &negative))
		return -1;
	*out = negative ? (double)(int64_t)bits : (double)bits;
	return 0;
}

bool val_is_f32(struct val v)
{
	return v.len && v.p[0] == 0xca;
}

static int read_bytes(struct val v, enum val_type type, struct str *out)
{
	struct val_head h = head_of(v);

	if (!h.size || h.type != type)
		return -1;
	out->s = (const char *)v.p + h.size;
	out->len = (size_t)h.body;
	return 0;
}

int val_str(struct val v, struct str *out)
{
	return read_bytes(v, VAL_STR, out);
}

int val_bin(struct val v, struct str *out)
{
	return read_bytes(v, VAL_BIN, out);
}

int val_ext(struct val v, int8_t *type, struct str *out)
{
	if (read_bytes(v, VAL_EXT, out))
		return -1;
	*type = (int8_t)out->s[0];
	out->s++;
	out->len--;
	return 0;
}

size_t val_count(struct val v)
{
	return (size_t)head_of(v).n;
}

struct val_iter val_iter(struct val v)
{
	struct val_head h = head_of(v);
	bool map = h.type == VAL_MAP;

	if (!v.len) /* no value: nothing to point into */
		return (struct val_iter){NULL, NULL, 0, false};
	return (struct val_iter){v.p + h.size, v.p + v.len, (uint32_t)h.n, map};
}

static bool take(struct val_iter *it, struct val *out)
{
	if (!val_at(it->p, (size_t)(it->end - it->p), out))
		return false;
	it->p += out->len;
	return true;
}

bool val_next(struct val_iter *it, struct val *key, struct val *val)
{
	struct val unused;

	if (!it->left)
		return false;
	it->left--;
	if (it->map && !take(it, key ? key : &unused))
		return false;
	return take(it, val);
}

static bool find_key(struct val map, struct str key, struct val *out)
{
	struct val k = {NULL, 0};
	struct str name;

	for (struct val_iter it = val_iter(map); val_next(&it, &k, out);)
		if (!val_str(k, &name) && str_eq(name, key))
			return true;
	return false;
}

bool val_find(struct val map, const char *key, struct val *out)
{
	return map.len && val_type(map) == VAL_MAP &&
	       find_key(map, str_from(key), out);
}

bool val_step(struct val v, struct str name, struct val *out)
{
	struct val_iter it = val_iter(v);
	uint64_t i = 0;

	if (it.map)
		return find_key(v, name, out);
	if (val_type(v) != VAL_ARRAY || !name.len)
		return false;
	for (size_t k = 0; k < name.len; k++) {
		if (name.s[k] < '0' || name.s[k] > '9' || i > UINT32_MAX)
			return false;
		i = 10 * i + (uint64_t)(name.s[k] - '0');
	}
	while (val_next(&it, NULL, out))
		if (!i--)
			return true;
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	const struct str *s = a, *t = b;

	if (s->len != t->len)
		return s->len < t->len ? -1 : 1;
	return s->len ? memcmp(s->s, t->s, s->len) : 0;
}

static struct str key_at(const struct str *keys, size_t stride, size_t i)
{
	return *(const struct str *)(const void *)((const char *)keys +
						   i * stride);
}

static bool many_twice(const struct str *keys, size_t stride, size_t n,
	struct str *twice)
{
	struct str *sorted = xcalloc(n, sizeof(*sorted));
	bool found = false;

	for (size_t i = 0; i < n; i++)
		sorted[i] = key_at(keys, stride, i);
	qsort(sorted, n, sizeof(*sorted), by_bytes);
	for (size_t i = 1; i < n && !found; i++) {
		found = str_eq(sorted[i - 1], sorted[i]);
		if (found)
			*twice = sorted[i];
	}
	free(sorted);
	return found;
}

/* Keys of few records look alike in all of these. */
static inline unsigned trace(struct str key)
{
	const uint8_t *s = (const uint8_t *)key.s;

	if (!key.len)
		return 0;
	return (unsigned)(key.len * 23 + s[0] * 5u + s[key.len / 2] * 11u +
			  s[key.len - 1]) &
	       255;
}

bool keys_twice(const struct str *keys, size_t stride, size_t n,
	struct str *twice)
{
	enum { MANY = 64 };     /* from here on, sorting is quicker */
	uint64_t seen[4] = {0}; /* traces: only where two meet are keys
				 * compared */

	if (n > MANY)
		return many_twice(keys, stride, n, twice);
	for (size_t i = 0; i < n; i++) {
		struct str key = key_at(keys, stride, i);
		unsigned t = trace(key);

		for (size_t k = 0; seen[t / 64] >> t % 64 & 1 && k < i; k++) {
			if (str_eq(key_at(keys, stride, k), key)) {
				*twice = key;
				return true;
			}
		}
		seen[t / 64] |= UINT64_C(1) << t % 64;
	}
	return false;
}

bool val_key_twice(struct val map, struct str *key)
{
	struct str few[32], *keys = few;
	size_t n = 0, count = val_count(map);
	struct val k, v;
	bool twice;

	if (count < 2 || val_type(map) != VAL_MAP)
		return false;
	if (count > ARRAY_SIZE(few))
		keys = xcalloc(count, sizeof(*keys));
	for (struct val_iter it = val_iter(map); val_next(&it, &k, &v);)
		if (!val_str(k, &keys[n]))
			n++;
	twice = keys_twice(keys, sizeof(*keys), n, key);
	if (keys != few)
		free(keys);
	return twice;
}

int val_find_str(struct val map, const char *key, struct str *out)
{
	struct val v;

	return val_find(map, key, &v) ? val_str(v, out) : -1;
}

int val_find_f64(struct val map, const char *key, double *out)
{
	struct val v;

	return val_find(map, key, &v) ? val_f64(v, out) : -1;
}

int val_find_u64(struct val map, const char *key, uint64_t *out)
{
	struct val v;

	return val_find(map, key, &v) ? val_u64(v, out) : -1;
}

int val_f64s(struct val v, double *out, size_t n)
{
	struct val e;

	if (!v.len || val_type(v) != VAL_ARRAY || val_count(v) != n)
		return -1;
	for (struct val_iter it = val_iter(v); val_next(&it, NULL, &e);)
		if (val_f64(e, out++))
			return -1;
	return 0;
}

int val_find_f64s(struct val map, const char *key, double *out, size_t n)
{
	struct val v;

	return val_find(map, key, &v) ? val_f64s(v, out, n) : -1;
}
