/*
 * where.h - an expression (expr/expr.h) asked of records, and why it is true
 * of none: the fields that it names and no record had. One thread.
 *
 * A path is a field's; behind a type (w/building) it is the key of a tag, and
 * the type goes by the letter of `id` and, for r and a, by `area_m2`.
 */
#ifndef FORM_WHERE_H
#define FORM_WHERE_H

#include "rec/rec.h"

struct where;

/* NULL: it is no expression. */
struct where *where_new(const char *expression, struct err *err) MUST_USE;
/* NULL is fine. */
void where_free(struct where *w);

bool where_match(struct where *w, const struct rec *r);

/* Appends which of its fields no record had; as missing_explain(). */
bool where_explain(const struct where *w, struct buf *out);

#endif
