/*
 * img-catalog - which images there are, where they lie and how fine they are.
 */
#include "base/base.h"
#include "catalog/plan.h"
#include "filter/table.h"

#include <math.h>

struct options {
	struct common common;
	struct catalog_plan plan;
	bool print_sources;
};

#define AT(member) offsetof(struct options, plan.member)

static const struct opt table[] = {
	{'f', "format", "rec|fgb|gpkg|geojson", OPT_CHOICE, AT(format),
		OPT_OUTPUT, 0, 0, "what to write (default: rec)"},
	{0, "from", "files|vector|tiles|eeda|stac", OPT_CHOICE, AT(from),
		OPT_OUTPUT, 0, 0, "what the operands are (default: files)"},
	{0, "location", "COLUMN", OPT_STR, AT(location), OPT_OUTPUT, 0, 0,
		"column of vector files that names the image (default: "
		"location, uri, path or filename)"},
	{0, "zoom", "A-B", OPT_STR, AT(zoom), OPT_OUTPUT, 0, 0,
		"levels that a tile service has: 0-19"},
	{0, "tile-size", "PX", OPT_U64, AT(tile_px), OPT_OUTPUT | OPT_MAYBE, 1,
		8192, "side of a tile (default 256)"},
	{0, "bounds", "W,S,E,N", OPT_STR, AT(bounds), OPT_OUTPUT, 0, 0,
		"where a tile service has images, or Earth Engine's are "
		"wanted (default: everywhere)"},
	{0, "source", "ALIAS", OPT_STR, AT(source), OPT_OUTPUT, 0, 0,
		"collection of the table of sources that the images are of"},
	{0, "sources", "FILE", OPT_FILE, AT(sources), OPT_OUTPUT, 0, 0,
		"table of sources, instead of the own one"},
	{0, "print-sources", NULL, OPT_FLAG,
		offsetof(struct options, print_sources), 0, 0, 0,
		"print the table of sources and exit"},
	{0, "src", "NAME", OPT_STR, AT(texts.src), OPT_OUTPUT, 0, 0,
		"name of the collection (default: the file's name up to "
		"its first dot)"},
	{0, "date", "DATE", OPT_STR, AT(texts.date), OPT_OUTPUT, 0, 0,
		"when the images were taken (default: what they say)"},
	{0, "nodata", "V", OPT_STR, AT(texts.nodata), OPT_OUTPUT, 0, 0,
		"value of pixels without data, where a file declares none"},
	{0, "bands", "N,N,N", OPT_STR, AT(texts.bands), OPT_OUTPUT, 0, 0,
		"bands to be read as red, green, blue, or one band of grey"},
	{0, "band-pattern", "PATTERN", OPT_STR, AT(texts.band_pattern),
		OPT_OUTPUT, 0, 0,
		"each band has a file: how their paths end, with {band} for "
		"the names of --bands"},
	{0, "stretch", "STRETCH", OPT_STR, AT(texts.stretch), OPT_OUTPUT, 0, 0,
		"values that become black and white, MIN,MAX (default: as they "
		"are)"},
	{0, "valid-mask", NULL, OPT_FLAG, AT(valid_mask), OPT_OUTPUT, 0, 0,
		"outline the valid pixels, not the whole image"},
	{0, "max-cloud", "P%", OPT_PERCENT, AT(max_cloud), OPT_OUTPUT, 0, 100,
		"drop images with more of them under clouds"},
	{0, "licence", "TEXT", OPT_STR, AT(texts.licence), OPT_OUTPUT, 0, 0,
		"licence of the images"},
	{0, "attribution", "TEXT", OPT_STR, AT(texts.attribution), OPT_OUTPUT,
		0, 0, "whom to name beside the images"},
	{0, "asset", "KEY,KEY,KEY", OPT_STR, AT(stac.assets), OPT_OUTPUT, 0, 0,
		"STAC: the asset that is the image, or one for each band "
		"(default: by role)"},
	{0, "collections", "NAME,NAME", OPT_STR, AT(stac.collections),
		OPT_OUTPUT, 0, 0, "STAC: items of these collections only"},
	{0, "bbox", "W,S,E,N", OPT_STR, AT(stac.bbox), OPT_OUTPUT, 0, 0,
		"STAC: items that meet this box of degrees"},
	{0, "datetime", "FROM/TO", OPT_STR, AT(stac.datetime), OPT_OUTPUT, 0, 0,
		"STAC: items of this time or span"},
	{0, "max-items", "N", OPT_U64, AT(stac.max_items), OPT_OUTPUT, 0,
		UINT64_MAX, "STAC: at most as many items (default 0: all)"},
	{0, "open-assets", NULL, OPT_FLAG, AT(stac.open_assets), OPT_OUTPUT, 0,
		0,
		"STAC: read from images on other machines what their items "
		"do not tell"},
};

static const struct cli cli = {
	.name = "img-catalog",
	.summary = "Make an image catalogue of georeferenced files.",
	.operands = "[FILE]...",
	.max_operands = SIZE_MAX,
	.groups = CLI_FILTER,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

int main(int argc, char **argv)
{
	struct options o = {.plan = {.max_cloud = NAN, .tile_px = UINT64_MAX}};
	unsigned flags = FILTER_SOURCE;
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (o.print_sources)
		return print_table(&o.common, o.plan.sources, CATALOG_SOURCES);
	if (catalog_check(&o.plan, &o.common, &err))
		cli_usage_error(&cli, "%s", err.msg);
	if (o.plan.format >= CATALOG_VECTOR)
		flags |= FILTER_SINK;
	f = filter_open(&cli, &o, flags, &err);
	if (f)
		rc = catalog_run(&o.plan, &o.common, f, &err);
	return filter_close(f, rc, &err);
}
