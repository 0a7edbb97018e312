/*
 * rec-make - records from other forms: JSON lines, tables, GeoJSON, images,
 * WebDataset tars.
 */
#include "base/base.h"
#include "base/lines.h"
#include "base/log.h"
#include "filter/filter.h"
#include "form/make.h"
#include "rec/line.h"

#include <inttypes.h>
#include <strings.h>
#include <sys/stat.h>

/* In the order of the option's words. */
enum format {
	BY_NAME,
	JSON,
	CSV,
	TSV,
	GEOJSON,
	GEOJSONSEQ,
	IMAGES,
	WEBDATASET,
};

struct options {
	struct common common;
	bool json;
	unsigned format;
	const char *headers, *id, *labels, *files_from;
	unsigned label_from;
};

enum { LABEL_FROM_FOLDER = 1 };

#define AT(member) offsetof(struct options, member)

static const struct opt table[] = {
	{'f', "format",
		"auto|json|csv|tsv|geojson|geojsonseq|images|webdataset",
		OPT_CHOICE, AT(format), OPT_OUTPUT, 0, 0,
		"what is read (default auto: by the name, else json)"},
	{0, "json", NULL, OPT_FLAG, AT(json), 0, 0, 0,
		"read lines of JSON, one record each: --format json"},
	{0, "id", "NAME", OPT_STR, AT(id), OPT_OUTPUT, 0, 0,
		"column or property that becomes the field id"},
	{0, "label-from", "none|folder", OPT_CHOICE, AT(label_from), OPT_OUTPUT,
		0, 0, "take an image's label from its folder's name"},
	{0, "labels", "FILE", OPT_FILE, AT(labels), OPT_OUTPUT, 0, 0,
		"table with more fields for images (CSV or TSV)"},
	{0, "files-from", "FILE", OPT_FILE, AT(files_from), 0, 0, 0,
		"read images whose names are the lines of FILE"},
	{0, "headers", "FILE", OPT_FILE, AT(headers), 0, 0, 0,
		"pass on the headers that rec-view --headers wrote"},
};

static const struct cli cli = {
	.name = "rec-make",
	.summary = "Make records from JSON lines, tables, GeoJSON, images or "
		   "WebDataset tars.",
	.operands = "[FILE]...",
	.max_operands = SIZE_MAX,
	.groups = CLI_FILTER,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

static enum format format_by_name(const char *path)
{
	static const struct {
		const char *end;
		enum format format;
	} ends[] = {
		{".csv", CSV},
		{".tsv", TSV},
		{".tab", TSV},
		{".geojson", GEOJSON},
		{".geojsonl", GEOJSONSEQ},
		{".geojsons", GEOJSONSEQ},
		{".geojsonseq", GEOJSONSEQ},
		{".tar", WEBDATASET},
		{".jpg", IMAGES},
		{".jpeg", IMAGES},
		{".png", IMAGES},
		{".webp", IMAGES},
		{".tif", IMAGES},
		{".tiff", IMAGES},
	};
	size_t len = strlen(path);
	struct stat st;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return IMAGES;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t n = strlen(ends[i].end);

		if (len > n && !strcasecmp(path + len - n, ends[i].end))
			return ends[i].format;
	}
	return JSON;
}

/* Reads on from each operand. */
struct run {
	const struct options *o;
	struct filter *f;
	struct make_images images;
	struct map unknown; /* members of tars that were passed over */
};

static int read_input(struct run *r, const char *path, struct err *err)
{
	enum format format = r->o->format;

	if (format == BY_NAME)
		format = format_by_name(path);
	switch (format) {
	case CSV:
		return make_from_rows(r->f, path, ROWS_CSV, r->o->id, err);
	case TSV:
		return make_from_rows(r->f, path, ROWS_TSV, r->o->id, err);
	case GEOJSON:
	case GEOJSONSEQ:
		return make_from_geojson(r->f, path, format == GEOJSONSEQ,
			r->o->id, err);
	case IMAGES:
		return make_from_images(r->f, path, &r->images, err);
	case WEBDATASET:
		return make_from_samples(r->f, path, &r->unknown, err);
	case BY_NAME:
	case JSON:
		break;
	}
	return make_from_lines(r->f, path, err);
}

static int read_inputs(struct run *r, struct err *err)
{
	const struct common *c = &r->o->common;
	int rc = make_images_begin(&r->images, err);

	for (size_t i = 0; i < c->noperands && !rc; i++)
		rc = read_input(r, c->operands[i], err);
	if (!rc && r->o->files_from)
		rc = make_from_image_list(r->f, r->o->files_from, &r->images,
			err);
	else if (!rc && !c->noperands)
		rc = read_input(r, "-", err);
	if (!rc)
		make_images_tell(&r->images);
	make_images_release(&r->images);
	for (size_t i = 0; i < r->unknown.len && !rc; i++)
		log_warn("%zu members '.%s' were passed over",
			r->unknown.entries[i].value,
			r->unknown.entries[i].key.s);
	map_release(&r->unknown);
	return rc;
}

static int read_headers(const char *path, uint64_t max_line, struct headers *h,
	struct err *err)
{
	struct lines *lines = lines_open(path, max_line, err);
	struct buf b = BUF_INIT;
	struct str line;
	int rc;

	if (!lines)
		return -1;
	while ((rc = lines_next(lines, &line, err)) > 0) {
		buf_reset(&b);
		rc = line_to_rec(line.s, line.len, &b, err);
		if (!rc)
			rc = headers_add(h,
				(struct val){(uint8_t *)b.data, b.len}, err);
		if (rc) {
			err_prefix(err, "%s: line %" PRIu64, lines_name(lines),
				lines_number(lines));
			break;
		}
	}
	buf_release(&b);
	lines_close(lines);
	return rc;
}

static int run(const struct options *o, struct filter *f, struct err *err)
{
	const struct common *c = &o->common;
	struct run r = {.o = o,
		.f = f,
		.images = {.max_record = filter_max_record(f),
			.labels = o->labels,
			.folder_label = o->label_from == LABEL_FROM_FOLDER}};
	struct headers h = HEADERS_INIT;
	int rc = 0;

	if (o->headers)
		rc = read_headers(o->headers, make_max_line(f), &h, err);
	if (!rc)
		filter_add_headers(f, &h);
	headers_release(&h);
	if (rc)
		return -1;
	for (size_t i = 0; i < c->noperands; i++)
		filter_add_input(f, c->operands[i], UINT64_MAX, NULL);
	if (o->files_from)
		filter_add_input(f, o->files_from, UINT64_MAX, NULL);
	if (o->labels)
		filter_add_input(f, o->labels, UINT64_MAX, NULL);
	return read_inputs(&r, err);
}

/* Options that go together, and those that would be forgotten. */
static void check_options(struct options *o)
{
	if (o->json && o->format != BY_NAME && o->format != JSON)
		cli_usage_error(&cli, "--json and another --format");
	if (o->json)
		o->format = JSON;
	if (o->files_from && o->format == BY_NAME)
		o->format = IMAGES;
	if (o->files_from && o->format != IMAGES)
		cli_usage_error(&cli, "--files-from goes with --format images");
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	check_options(&o);
	f = filter_open(&cli, &o, FILTER_SOURCE, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
