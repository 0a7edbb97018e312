#include "base/base.h"
#include "rec/edit.h"
#include "rec/pack.h"

/* v (len 0: nothing is there) with b at the end of the path's last n parts. */
static void put_at(struct val v, const struct str *parts, size_t n,
	const struct buf *b, struct buf *out)
{
	struct val key = {NULL, 0}, e, old = {NULL, 0};
	struct str name;
	bool map = v.len && val_type(v) == VAL_MAP, there;

	if (!n) {
		buf_add(out, b->data, b->len);
		return;
	}
	there = map && val_step(v, parts[0], &old);
	pack_map(out, (map ? val_count(v) : 0) + !there);
	if (map) {
		for (struct val_iter it = val_iter(v);
			val_next(&it, &key, &e);) {
			pack_val(out, key);
			if (!val_str(key, &name) && str_eq(name, parts[0]))
				put_at(e, parts + 1, n - 1, b, out);
			else
				pack_val(out, e);
		}
	}
	if (!there) {
		pack_str(out, parts[0].s, parts[0].len);
		put_at((struct val){NULL, 0}, parts + 1, n - 1, b, out);
	}
}

void rec_set_path(struct rec *r, const struct path *p, const struct buf *b)
{
	char *key = xmemdup0(p->parts[0].s, p->parts[0].len);
	struct val old = {NULL, 0};
	struct buf whole = BUF_INIT;

	(void)rec_get(r, key, &old);
	put_at(old, p->parts + 1, p->n - 1, b, &whole);
	rec_set(r, key, &whole);
	buf_release(&whole);
	free(key);
}

/* A choice of fields, and those of its paths that lead on, one level down. */
struct choice {
	const struct path_list *paths;
	bool keep; /* what they lead to, else all the rest */
	size_t depth;
	const struct str *way; /* [depth] the names above */
};

enum where { ASIDE, ON_THE_WAY, AT_THE_END };

static enum where place(const struct choice *c, struct str name)
{
	enum where best = ASIDE;

	for (size_t i = 0; i < c->paths->n; i++) {
		const struct path *p = &c->paths->items[i];
		size_t k = 0;

		while (k < c->depth && k < p->n &&
			str_eq(p->parts[k], c->way[k]))
			k++;
		if (k < c->depth || p->n <= c->depth ||
			!str_eq(p->parts[c->depth], name))
			continue;
		if (p->n == c->depth + 1)
			return AT_THE_END;
		best = ON_THE_WAY;
	}
	return best;
}

static bool choose(const struct choice *c, struct str name, struct val v,
	struct buf *out);

/* A map's chosen pairs; false when none is. */
static bool choose_pairs(const struct choice *c, struct str name, struct val v,
	struct buf *out)
{
	struct str way[VAL_MAX_DEPTH], key_name;
	struct choice down = {c->paths, c->keep, c->depth + 1, way};
	struct buf pairs = BUF_INIT;
	struct val key = {NULL, 0}, e;
	size_t n = 0;

	for (size_t i = 0; i < c->depth; i++)
		way[i] = c->way[i];
	way[c->depth] = name;
	for (struct val_iter it = val_iter(v); val_next(&it, &key, &e);) {
		size_t before = pairs.len;

		pack_val(&pairs, key);
		if (val_str(key, &key_name)
				? c->keep
				: !choose(&down, key_name, e, &pairs)) {
			pairs.len = before;
			continue;
		}
		if (pairs.len == before + key.len)
			pack_val(&pairs, e);
		n++;
	}
	pack_map(out, n);
	buf_add(out, pairs.data, pairs.len);
	buf_release(&pairs);
	return n > 0 || !c->keep;
}

/*
 * False when the value goes. When it stays with changes they are appended to
 * out, else nothing is.
 */
static bool choose(const struct choice *c, struct str name, struct val v,
	struct buf *out)
{
	switch (place(c, name)) {
	case AT_THE_END:
		return c->keep;
	case ASIDE:
		return !c->keep;
	case ON_THE_WAY:
		break;
	}
	if (val_type(v) != VAL_MAP)
		return !c->keep;
	return choose_pairs(c, name, v, out);
}

static void apply(struct rec *r, const struct path_list *paths, bool keep)
{
	const struct choice top = {paths, keep, 0, NULL};
	struct buf b = BUF_INIT;
	size_t i = 0;

	while (i < r->n) {
		struct str name = r->fields[i].key;
		char *key;

		buf_reset(&b);
		if (!choose(&top, name, r->fields[i].val, &b)) {
			rec_edit(r);
			r->n--;
			memmove(r->fields + i, r->fields + i + 1,
				(r->n - i) * sizeof(*r->fields));
			continue;
		}
		if (b.len) {
			key = xmemdup0(name.s, name.len);
			rec_set(r, key, &b);
			free(key);
		}
		i++;
	}
	buf_release(&b);
}

void rec_keep(struct rec *r, const struct path_list *paths)
{
	apply(r, paths, true);
}

void rec_remove(struct rec *r, const struct path_list *paths)
{
	apply(r, paths, false);
}

void rec_pack_text(const struct rec *r, const char *skip, struct buf *b)
{
	struct buf fields = BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct rec_field *f = &r->fields[i];

		if (val_type(f->val) == VAL_BIN ||
			(skip && str_is(f->key, skip)))
			continue;
		pack_val(&fields, f->key_val);
		pack_val(&fields, f->val);
		n++;
	}
	pack_map(b, n);
	buf_add(b, fields.data, fields.len);
	buf_release(&fields);
}
