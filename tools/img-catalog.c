/*
 * img-catalog - which images there are, where they lie and how fine they are.
 */
#include "base/base.h"
#include "catalog/files.h"
#include "catalog/tiles.h"
#include "catalog/vector.h"

#include <math.h>
#include <sys/stat.h>

enum from { FROM_FILES, FROM_VECTOR, FROM_TILES };

/* The rest as enum vector_format has them. */
enum format { FORMAT_REC, FORMAT_VECTOR };

struct options {
	struct common common;
	unsigned format; /* enum format */
	unsigned from;   /* enum from */
	const char *location;
	const char *zoom, *bounds;
	uint64_t tile_size;
	/* what check() makes of them */
	struct tile_grid grid;
	struct catalog_texts texts;
	double max_cloud;
	bool valid_mask;
};

static const struct opt table[] = {
	{'f', "format", "rec|fgb|gpkg|geojson", OPT_CHOICE,
		offsetof(struct options, format), OPT_OUTPUT, 0, 0,
		"what to write (default: rec)"},
	{0, "from", "files|vector|tiles", OPT_CHOICE,
		offsetof(struct options, from), OPT_OUTPUT, 0, 0,
		"what the operands are (default: files)"},
	{0, "location", "COLUMN", OPT_STR, offsetof(struct options, location),
		OPT_OUTPUT, 0, 0,
		"column of vector files that names the image (default: "
		"location, uri, path or filename)"},
	{0, "zoom", "A-B", OPT_STR, offsetof(struct options, zoom), OPT_OUTPUT,
		0, 0, "levels that a tile service has: 0-19"},
	{0, "tile-size", "PX", OPT_U64, offsetof(struct options, tile_size),
		OPT_OUTPUT | OPT_MAYBE, 1, 8192,
		"side of a tile (default 256)"},
	{0, "bounds", "W,S,E,N", OPT_STR, offsetof(struct options, bounds),
		OPT_OUTPUT, 0, 0,
		"where a tile service has images (default: everywhere)"},
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

/* The header names what was given, not what a folder or pattern holds; of a
 * template the host, for it may hold secrets. */
static void add_inputs(const struct options *o, struct filter *f,
	const struct names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		struct buf host = BUF_INIT;
		struct stat st;

		if (o->from == FROM_TILES) {
			tiles_add_host(&host, names->items[i]);
			filter_add_input(f, buf_str(&host), UINT64_MAX, NULL);
			buf_release(&host);
			continue;
		}
		filter_add_input(f, names->items[i],
			!stat(names->items[i], &st) && S_ISREG(st.st_mode)
				? (uint64_t)st.st_size
				: UINT64_MAX,
			NULL);
	}
}

static int add_all(const struct options *o, struct maker *m,
	const struct names *names, struct err *err)
{
	int rc = 0;

	switch ((enum from)o->from) {
	case FROM_FILES:
		return catalog_files(m, names, err);
	case FROM_VECTOR:
		for (size_t i = 0; i < names->n && !rc; i++)
			rc = catalog_vector(m, names->items[i], o->location,
				err);
		return rc;
	case FROM_TILES:
		for (size_t i = 0; i < names->n && !rc; i++)
			rc = catalog_tiles(m, names->items[i], &o->grid, err);
		return rc;
	}
	return 0;
}

static int run(const struct options *o, const struct catalog_options *all,
	struct filter *f, struct err *err)
{
	struct maker *m = maker_new(f, all);
	struct names names = {NULL, 0, 0};
	struct vector_out *layer = NULL;
	int rc = names_read(&names, &o->common, err);

	if (o->texts.licence)
		filter_add_licence(f, o->texts.licence);
	if (!rc && o->format >= FORMAT_VECTOR) {
		layer = catalog_layer_new(o->format - FORMAT_VECTOR, err);
		rc = layer ? 0 : -1;
		maker_use_layer(m, layer);
	}
	if (!rc) {
		add_inputs(o, f, &names);
		rc = add_all(o, m, &names, err);
	}
	if (!rc && layer)
		rc = vector_save(layer, o->common.output, err);
	vector_free(layer);
	names_release(&names);
	maker_free(m);
	return rc;
}

static void check(struct options *o)
{
	bool to_file = o->common.output && strcmp(o->common.output, "-");
	struct err err;

	if (o->location && o->from != FROM_VECTOR)
		cli_usage_error(&cli, "--location is for --from vector");
	if ((o->zoom || o->bounds || o->tile_size != UINT64_MAX) &&
		o->from != FROM_TILES)
		cli_usage_error(&cli, "--zoom, --tile-size and --bounds are "
				      "for --from tiles");
	if (o->from == FROM_TILES && !o->zoom)
		cli_usage_error(&cli, "--from tiles needs --zoom A-B");
	if (o->from == FROM_TILES &&
		tile_grid_read(&o->grid, o->zoom,
			o->tile_size == UINT64_MAX ? 256 : o->tile_size,
			o->bounds, &err))
		cli_usage_error(&cli, "%s", err.msg);
	if (o->format >= FORMAT_VECTOR && !to_file)
		cli_usage_error(&cli, "a vector file needs a name: -o FILE");
}

int main(int argc, char **argv)
{
	struct options o = {.max_cloud = NAN, .tile_size = UINT64_MAX};
	struct catalog_options all;
	unsigned flags = FILTER_SOURCE;
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	check(&o);
	if (catalog_options_read(&all, &o.texts, &err))
		cli_usage_error(&cli, "%s", err.msg);
	all.max_cloud = o.max_cloud;
	all.valid_mask = o.valid_mask;
	if (o.format >= FORMAT_VECTOR)
		flags |= FILTER_SINK;
	f = filter_open(&cli, &o, flags, &err);
	if (f)
		rc = run(&o, &all, f, &err);
	catalog_options_release(&all);
	return filter_close(f, rc, &err);
}
