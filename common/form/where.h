/*
 * where.h - expressions (expr/expr.h) asked of records, of which one is to be
 * true, and why none is of any: the fields that they name and no record had.
 * One thread.
 *
 * A path is a field's; behind a type (w/building) it is the key of a tag, and
 * the type goes by the letter of `id` and, for r and a, by `area_m2`.
 */
#ifndef FORM_WHERE_H
#define FORM_WHERE_H

#include "rec/rec.h"

struct where;

/* NULL: one of the n is no expression. */
struct where *where_new(const char *const *expressions, size_t n,
	struct err *err) MUST_USE;
/* NULL is fine. */
void where_free(struct where *w);

/* All of them as one expression; the where's own. */
const char *where_text(struct where *w);

bool where_match(struct where *w, const struct rec *r);

/* Appends which of their fields no record had; as missing_explain(). */
bool where_explain(const struct where *w, struct buf *out);

#endif
