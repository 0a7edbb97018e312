/*
 * ground-filter - keeps what can be seen: tags by the GSD at which they show,
 * or pairs by the similarity of image and text.
 */
#include "base/base.h"
#include "base/map.h"
#include "base/num.h"
#include "filter/table.h"
#include "filter/top.h"
#include "rec/tags_field.h"
#include "tags/gsd.h"

#include <math.h>

enum { BATCH = 256 };

static const char tag_gsd_tsv[] = "tag-gsd.tsv";

struct options {
	struct common common;
	const char *table;
	bool print_table;
	bool keep_hidden;
	double top;     /* percent, NaN: not asked for */
	double min_sim; /* NaN: not asked for */
};

static const struct opt table[] = {
	{0, "table", "FILE", OPT_FILE, offsetof(struct options, table),
		OPT_OUTPUT, 0, 0, "the GSD of tags, instead of the own table"},
	{0, "print-table", NULL, OPT_FLAG,
		offsetof(struct options, print_table), 0, 0, 0,
		"print the table and exit"},
	{0, "keep-hidden", NULL, OPT_FLAG,
		offsetof(struct options, keep_hidden), OPT_OUTPUT, 0, 0,
		"keep the tags taken away as 'tags_hidden'"},
	{0, "top", "P%", OPT_PERCENT, offsetof(struct options, top), OPT_OUTPUT,
		0, 100, "keep the P% of the scored records that score highest"},
	{0, "min-sim", "X", OPT_F64, offsetof(struct options, min_sim),
		OPT_OUTPUT, 0, 0, "keep the records whose 'sim' is X or more"},
};

static const struct cli cli = {
	.name = "ground-filter",
	.summary = "Keep the tags that can be seen, or the best-scoring pairs.",
	.groups = CLI_FILTER | CLI_THREADS | CLI_SEED,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/*
 * The tag rules.
 */

struct ruler {
	struct gsd_table *table;
	bool keep_hidden;
};

/* What one worker needs for a record; kept from one to the next. */
struct scratch {
	struct tags all, seen, hidden;
	struct buf gsd, packed;
};

/* Parts s->all in what shows at some GSD and what never does. */
static void part_tags(const struct ruler *r, struct scratch *s)
{
	tags_reset(&s->seen);
	tags_reset(&s->hidden);
	buf_reset(&s->gsd);
	for (size_t i = 0; i < s->all.n; i++) {
		const struct pair *tag = &s->all.items[i];
		double gsd_m = gsd_table_class(r->table, tag->key, tag->value);

		tags_add(gsd_m > 0 ? &s->seen : &s->hidden, *tag);
		if (gsd_m > 0) {
			pack_str(&s->gsd, tag->key.s, tag->key.len);
			pack_f64(&s->gsd, gsd_m);
		}
	}
}

/* Adds what was hidden before and is not hidden anew. */
static int add_hidden_before(const struct rec *rec, struct scratch *s,
	struct err *err)
{
	struct map anew = MAP_INIT;
	struct val v;
	int rc = rec_get_map(rec, "tags_hidden", &v, err);

	if (rc <= 0)
		return rc;
	if (tags_read(v, &s->all, err))
		return err_prefix(err, "tags_hidden");
	for (size_t i = 0; i < s->hidden.n; i++)
		map_put(&anew, s->hidden.items[i].key);
	for (size_t i = 0; i < s->all.n; i++)
		if (!map_get(&anew, s->all.items[i].key))
			tags_add(&s->hidden, s->all.items[i]);
	map_release(&anew);
	return 0;
}

static void set_packed_tags(struct rec *rec, const char *field,
	const struct tags *tags, struct buf *b)
{
	buf_reset(b);
	tags_pack(b, tags);
	rec_set(rec, field, b);
}

static int rule_item(const struct ruler *r, struct item *item,
	struct scratch *s)
{
	struct rec *rec = &item->rec;
	struct val v;
	struct err why;
	int rc = rec_get_map(rec, "tags", &v, &why);

	if (!rc)
		return item_fault(item, "no tags", "the record has no 'tags'");
	if (rc < 0 || tags_read(v, &s->all, &why))
		return item_fault(item, "bad tags", "%s", why.msg);
	part_tags(r, s);
	if (!s->seen.n)
		return item_drop(item, "no visible tag",
			"none of %zu tags shows from above", s->all.n);
	if (s->hidden.n) {
		if (r->keep_hidden && add_hidden_before(rec, s, &why))
			return item_fault(item, "bad tags", "%s", why.msg);
		set_packed_tags(rec, "tags", &s->seen, &s->packed);
	}
	buf_reset(&s->packed);
	pack_map(&s->packed, s->seen.n);
	buf_add(&s->packed, s->gsd.data, s->gsd.len);
	rec_set(rec, "tag_gsd_m", &s->packed);
	if (r->keep_hidden && s->hidden.n)
		set_packed_tags(rec, "tags_hidden", &s->hidden, &s->packed);
	return 0;
}

static int rule_items(void *ctx, struct item **items, size_t n, unsigned worker,
	struct err *err)
{
	struct scratch s = {TAGS_INIT, TAGS_INIT, TAGS_INIT, BUF_INIT,
		BUF_INIT};

	(void)worker;
	(void)err;
	for (size_t i = 0; i < n; i++)
		rule_item(ctx, items[i], &s);
	tags_release(&s.all);
	tags_release(&s.seen);
	tags_release(&s.hidden);
	buf_release(&s.gsd);
	buf_release(&s.packed);
	return 0;
}

static int run_rules(const struct options *o, struct filter *f, struct err *err)
{
	struct ruler r = {NULL, o->keep_hidden};
	struct buf text = BUF_INIT;
	int rc = filter_table(f, o->table, tag_gsd_tsv, &text, err);

	if (!rc)
		r.table = gsd_table_parse(o->table ? o->table : tag_gsd_tsv,
			text.data, text.len, err);
	buf_release(&text);
	if (!r.table)
		return -1;
	filter_hint(f, "ground-filter --print-table shows which tags can be "
		       "seen");
	rc = filter_map(f, rule_items, &r, BATCH, err);
	gsd_table_free(r.table);
	return rc;
}

/*
 * The scores.
 */

static int score_items(void *ctx, struct item **items, size_t n,
	unsigned worker, struct err *err)
{
	const struct options *o = ctx;
	char have[F64_TEXT], least[F64_TEXT];
	double sim;

	(void)worker;
	(void)err;
	f64_text_short(o->min_sim, least);
	for (size_t i = 0; i < n; i++) {
		if (!item_score(items[i], "sim", &sim) || sim >= o->min_sim)
			continue;
		f64_text_short(sim, have);
		item_drop(items[i], "below min-sim", "sim %s, least %s", have,
			least);
	}
	return 0;
}

static int run(struct options *o, struct filter *f, struct err *err)
{
	if (isnan(o->top) && isnan(o->min_sim))
		return run_rules(o, f, err);
	filter_hint(f, "clip-embed --image --text gives records their 'sim'");
	if (isnan(o->top))
		return filter_map(f, score_items, o, BATCH, err);
	return filter_top(f, "sim", o->top, o->common.seed, err);
}

static void check(const struct options *o)
{
	bool scores = !isnan(o->top) || !isnan(o->min_sim);

	if (!isnan(o->top) && !isnan(o->min_sim))
		cli_usage_error(&cli, "--top and --min-sim are two ways to "
				      "choose: give one");
	if (scores && (o->table || o->keep_hidden))
		cli_usage_error(&cli,
			"--top and --min-sim leave the tags "
			"alone: no --table or --keep-hidden with them");
}

int main(int argc, char **argv)
{
	struct options o = {.top = NAN, .min_sim = NAN};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	check(&o);
	if (o.print_table)
		return print_table(&o.common, o.table, tag_gsd_tsv);
	f = filter_open(&cli, &o, 0, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
