#include "base/base.h"
#include "json/json.h"

#include <jansson.h>

static json_t *node(const struct jval *v)
{
	return (json_t *)(uintptr_t)v;
}

struct jval *jval_parse(const char *text, size_t len, struct err *err)
{
	json_error_t why;
	json_t *root;

	root = json_loadb(text, len,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL,
		&why);
	if (!root)
		err_set(err, "not valid JSON: line %d, column %d: %s", why.line,
			why.column, why.text);
	return (struct jval *)root;
}

void jval_free(struct jval *root)
{
	json_decref(node(root));
}

enum jtype jval_type(const struct jval *v)
{
	switch (json_typeof(node(v))) {
	case JSON_OBJECT:
		return J_OBJECT;
	case JSON_ARRAY:
		return J_ARRAY;
	case JSON_STRING:
		return J_STR;
	case JSON_INTEGER:
		return J_INT;
	case JSON_REAL:
		return J_REAL;
	case JSON_TRUE:
	case JSON_FALSE:
		return J_BOOL;
	case JSON_NULL:
		break;
	}
	return J_NULL;
}

int jval_bool(const struct jval *v, bool *out)
{
	if (!json_is_boolean(node(v)))
		return -1;
	*out = json_is_true(node(v));
	return 0;
}

int jval_i64(const struct jval *v, int64_t *out)
{
	if (!json_is_integer(node(v)))
		return -1;
	*out = json_integer_value(node(v));
	return 0;
}

int jval_f64(const struct jval *v, double *out)
{
	if (!json_is_number(node(v)))
		return -1;
	*out = json_number_value(node(v));
	return 0;
}

int jval_str(const struct jval *v, struct str *out)
{
	if (!json_is_string(node(v)))
		return -1;
	out->s = json_string_value(node(v));
	out->len = json_string_length(node(v));
	return 0;
}

size_t jval_count(const struct jval *v)
{
	if (json_is_array(node(v)))
		return json_array_size(node(v));
	return json_object_size(node(v));
}

const struct jval *jval_at(const struct jval *v, size_t i)
{
	return (const struct jval *)json_array_get(node(v), i);
}

const struct jval *jval_get(const struct jval *v, const char *key)
{
	return (const struct jval *)json_object_get(node(v), key);
}

const struct jiter *jval_next(const struct jval *v, const struct jiter *it)
{
	void *at = (void *)(uintptr_t)it;

	return at ? json_object_iter_next(node(v), at)
		  : json_object_iter(node(v));
}

struct str jiter_key(const struct jiter *it)
{
	return str_from(json_object_iter_key((void *)(uintptr_t)it));
}

const struct jval *jiter_val(const struct jiter *it)
{
	return (const struct jval *)json_object_iter_value(
		(void *)(uintptr_t)it);
}
