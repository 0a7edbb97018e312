#include "base/base.h"
#include "stat/report.h"
#include "stat/label.h"

#include <inttypes.h>
#include <stdio.h>

enum { NAME_WIDTH = 24, TREE_DEPTH = 32, TREE_INDENT = 2 };

static void add_counts(struct buf *b, const struct stats *s)
{
	const struct counts *c = &s->counts;

	buf_addf(b,
		"streams   %" PRIu64 "\nsegments  %" PRIu64
		"\nheaders   %" PRIu64 "\nrecords   %" PRIu64 "\n",
		s->streams, c->segments, c->headers, c->records);
	if (s->faulty)
		buf_addf(b, "faulty    %" PRIu64 "\n", s->faulty);
	buf_addf(b, "bytes     %" PRIu64 "\n", c->bytes);
	if (c->records)
		buf_addf(b,
			"record    %" PRIu64 " to %" PRIu64
			" bytes, mean %.1f\n",
			s->smallest, s->largest,
			(double)s->data_bytes / (double)c->records);
}

/* "str", or of several types "str 10, nil 2". */
static void type_text(const struct field *f, char *out, size_t size)
{
	size_t n = 0, kinds = 0;

	for (unsigned t = 0; t < FIELD_TYPES; t++)
		kinds += f->types[t] != 0;
	for (unsigned t = 0; t < FIELD_TYPES; t++) {
		if (!f->types[t] || n >= size)
			continue;
		n += (size_t)snprintf(out + n, size - n, "%s%s", n ? ", " : "",
			field_type_name(t));
		if (kinds > 1 && n < size)
			n += (size_t)snprintf(out + n, size - n, " %" PRIu64,
				f->types[t]);
	}
}

struct list {
	struct buf *b;
	uint64_t records; /* of all */
};

static void add_field(void *ctx, const struct field *f, struct str path)
{
	const struct list *l = ctx;
	struct buf *b = l->b;
	char types[256] = "";
	size_t start = b->len;

	add_tame(b, path);
	while (b->len - start < NAME_WIDTH)
		buf_addc(b, ' ');
	type_text(f, types, sizeof(types));
	buf_addf(b, " %10" PRIu64 " %5.1f%% %13" PRIu64 "  %-6s", f->records,
		100 * (double)f->records / (double)l->records, f->bytes, types);
	if (f->numbers && f->min == f->max)
		buf_addf(b, "  %.10g", f->min);
	else if (f->numbers)
		buf_addf(b, "  %.10g to %.10g, mean %.10g", f->min, f->max,
			f->mean);
	if (f->not_finite)
		buf_addf(b, "  not finite: %" PRIu64, f->not_finite);
	if (f->lengths && f->shortest == f->longest)
		buf_addf(b, "  of %" PRIu64, f->longest);
	else if (f->lengths)
		buf_addf(b, "  of %" PRIu64 " to %" PRIu64, f->shortest,
			f->longest);
	while (b->data[b->len - 1] == ' ')
		b->len--;
	buf_addc(b, '\n');
}

static void add_fields(struct buf *b, const struct fields *f)
{
	struct list l = {b, f->records};

	if (!f->top.n)
		return;
	buf_addf(b, "\n%-*s %10s %6s %13s  type\n", NAME_WIDTH, "field",
		"records", "share", "bytes");
	fields_each(f, add_field, &l);
	if (f->others)
		buf_addf(b,
			"and %" PRIu64 " values of fields past the first %d, "
			"or with no short name\n",
			f->others, MAX_FIELDS);
}

/* A number of distinct things, with its error when it is an estimate. */
static void add_distinct(struct buf *b, uint64_t n, double std_error)
{
	if (std_error > 0)
		buf_addf(b, "about %" PRIu64 " (standard error %.1f%%)", n,
			100 * std_error);
	else
		buf_addf(b, "%" PRIu64, n);
}

static void add_row(struct buf *b, const struct counted *row,
	const struct tag_counts *keys, bool exact)
{
	struct str rest = row->label;
	uint64_t values;
	double std_error;
	struct piece p;
	bool first = true;

	buf_addf(b, "%12" PRIu64, row->count);
	if (!exact)
		buf_addf(b, "  -%-8" PRIu64, row->error);
	buf_adds(b, "  ");
	while (piece_take(&rest, &p)) {
		if (!first)
			buf_addc(b, '=');
		add_piece(b, &p);
		first = false;
	}
	if (keys && tag_counts_values(keys, row->label, &values, &std_error)) {
		buf_adds(b, "  ");
		add_distinct(b, values, std_error);
		buf_adds(b, values == 1 ? " value" : " values");
	}
	buf_addc(b, '\n');
}

static void add_table(struct buf *b, struct str title, const struct counter *c,
	size_t rows, const struct tag_counts *keys)
{
	struct counted *top = xcalloc(rows, sizeof(*top));
	size_t n = counter_top(c, top, rows);
	bool exact = counter_is_exact(c);
	double std_error;
	uint64_t distinct = counter_distinct(c, &std_error);

	buf_addc(b, '\n');
	add_tame(b, title);
	buf_adds(b, ": ");
	add_distinct(b, distinct, std_error);
	buf_addf(b, " distinct of %" PRIu64 "\n", counter_total(c));
	if (!exact)
		buf_adds(b, "       count   too high by at most\n");
	for (size_t i = 0; i < n; i++)
		add_row(b, &top[i], keys, exact);
	free(top);
}

static void add_tables(struct buf *b, const struct stats *s, size_t rows)
{
	if (s->tags.records) {
		add_table(b, str_from("tag keys"), s->tags.keys, rows,
			&s->tags);
		add_table(b, str_from("tags"), s->tags.pairs, rows, NULL);
	}
	for (size_t i = 0; i < s->nvalues; i++)
		add_table(b, str_from(s->values[i].name), s->values[i].counter,
			rows, NULL);
}

/* The strings of an array of the header, behind their name. */
static void add_strings(struct buf *b, struct val header, const char *key,
	int indent)
{
	struct val list, v;
	struct str s;

	if (!val_find(header, key, &list) || !val_count(list))
		return;
	buf_addf(b, "%*s%s:", indent, "", key);
	for (struct val_iter it = val_iter(list); val_next(&it, NULL, &v);) {
		buf_addc(b, ' ');
		if (!val_str(v, &s))
			add_tame(b, s);
	}
	buf_addc(b, '\n');
}

/* One input: its name, and its size when that is known. */
static void add_input(struct buf *b, struct val input)
{
	struct str name = {"?", 1};
	uint64_t bytes;

	(void)!val_find_str(input, "name", &name);
	buf_addc(b, ' ');
	add_tame(b, name);
	if (!val_find_u64(input, "bytes", &bytes))
		buf_addf(b, " (%" PRIu64 " bytes)", bytes);
}

static void add_inputs(struct buf *b, const struct origin *o, int indent)
{
	struct val list, v;

	if (val_find(o->header, "inputs", &list) && val_count(list)) {
		buf_addf(b, "%*sinputs:", indent, "");
		for (struct val_iter it = val_iter(list);
			val_next(&it, NULL, &v);)
			add_input(b, v);
		buf_addc(b, '\n');
	}
	if (!o->end_inputs.len)
		return;
	buf_addf(b, "%*sread to the end:", indent, "");
	for (size_t i = 0; i < o->end_inputs.len; i++) {
		struct str s = o->end_inputs.entries[i].key;

		add_input(b, (struct val){(const uint8_t *)s.s, s.len});
	}
	buf_addc(b, '\n');
}

/* The graph as a tree: each header once, what it was made from inside it. */
struct tree {
	const struct provenance *p;
	struct buf *b;
	bool *shown; /* [p->n] */
};

static void add_name(struct buf *b, struct val header, const char *key)
{
	struct str s = {"?", 1};

	(void)!val_find_str(header, key, &s);
	add_tame(b, s);
}

static void show(struct tree *t, size_t i, int depth)
{
	const struct origin *o = &t->p->items[i];
	int indent = TREE_INDENT * depth;
	struct val prev, id;
	struct str s;

	buf_addf(t->b, "%*s", indent, "");
	add_name(t->b, o->header, "tool");
	buf_addc(t->b, ' ');
	add_name(t->b, o->header, "version");
	buf_addc(t->b, ' ');
	add_name(t->b, o->header, "id");
	if (t->shown[i]) {
		buf_adds(t->b, ", as above\n");
		return;
	}
	t->shown[i] = true;
	buf_addf(t->b, ", in %" PRIu64 " segment%s\n", o->segments,
		o->segments == 1 ? "" : "s");
	add_strings(t->b, o->header, "args", indent + 2 * TREE_INDENT);
	add_inputs(t->b, o, indent + 2 * TREE_INDENT);
	add_strings(t->b, o->header, "licence", indent + 2 * TREE_INDENT);
	if (!val_find(o->header, "prev", &prev) || depth == TREE_DEPTH)
		return;
	for (struct val_iter it = val_iter(prev); val_next(&it, NULL, &id);) {
		size_t from = provenance_find(t->p, id);

		if (from < t->p->n) {
			show(t, from, depth + 1);
		} else if (!val_str(id, &s)) {
			buf_addf(t->b, "%*sid ", indent + TREE_INDENT, "");
			add_tame(t->b, s);
			buf_adds(t->b, ", whose header is not here\n");
		}
	}
}

/* The headers that no other was made from, then what is left of rings (which
 * only a forger can make) and of trees that are too deep. */
static void add_tree(struct buf *b, const struct provenance *p)
{
	struct tree t = {p, b, xcalloc(p->n, sizeof(bool))};
	bool *used = xcalloc(p->n + 1, sizeof(*used));
	struct val prev, id;

	for (size_t i = 0; i < p->n; i++)
		if (val_find(p->items[i].header, "prev", &prev))
			for (struct val_iter it = val_iter(prev);
				val_next(&it, NULL, &id);)
				used[provenance_find(p, id)] = true;
	buf_adds(b, "\nprovenance: each tool, and inside it what it read\n");
	for (size_t i = 0; i < p->n; i++)
		if (!used[i])
			show(&t, i, 0);
	for (size_t i = 0; i < p->n; i++)
		if (!t.shown[i])
			show(&t, i, 0);
	if (p->left_out)
		buf_addf(b, "and %" PRIu64 " headers and inputs more\n",
			p->left_out);
	free(used);
	free(t.shown);
}

void report_text(struct buf *b, const struct stats *s, size_t rows)
{
	add_counts(b, s);
	add_fields(b, &s->fields);
	add_tables(b, s, rows);
	add_tree(b, &s->provenance);
}
