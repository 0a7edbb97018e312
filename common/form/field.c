#include "base/base.h"
#include "form/field.h"
#include "base/base64.h"
#include "base/num.h"
#include "json/in.h"
#include "rec/line.h"
#include "rec/pack.h"

#include <inttypes.h>

static const struct {
	const char *name;
	enum field_type type;
} table[] = {
	{"id", FIELD_STR},
	{"key", FIELD_STR},
	{"tags", FIELD_TAGS},
	{"tags_hidden", FIELD_TAGS},
	{"tag_gsd_m", FIELD_JSON},
	{"lon", FIELD_F64},
	{"lat", FIELD_F64},
	{"bbox", FIELD_F64S},
	{"area_m2", FIELD_F64},
	{"len_m", FIELD_F64},
	{"geom", FIELD_BIN},
	{"ver", FIELD_UINT},
	{"ts", FIELD_UINT},
	{"valid_from", FIELD_UINT},
	{"valid_to", FIELD_UINT},
	{"halo", FIELD_BOOL},
	{"img", FIELD_JSON},
	{"win", FIELD_UINTS},
	{"box", FIELD_F64S},
	{"px", FIELD_UINTS},
	{"near", FIELD_JSON},
	{"chip", FIELD_BIN},
	{"chip_fmt", FIELD_STR},
	{"valid", FIELD_F64},
	{"title", FIELD_STR},
	{"title_multi", FIELD_STR},
	{"captions", FIELD_JSON},
	{"img_emb", FIELD_BIN},
	{"txt_emb", FIELD_BIN},
	{"emb_dtype", FIELD_STR},
	{"emb_model", FIELD_STR},
	{"sim", FIELD_F64},
	{"label", FIELD_STR},
	{"split", FIELD_STR},
	{"pred", FIELD_JSON},
};

static bool ends_with(struct str s, const char *end)
{
	size_t n = strlen(end);

	return s.len > n && !memcmp(s.s + s.len - n, end, n);
}

bool field_find(struct str name, enum field_type *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (str_is(name, table[i].name)) {
			*type = table[i].type;
			return true;
		}
	}
	*type = FIELD_F64;
	return ends_with(name, "_sim");
}

/* The parts of img that are no str. */
static enum field_type img_part(struct str name)
{
	static const char *const numbers[] = {"gsd_m", "cloud"};
	static const char *const values[] = {"size", "transform", "bands",
		"nodata", "tile", "stretch"};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (str_is(name, numbers[i]))
			return FIELD_F64;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (str_is(name, values[i]))
			return FIELD_JSON;
	return FIELD_STR;
}

int field_type_at(const struct path *p, enum field_type *type, struct err *err)
{
	struct str name = p->parts[0];
	enum field_type own;

	*type = FIELD_ANY;
	if (!field_find(name, &own))
		return 0;
	*type = FIELD_STR;
	if (p->n == 1)
		*type = own;
	else if (str_is(name, "tag_gsd_m"))
		*type = FIELD_F64;
	else if (str_is(name, "img"))
		*type = img_part(p->parts[1]);
	else if (own != FIELD_TAGS)
		return err_set(err, "the field '%.*s' is no map", (int)name.len,
			name.s);
	return 0;
}

static int cannot(const char *what, struct str text, struct err *err)
{
	return err_set(err, "'%.*s' is no %s", (int)MIN(text.len, 100), text.s,
		what);
}

static int add_number(struct buf *b, enum field_type type, struct str text,
	struct err *err)
{
	char copy[400] = "";
	uint64_t u;
	double x;

	if (text.len < sizeof(copy))
		memcpy(copy, text.s, text.len);
	if (type == FIELD_UINT) {
		if (parse_u64(copy, &u))
			return cannot("whole number", text, err);
		pack_u64(b, u);
		return 0;
	}
	if (parse_f64(copy, &x))
		return cannot("number", text, err);
	pack_f64(b, x);
	return 0;
}

static int add_base64(struct buf *b, struct str text, struct err *err)
{
	struct buf bytes = BUF_INIT;
	int rc = base64_decode(&bytes, text.s, text.len);

	if (rc)
		cannot("base64", text, err);
	else
		pack_bin(b, bytes.data, bytes.len);
	buf_release(&bytes);
	return rc;
}

/* A number when it is one as JSON has it, else the text. */
static void add_any(struct buf *b, struct str text)
{
	struct json_in in = json_in_begin(text.s, text.len);
	struct json_number number;
	char copy[24] = "";
	struct err why;
	uint64_t u;

	if (text.len < sizeof(copy))
		memcpy(copy, text.s, text.len);
	if (*copy != '0' && !parse_u64(copy, &u) && u > INT64_MAX)
		pack_u64(b, u);
	else if (!text.len || json_number(&in, &number, &why) ||
		 in.pos < in.len)
		pack_str(b, text.s, text.len);
	else if (number.is_int)
		pack_i64(b, number.i);
	else
		pack_f64(b, number.x);
}

int field_add_text(struct buf *b, enum field_type type, struct str text,
	struct err *err)
{
	struct jval *v;
	struct str s;
	int rc;

	switch (type) {
	case FIELD_ANY:
		add_any(b, text);
		return 0;
	case FIELD_STR:
		pack_str(b, text.s, text.len);
		return 0;
	case FIELD_F64:
	case FIELD_UINT:
		return add_number(b, type, text, err);
	case FIELD_BOOL:
		if (!str_is(text, "true") && !str_is(text, "false"))
			return cannot("'true' or 'false'", text, err);
		pack_bool(b, str_is(text, "true"));
		return 0;
	case FIELD_BIN:
		return add_base64(b, text, err);
	default:
		break;
	}
	v = jval_parse(text.s, text.len, err);
	if (!v)
		return -1;
	rc = jval_str(v, &s) ? field_add_json(b, type, v, err)
			     : cannot("array or object", text, err);
	jval_free(v);
	return rc;
}

static int add_array(struct buf *b, enum field_type type, const struct jval *v,
	struct err *err)
{
	enum field_type element = type == FIELD_F64S ? FIELD_F64 : FIELD_UINT;
	size_t n = jval_count(v);

	if (jval_type(v) != J_ARRAY || (type == FIELD_F64S && n != 4))
		return err_set(err, "it is no array of %snumbers",
			type == FIELD_F64S ? "4 " : "");
	pack_array(b, n);
	for (size_t i = 0; i < n; i++)
		if (field_add_json(b, element, jval_at(v, i), err))
			return -1;
	return 0;
}

static int add_tags(struct buf *b, const struct jval *v, struct err *err)
{
	const struct jiter *it = NULL;
	struct buf text = BUF_INIT;
	size_t n = 0;

	if (jval_type(v) != J_OBJECT)
		return err_set(err, "it is no object");
	while ((it = jval_next(v, it)))
		n += jval_type(jiter_val(it)) != J_NULL;
	pack_map(b, n);
	while ((it = jval_next(v, it))) {
		struct str key = jiter_key(it);

		if (jval_type(jiter_val(it)) == J_NULL)
			continue;
		buf_reset(&text);
		field_text(&text, jiter_val(it));
		pack_str(b, key.s, key.len);
		pack_str(b, text.data, text.len);
	}
	buf_release(&text);
	return 0;
}

/* Through a record of one field: line mode's rules stand there. */
static int add_line(struct buf *b, const struct jval *v, struct err *err)
{
	struct buf line = BUF_INIT, rec = BUF_INIT;
	struct val value;
	int rc;

	buf_adds(&line, "{\"v\":");
	json_add_val(&line, v);
	buf_addc(&line, '}');
	rc = line_to_rec(line.data, line.len, &rec, err);
	if (!rc && val_find((struct val){(uint8_t *)rec.data, rec.len}, "v",
			   &value))
		pack_val(b, value);
	buf_release(&line);
	buf_release(&rec);
	return rc;
}

int field_add_json(struct buf *b, enum field_type type, const struct jval *v,
	struct err *err)
{
	struct buf text = BUF_INIT;
	enum jtype is = jval_type(v);
	struct str s;
	int rc;

	if (!jval_str(v, &s))
		return field_add_text(b, type, s, err);
	if (type == FIELD_F64S || type == FIELD_UINTS)
		return add_array(b, type, v, err);
	if (type == FIELD_TAGS)
		return add_tags(b, v, err);
	if (type == FIELD_JSON)
		return add_line(b, v, err);
	if (is == J_NULL || is == J_ARRAY || is == J_OBJECT)
		return err_set(err, "it is %s",
			is == J_NULL    ? "null"
			: is == J_ARRAY ? "an array"
					: "an object");
	field_text(&text, v);
	rc = field_add_text(b, type, (struct str){text.data, text.len}, err);
	buf_release(&text);
	return rc;
}

void field_text(struct buf *b, const struct jval *v)
{
	struct str s;

	if (jval_str(v, &s))
		json_add_val(b, v);
	else
		buf_add(b, s.s, s.len);
}
