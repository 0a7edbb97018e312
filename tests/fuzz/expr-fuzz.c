/*
 * expr-fuzz.c - hostile selection expressions: each that parses is matched
 * with fields of all kinds, and in NOT (...) must say the opposite.
 */
#include "base/base.h"
#include "expr/expr.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The last name is the text, and with *ctx decides on the kind. */
static void look_up(void *ctx, const struct path *path, struct expr_value *out)
{
	static const double numbers[] = {0, 4, -1.5, 1e300, NAN, INFINITY};
	struct str last = path->parts[path->n - 1];
	unsigned round = *(unsigned *)ctx;
	unsigned sign = last.len ? (unsigned char)last.s[0] : 0;

	out->kind = (enum expr_kind)((sign + round) % (EXPR_OTHER + 1));
	out->flag = sign & 8;
	out->number = numbers[sign % ARRAY_SIZE(numbers)];
	out->text = last;
}

static void count_names(void *ctx, const struct path *path)
{
	*(size_t *)ctx += path->n;
}

static struct expr *parse_negated(const char *text, struct err *err)
{
	struct buf b = BUF_INIT;
	struct expr *e;

	buf_addf(&b, "NOT (%s)", text);
	e = expr_parse(buf_str(&b), err);
	buf_release(&b);
	return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xmemdup0(data, size);
	struct err err = {""};
	struct expr *e = expr_parse(text, &err), *negated = NULL;
	size_t names = 0;

	if (!e != !strncmp(err.msg, "column ", 7))
		abort();
	if (e) {
		negated = parse_negated(text, &err);
		expr_each_path(e, count_names, &names);
		if (!names)
			abort();
	}
	for (unsigned round = 0; e && round <= EXPR_OTHER; round++) {
		bool holds = expr_match(e, look_up, &round);

		/* one that is as long or as deep as may be has no negation */
		if (negated && expr_match(negated, look_up, &round) == holds)
			abort();
	}
	expr_free(e);
	expr_free(negated);
	free(text);
	return 0;
}
