#include "base/base.h"
#include "stat/report.h"
#include "json/json.h"
#include "rec/line.h"
#include "rec/pack.h"
#include "stat/label.h"

#include <inttypes.h>

/* A value as in line mode; null when JSON cannot say it. */
static void add_val(struct buf *b, struct val v)
{
	size_t before = b->len;
	struct err err;

	if (!v.len || line_from_val(v, b, &err)) {
		b->len = before;
		buf_adds(b, "null");
	}
}

/* Text that may be no UTF-8. */
static void add_str(struct buf *b, struct str s)
{
	struct buf packed = BUF_INIT;

	pack_str(&packed, s.s, s.len);
	add_val(b, (struct val){(uint8_t *)packed.data, packed.len});
	buf_release(&packed);
}

/* "name":number, with a comma in front unless it is the first of an object. */
static void add_u64(struct buf *b, const char *name, uint64_t n)
{
	if (b->len && b->data[b->len - 1] != '{')
		buf_addc(b, ',');
	buf_addf(b, "\"%s\":%" PRIu64, name, n);
}

static void add_f64(struct buf *b, const char *name, double x)
{
	if (b->len && b->data[b->len - 1] != '{')
		buf_addc(b, ',');
	buf_addf(b, "\"%s\":", name);
	json_add_f64(b, x);
}

struct list {
	struct buf *b;
	uint64_t records; /* of all */
};

static void add_field(void *ctx, const struct field *f, struct str path)
{
	const struct list *l = ctx;
	struct buf *b = l->b;

	buf_adds(b,
		b->data[b->len - 1] == '[' ? "{\"field\":" : ",{\"field\":");
	add_str(b, path);
	add_u64(b, "records", f->records);
	add_f64(b, "share", (double)f->records / (double)l->records);
	add_u64(b, "bytes", f->bytes);
	buf_adds(b, ",\"types\":{");
	for (unsigned t = 0; t < FIELD_TYPES; t++)
		if (f->types[t])
			add_u64(b, field_type_name(t), f->types[t]);
	buf_addc(b, '}');
	if (f->numbers) {
		buf_adds(b, ",\"numbers\":{");
		add_u64(b, "finite", f->numbers);
		add_f64(b, "min", f->min);
		add_f64(b, "mean", f->mean);
		add_f64(b, "max", f->max);
		buf_addc(b, '}');
	}
	if (f->not_finite)
		add_u64(b, "not_finite", f->not_finite);
	if (f->lengths) {
		buf_adds(b, ",\"length\":{");
		add_u64(b, "min", f->shortest);
		add_u64(b, "max", f->longest);
		buf_addc(b, '}');
	}
	buf_addc(b, '}');
}

static void add_piece_json(struct buf *b, const char *name,
	const struct piece *p)
{
	buf_addf(b, "\"%s\":", name);
	if (p->val.len)
		add_val(b, p->val);
	else if (p->is_str)
		add_str(b, p->text);
	else
		buf_adds(b, "null");
}

/* `keys`: the tags, when the values are their keys; `pair`: key and value. */
static void add_row(struct buf *b, const struct counted *row,
	const struct tag_counts *keys, bool pair)
{
	struct str rest = row->label;
	uint64_t values;
	double std_error;
	struct piece p;

	buf_addc(b, '{');
	if (pair && piece_take(&rest, &p)) {
		add_piece_json(b, "key", &p);
		buf_addc(b, ',');
	}
	if (piece_take(&rest, &p))
		add_piece_json(b, keys ? "key" : "value", &p);
	else
		buf_adds(b, "\"value\":null");
	if (row->cut)
		buf_adds(b, ",\"cut\":true");
	add_u64(b, "count", row->count);
	add_u64(b, "count_error", row->error);
	if (keys && tag_counts_values(keys, row->label, &values, &std_error)) {
		add_u64(b, "values", values);
		add_f64(b, "values_std_error", std_error);
	}
	buf_addc(b, '}');
}

static void add_table(struct buf *b, const struct counter *c, size_t rows,
	const struct tag_counts *keys, bool pair)
{
	struct counted *top = xcalloc(rows, sizeof(*top));
	size_t n = counter_top(c, top, rows);
	double std_error;
	uint64_t distinct = counter_distinct(c, &std_error);

	buf_addc(b, '{');
	add_u64(b, "total", counter_total(c));
	add_u64(b, "distinct", distinct);
	add_f64(b, "distinct_std_error", std_error);
	buf_addf(b, ",\"exact\":%s,\"top\":[",
		counter_is_exact(c) ? "true" : "false");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(b, ',');
		add_row(b, &top[i], keys, pair);
	}
	buf_adds(b, "]}");
	free(top);
}

static void add_origins(struct buf *b, const struct provenance *p)
{
	buf_adds(b, ",\"provenance\":[");
	for (size_t i = 0; i < p->n; i++) {
		const struct origin *o = &p->items[i];

		buf_adds(b, i ? ",{\"header\":" : "{\"header\":");
		add_val(b, o->header);
		add_u64(b, "segments", o->segments);
		buf_adds(b, ",\"end_inputs\":[");
		for (size_t k = 0; k < o->end_inputs.len; k++) {
			struct str input = o->end_inputs.entries[k].key;

			if (k)
				buf_addc(b, ',');
			add_val(b, (struct val){(const uint8_t *)input.s,
					   input.len});
		}
		buf_adds(b, "]}");
	}
	buf_addc(b, ']');
	add_u64(b, "provenance_left_out", p->left_out);
}

void report_json(struct buf *b, const struct stats *s, size_t rows)
{
	struct list fields = {b, s->fields.records};
	uint64_t n = s->counts.records;

	buf_addc(b, '{');
	add_u64(b, "streams", s->streams);
	add_u64(b, "segments", s->counts.segments);
	add_u64(b, "headers", s->counts.headers);
	add_u64(b, "records", n);
	add_u64(b, "faulty", s->faulty);
	add_u64(b, "bytes", s->counts.bytes);
	buf_adds(b, ",\"record_bytes\":");
	if (n) {
		buf_addc(b, '{');
		add_u64(b, "min", s->smallest);
		add_f64(b, "mean", (double)s->data_bytes / (double)n);
		add_u64(b, "max", s->largest);
		buf_addc(b, '}');
	} else {
		buf_adds(b, "null");
	}
	buf_adds(b, ",\"fields\":[");
	fields_each(&s->fields, add_field, &fields);
	buf_addc(b, ']');
	add_u64(b, "other_fields", s->fields.others);
	buf_adds(b, ",\"tags\":{");
	add_u64(b, "records", s->tags.records);
	buf_adds(b, ",\"keys\":");
	add_table(b, s->tags.keys, rows, &s->tags, false);
	buf_adds(b, ",\"pairs\":");
	add_table(b, s->tags.pairs, rows, NULL, true);
	buf_adds(b, "},\"values\":[");
	for (size_t i = 0; i < s->nvalues; i++) {
		buf_adds(b, i ? ",{\"field\":" : "{\"field\":");
		add_str(b, str_from(s->values[i].name));
		buf_adds(b, ",\"table\":");
		add_table(b, s->values[i].counter, rows, NULL, false);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
	add_origins(b, &s->provenance);
	buf_adds(b, "}\n");
}
