/*
 * rec-view - records as text, as images, or cut to other records.
 */
#include "base/base.h"
#include "filter/filter.h"
#include "form/chips.h"
#include "form/cut.h"
#include "form/printer.h"
#include "form/text.h"
#include "rec/line.h"

#include <inttypes.h>
#include <math.h>

/* Behind the forms of text. */
enum { FORM_REC = FORM_OTHER, FORM_COUNT, FORM_NONE, FORM_NOT_GIVEN };

struct options {
	struct common common;
	unsigned format;
	bool json, count;
	const char *columns;
	const char *chips;
	bool overwrite;
	const char *headers;
	struct cut_options cut;
};

#define AT(member) offsetof(struct options, member)

static const struct opt table[] = {
	{'f', "format", FORM_WORDS "|rec|count|none", OPT_CHOICE, AT(format),
		OPT_OUTPUT, 0, 0, "what to write (default json)"},
	{0, "json", NULL, OPT_FLAG, AT(json), 0, 0, 0, "the same as -f json"},
	{0, "count", NULL, OPT_FLAG, AT(count), 0, 0, 0,
		"the same as -f count: only the number of records"},
	{0, "columns", "FIELDS", OPT_STR, AT(columns), OPT_OUTPUT, 0, 0,
		"columns of tsv and csv: id,tags.building"},
	{0, "sample", "P%", OPT_PERCENT, AT(cut.sample_percent), OPT_OUTPUT, 0,
		100, "take only P% of the records, by their key or id"},
	{0, "join", "FILE", OPT_FILE, AT(cut.join.file), OPT_OUTPUT, 0, 0,
		"add the fields of a table (.csv .tsv .npy, records)"},
	{0, "on", "id|key", OPT_STR, AT(cut.join.on), OPT_OUTPUT, 0, 0,
		"what records and table have in common (default id)"},
	{0, "join-ids", "FILE", OPT_FILE, AT(cut.join.ids), OPT_OUTPUT, 0, 0,
		"the ids of the rows of an .npy file, one a line"},
	{0, "join-as", "FIELD", OPT_STR, AT(cut.join.as), OPT_OUTPUT, 0, 0,
		"field for an .npy file (default: its name)"},
	{0, "where", "EXPR", OPT_LIST, AT(cut.where), OPT_OUTPUT, 0, 0,
		"take only records of which EXPR is true; of several, one"},
	{0, "head", "N", OPT_U64, AT(cut.head), OPT_OUTPUT | OPT_MAYBE, 0, 0,
		"take only the first N records"},
	{0, "keep", "FIELDS", OPT_STR, AT(cut.keep), OPT_OUTPUT, 0, 0,
		"keep only these fields of each record"},
	{0, "drop", "FIELDS", OPT_STR, AT(cut.drop), OPT_OUTPUT, 0, 0,
		"remove these fields from each record"},
	{0, "chips", "DIR", OPT_FILE, AT(chips), 0, 0, 0,
		"write the images to DIR/KEY.jpg (or png, webp, tif)"},
	{0, "overwrite", NULL, OPT_FLAG, AT(overwrite), 0, 0, 0,
		"replace images that are in DIR"},
	{0, "headers", "FILE", OPT_FILE, AT(headers), OPT_WRITTEN, 0, 0,
		"write the stream's headers to FILE, as lines of JSON"},
};

static const struct cli cli = {
	.name = "rec-view",
	.summary = "Print records as text, or cut a stream of them.",
	.operands = "[FILE]",
	.max_operands = 1,
	.groups = CLI_FILTER | CLI_SEED,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* What one run needs. */
struct view {
	const struct options *o;
	struct filter *f;
	struct cuts *cuts;
	struct chips *chips; /* NULL: none are written */
	struct printer printer;
	struct text text;
	uint64_t n; /* records that came through */
};

static bool is_table(unsigned format)
{
	return format == FORM_TSV || format == FORM_CSV;
}

/* --json and --count are formats by another name; ends the program when more
 * than one is given. */
static void settle_format(struct options *o)
{
	unsigned other = o->json    ? FORM_JSON
			 : o->count ? FORM_COUNT
				    : o->format;

	if ((o->json && o->count) ||
		(o->format != FORM_NOT_GIVEN && o->format != other))
		cli_usage_error(&cli, "--json, --count and --format exclude "
				      "each other");
	o->format = other;
	if (o->format == FORM_NOT_GIVEN)
		o->format = o->chips ? FORM_NONE : FORM_JSON;
}

/* What does not go together ends the program. */
static void check_options(struct options *o)
{
	settle_format(o);
	if (o->columns && !is_table(o->format))
		cli_usage_error(&cli, "--columns goes with -f tsv or -f csv");
	if (o->cut.join.file && !o->cut.join.on)
		o->cut.join.on = "id";
	if (o->overwrite && !o->chips)
		cli_usage_error(&cli, "--overwrite goes with --chips");
	if (o->common.output && o->format == FORM_NONE)
		cli_usage_error(&cli,
			"nothing goes to --output: give --format");
}

static int write_header_lines(const struct filter *f, const char *path,
	struct err *err)
{
	const struct headers *h = filter_headers(f);
	struct text t;
	int rc = text_open(&t, path, err);

	for (size_t i = 0; i < h->n && !rc; i++) {
		rc = line_from_rec(headers_at(h, i), &t.buf, err);
		buf_addc(&t.buf, '\n');
	}
	return text_close(&t, rc, err);
}

/* Cuts one record and puts it out as the options have it. */
static int view_item(struct view *v, struct item *item, struct err *err)
{
	struct text *t = &v->text;
	const char *reason;
	struct err why;

	cuts_apply(v->cuts, item);
	if (item->verdict == KEEP && v->chips && chips_add(v->chips, item, err))
		return -1;
	if (item->verdict != KEEP)
		return 0;
	v->n++;
	if (v->o->format >= FORM_OTHER)
		return 0;
	if (printer_add(&v->printer, &item->rec, &t->buf, &reason, &why))
		return item_fault(item, reason, "%s", why.msg);
	/* nothing more comes: do not make the reader wait for the end */
	return cuts_ended(v->cuts) ? text_flush(t, err) : text_flow(t, err);
}

static int view(struct view *v, struct err *err)
{
	struct item *item;
	int rc;

	while ((rc = filter_next(v->f, &item, err)) > 0) {
		if (view_item(v, item, err)) {
			item_free(item);
			return -1;
		}
		if (filter_emit(v->f, item, err))
			return -1;
	}
	if (rc)
		return rc;
	if (v->o->format == FORM_COUNT)
		buf_addf(&v->text.buf, "%" PRIu64 "\n", v->n);
	printer_end(&v->printer, &v->text.buf);
	cuts_done(v->cuts, v->f);
	return v->o->headers ? write_header_lines(v->f, v->o->headers, err) : 0;
}

static int run(struct view *v, struct err *err)
{
	const struct options *o = v->o;
	bool prints = o->format != FORM_REC && o->format != FORM_NONE;
	int rc = cuts_open(v->cuts, v->f, err);

	if (!rc && o->chips) {
		v->chips = chips_open(o->chips, o->overwrite, err);
		rc = v->chips ? 0 : -1;
	}
	if (!rc && prints)
		rc = text_open(&v->text, o->common.output, err);
	if (!rc) {
		rc = view(v, err);
		if (prints)
			rc = text_close(&v->text, rc, err);
	}
	chips_free(v->chips);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.format = FORM_NOT_GIVEN, .cut = CUT_OPTIONS_INIT};
	struct view v = {.o = &o, .text = TEXT_INIT};
	unsigned flags = FILTER_REJECTS | FILTER_SEGMENTS;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	check_options(&o);
	v.cuts = cuts_new(&o.cut, o.common.seed, &err);
	if (!v.cuts || printer_init(&v.printer,
			       (enum form)MIN(o.format, (unsigned)FORM_OTHER),
			       o.columns, &err))
		cli_usage_error(&cli, "%s", err.msg);
	if (o.format != FORM_REC)
		flags |= FILTER_SINK;
	v.f = filter_open(&cli, &o, flags, &err);
	if (v.f)
		rc = run(&v, &err);
	rc = filter_close(v.f, rc, &err);
	printer_release(&v.printer);
	cuts_free(v.cuts);
	cli_release(&cli, &o);
	return rc;
}
