/*
 * osm-tags - one record per tagged object of an OpenStreetMap file.
 */
#include "base/base.h"
#include "base/date.h"
#include "base/io.h"
#include "base/log.h"
#include "extract/extract.h"
#include "filter/table.h"
#include "osm/osm.h"

#include <stdio.h>

static const char area_rules_tsv[] = "area-rules.tsv";
static const char ignored_tsv[] = "ignored-tags.tsv";

enum rules_format { RULES_TABLE, RULES_OSMIUM };

struct options {
	struct common common;
	struct opt_list where;
	const char *where_file, *bbox, *polygon;
	bool all, clause_counts;
	const char *ignored, *area_rules;
	bool relations, keep_broken, geometry, versions;
	const char *at;
	int64_t moment; /* of `at` */
	bool skip_damaged, force;
	const char *node_store;
	bool print_ignored, print_area_rules;
	unsigned format;
};

#define AT(field) offsetof(struct options, field)

static const struct opt table[] = {
	{0, "where", "EXPR", OPT_LIST, AT(where), OPT_OUTPUT, 0, 0,
		"only objects of which EXPR is true; of several, one"},
	{0, "where-file", "FILE", OPT_FILE, AT(where_file), OPT_OUTPUT, 0, 0,
		"the same, an expression a line"},
	{0, "bbox", "W,S,E,N", OPT_STR, AT(bbox), OPT_OUTPUT, 0, 0,
		"only objects whose point lies in the box, in degrees"},
	{0, "polygon", "FILE", OPT_FILE, AT(polygon), OPT_OUTPUT, 0, 0,
		"only objects whose point lies in it: GeoJSON or .poly"},
	{0, "all", NULL, OPT_FLAG, AT(all), OPT_OUTPUT, 0, 0,
		"every tagged object, also with ignored tags alone"},
	{0, "ignored", "FILE", OPT_FILE, AT(ignored), OPT_OUTPUT, 0, 0,
		"which tags are ignored, instead of the own table"},
	{0, "area-rules", "FILE", OPT_FILE, AT(area_rules), OPT_OUTPUT, 0, 0,
		"which closed ways are areas, instead of the own table"},
	{0, "relations", NULL, OPT_FLAG, AT(relations), OPT_OUTPUT, 0, 0,
		"also relations that are no areas: routes and the like"},
	{0, "keep-broken", NULL, OPT_FLAG, AT(keep_broken), OPT_OUTPUT, 0, 0,
		"keep the bounds of objects that are not whole"},
	{0, "geometry", NULL, OPT_FLAG, AT(geometry), OPT_OUTPUT, 0, 0,
		"add each object's geometry, as WKB"},
	{0, "at", "DATE", OPT_STR, AT(at), OPT_OUTPUT, 0, 0,
		"of a history file: the objects as they were at DATE"},
	{0, "versions", NULL, OPT_FLAG, AT(versions), OPT_OUTPUT, 0, 0,
		"of a history file: every version, with the time it was so"},
	{0, "skip-damaged", NULL, OPT_FLAG, AT(skip_damaged), OPT_OUTPUT, 0, 0,
		"pass over damaged blobs, and exit with 3"},
	{0, "node-store", "WHERE", OPT_STR, AT(node_store), 0, 0, 0,
		"keep node positions in mem or mmap:FILE"},
	{0, "force", NULL, OPT_FLAG, AT(force), 0, 0, 0,
		"begin though memory seems not to do"},
	{0, "clause-counts", NULL, OPT_FLAG, AT(clause_counts), 0, 0, 0,
		"say how many objects each test kept and removed"},
	{0, "print-ignored", NULL, OPT_FLAG, AT(print_ignored), 0, 0, 0,
		"print the table of ignored tags and exit"},
	{0, "print-area-rules", NULL, OPT_FLAG, AT(print_area_rules), 0, 0, 0,
		"print the table of areas and exit"},
	{'f', "format", "table|osmium", OPT_CHOICE, AT(format), 0, 0, 0,
		"how to print it; osmium: for 'osmium export -c'"},
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

static const char *name_of(const char *path, const char *own)
{
	return path ? path : own;
}

static struct area_rules *load_rules(const struct options *o, struct filter *f,
	struct err *err)
{
	struct area_rules *rules = NULL;
	struct buf text = BUF_INIT;

	if (!filter_table(f, o->area_rules, area_rules_tsv, &text, err))
		rules = area_rules_parse(name_of(o->area_rules, area_rules_tsv),
			text.data, text.len, err);
	buf_release(&text);
	return rules;
}

static bool has_expressions(const struct options *o)
{
	return o->where.n || o->where_file;
}

/* What the command line itself says; a mistake ends the program. */
static struct select *parse_select(const struct options *o)
{
	struct select *s = select_new();
	struct err err;

	for (size_t i = 0; i < o->where.n; i++)
		if (select_add(s, o->where.items[i], &err))
			cli_usage_error(&cli, "--where '%.100s': %s",
				o->where.items[i], err.msg);
	if (o->bbox && select_set_bbox(s, o->bbox, &err))
		cli_usage_error(&cli, "--bbox: %s", err.msg);
	return s;
}

static int add_where_file(struct select *s, const struct options *o,
	struct filter *f, struct err *err)
{
	if (!o->where_file)
		return 0;
	if (filter_add_file(f, o->where_file, err))
		return -1;
	return select_add_file(s, o->where_file, err);
}

static int add_ignored(struct select *s, const struct options *o,
	struct filter *f, struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = filter_table(f, o->ignored, ignored_tsv, &text, err);

	if (!rc)
		rc = select_ignore(s, name_of(o->ignored, ignored_tsv),
			text.data, text.len, err);
	buf_release(&text);
	return rc;
}

static int add_polygon(struct select *s, const struct options *o,
	struct filter *f, struct err *err)
{
	if (!o->polygon)
		return 0;
	if (filter_add_file(f, o->polygon, err))
		return -1;
	return select_set_region(s, o->polygon, err);
}

static int build_select(struct select *s, const struct options *o,
	struct filter *f, struct err *err)
{
	if (add_where_file(s, o, f, err) || add_polygon(s, o, f, err))
		return -1;
	if (!o->all && !has_expressions(o) && add_ignored(s, o, f, err))
		return -1;
	if (o->clause_counts)
		select_count_all(s);
	select_seal(s);
	return 0;
}

/* What the expressions did, after the files. */
static void say_what_was_chosen(const struct extract_options *x,
	struct filter *f)
{
	struct buf text = BUF_INIT;

	if (x->seen && select_seen_explain(x->seen, &text)) {
		log_warn("%s", buf_str(&text));
		filter_hint(f, "%s", buf_str(&text));
	} else {
		filter_hint(f, "no object is chosen by the options");
	}
	buf_reset(&text);
	if (x->counts) {
		select_counts_print(x->counts, &text);
		fputs(buf_str(&text), stderr);
	}
	buf_release(&text);
}

static int run(const struct options *o, struct select *select, struct filter *f,
	struct err *err)
{
	struct extract_options x = {.threads = (unsigned)o->common.threads,
		.versions = o->versions,
		.at = o->at ? &o->moment : NULL,
		.geometry = o->geometry,
		.relations = o->relations,
		.keep_broken = o->keep_broken,
		.skip_damaged = o->skip_damaged,
		.force = o->force,
		.node_store = o->node_store};
	struct area_rules *rules = load_rules(o, f, err);
	int rc = -1;

	if (!rules || build_select(select, o, f, err))
		goto out;
	x.rules = rules;
	x.select = select;
	if (o->clause_counts)
		x.counts = select_counts_new(select);
	if (has_expressions(o))
		x.seen = select_seen_new(select);
	rc = extract_files(&x, f, &o->common, err);
	if (!rc)
		say_what_was_chosen(&x, f);
out:
	select_counts_free(x.counts);
	select_seen_free(x.seen);
	area_rules_free(rules);
	return rc;
}

/* The rules in osmium's language. */
static int print_for_osmium(const struct options *o)
{
	struct buf text = BUF_INIT, json = BUF_INIT;
	struct area_rules *rules = NULL;
	struct err err;
	int rc = cli_check_outputs(&cli, o, &err);

	if (!rc)
		rc = o->area_rules
			     ? load_file(o->area_rules, 1 << 20, &text, &err)
			     : load_data_file(area_rules_tsv, &text, &err);
	if (!rc)
		rules = area_rules_parse(name_of(o->area_rules, area_rules_tsv),
			text.data, text.len, &err);
	rc = !rules || area_rules_print_osmium(rules, &json, &err) ||
	     save_file(o->common.output, json.data, json.len, &err);
	if (rc)
		log_error("%s", err.msg);
	area_rules_free(rules);
	buf_release(&text);
	buf_release(&json);
	return rc ? EXIT_FAILED : EXIT_DONE;
}

static void check_options(struct options *o)
{
	static const char mmap_prefix[] = "mmap:";

	if (o->at && date_moment(o->at, &o->moment))
		cli_usage_error(&cli,
			"--at takes 2021-06-01 or 2021-06-01T12:00:00Z, not "
			"'%s'",
			o->at);
	if (o->versions && (o->at || o->node_store))
		cli_usage_error(&cli, "--versions and --%s exclude each other",
			o->at ? "at" : "node-store");
	if (o->all && has_expressions(o))
		cli_usage_error(&cli, "--all and --where exclude each other");
	if (o->node_store && !strncmp(o->node_store, mmap_prefix, 5) &&
		o->node_store[5])
		o->node_store += 5;
	else if (o->node_store && strcmp(o->node_store, "mem"))
		cli_usage_error(&cli,
			"--node-store takes mem or mmap:FILE, not '%s'",
			o->node_store);
	else
		o->node_store = NULL;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct select *select;
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (o.print_ignored)
		return print_table(&o.common, o.ignored, ignored_tsv);
	if (o.print_area_rules && o.format == RULES_OSMIUM)
		return print_for_osmium(&o);
	if (o.print_area_rules)
		return print_table(&o.common, o.area_rules, area_rules_tsv);
	check_options(&o);
	select = parse_select(&o);
	f = filter_open(&cli, &o, FILTER_SOURCE, &err);
	if (f)
		rc = run(&o, select, f, &err);
	rc = filter_close(f, rc, &err);
	select_free(select);
	cli_release(&cli, &o);
	return rc;
}
