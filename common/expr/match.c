#include "base/base.h"
#include "expr/priv.h"
#include "base/num.h"

#include <math.h>

int expr_number(struct str s, double *out)
{
	char copy[64]; /* longer texts are names, not numbers */

	if (!s.len || s.len >= sizeof(copy) || memchr(s.s, '\0', s.len))
		return -1;
	memcpy(copy, s.s, s.len);
	copy[s.len] = '\0';
	return parse_f64(copy, out);
}

static bool fits_text(const struct value *v, struct str text)
{
	switch (v->how) {
	case HOW_NOT:
		break;
	case HOW_EXACT:
		return str_eq(text, v->text);
	case HOW_PREFIX:
		return text.len >= v->text.len &&
		       !memcmp(text.s, v->text.s, v->text.len);
	case HOW_PART:
		return !v->text.len || (text.len >= v->text.len &&
					       memmem(text.s, text.len,
						       v->text.s, v->text.len));
	}
	return false;
}

static bool fits(const struct value *v, const struct expr_value *field,
	double number)
{
	if (number >= v->lo && number <= v->hi && number != v->but)
		return true;
	if (field->kind == EXPR_TEXT)
		return fits_text(v, field->text);
	return field->kind == v->literal &&
	       (field->kind == EXPR_NIL ||
		       (field->kind == EXPR_BOOL && field->flag == v->flag));
}

/* The field as a number; NaN, which no range holds, when it is none. */
static double number_of(const struct expr_value *field)
{
	double number;

	if (field->kind == EXPR_NUMBER)
		return field->number;
	if (field->kind != EXPR_TEXT || expr_number(field->text, &number))
		return NAN;
	return number;
}

static bool test_holds(const struct expr *e, const struct test *t,
	expr_lookup_fn *fn, void *ctx)
{
	struct expr_value field = {EXPR_ABSENT, false, 0, {NULL, 0}};
	double number;

	fn(ctx, &t->path, &field);
	if (field.kind == EXPR_ABSENT)
		return false;
	if (field.kind == EXPR_NIL && (t->differs || !t->n))
		return false;
	if (!t->n)
		return true;
	number = t->numeric ? number_of(&field) : NAN;
	for (size_t i = 0; i < t->n; i++)
		if (fits(&e->values[t->first + i], &field, number))
			return !t->differs;
	return t->differs;
}

bool expr_match(const struct expr *e, expr_lookup_fn *fn, void *ctx)
{
	bool holds = false;
	size_t i = 0;

	while (i < e->n_steps) {
		const struct step *s = &e->steps[i++];

		switch (s->op) {
		case OP_TEST:
			holds = test_holds(e, &e->tests[s->n], fn, ctx);
			break;
		case OP_NOT:
			holds = !holds;
			break;
		case OP_AND:
		case OP_OR:
			if (holds == (s->op == OP_OR))
				i = s->n;
			break;
		}
	}
	return holds;
}

void expr_each_path(const struct expr *e,
	void (*fn)(void *ctx, const struct path *path), void *ctx)
{
	for (size_t i = 0; i < e->n_tests; i++)
		fn(ctx, &e->tests[i].path);
}
