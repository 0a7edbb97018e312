/*
 * expr - hostile selection expressions: each that parses is matched
 * with fields of all kinds, tags and types, and in NOT (...) must say the
 * opposite; what is true has the keys and the type that it needs.
 */
#include "base/base.h"
#include "expr/expr.h"
#include "fuzz/fuzz.h"

#include <math.h>

/* The last name is the text, and with *ctx decides on the kind. */
static void look_up(void *ctx, const struct path *path, struct expr_value *out)
{
	static const double numbers[] = {0, 4, -1.5, 1e300, NAN, INFINITY};
	struct str last = path->parts[path->n - 1];
	unsigned round = *(unsigned *)ctx;
	unsigned sign = last.len ? (unsigned char)last.s[0] : 0;

	out->kind = (enum expr_kind)((sign + round) % (EXPR_UNKNOWN + 1));
	out->flag = sign & 8;
	out->number = numbers[sign % ARRAY_SIZE(numbers)];
	out->text = last;
}

static void count_names(void *ctx, const struct path *path)
{
	*(size_t *)ctx += path->n;
}

static void count_key(void *ctx, const struct expr_pattern *key)
{
	HOLDS(key->how != EXPR_NO_TEXT);
	++*(size_t *)ctx;
}

struct needed {
	const struct expr_object *o;
	bool found;
};

static void find_key(void *ctx, const struct expr_pattern *key)
{
	struct needed *n = ctx;

	for (size_t i = 0; i < n->o->n_tags; i++)
		n->found |= expr_pattern_fits(key, n->o->tags[i].key);
}

static struct expr *parse_negated(const char *text, const char *const *fields,
	struct err *err)
{
	struct buf b = BUF_INIT;
	struct expr *e;

	buf_addf(&b, "NOT (%s)", text);
	e = expr_parse(buf_str(&b), fields, err);
	buf_release(&b);
	return e;
}

/* Of an object of the type, with unknown fields or without any such. */
static void check(const struct expr *e, const struct expr *negated,
	unsigned type, unsigned round)
{
	const struct pair tags[] = {{str_from("a"), str_from("4")},
		{str_from("building"), str_from("yes")}};
	struct expr_object o = {type, tags, round % 3, look_up, &round};
	struct needed needed = {&o, false};
	enum expr_answer answer = expr_match3(e, &o);

	HOLDS(expr_match(e, &o) == (answer == EXPR_YES));
	/* one that is as long or as deep as may be has no negation */
	HOLDS(!negated || answer + expr_match3(negated, &o) == EXPR_YES);
	HOLDS(answer == EXPR_NO || expr_types(e) & type);
	HOLDS(answer == EXPR_NO || !expr_needs(e, find_key, &needed) ||
		needed.found);
}

static void try(const char *text, const char *const *fields)
{
	struct err err = {""};
	struct expr *e = expr_parse(text, fields, &err), *negated;
	size_t names = 0;

	HOLDS(!e == !strncmp(err.msg, "column ", 7));
	if (!e)
		return;
	negated = parse_negated(text, fields, &err);
	expr_each_path(e, count_names, &names);
	expr_each_key(e, count_key, &names);
	HOLDS(names >= expr_n_tests(e) && expr_n_tests(e));
	for (size_t i = 0; i < expr_n_tests(e); i++) {
		struct str s = expr_test_text(e, i);

		HOLDS(s.len && memmem(text, strlen(text), s.s, s.len));
	}
	for (unsigned round = 0; round <= EXPR_UNKNOWN; round++)
		for (unsigned type = 1; type <= EXPR_UNTYPED; type *= 2)
			check(e, negated, type, round);
	expr_free(e);
	expr_free(negated);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const fields[] = {"id", "area_m2", NULL};
	char *text = xmemdup0(data, size);

	try(text, NULL);
	try(text, fields);
	free(text);
	return 0;
}
