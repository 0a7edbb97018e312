/*
 * img-catalog - which images there are, where they lie and how fine they are.
 */
#include "base/base.h"
#include "catalog/files.h"

#include <math.h>
#include <sys/stat.h>

enum from { FROM_FILES };

struct options {
	struct common common;
	unsigned from; /* enum from */
	struct catalog_texts texts;
	double max_cloud;
	bool valid_mask;
};

static const struct opt table[] = {
	{0, "from", "files", OPT_CHOICE, offsetof(struct options, from),
		OPT_OUTPUT, 0, 0, "what the operands are (default: files)"},
	{0, "src", "NAME", OPT_STR, offsetof(struct options, texts.src),
		OPT_OUTPUT, 0, 0,
		"name of the collection (default: the file's name up to "
		"its first dot)"},
	{0, "date", "DATE", OPT_STR, offsetof(struct options, texts.date),
		OPT_OUTPUT, 0, 0,
		"when the images were taken (default: what they say)"},
	{0, "nodata", "V", OPT_STR, offsetof(struct options, texts.nodata),
		OPT_OUTPUT, 0, 0,
		"value of pixels without data, where a file declares none"},
	{0, "bands", "N,N,N", OPT_STR, offsetof(struct options, texts.bands),
		OPT_OUTPUT, 0, 0,
		"bands to be read as red, green, blue, or one band of grey"},
	{0, "band-pattern", "PATTERN", OPT_STR,
		offsetof(struct options, texts.band_pattern), OPT_OUTPUT, 0, 0,
		"each band has a file: how their paths end, with {band} for "
		"the names of --bands"},
	{0, "stretch", "MIN,MAX", OPT_STR,
		offsetof(struct options, texts.stretch), OPT_OUTPUT, 0, 0,
		"values that become black and white (default: as they are)"},
	{0, "valid-mask", NULL, OPT_FLAG, offsetof(struct options, valid_mask),
		OPT_OUTPUT, 0, 0,
		"outline the valid pixels, not the whole image"},
	{0, "max-cloud", "P%", OPT_PERCENT, offsetof(struct options, max_cloud),
		OPT_OUTPUT, 0, 100,
		"drop images with more of them under clouds"},
	{0, "licence", "TEXT", OPT_STR, offsetof(struct options, texts.licence),
		OPT_OUTPUT, 0, 0, "licence of the images"},
	{0, "attribution", "TEXT", OPT_STR,
		offsetof(struct options, texts.attribution), OPT_OUTPUT, 0, 0,
		"whom to name beside the images"},
};

static const struct cli cli = {
	.name = "img-catalog",
	.summary = "Make an image catalogue of georeferenced files.",
	.operands = "FILE...",
	.min_operands = 1,
	.max_operands = SIZE_MAX,
	.groups = CLI_FILTER,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* The header names what was given, not what a folder or pattern holds. */
static void add_inputs(struct filter *f, const struct names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		struct stat st;
		bool file = !stat(names->items[i], &st) && S_ISREG(st.st_mode);

		filter_add_input(f, names->items[i],
			file ? (uint64_t)st.st_size : UINT64_MAX, NULL);
	}
}

static int run(const struct options *o, const struct catalog_options *all,
	struct filter *f, struct err *err)
{
	struct maker *m = maker_new(f, all);
	struct names names = {NULL, 0, 0};
	int rc = names_read(&names, &o->common, err);

	if (o->texts.licence)
		filter_add_licence(f, o->texts.licence);
	if (!rc) {
		add_inputs(f, &names);
		rc = catalog_files(m, &names, err);
	}
	names_release(&names);
	maker_free(m);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.max_cloud = NAN};
	struct catalog_options all;
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (catalog_options_read(&all, &o.texts, &err))
		cli_usage_error(&cli, "%s", err.msg);
	all.max_cloud = o.max_cloud;
	all.valid_mask = o.valid_mask;
	f = filter_open(&cli, &o, FILTER_SOURCE, &err);
	if (f)
		rc = run(&o, &all, f, &err);
	catalog_options_release(&all);
	return filter_close(f, rc, &err);
}
