/*
 * tile-fetch - the pixels of each record's window.
 */
#include "base/base.h"
#include "fetch/fetch.h"

#include <math.h>
#include <unistd.h>

struct options {
	struct common common;
	struct fetch_options fetch;
};

#define AT(member) offsetof(struct options, fetch.member)

static const struct opt table[] = {
	{0, "chip-format", "jpeg|png|webp|tiff", OPT_CHOICE, AT(format),
		OPT_OUTPUT, 0, 0, "how pixels are stored (default jpeg)"},
	{0, "quality", "N", OPT_U64, AT(quality), OPT_OUTPUT, 1, 100,
		"JPEG and WebP quality (default 90)"},
	{0, "gsd", "METRES", OPT_F64, AT(gsd_m), OPT_OUTPUT, 1e-3, 1e6,
		"ground size of the chips' pixels (default: the image's)"},
	{0, "size", "PX", OPT_U64, AT(size_px), OPT_OUTPUT | OPT_MAYBE, 1,
		65500, "longer side of the chips (default: the window's)"},
	{0, "north-up", NULL, OPT_FLAG, AT(north_up), OPT_OUTPUT, 0, 0,
		"turn the chips so that north is up"},
	{0, "bands", "N,N,N", OPT_STR, AT(bands), OPT_OUTPUT, 0, 0,
		"bands to be read as red, green, blue, or one band of grey"},
	{0, "stretch", "STRETCH", OPT_STR, AT(stretch), OPT_OUTPUT, 0, 0,
		"values that become black and white: none, minmax, "
		"percentile:LOW,HIGH or range:MIN,MAX (default: the image's)"},
	{0, "max-pixels", "N", OPT_U64, AT(max_pixels), OPT_OUTPUT, 1, 1 << 29,
		"largest chip, and most pixels read for one "
		"(default 67108864)"},
	{0, "min-valid", "SHARE", OPT_F64, AT(min_valid), OPT_OUTPUT, 0, 1,
		"drop windows with a smaller share of valid pixels "
		"(default 0: none)"},
	{0, "drop-blank", NULL, OPT_FLAG, AT(drop_blank), OPT_OUTPUT, 0, 0,
		"drop chips of a single colour"},
	{0, "min-bright", "X", OPT_F64, AT(min_bright), OPT_OUTPUT, 0, 1,
		"drop darker chips: mean brightness, 0 to 1"},
	{0, "max-bright", "X", OPT_F64, AT(max_bright), OPT_OUTPUT, 0, 1,
		"drop brighter chips"},
	{0, "max-cloud", "P%", OPT_PERCENT, AT(max_cloud), OPT_OUTPUT, 0, 100,
		"drop chips with more of them bright and colourless"},
	{0, "root", "DIR", OPT_STR, AT(root), 0, 0, 0,
		"where relative image paths begin (default: here)"},
	{0, "open-files", "N", OPT_U64, AT(open_files), 0, 1, 1000,
		"images that each thread keeps open (default 8)"},
	{0, "lookahead", "N", OPT_U64, AT(lookahead), 0, 1, 10000000,
		"records under way at most (default 100000)"},
	{0, "item-timeout", "S", OPT_U64, AT(item_timeout_s), 0, 1, 86400,
		"seconds that a request may take, with all tries "
		"(default 300)"},
	{0, "stall-timeout", "S", OPT_U64, AT(stall_timeout_s), 0, 1, 86400,
		"seconds without a byte after which a try ends (default 60)"},
	{0, "tries", "N", OPT_U64, AT(tries), 0, 1, 100,
		"how often something is asked for (default 5)"},
	{0, "per-host", "N", OPT_U64, AT(per_host), 0, 1, 1000,
		"requests to one server at a time (default 16)"},
	{0, "rate", "N", OPT_F64, AT(rate), 0, 0, 1e6,
		"requests to one server in a second (default 0: any number)"},
	{0, "header", "HOST=LINE", OPT_LIST, AT(headers), 0, 0, 0,
		"send this header to this host"},
	{0, "token", "NAME@HOST", OPT_LIST, AT(tokens), 0, 0, 0,
		"fill {NAME} in for this host, from the environment"},
	{0, "sign", "none|planetary-computer", OPT_CHOICE, AT(sign), 0, 0, 0,
		"get tokens for its blobs (default none)"},
	{0, "verify", "decode|framing", OPT_CHOICE, AT(verify), 0, 0, 0,
		"how bodies are looked at that are passed on as they are "
		"(default decode)"},
	{0, "cache", "DIR", OPT_STR, AT(cache), 0, 0, 0,
		"keep what comes from the network"},
	{0, "cache-size", "SIZE", OPT_SIZE, AT(cache_size), 0, 0, 0,
		"what the cache may hold (default 10G)"},
	{0, "cache-age", "DAYS", OPT_F64, AT(cache_days), 0, 0, 36500,
		"ask again for what is older (default: as servers say)"},
	{0, "offline", NULL, OPT_FLAG, AT(offline), 0, 0, 0,
		"take all that is remote from the cache"},
	{0, "allow-source", "PREFIX", OPT_LIST, AT(sources), 0, 0, 0,
		"open only what begins so"},
	{0, "allow-address", "ADDRESS", OPT_LIST, AT(addresses), 0, 0, 0,
		"ask this link-local address all the same"},
	{0, "allow-gdal-http", NULL, OPT_FLAG, AT(gdal_http), 0, 0, 0,
		"let GDAL's own drivers use the network (EEDAI, WMS, WMTS)"},
};

static const struct cli cli = {
	.name = "tile-fetch",
	.summary = "Add the pixels of each record's window.",
	.groups = CLI_FILTER | CLI_THREADS,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

int main(int argc, char **argv)
{
	struct options o = {.fetch = FETCH_OPTIONS_USUAL};
	bool hangs = false;
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (fetch_check(&o.fetch, &err))
		cli_usage_error(&cli, "%s", err.msg);
	f = filter_open(&cli, &o, 0, &err);
	if (f)
		rc = fetch_run(f, &o.fetch, o.common.threads, &hangs, &err);
	rc = filter_close(f, rc, &err);
	if (hangs)
		_exit(rc); /* threads still wait for what never comes */
	cli_release(&cli, &o);
	return rc;
}
