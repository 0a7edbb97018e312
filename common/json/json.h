/*
 * json.h - JSON documents read into a tree (jansson does the work), and the
 * few writers that make JSON text.
 *
 * A struct jval belongs to its document and goes with it. Duplicate keys and
 * text behind the document are errors. Objects keep the order of their keys.
 */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include <stddef.h>
#include <stdint.h>

struct jval;

enum jtype { J_NULL, J_BOOL, J_INT, J_REAL, J_STR, J_ARRAY, J_OBJECT };

/* A whole document; errors name the line and column. jval_free() it. */
struct jval *jval_parse(const char *text, size_t len, struct err *err);
void jval_free(struct jval *root);

enum jtype jval_type(const struct jval *v);
/* Readers: 0, or -1 when v is NULL or of another type. */
int jval_bool(const struct jval *v, bool *out) MUST_USE;
int jval_i64(const struct jval *v, int64_t *out) MUST_USE;
int jval_f64(const struct jval *v, double *out) MUST_USE; /* integers too */
int jval_str(const struct jval *v, struct str *out) MUST_USE;

/* Elements or members; 0 for anything else. */
size_t jval_count(const struct jval *v);
/* NULL when v is no array or i is past its end. */
const struct jval *jval_at(const struct jval *v, size_t i);
/* NULL when v is NULL, no object, or has no such key. */
const struct jval *jval_get(const struct jval *v, const char *key);

/* Walks an object: for (it = NULL; (it = jval_next(v, it));) … */
struct jiter;
const struct jiter *jval_next(const struct jval *v, const struct jiter *it);
struct str jiter_key(const struct jiter *it);
const struct jval *jiter_val(const struct jiter *it);

/* A JSON string with its quotes; s must be UTF-8. */
void json_add_str(struct buf *b, const char *s, size_t len);
void json_add_i64(struct buf *b, int64_t v);
/* A finite number, always with '.' or 'e'. */
void json_add_f64(struct buf *b, double v);
/* Any value, in one line and without blanks. */
void json_add_val(struct buf *b, const struct jval *v);
bool utf8_valid(const char *s, size_t len);

#endif
