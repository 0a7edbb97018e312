/*
 * make-town - a made-up town as an OSM file and the aerial image that goes
 * with it: an input that belongs to the project.
 */
#include "base/base.h"
#include "base/io.h"
#include "base/log.h"
#include "cli/cli.h"
#include "raster/write.h"
#include "town/town.h"

#include <errno.h>
#include <sys/stat.h>

struct options {
	struct common common;
	uint64_t size;
};

static const struct opt table[] = {
	{'o', "output", "DIR", OPT_FILE,
		offsetof(struct options, common.output), 0, 0, 0,
		"folder for town.osm and town.tif (default .)"},
	{0, "size", "PX", OPT_U64, offsetof(struct options, size), 0, 512, 4096,
		"side of the image in pixels of 0.3 m (default 2048)"},
};

static const struct cli cli = {
	.name = "make-town",
	.summary = "Make a town: an OSM file and its aerial image.",
	.groups = CLI_SEED,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

static int write_map(const struct town *t, const char *dir, unsigned pixels,
	struct err *err)
{
	struct buf path = BUF_INIT, text = BUF_INIT;
	int rc;

	town_map(t, pixels, &text);
	buf_addf(&path, "%s/town.osm", dir);
	rc = save_file(buf_str(&path), text.data, text.len, err);
	buf_release(&path);
	buf_release(&text);
	return rc;
}

static int write_picture(const struct town *t, const char *dir, unsigned pixels,
	struct err *err)
{
	struct buf path = BUF_INIT;
	struct image img;
	double transform[6];
	int rc;

	town_paint(t, pixels, &img);
	town_transform(pixels, transform);
	buf_addf(&path, "%s/town.tif", dir);
	rc = raster_write_rgb(buf_str(&path), &img, "EPSG:3857", transform,
		"2024:06:01 12:00:00", err);
	image_release(&img);
	buf_release(&path);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.size = 2048};
	struct town town;
	const char *dir;
	struct err err;
	int rc = 0;

	cli_parse(&cli, &o, argc, argv);
	dir = o.common.output ? o.common.output : ".";
	town_build(&town, o.common.seed, (unsigned)o.size);
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		rc = err_errno(&err, "cannot make the folder '%s'", dir);
	if (!rc)
		rc = write_map(&town, dir, (unsigned)o.size, &err);
	if (!rc)
		rc = write_picture(&town, dir, (unsigned)o.size, &err);
	if (rc)
		log_error("%s", err.msg);
	town_release(&town);
	return rc ? EXIT_FAILED : EXIT_DONE;
}
