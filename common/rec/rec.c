#include "base/base.h"
#include "rec/rec.h"
#include "rec/pack.h"
#include "rec/stream.h"

static struct rec_field *find(const struct rec *r, struct str key)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->fields[i].key, key))
			return &r->fields[i];
	return NULL;
}

int rec_check(const struct rec *r, struct err *err)
{
	struct str twice;

	for (size_t i = 0; i < r->n; i++) {
		struct str key = r->fields[i].key;

		if (!key.s)
			return err_set(err, "a key of the record is no string");
		if (key.len >= sizeof(KEY_HEADER) - 1 && key.s[0] == 's' &&
			(str_is(key, KEY_HEADER) || str_is(key, KEY_END)))
			return err_set(err, "key '%.*s' is reserved",
				(int)key.len, key.s);
	}
	if (r->n && keys_twice(&r->fields[0].key, sizeof(r->fields[0]), r->n,
			    &twice))
		return err_set(err, "key '%.*s' stands twice",
			(int)MIN(twice.len, 100), twice.s);
	return 0;
}

int rec_view_bytes(struct rec *r, const uint8_t *p, size_t len, struct err *err)
{
	if (!rec_scan(r, p, len)) {
		r->n = 0;
		return err_set(err, "the record is no map");
	}
	if (!rec_check(r, err))
		return 0;
	r->n = 0;
	return -1;
}

int rec_parse(struct rec *r, const uint8_t *p, size_t len, struct err *err)
{
	r->data = (uint8_t *)xmemdup0(p, len);
	if (!rec_view_bytes(r, r->data, len, err))
		return 0;
	rec_release(r);
	return -1;
}

void rec_view_rec(struct rec *to, const struct rec *from)
{
	to->fields = from->fields;
	to->n = from->n;
	to->whole = from->whole;
	to->edited = from->edited;
}

void rec_reset(struct rec *r)
{
	for (size_t i = 0; i < r->nowned; i++)
		free(r->owned[i]);
	free(r->data);
	r->data = NULL;
	r->fields = r->room;
	r->nowned = r->n = 0;
	r->whole = (struct val){NULL, 0};
	r->edited = false;
}

void rec_release(struct rec *r)
{
	rec_reset(r);
	free(r->owned);
	free(r->room);
	*r = (struct rec)REC_INIT;
}

bool rec_get(const struct rec *r, const char *key, struct val *out)
{
	struct rec_field *f = find(r, str_from(key));

	if (f)
		*out = f->val;
	return f != NULL;
}

bool rec_has(const struct rec *r, const char *key)
{
	return find(r, str_from(key)) != NULL;
}

bool rec_get_path(const struct rec *r, const struct path *p, struct val *out)
{
	const struct rec_field *f = find(r, p->parts[0]);

	if (!f)
		return false;
	*out = f->val;
	for (size_t i = 1; i < p->n; i++)
		if (!val_step(*out, p->parts[i], out))
			return false;
	return true;
}

static int wrong_type(struct val v, const char *key, const char *wanted,
	struct err *err)
{
	return err_set(err, "field '%s' is %s, not %s", key,
		val_type_name(val_type(v)), wanted);
}

int rec_get_str(const struct rec *r, const char *key, struct str *out,
	struct err *err)
{
	struct val v;

	if (!rec_get(r, key, &v))
		return 0;
	return val_str(v, out) ? wrong_type(v, key, "str", err) : 1;
}

int rec_get_bin(const struct rec *r, const char *key, struct str *out,
	struct err *err)
{
	struct val v;

	if (!rec_get(r, key, &v))
		return 0;
	return val_bin(v, out) ? wrong_type(v, key, "bin", err) : 1;
}

int rec_get_f64(const struct rec *r, const char *key, double *out,
	struct err *err)
{
	struct val v;

	if (!rec_get(r, key, &v))
		return 0;
	return val_f64(v, out) ? wrong_type(v, key, "a number", err) : 1;
}

static int get_type(const struct rec *r, const char *key, enum val_type type,
	struct val *out, struct err *err)
{
	if (!rec_get(r, key, out))
		return 0;
	if (val_type(*out) != type)
		return wrong_type(*out, key, val_type_name(type), err);
	return 1;
}

int rec_get_map(const struct rec *r, const char *key, struct val *out,
	struct err *err)
{
	return get_type(r, key, VAL_MAP, out, err);
}

int rec_get_array(const struct rec *r, const char *key, struct val *out,
	struct err *err)
{
	return get_type(r, key, VAL_ARRAY, out, err);
}

int rec_get_f64s(const struct rec *r, const char *key, double *out, size_t n,
	struct err *err)
{
	struct val v;

	if (!rec_get(r, key, &v))
		return 0;
	if (val_f64s(v, out, n))
		return err_set(err, "field '%s' is no array of %zu numbers",
			key, n);
	return 1;
}

/* The bytes of a field that is set live as long as the record. */
static char *own(struct rec *r, const void *p, size_t len)
{
	xgrow(&r->owned, &r->owned_cap, r->nowned + 1, sizeof(*r->owned));
	r->owned[r->nowned] = xmemdup0(p, len);
	return r->owned[r->nowned++];
}

void rec_edit(struct rec *r)
{
	bool lent = r->fields != r->room;

	xgrow(&r->room, &r->cap, r->n + 1, sizeof(*r->room));
	if (lent && r->n)
		memcpy(r->room, r->fields, r->n * sizeof(*r->room));
	r->fields = r->room;
	r->edited = true;
}

void rec_set(struct rec *r, const char *key, const struct buf *b)
{
	struct rec_field *f;
	struct buf k = BUF_INIT;

	rec_edit(r);
	f = find(r, str_from(key));
	if (!f) {
		f = &r->fields[r->n++];
		pack_cstr(&k, key);
		f->key_val =
			(struct val){(uint8_t *)own(r, k.data, k.len), k.len};
		(void)!val_str(f->key_val, &f->key);
		buf_release(&k);
	}
	f->val = (struct val){(uint8_t *)own(r, b->data, b->len), b->len};
}

static void set_and_release(struct rec *r, const char *key, struct buf *b)
{
	rec_set(r, key, b);
	buf_release(b);
}

void rec_set_str(struct rec *r, const char *key, const char *s, size_t len)
{
	struct buf b = BUF_INIT;

	pack_str(&b, s, len);
	set_and_release(r, key, &b);
}

void rec_set_bin(struct rec *r, const char *key, const void *p, size_t len)
{
	struct buf b = BUF_INIT;

	pack_bin(&b, p, len);
	set_and_release(r, key, &b);
}

void rec_set_f64(struct rec *r, const char *key, double v)
{
	struct buf b = BUF_INIT;

	pack_f64(&b, v);
	set_and_release(r, key, &b);
}

bool rec_drop(struct rec *r, const char *key)
{
	struct rec_field *f = find(r, str_from(key));
	size_t at;

	if (!f)
		return false;
	at = (size_t)(f - r->fields);
	rec_edit(r);
	r->n--;
	memmove(r->fields + at, r->fields + at + 1,
		(r->n - at) * sizeof(*r->fields));
	return true;
}

void rec_pack(const struct rec *r, struct buf *b)
{
	struct val run = {NULL, 0}; /* fields that lie one behind the other */

	if (!r->edited && r->whole.len) {
		pack_val(b, r->whole);
		return;
	}
	pack_map(b, r->n);
	for (size_t i = 0; i < 2 * r->n; i++) {
		const struct rec_field *f = &r->fields[i / 2];
		struct val v = i % 2 ? f->val : f->key_val;

		if (run.len && run.p + run.len == v.p) {
			run.len += v.len;
			continue;
		}
		pack_val(b, run);
		run = v;
	}
	pack_val(b, run);
}

struct val rec_bytes(const struct rec *r, struct buf *room)
{
	if (!r->edited && r->whole.len)
		return r->whole;
	buf_reset(room);
	rec_pack(r, room);
	return buf_val(room);
}

void rec_own(struct rec *r)
{
	struct buf b = BUF_INIT;

	rec_pack(r, &b);
	rec_reset(r);
	r->data = (uint8_t *)b.data;
	(void)rec_scan(r, r->data, b.len);
}

struct str rec_key(const struct rec *r)
{
	struct str key = {"", 0};
	struct val v;

	if ((rec_get(r, "key", &v) && !val_str(v, &key)) ||
		(rec_get(r, "id", &v) && !val_str(v, &key)))
		return key;
	return (struct str){"", 0};
}
