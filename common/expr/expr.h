/*
 * expr.h - selection expressions over the fields of a record and the tags of
 * an object: tags.building=yes,house AND NOT (sim<0.2 OR w/name).
 *
 * The language is described in skyfilters-expressions(5). A test asks for a
 * field, whose value a callback gives, or for tags, which are handed in. An
 * expression knows nothing of records or OSM files. It owns all it needs, its
 * text too; read-only once parsed, so that any number of threads may match
 * with it. Matching allocates nothing.
 */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include "base/path.h"

/* An expression's length in bytes, and parentheses inside one another. */
enum { EXPR_MAX_BYTES = 65536, EXPR_MAX_DEPTH = 256 };

/* What a field holds, as an expression sees it. */
enum expr_kind {
	EXPR_ABSENT,
	EXPR_NIL,
	EXPR_BOOL,
	EXPR_NUMBER, /* an integer is seen as the nearest double */
	EXPR_TEXT,
	EXPR_OTHER,   /* map, array, bin, ext: it exists, and equals nothing */
	EXPR_UNKNOWN, /* not known yet, nor if it is there at all */
};

struct expr_value {
	enum expr_kind kind;
	bool flag;       /* of EXPR_BOOL */
	double number;   /* of EXPR_NUMBER */
	struct str text; /* of EXPR_TEXT; good until the next lookup */
};

/* Fills *out, absent so far, with the value at the end of path. */
typedef void expr_lookup_fn(void *ctx, const struct path *path,
	struct expr_value *out);

/* The types of objects, bits: n/ and so on name one or two of them. */
enum expr_type {
	EXPR_NODE = 1,          /* n/ */
	EXPR_LINE = 2,          /* w/ */
	EXPR_WAY_AREA = 4,      /* w/ a/ */
	EXPR_RELATION_AREA = 8, /* r/ a/ */
	EXPR_RELATION = 16,     /* r/: without an area */
	EXPR_UNTYPED = 32,      /* none of these: only tests without a type */
	EXPR_ANY_TYPE = 63,
};

/* What is asked about. */
struct expr_object {
	unsigned types;          /* what it may be: one bit, or more of them
				    while that is not known; not 0 */
	const struct pair *tags; /* [n_tags] */
	size_t n_tags;
	expr_lookup_fn *fn; /* its fields: asked at most once for each place
			       where a path stands, twice by expr_match3() */
	void *ctx;          /* handed to fn */
};

struct expr;

/*
 * NULL on error; the message begins with the column, in characters from 1.
 *
 * What a path without a type means is the caller's business. Where `fields` is
 * NULL it is the way to a field. Else it is a tag's key, with "tags." in front
 * or without, unless it is one of these names of fields, ended by NULL.
 */
struct expr *expr_parse(const char *text, const char *const *fields,
	struct err *err) MUST_USE;
/* NULL is fine. */
void expr_free(struct expr *e);

/* In three-valued logic (Kleene's), so that NO AND MAYBE is NO. */
enum expr_answer { EXPR_NO, EXPR_MAYBE, EXPR_YES };

/* MAYBE: what is not known yet decides. */
enum expr_answer expr_match3(const struct expr *e, const struct expr_object *o);
/* True when the answer is YES. */
bool expr_match(const struct expr *e, const struct expr_object *o);

/*
 * The tests of the expression, 0 … expr_n_tests() - 1 in the order in which
 * they stand there: each as it was written, and what it says by itself.
 */
size_t expr_n_tests(const struct expr *e);
struct str expr_test_text(const struct expr *e, size_t test);
enum expr_answer expr_test_match(const struct expr *e, size_t test,
	const struct expr_object *o);

/* What a text must be: the whole, its beginning, a part of it. */
struct expr_pattern {
	enum { EXPR_NO_TEXT, EXPR_WHOLE, EXPR_START, EXPR_PART } how;
	struct str text;
};

bool expr_pattern_fits(const struct expr_pattern *p, struct str text);

/* A key as a test has it; never EXPR_NO_TEXT. */
typedef void expr_key_fn(void *ctx, const struct expr_pattern *key);

/*
 * What an object must have for the expression to be true: at least one tag
 * whose key fits one of those that fn is called with. False, and no call, when
 * an object without any of the keys may match too (NOT building).
 */
bool expr_needs(const struct expr *e, expr_key_fn *fn, void *ctx);
/* True when that is enough, for an object of expr_types(). */
bool expr_is_keys(const struct expr *e);
/* And the types that it must be of, bits. */
unsigned expr_types(const struct expr *e);

/* Calls fn with each path of the expression, as often as it stands there. */
void expr_each_path(const struct expr *e,
	void (*fn)(void *ctx, const struct path *path), void *ctx);
/* The same with each key. */
void expr_each_key(const struct expr *e, expr_key_fn *fn, void *ctx);

#endif
