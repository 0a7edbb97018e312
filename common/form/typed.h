/*
 * typed.h - the text of a table's cell as the value of a field.
 *
 * The fields of the record table (skyfilters-records(5)) get their type there:
 * what is str stays text whatever it looks like, the tags above all; what is
 * f64 becomes one; the bin fields are read as base64. In all others a number
 * as JSON has it becomes an integer or, with a point or an exponent, an f64;
 * an integer beyond 64 bits and any other text stays text.
 */
#ifndef FORM_TYPED_H
#define FORM_TYPED_H

#include "base/path.h"

/* Appends the packed value. -1: the text cannot be of the field's type. */
int typed_pack(struct buf *b, const struct path *field, struct str text,
	struct err *err) MUST_USE;

#endif
