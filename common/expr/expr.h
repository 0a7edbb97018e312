/*
 * expr.h - selection expressions over the fields of a record or the tags of
 * an object: tags.building=yes,house AND NOT (sim<0.2 OR tags.name).
 *
 * The language is described in skyfilters-expressions(5). An expression knows
 * nothing of records: it asks a callback for the value at the end of a path.
 * It owns all it needs, its text too; read-only once parsed, so that any
 * number of threads may match with it. Matching allocates nothing.
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
	EXPR_OTHER, /* map, array, bin, ext: it exists, and equals nothing */
};

struct expr_value {
	enum expr_kind kind;
	bool flag;       /* of EXPR_BOOL */
	double number;   /* of EXPR_NUMBER */
	struct str text; /* of EXPR_TEXT; good until the next lookup */
};

/*
 * Fills *out, absent so far, with the value at the end of path; called from
 * expr_match(), at most once for each place where a path stands.
 */
typedef void expr_lookup_fn(void *ctx, const struct path *path,
	struct expr_value *out);

struct expr;

/* NULL on error; the message begins with the column, in characters from 1. */
struct expr *expr_parse(const char *text, struct err *err) MUST_USE;
/* NULL is fine. */
void expr_free(struct expr *e);

bool expr_match(const struct expr *e, expr_lookup_fn *fn, void *ctx);

/* Calls fn with each path of the expression, as often as it stands there. */
void expr_each_path(const struct expr *e,
	void (*fn)(void *ctx, const struct path *path), void *ctx);

#endif
