/*
 * rec-split - a stream of records into files, for many workers or as train,
 * val and test.
 */
#include "base/base.h"
#include "filter/filter.h"
#include "split/split.h"

#include <math.h>

#define DEFAULT_BLOCK    "quadkey:12"
#define DEFAULT_BUFFER_M 100
#define DEFAULT_RADIUS_M 100

struct options {
	struct common common;
	const char *prefix;
	uint64_t n;
	const char *hash, *by, *cell, *ratio;
	double halo;
	const char *block;
	double buffer;
	const char *exclude;
	double exclude_radius;
	const char *parts;
};

#define AT(member) offsetof(struct options, member)

static const struct opt table[] = {
	{'o', "output", "PREFIX", OPT_STR, AT(prefix), 0, 0, 0,
		"what the files' names begin with"},
	{0, "n", "N", OPT_U64, AT(n), OPT_OUTPUT | OPT_MAYBE, 1, 1e6,
		"N files, to which the records go in turn"},
	{0, "hash", "FIELD", OPT_STR, AT(hash), OPT_OUTPUT, 0, 0,
		"with --n: by the hash of FIELD"},
	{0, "by", "FIELD", OPT_STR, AT(by), OPT_OUTPUT, 0, 0,
		"a file for each value of FIELD"},
	{0, "cell", "quadkey:Z|deg:D", OPT_STR, AT(cell), OPT_OUTPUT, 0, 0,
		"a file for each cell of the map"},
	{0, "halo", "METRES", OPT_F64, AT(halo), OPT_OUTPUT, 0, 1e7,
		"with --cell: copies of what lies so near to a cell"},
	{0, "ratio", "NAME=SHARE,...", OPT_STR, AT(ratio), OPT_OUTPUT, 0, 0,
		"a file for each split: train=0.9,val=0.05,test=0.05"},
	{0, "block", "quadkey:Z|deg:D", OPT_STR, AT(block), OPT_OUTPUT, 0, 0,
		"with --ratio: what is in one split (default " DEFAULT_BLOCK
		")"},
	{0, "buffer", "METRES", OPT_F64, AT(buffer), OPT_OUTPUT, 0, 1e7,
		"with --ratio: drop what is so near to another split (default "
		"100)"},
	{0, "exclude", "FILE", OPT_FILE, AT(exclude), OPT_OUTPUT, 0, 0,
		"drop the records of benchmarks: ids, positions or records"},
	{0, "exclude-radius", "METRES", OPT_F64, AT(exclude_radius), OPT_OUTPUT,
		0, 1e6, "with --exclude: how near to one (default 100)"},
	{0, "parts", "FILE", OPT_FILE, AT(parts), OPT_WRITTEN, 0, 0,
		"write a table of the files: records and value"},
	{0, "require-output", NULL, OPT_FLAG, AT(common.require_output), 0, 0,
		0, "fail when no record comes out"},
};

static const struct cli cli = {
	.name = "rec-split",
	.summary = "Split a stream of records into files.",
	.groups = CLI_REJECT | CLI_RECORDS | CLI_SEED,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* Exactly one way to split. */
static enum split_mode find_mode(const struct options *o)
{
	bool n = o->n != UINT64_MAX;
	int ways = n + !!o->by + !!o->cell + !!o->ratio;

	if (o->hash && !n)
		cli_usage_error(&cli, "--hash needs --n: into how many files?");
	if (!ways)
		cli_usage_error(&cli, "one of --n, --by, --cell and --ratio "
				      "says how to split");
	if (ways > 1)
		cli_usage_error(&cli, "--n, --by, --cell and --ratio exclude "
				      "each other");
	if (n)
		return o->hash ? SPLIT_HASH : SPLIT_TURNS;
	if (o->by)
		return SPLIT_VALUES;
	return o->cell ? SPLIT_CELLS : SPLIT_RATIO;
}

/* Options that mean nothing without another one. */
static void check_company(const struct options *o)
{
	if (!isnan(o->halo) && !o->cell)
		cli_usage_error(&cli, "--halo goes with --cell only");
	if ((o->block || !isnan(o->buffer)) && !o->ratio)
		cli_usage_error(&cli,
			"--block and --buffer go with --ratio only");
	if (!isnan(o->exclude_radius) && !o->exclude)
		cli_usage_error(&cli, "--exclude-radius needs --exclude");
	if (!o->prefix || !strcmp(o->prefix, "-"))
		cli_usage_error(&cli, "--output PREFIX is needed: how do the "
				      "files' names begin?");
	if (o->parts && !strcmp(o->parts, "-"))
		cli_usage_error(&cli, "--parts needs a file: standard output "
				      "has the files' names");
}

static void parse_field(const char *name, struct split_opts *out)
{
	struct err err;

	out->field_name = name;
	if (name && path_parse(&out->field, str_from(name), &err))
		cli_usage_error(&cli, "'%s' is no field: %s", name, err.msg);
}

/* The defaults are set in o, too: the header tells them. */
static void check_options(struct options *o, struct split_opts *out)
{
	const char *cells;
	struct err err;

	*out = (struct split_opts){.mode = find_mode(o)};
	check_company(o);
	if (o->ratio) {
		o->block = o->block ? o->block : DEFAULT_BLOCK;
		o->buffer = isnan(o->buffer) ? DEFAULT_BUFFER_M : o->buffer;
		if (ratio_parse(&out->ratio, o->ratio, &err))
			cli_usage_error(&cli, "--ratio: %s", err.msg);
	}
	if (o->exclude && isnan(o->exclude_radius))
		o->exclude_radius = DEFAULT_RADIUS_M;
	cells = o->ratio ? o->block : o->cell;
	if (cells && cells_parse(&out->cells, cells, &err))
		cli_usage_error(&cli, "--%s: %s", o->ratio ? "block" : "cell",
			err.msg);
	parse_field(o->hash ? o->hash : o->by, out);
	out->prefix = o->prefix;
	out->table = o->parts;
	out->excluded = o->exclude;
	out->n = o->n;
	out->seed = o->common.seed;
	out->with_halo = !isnan(o->halo);
	out->halo_m = o->halo;
	out->buffer_m = o->buffer;
}

static int run(const struct options *o, const struct split_opts *split,
	struct filter *f, struct err *err)
{
	struct exclude *exclude = NULL;
	int rc;

	if (o->exclude) {
		exclude = exclude_load(f, o->exclude, o->exclude_radius, err);
		if (!exclude)
			return -1;
	}
	rc = split_run(f, split, exclude, err);
	exclude_free(exclude);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {
		.n = UINT64_MAX,
		.halo = NAN,
		.buffer = NAN,
		.exclude_radius = NAN,
	};
	struct split_opts split;
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	check_options(&o, &split);
	f = filter_open(&cli, &o, FILTER_SINK, &err);
	if (f)
		rc = run(&o, &split, f, &err);
	rc = filter_close(f, rc, &err);
	path_release(&split.field);
	ratio_release(&split.ratio);
	return rc;
}
