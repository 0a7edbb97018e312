#include "base/base.h"
#include "form/where.h"
#include "expr/expr.h"
#include "form/missing.h"

struct where {
	struct expr *expr;
	struct missing *missing; /* of its paths */
};

static void expect(void *ctx, const struct path *path)
{
	missing_add(ctx, path);
}

struct where *where_new(const char *expression, struct err *err)
{
	struct expr *expr = expr_parse(expression, err);
	struct where *w;

	if (!expr)
		return NULL;
	w = xcalloc(1, sizeof(*w));
	w->expr = expr;
	w->missing = missing_new();
	expr_each_path(expr, expect, w->missing);
	return w;
}

void where_free(struct where *w)
{
	if (!w)
		return;
	missing_free(w->missing);
	expr_free(w->expr);
	free(w);
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

bool where_match(struct where *w, const struct rec *r)
{
	missing_see(w->missing, r);
	return expr_match(w->expr, look_up, (void *)r);
}

bool where_explain(const struct where *w, struct buf *out)
{
	return missing_explain(w->missing, out);
}
