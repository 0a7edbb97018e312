#include "base/base.h"
#include "form/where.h"
#include "expr/expr.h"
#include "form/missing.h"
#include "rec/tags_field.h"

struct where {
	struct expr **exprs; /* [n_exprs] one of which is to be true */
	size_t n_exprs;
	struct buf text;         /* all of them, with OR between */
	struct missing *missing; /* of their paths, and of those below */
	struct path *keys; /* [n_keys] tags.KEY of the keys without a '*' */
	size_t n_keys, keys_cap;
	bool asks_tags;
	struct tags tags; /* of the record at hand */
};

static void expect(void *ctx, const struct path *path)
{
	missing_add(ctx, path);
}

static void add_key(void *ctx, const struct expr_pattern *key)
{
	struct where *w = ctx;
	struct buf text = BUF_INIT;
	struct err err;

	w->asks_tags = true;
	if (key->how != EXPR_WHOLE)
		return;
	buf_adds(&text, "tags.");
	path_add_name(&text, key->text);
	xgrow(&w->keys, &w->keys_cap, w->n_keys + 1, sizeof(*w->keys));
	if (!path_parse(&w->keys[w->n_keys], (struct str){text.data, text.len},
		    &err))
		w->n_keys++;
	buf_release(&text);
}

static int add_expression(struct where *w, const char *text, struct err *err)
{
	struct expr *expr = expr_parse(text, NULL, err);

	if (!expr)
		return err_prefix(err, "'%.100s'", text);
	buf_addf(&w->text, "%s%s", w->n_exprs ? " OR " : "", text);
	w->exprs[w->n_exprs++] = expr;
	expr_each_path(expr, expect, w->missing);
	expr_each_key(expr, add_key, w);
	return 0;
}

struct where *where_new(const char *const *expressions, size_t n,
	struct err *err)
{
	struct where *w = xcalloc(1, sizeof(*w));

	w->exprs = xcalloc(n, sizeof(struct expr *));
	w->missing = missing_new();
	for (size_t i = 0; i < n; i++) {
		if (add_expression(w, expressions[i], err)) {
			where_free(w);
			return NULL;
		}
	}
	for (size_t i = 0; i < w->n_keys; i++)
		missing_add(w->missing, &w->keys[i]);
	return w;
}

void where_free(struct where *w)
{
	if (!w)
		return;
	missing_free(w->missing);
	for (size_t i = 0; i < w->n_exprs; i++)
		expr_free(w->exprs[i]);
	free(w->exprs);
	buf_release(&w->text);
	for (size_t i = 0; i < w->n_keys; i++)
		path_release(&w->keys[i]);
	free(w->keys);
	tags_release(&w->tags);
	free(w);
}

const char *where_text(struct where *w)
{
	return buf_str(&w->text);
}

static void look_up(void *ctx, const struct path *path, struct expr_value *out)
{
	const struct rec *r = ctx;
	struct val v;

	out->kind = EXPR_ABSENT;
	if (!rec_get_path(r, path, &v))
		return;
	switch (val_type(v)) {
	case VAL_NIL:
		out->kind = EXPR_NIL;
		break;
	case VAL_BOOL:
		out->kind = EXPR_BOOL;
		(void)!val_bool(v, &out->flag);
		break;
	case VAL_INT:
	case VAL_FLOAT:
		out->kind = EXPR_NUMBER;
		(void)!val_f64(v, &out->number);
		break;
	case VAL_STR:
		out->kind = EXPR_TEXT;
		(void)!val_str(v, &out->text);
		break;
	case VAL_BIN:
	case VAL_ARRAY:
	case VAL_MAP:
	case VAL_EXT:
		out->kind = EXPR_OTHER;
		break;
	}
}

/* The tags that are texts, as all of OpenStreetMap's are. */
static void read_tags(struct tags *tags, const struct rec *r)
{
	struct val key = {NULL, 0}, v;
	struct val_iter it;
	struct pair tag;

	tags_reset(tags);
	if (!rec_get(r, "tags", &v))
		return;
	it = val_iter(v);
	while (it.map && val_next(&it, &key, &v))
		if (!val_str(key, &tag.key) && !val_str(v, &tag.value))
			tags_add(tags, tag);
}

/* By the letter that the id begins with. */
static unsigned types_of(const struct rec *r)
{
	struct err err;
	struct str id;

	if (rec_get_str(r, "id", &id, &err) != 1 || id.len < 2 ||
		!(id.s[1] == '-' || (id.s[1] >= '0' && id.s[1] <= '9')))
		return EXPR_UNTYPED;
	switch (id.s[0]) {
	case 'n':
		return EXPR_NODE;
	case 'w':
		return EXPR_LINE;
	case 'a':
		return EXPR_WAY_AREA;
	case 'r':
		return rec_has(r, "area_m2") ? EXPR_RELATION_AREA
					     : EXPR_RELATION;
	default:
		return EXPR_UNTYPED;
	}
}

bool where_match(struct where *w, const struct rec *r)
{
	struct expr_object o = {EXPR_UNTYPED, NULL, 0, look_up, (void *)r};

	missing_see(w->missing, r);
	if (w->asks_tags) {
		read_tags(&w->tags, r);
		o.types = types_of(r);
		o.tags = w->tags.items;
		o.n_tags = w->tags.n;
	}
	for (size_t i = 0; i < w->n_exprs; i++)
		if (expr_match(w->exprs[i], &o))
			return true;
	return false;
}

bool where_explain(const struct where *w, struct buf *out)
{
	return missing_explain(w->missing, out);
}
