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

bool expr_pattern_fits(const struct expr_pattern *p, struct str text)
{
	switch (p->how) {
	case EXPR_NO_TEXT:
		break;
	case EXPR_WHOLE:
		return str_eq(text, p->text);
	case EXPR_START:
		return text.len >= p->text.len &&
		       !memcmp(text.s, p->text.s, p->text.len);
	case EXPR_PART:
		return !p->text.len || (text.len >= p->text.len &&
					       memmem(text.s, text.len,
						       p->text.s, p->text.len));
	}
	return false;
}

static bool fits(const struct value *v, const struct expr_value *field,
	double number)
{
	if (number >= v->lo && number <= v->hi && number != v->but)
		return true;
	if (field->kind == EXPR_TEXT)
		return expr_pattern_fits(&v->text, field->text);
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

/* What is there, and known. */
static bool value_holds(const struct expr *e, const struct test *t,
	const struct expr_value *v)
{
	double number;

	if (v->kind == EXPR_NIL && (t->differs || !t->n))
		return false;
	if (!t->n)
		return true;
	number = t->numeric ? number_of(v) : NAN;
	for (size_t i = 0; i < t->n; i++)
		if (fits(&e->values[t->first + i], v, number))
			return !t->differs;
	return t->differs;
}

static bool tag_holds(const struct expr *e, const struct test *t,
	const struct pair *tag)
{
	const struct expr_pattern *keys = e->keys + t->first_key;
	struct expr_value v = {EXPR_TEXT, false, 0, tag->value};

	for (size_t i = 0; i < t->n_keys; i++)
		if (expr_pattern_fits(&keys[i], tag->key))
			return value_holds(e, t, &v);
	return false;
}

static enum expr_answer ask_tags(const struct expr *e, const struct test *t,
	const struct expr_object *o)
{
	if (!(o->types & t->types))
		return EXPR_NO;
	for (size_t i = 0; i < o->n_tags; i++)
		if (tag_holds(e, t, &o->tags[i]))
			return o->types & ~t->types ? EXPR_MAYBE : EXPR_YES;
	return EXPR_NO;
}

static enum expr_answer ask(const struct expr *e, const struct test *t,
	const struct expr_object *o)
{
	struct expr_value v = {EXPR_ABSENT, false, 0, {NULL, 0}};

	if (t->n_keys)
		return ask_tags(e, t, o);
	o->fn(o->ctx, &t->path, &v);
	if (v.kind == EXPR_UNKNOWN)
		return EXPR_MAYBE;
	return v.kind != EXPR_ABSENT && value_holds(e, t, &v) ? EXPR_YES
							      : EXPR_NO;
}

/*
 * True when the expression is, where each test that may hold speaks for it
 * (hopeful) or against it: under a NOT these are the ones that do not hold.
 */
static bool run(const struct expr *e, const struct expr_object *o, bool hopeful,
	bool *unsure)
{
	enum expr_answer answer;
	bool holds = false;
	size_t i = 0;

	while (i < e->n_steps) {
		const struct step *s = &e->steps[i++];

		switch (s->op) {
		case OP_TEST:
			answer = ask(e, &e->tests[s->n], o);
			holds = answer == EXPR_YES;
			if (answer == EXPR_MAYBE) {
				holds = hopeful != e->tests[s->n].negated;
				*unsure = true;
			}
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

enum expr_answer expr_match3(const struct expr *e, const struct expr_object *o)
{
	bool unsure = false;

	if (!run(e, o, true, &unsure))
		return EXPR_NO;
	return !unsure || run(e, o, false, &unsure) ? EXPR_YES : EXPR_MAYBE;
}

bool expr_match(const struct expr *e, const struct expr_object *o)
{
	bool unsure = false;

	return run(e, o, false, &unsure);
}

size_t expr_n_tests(const struct expr *e)
{
	return e->n_tests;
}

struct str expr_test_text(const struct expr *e, size_t test)
{
	return e->tests[test].source;
}

enum expr_answer expr_test_match(const struct expr *e, size_t test,
	const struct expr_object *o)
{
	return ask(e, &e->tests[test], o);
}
