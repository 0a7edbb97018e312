#include "base/base.h"
#include "form/cells.h"
#include "base/base64.h"
#include "base/log.h"
#include "base/num.h"
#include "rec/line.h"

#include <inttypes.h>
#include <math.h>

int cells_init(struct cells *c, enum rows_kind kind, const char *columns,
	struct err *err)
{
	*c = (struct cells){.kind = kind};
	if (columns && path_list_parse(&c->columns, columns, err))
		return -1;
	c->missing = missing_new();
	for (size_t i = 0; i < c->columns.n; i++)
		missing_add(c->missing, &c->columns.items[i]);
	return 0;
}

void cells_release(struct cells *c)
{
	path_list_release(&c->columns);
	missing_free(c->missing);
	buf_release(&c->room);
}

/* Appends a cell's text so that it reads back. */
static void add_text(const struct cells *c, struct str text, struct buf *out)
{
	static const char from[] = "\t\n\r\\", to[] = "tnr\\";
	bool quoted = false;

	if (c->kind == ROWS_TSV) {
		for (size_t i = 0; i < text.len; i++) {
			const char *at = memchr(from, text.s[i], 4);

			if (at)
				buf_addc(out, '\\');
			buf_addc(out, at ? to[at - from] : text.s[i]);
		}
		return;
	}
	for (size_t i = 0; i < text.len && !quoted; i++)
		quoted = memchr(",\"\r\n", text.s[i], 4) != NULL;
	/* a row of one empty cell would be an empty line, which is no row */
	quoted = quoted || (!text.len && c->columns.n == 1);
	if (quoted)
		buf_addc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, text.s[i]);
	}
	if (quoted)
		buf_addc(out, '"');
}

static void add_separator(const struct cells *c, size_t i, struct buf *out)
{
	if (i)
		buf_addc(out, c->kind == ROWS_TSV ? '\t' : ',');
}

static void end_row(const struct cells *c, struct buf *out)
{
	buf_adds(out, c->kind == ROWS_TSV ? "\n" : "\r\n");
}

static void choose_columns(struct cells *c, const struct rec *first)
{
	struct buf list = BUF_INIT;
	struct err err;

	for (size_t i = 0; i < first->n; i++) {
		struct str key = first->fields[i].key;
		enum val_type t = val_type(first->fields[i].val);

		if (t == VAL_BIN || t == VAL_ARRAY || t == VAL_MAP ||
			t == VAL_EXT || memchr(key.s, '\0', key.len))
			continue;
		if (list.len)
			buf_addc(&list, ',');
		path_add_name(&list, key);
	}
	if (list.len)
		(void)!path_list_parse(&c->columns, buf_str(&list), &err);
	buf_release(&list);
}

int cells_add_names(struct cells *c, const struct rec *first, struct buf *out)
{
	if (!c->columns.n && first)
		choose_columns(c, first);
	if (!c->columns.n)
		return -1;
	for (size_t i = 0; i < c->columns.n; i++) {
		add_separator(c, i, out);
		add_text(c, c->columns.names[i], out);
	}
	end_row(c, out);
	return 0;
}

static void float_text(double x, struct buf *out)
{
	char text[F64_TEXT];

	if (isfinite(x))
		buf_add(out, text, f64_text_short(x, text));
	else
		buf_adds(out, isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
}

static int add_value(struct cells *c, struct val v, struct buf *out,
	struct err *err)
{
	struct str s = {"", 0};
	uint64_t u;
	int64_t i;
	double x = 0;
	bool flag = false;

	buf_reset(&c->room);
	switch (val_type(v)) {
	case VAL_NIL:
		break;
	case VAL_BOOL:
		(void)!val_bool(v, &flag);
		s = str_from(flag ? "true" : "false");
		break;
	case VAL_INT:
		if (!val_i64(v, &i))
			buf_addf(&c->room, "%" PRId64, i);
		else if (!val_u64(v, &u))
			buf_addf(&c->room, "%" PRIu64, u);
		break;
	case VAL_FLOAT:
		(void)!val_f64(v, &x);
		float_text(x, &c->room);
		break;
	case VAL_STR:
		(void)!val_str(v, &s);
		break;
	case VAL_BIN:
		(void)!val_bin(v, &s);
		base64_add(&c->room, s.s, s.len);
		break;
	case VAL_ARRAY:
	case VAL_MAP:
	case VAL_EXT:
		if (line_from_val(v, &c->room, err))
			return -1;
		break;
	}
	if (c->room.len)
		s = (struct str){c->room.data, c->room.len};
	add_text(c, s, out);
	return 0;
}

int cells_add(struct cells *c, const struct rec *r, struct buf *out,
	struct err *err)
{
	struct val v;

	missing_see(c->missing, r);
	for (size_t i = 0; i < c->columns.n; i++) {
		add_separator(c, i, out);
		if (!rec_get_path(r, &c->columns.items[i], &v)) {
			add_text(c, (struct str){"", 0}, out);
		} else if (add_value(c, v, out, err)) {
			err_prefix(err, "%.*s", (int)c->columns.names[i].len,
				c->columns.names[i].s);
			return -1;
		}
	}
	if (c->columns.n)
		end_row(c, out);
	return 0;
}

void cells_done(const struct cells *c)
{
	struct buf what = BUF_INIT;

	if (missing_explain(c->missing, &what))
		log_warn("empty columns: %s", buf_str(&what));
	buf_release(&what);
}
