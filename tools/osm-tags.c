/*
 * osm-tags - one record per tagged object of an OpenStreetMap file.
 */
#include "base/base.h"
#include "extract/extract.h"
#include "filter/table.h"
#include "osm/osm.h"

static const char area_rules_tsv[] = "area-rules.tsv";

struct options {
	struct common common;
	bool geometry;
	const char *area_rules;
	bool print_area_rules;
};

static const struct opt table[] = {
	{0, "geometry", NULL, OPT_FLAG, offsetof(struct options, geometry),
		OPT_OUTPUT, 0, 0, "add each object's geometry, as WKB"},
	{0, "area-rules", "FILE", OPT_FILE,
		offsetof(struct options, area_rules), OPT_OUTPUT, 0, 0,
		"which closed ways are areas, instead of the own table"},
	{0, "print-area-rules", NULL, OPT_FLAG,
		offsetof(struct options, print_area_rules), 0, 0, 0,
		"print the table and exit"},
};

static const struct cli cli = {
	.name = "osm-tags",
	.summary = "Make a record of every tagged object of an OSM file.",
	.operands = "[FILE]...",
	.max_operands = SIZE_MAX,
	.groups = CLI_FILTER | CLI_THREADS,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

static int run(const struct options *o, struct filter *f, struct err *err)
{
	const struct common *c = &o->common;
	struct extract_options x = {.threads = (unsigned)c->threads,
		.geometry = o->geometry};
	struct area_rules *rules = NULL;
	struct buf text = BUF_INIT;
	int rc = filter_table(f, o->area_rules, area_rules_tsv, &text, err);

	if (!rc)
		rules = area_rules_parse(o->area_rules ? o->area_rules
						       : area_rules_tsv,
			text.data, text.len, err);
	buf_release(&text);
	if (!rules)
		return -1;
	x.rules = rules;
	filter_add_licence(f, "ODbL-1.0");
	for (size_t i = 0; i < c->noperands; i++)
		if (strcmp(c->operands[i], "-"))
			filter_add_input(f, c->operands[i],
				osm_file_size(c->operands[i]), NULL);
	for (size_t i = 0; i < c->noperands && !rc; i++)
		rc = extract_file(&x, f, c->operands[i], err);
	if (!c->noperands && !rc)
		rc = extract_file(&x, f, "-", err);
	filter_hint(f, "only tagged nodes and ways become records");
	area_rules_free(rules);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (o.print_area_rules)
		return print_table(&o.common, o.area_rules, area_rules_tsv);
	f = filter_open(&cli, &o, FILTER_SOURCE, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
