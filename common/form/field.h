/*
 * field.h - values for the fields of records, made from text and from JSON.
 *
 * The fields of the record table (skyfilters-records(5)) have a type, and what
 * cannot be read as that type is an error. In all others a number as JSON has
 * it becomes an integer or, with a point or an exponent, an f64; an integer
 * beyond 64 bits and any other text is str.
 */
#ifndef FORM_FIELD_H
#define FORM_FIELD_H

#include "base/path.h"
#include "json/json.h"

enum field_type {
	FIELD_ANY, /* of no field of the table: a number, or str */
	FIELD_STR,
	FIELD_F64,
	FIELD_UINT,
	FIELD_BOOL,
	FIELD_BIN,   /* text: base64 */
	FIELD_F64S,  /* [w, s, e, n]; text: as JSON, and so all below */
	FIELD_UINTS, /* array of uint */
	FIELD_TAGS,  /* map of str to str */
	FIELD_JSON,  /* as line mode has it */
};

/* A field of the record table, or NAME_sim; false when `name` is neither. */
bool field_find(struct str name, enum field_type *type);
/*
 * What a value at that path has as its type; parts of a field that has none,
 * like `lon.x`, are an error.
 */
int field_type_at(const struct path *p, enum field_type *type,
	struct err *err) MUST_USE;

/* Append the packed value. */
int field_add_text(struct buf *b, enum field_type type, struct str text,
	struct err *err) MUST_USE;
/* A text in JSON is read as field_add_text() does; null is an error. */
int field_add_json(struct buf *b, enum field_type type, const struct jval *v,
	struct err *err) MUST_USE;

/*
 * A JSON value as a text: str as it is, numbers and bools as JSON has them,
 * arrays and objects as JSON without blanks.
 */
void field_text(struct buf *b, const struct jval *v);

#endif
