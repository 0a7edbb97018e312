/*
 * priv.h - an expression once parsed: flat arrays, so that neither matching
 * nor freeing it needs a stack as deep as its parentheses.
 */
#ifndef EXPR_PRIV_H
#define EXPR_PRIV_H

#include "expr/expr.h"

/*
 * What stands behind an operator. One written value may fit fields of several
 * kinds: 4 fits a number as well as the text "4", true a bool and the text.
 */
struct value {
	struct expr_pattern text; /* points into the expression's text */
	/* the numbers that fit: lo <= x <= hi, but not `but` (NaN: all of
	 * them); lo is NaN when none does */
	double lo, hi, but;
	/* EXPR_NIL or EXPR_BOOL: that fits, too */
	enum expr_kind literal;
	bool flag;
};

/*
 * A field's path, or the keys of tags; and the values that what is found there
 * is compared with: n = 0 asks if it is there.
 */
struct test {
	struct str source;        /* as it was written */
	struct path path;         /* n_keys == 0 */
	size_t first_key, n_keys; /* of the expression's keys */
	unsigned types;           /* bits that it holds for */
	bool differs;             /* != */
	bool numeric;             /* a value fits numbers */
	bool negated;             /* an odd number of NOTs is around it */
	bool needed; /* its keys are among those that an object must have */
	size_t first, n;
};

/*
 * The steps are gone through in order, with one bool at hand. AND and OR stand
 * between their sides and leave the second out when the first decides.
 */
enum op {
	OP_TEST, /* does test n hold? */
	OP_NOT,
	OP_AND, /* when false, on to step n */
	OP_OR,  /* when true, on to step n */
};

struct step {
	enum op op;
	size_t n;
};

/* What must be there for a part of the expression to be true. */
struct needs {
	size_t first, end; /* its tests; the `needed` ones count */
	size_t cost;       /* the less, the fewer objects have it;
			      NO_NEED: none of the keys must be there */
	unsigned types;    /* bits: one of them */
};

#define NO_NEED SIZE_MAX

struct expr {
	char *source;       /* as it was written */
	char *text;         /* what is in quotes has lost its backslashes */
	struct step *steps; /* [n_steps], n_steps > 0 */
	struct test *tests; /* [n_tests] */
	struct expr_pattern *keys; /* [n_keys] */
	struct value *values;      /* [n_values] */
	size_t n_steps, n_tests, n_keys, n_values;
	size_t steps_cap, tests_cap, keys_cap, values_cap;
	struct needs needs;
};

/* All of s as a decimal number; -1 when it is none. */
int expr_number(struct str s, double *out) MUST_USE;

/* What the test that was added last needs, being negated or not. */
struct needs needs_of_test(struct expr *e);
/*
 * What the chain a, b needs: both of them (and), or one. The tests of b stand
 * behind those of a.
 */
struct needs needs_join(struct expr *e, bool and, struct needs a,
	struct needs b);

/*
 * parse.c's reader, and what its two files share. A message begins with the
 * column of the byte at `at`; FAIL() is -1.
 */
struct parser {
	struct expr *e;
	struct str text; /* e's copy */
	size_t at;
	const char *const *fields;
	unsigned depth;
	bool negated;       /* by the NOTs around this place */
	struct needs needs; /* of what was parsed last */
	struct err *err;
};

#define FAIL(p, at, ...) (err_set((p)->err, __VA_ARGS__), parser_fail(p, at))
int parser_fail(const struct parser *p, size_t at);
void parser_skip_blanks(struct parser *p);
bool parser_at(const struct parser *p, char c);
struct str parser_rest(const struct parser *p);
/*
 * The run of bytes that can be a name or a value: up to a blank, a sign of
 * the language, && or ||, but over what is in quotes.
 */
struct str parser_word(const struct parser *p);
bool is_op_word(struct str word, enum op op);
/* How many bytes of s a message shows: no half of a UTF-8 character. */
int parser_shown(struct str s);
/* A test, which begins here, and its step. */
int parse_test(struct parser *p) MUST_USE;

#endif
