/*
 * geojoin - for every object the image that shows it, the window in that image
 * and the objects around it.
 */
#include "base/base.h"
#include "base/num.h"
#include "filter/filter.h"
#include "join/grid.h"
#include "join/join.h"
#include "tags/gsd.h"

/* Short sides of areas grow, or rule them out. */
enum fit { FIT_GROW, FIT_EXACT };

struct options {
	struct common common;
	const char *images;
	const char *grid;
	double overlap;
	const char *window;
	const char *sizes;
	const char *px;
	unsigned fit;
	uint64_t window_size;
	bool square;
	unsigned prefer;
	uint64_t per_object;
	const char *max_age;
	double max_gsd;
	uint64_t max_per_tag;
	const char *caps, *caps_out;
	bool bbox_near;
	double min_object;
	double shift;
	double keep_inside;
	double gsd_slack;
	uint64_t max_near;
	bool keep_geom;
};

static const struct opt table[] = {
	{0, "images", "CATALOG", OPT_FILE, offsetof(struct options, images),
		OPT_OUTPUT, 0, 0,
		"the image catalogue, of img-catalog (required)"},
	{0, "grid", "SIZE", OPT_STR, offsetof(struct options, grid), OPT_OUTPUT,
		0, 0,
		"read no objects: cut the images into windows of 224px or "
		"100m"},
	{0, "overlap", "SHARE", OPT_F64, offsetof(struct options, overlap),
		OPT_OUTPUT, 0, 0.99,
		"share of a --grid window that is the next one's, too (default "
		"0)"},
	{0, "window", "SIZE", OPT_STR, offsetof(struct options, window),
		OPT_OUTPUT, 0, 0,
		"side of the window of nodes and lines: 224px or 100m "
		"(default 224px)"},
	{0, "sizes", "FILE", OPT_FILE, offsetof(struct options, sizes),
		OPT_OUTPUT, 0, 0,
		"windows and coarsest GSDs by tag, where not these"},
	{0, "px", "MIN,MAX", OPT_STR, offsetof(struct options, px), OPT_OUTPUT,
		0, 0,
		"sides of the windows of areas, in pixels (default 100,1000)"},
	{0, "fit", "grow|exact", OPT_CHOICE, offsetof(struct options, fit),
		OPT_OUTPUT, 0, 0,
		"whether short sides of areas grow to MIN or rule the area "
		"out (default grow)"},
	{0, "square", NULL, OPT_FLAG, offsetof(struct options, square),
		OPT_OUTPUT, 0, 0, "windows of areas are as wide as high"},
	{0, "window-size", "PX", OPT_U64, offsetof(struct options, window_size),
		OPT_OUTPUT, 0, JOIN_MAX_SIDE,
		"side of all windows in pixels, of areas, too (0: as above)"},
	{0, "min-object", "PX", OPT_F64, offsetof(struct options, min_object),
		OPT_OUTPUT, 0, JOIN_MAX_SIDE,
		"pixels that an area's longer side must span (default 24)"},
	{0, "shift", "P", OPT_F64, offsetof(struct options, shift), OPT_OUTPUT,
		0, 1,
		"probability that a window is moved at random (default 0.8)"},
	{0, "keep-inside", "SHARE", OPT_F64,
		offsetof(struct options, keep_inside), OPT_OUTPUT, 0.01, 1,
		"share of an area that stays inside (default 0.75)"},
	{0, "max-gsd", "METRES", OPT_F64, offsetof(struct options, max_gsd),
		OPT_OUTPUT, 0, 1e6,
		"coarsest GSD for objects without tag_gsd_m (0: any)"},
	{0, "prefer", "finest|newest|nearest-date|random", OPT_CHOICE,
		offsetof(struct options, prefer), OPT_OUTPUT, 0, 0,
		"which image of several (default finest)"},
	{0, "per-object", "N", OPT_U64, offsetof(struct options, per_object),
		OPT_OUTPUT, 1, UINT32_MAX,
		"images of an object, at most (default 1)"},
	{0, "max-age", "DAYS", OPT_STR, offsetof(struct options, max_age),
		OPT_OUTPUT, 0, 0,
		"between an object's timestamp and the image's date (default "
		"any)"},
	{0, "max-per-tag", "N", OPT_U64, offsetof(struct options, max_per_tag),
		OPT_OUTPUT, 0, 0,
		"samples of a tag, unless another of its tags has fewer (0: "
		"any number)"},
	{0, "caps", "FILE", OPT_FILE, offsetof(struct options, caps),
		OPT_OUTPUT, 0, 0,
		"which samples these are, of --caps-out of all parts"},
	{0, "caps-out", "FILE", OPT_FILE, offsetof(struct options, caps_out),
		OPT_WRITTEN, 0, 0, "write the caps of these samples to FILE"},
	{0, "gsd-slack", "S", OPT_F64, offsetof(struct options, gsd_slack),
		OPT_OUTPUT, 0, 10,
		"a tag of class C shows up to C * (1 + S) (default 0.1)"},
	{0, "max-near", "N", OPT_U64, offsetof(struct options, max_near),
		OPT_OUTPUT, 0, 0, "surrounding objects kept (default 8)"},
	{0, "bbox-near", NULL, OPT_FLAG, offsetof(struct options, bbox_near),
		OPT_OUTPUT, 0, 0,
		"without geom, objects are near whose bbox is partly inside"},
	{0, "keep-geom", NULL, OPT_FLAG, offsetof(struct options, keep_geom),
		OPT_OUTPUT, 0, 0, "keep the objects' geometries"},
};

static const struct cli cli = {
	.name = "geojoin",
	.summary =
		"Find the image, the window and the surroundings of objects.",
	.groups = CLI_FILTER | CLI_THREADS | CLI_SEED,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* "100,1000" */
static int parse_px(const char *s, struct join_opts *out)
{
	const char *comma = strchr(s, ',');
	uint64_t min = 0, max = 0;
	char *first;
	int rc;

	if (!comma)
		return -1;
	first = xmemdup0(s, (size_t)(comma - s));
	rc = parse_u64(first, &min) || parse_u64(comma + 1, &max) ? -1 : 0;
	free(first);
	if (rc || min < 1 || max < min || max > JOIN_MAX_SIDE)
		return -1;
	out->px_min = (int64_t)min;
	out->px_max = (int64_t)max;
	return 0;
}

static void check_side(const char *option, const char *s, struct side *side)
{
	if (side_parse(s, side))
		cli_usage_error(&cli,
			"--%s '%s' is neither pixels (224px, 1 to %dpx) nor "
			"metres (100m)",
			option, s, JOIN_MAX_SIDE);
}

static void check_choice(const struct options *o, struct join_opts *out)
{
	out->prefer = (enum join_prefer)o->prefer;
	out->per_object = o->per_object;
	out->max_gsd = o->max_gsd;
	out->max_age = -1;
	if (o->max_age &&
		(parse_f64(o->max_age, &out->max_age) || !(out->max_age >= 0)))
		cli_usage_error(&cli, "--max-age '%s' is no number of days",
			o->max_age);
	out->exact = o->fit == FIT_EXACT;
	out->max_per_tag = o->max_per_tag;
	out->caps = o->caps;
	out->caps_out = o->caps_out;
	if ((o->caps || o->caps_out) && !o->max_per_tag)
		cli_usage_error(&cli,
			"--caps and --caps-out go with --max-per-tag");
	if (o->caps_out && !strcmp(o->caps_out, "-"))
		cli_usage_error(&cli,
			"--caps-out needs a file: standard output has the "
			"samples");
	out->square = o->square;
	out->window_size = (int64_t)o->window_size;
	out->bbox_near = o->bbox_near;
}

static void check_options(const struct options *o, struct join_opts *out)
{
	if (!o->images)
		cli_usage_error(&cli, "no --images: which catalogue?");
	check_side("window", o->window, &out->window);
	if (parse_px(o->px, out))
		cli_usage_error(&cli,
			"--px '%s' is not MIN,MAX with 1 <= MIN <= MAX <= %d",
			o->px, JOIN_MAX_SIDE);
	check_choice(o, out);
	out->min_object = o->min_object;
	out->shift = o->shift;
	out->keep = o->keep_inside;
	out->gsd_slack = o->gsd_slack;
	out->max_near = o->max_near;
	out->keep_geom = o->keep_geom;
	out->seed = o->common.seed;
	out->threads = o->common.threads;
}

static int run(struct filter *f, const struct options *o,
	const struct grid_opts *grid, struct join_opts *join, struct err *err)
{
	struct sizes *sizes = NULL;
	int rc;

	if (o->grid)
		return grid_run(f, o->images, grid, err);
	if (o->sizes && !(sizes = sizes_load(f, o->sizes, err)))
		return -1;
	join->sizes = sizes;
	rc = join_run(f, o->images, join, err);
	sizes_free(sizes);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {
		.window = "224px",
		.px = "100,1000",
		.per_object = 1,
		.min_object = 24,
		.shift = 0.8,
		.keep_inside = 0.75,
		.gsd_slack = GSD_SLACK_DEFAULT,
		.max_near = 8,
	};
	struct grid_opts grid;
	struct join_opts join;
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	check_options(&o, &join);
	grid = (struct grid_opts){.overlap = o.overlap};
	if (o.grid)
		check_side("grid", o.grid, &grid.side);
	f = filter_open(&cli, &o, o.grid ? FILTER_SOURCE : 0, &err);
	if (f)
		rc = run(f, &o, &grid, &join, &err);
	return filter_close(f, rc, &err);
}
