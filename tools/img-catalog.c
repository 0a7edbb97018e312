/*
 * img-catalog - which images there are, where they lie and how fine they are.
 */
#include "base/base.h"
#include "catalog/files.h"
#include "catalog/stac.h"
#include "net/url.h"

#include <math.h>
#include <sys/stat.h>

enum from { FROM_FILES, FROM_STAC };

struct options {
	struct common common;
	unsigned from; /* enum from */
	struct catalog_texts texts;
	struct catalog_stac_texts stac;
	double max_cloud;
	bool valid_mask;
};

static const struct opt table[] = {
	{0, "from", "files|stac", OPT_CHOICE, offsetof(struct options, from),
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
	{0, "asset", "KEY,KEY,KEY", OPT_STR,
		offsetof(struct options, stac.assets), OPT_OUTPUT, 0, 0,
		"STAC: the asset that is the image, or one for each band "
		"(default: by role)"},
	{0, "collections", "NAME,NAME", OPT_STR,
		offsetof(struct options, stac.collections), OPT_OUTPUT, 0, 0,
		"STAC: items of these collections only"},
	{0, "bbox", "W,S,E,N", OPT_STR, offsetof(struct options, stac.bbox),
		OPT_OUTPUT, 0, 0, "STAC: items that meet this box of degrees"},
	{0, "datetime", "FROM/TO", OPT_STR,
		offsetof(struct options, stac.datetime), OPT_OUTPUT, 0, 0,
		"STAC: items of this time or span"},
	{0, "max-items", "N", OPT_U64, offsetof(struct options, stac.max_items),
		OPT_OUTPUT, 0, UINT64_MAX,
		"STAC: at most as many items (default 0: all)"},
	{0, "open-assets", NULL, OPT_FLAG,
		offsetof(struct options, stac.open_assets), OPT_OUTPUT, 0, 0,
		"STAC: read from images on other machines what their items "
		"do not tell"},
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

/*
 * The header names what was given, not what a folder or pattern holds, and no
 * more of a URL than its place: a query may hold secrets.
 */
static void add_inputs(struct filter *f, const struct names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		struct stat st;
		const char *name = names->items[i];
		bool file = !stat(name, &st) && S_ISREG(st.st_mode);
		char *place = xmemdup0(name,
			url_is_http(name) ? strcspn(name, "?#") : strlen(name));

		filter_add_input(f, place,
			file ? (uint64_t)st.st_size : UINT64_MAX, NULL);
		free(place);
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
		rc = o->from == FROM_STAC
			     ? catalog_stac(m, &names, &o->stac, err)
			     : catalog_files(m, &names, err);
	}
	names_release(&names);
	maker_free(m);
	return rc;
}

static void check(const struct options *o, struct catalog_options *all)
{
	const struct catalog_stac_texts *t = &o->stac;
	struct err err;

	if (o->from == FROM_STAC) {
		if (o->texts.band_pattern)
			cli_usage_error(&cli, "--band-pattern is for files: "
					      "--asset names STAC's");
		if (catalog_stac_check(t, all, &err))
			cli_usage_error(&cli, "%s", err.msg);
	} else if (t->assets || t->collections || t->bbox || t->datetime ||
		   t->max_items || t->open_assets) {
		cli_usage_error(&cli, "--asset, --collections, --bbox, "
				      "--datetime, --max-items and "
				      "--open-assets need --from stac");
	}
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
	check(&o, &all);
	all.max_cloud = o.max_cloud;
	all.valid_mask = o.valid_mask;
	f = filter_open(&cli, &o, FILTER_SOURCE, &err);
	if (f)
		rc = run(&o, &all, f, &err);
	catalog_options_release(&all);
	return filter_close(f, rc, &err);
}
