/*
 * priv.h - an expression once parsed: flat arrays, so that neither matching
 * nor freeing it needs a stack as deep as its parentheses.
 */
#ifndef EXPR_PRIV_H
#define EXPR_PRIV_H

#include "expr/expr.h"

/* How a value is compared with a text. */
enum how {
	HOW_NOT,    /* not at all */
	HOW_EXACT,  /* value */
	HOW_PREFIX, /* value* */
	HOW_PART,   /* *value or *value*, as osmium has it */
};

/*
 * What stands behind an operator. One written value may fit fields of several
 * kinds: 4 fits a number as well as the text "4", true a bool and the text.
 */
struct value {
	enum how how;
	struct str text; /* points into the expression's text */
	/* the numbers that fit: lo <= x <= hi, but not `but` (NaN: all of
	 * them); lo is NaN when none does */
	double lo, hi, but;
	/* EXPR_NIL or EXPR_BOOL: that fits, too */
	enum expr_kind literal;
	bool flag;
};

/* A path, and what its field is compared with: n = 0 asks if it is there. */
struct test {
	struct path path;
	bool differs; /* != */
	bool numeric; /* a value fits numbers */
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

struct expr {
	char *text;
	struct step *steps;   /* [n_steps], n_steps > 0 */
	struct test *tests;   /* [n_tests] */
	struct value *values; /* [n_values] */
	size_t n_steps, n_tests, n_values;
	size_t steps_cap, tests_cap, values_cap;
};

/* All of s as a decimal number; -1 when it is none. */
int expr_number(struct str s, double *out) MUST_USE;

#endif
