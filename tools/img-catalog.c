/*
 * img-catalog - which images there are, where they lie and how fine they are.
 */
#include "base/base.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/num.h"
#include "filter/filter.h"
#include "raster/info.h"
#include "rec/img_field.h"

#include <inttypes.h>
#include <sys/stat.h>

struct options {
	struct common common;
	const char *src, *date, *nodata, *bands, *licence, *attribution;
	/* what check() makes of them */
	double nodata_value;
	uint64_t band_list[IMG_MAX_BANDS];
	size_t nbands;
};

static const struct opt table[] = {
	{0, "src", "NAME", OPT_STR, offsetof(struct options, src), OPT_OUTPUT,
		0, 0,
		"name of the collection (default: the file's name up to "
		"its first dot)"},
	{0, "date", "DATE", OPT_STR, offsetof(struct options, date), OPT_OUTPUT,
		0, 0, "when the images were taken (default: what they say)"},
	{0, "nodata", "V", OPT_STR, offsetof(struct options, nodata),
		OPT_OUTPUT, 0, 0,
		"value of pixels without data, where a file declares none"},
	{0, "bands", "N,N,N", OPT_STR, offsetof(struct options, bands),
		OPT_OUTPUT, 0, 0,
		"bands to be read as red, green, blue, or one band of grey"},
	{0, "licence", "TEXT", OPT_STR, offsetof(struct options, licence),
		OPT_OUTPUT, 0, 0, "licence of the images"},
	{0, "attribution", "TEXT", OPT_STR,
		offsetof(struct options, attribution), OPT_OUTPUT, 0, 0,
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

static bool is_src_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '-';
}

/* "3,2,1" → o->band_list. */
static int parse_bands(struct options *o)
{
	const char *s = o->bands;

	for (;;) {
		size_t n = strcspn(s, ",");
		char *number = xmemdup0(s, n);
		uint64_t band;
		int bad = parse_u64(number, &band);

		free(number);
		if (bad || band < 1 || band > UINT16_MAX)
			return -1;
		o->band_list[o->nbands++] = band;
		s += n;
		if (!*s++)
			break;
		if (o->nbands == IMG_MAX_BANDS)
			return -1;
	}
	return o->nbands == 1 || o->nbands == 3 ? 0 : -1;
}

static void check(struct options *o)
{
	if (o->src) {
		size_t n = 0;

		while (is_src_byte(o->src[n]))
			n++;
		if (!n || o->src[n])
			cli_usage_error(&cli,
				"--src '%s': a name is made of "
				"letters, digits and '-'",
				o->src);
	}
	if (o->date && !img_date_valid(str_from(o->date)))
		cli_usage_error(&cli,
			"--date '%s': not as 2018, 2018-07, 2018-07-16 or "
			"2018-07-16T10:20:30Z",
			o->date);
	if (o->nodata && parse_f64(o->nodata, &o->nodata_value) < 0)
		cli_usage_error(&cli, "--nodata '%s': not a number", o->nodata);
	if (o->bands && parse_bands(o) < 0)
		cli_usage_error(&cli,
			"--bands '%s': not one band or three, as 3,2,1",
			o->bands);
}

/* The collection that a file belongs to, by its name. */
static void src_of(const char *path, struct buf *out)
{
	char *name = own_name(path);
	size_t n = strcspn(name, ".");

	for (size_t i = 0; i < n; i++)
		buf_addc(out, is_src_byte(name[i]) ? name[i] : '-');
	if (!n)
		buf_addc(out, '-');
	free(name);
}

static struct str text(const char *s)
{
	return s ? str_from(s) : (struct str){NULL, 0};
}

static void fill(const struct options *o, const struct raster_info *info,
	struct img_field *img)
{
	img->gsd_m = info->gsd_m;
	img->date = str_from(o->date ? o->date : info->date);
	img->crs = str_from(info->crs);
	memcpy(img->size, info->size, sizeof(img->size));
	memcpy(img->transform, info->transform, sizeof(img->transform));
	memcpy(img->bands, info->bands, info->nbands * sizeof(*img->bands));
	img->nbands = info->nbands;
	img->has_nodata = info->has_nodata || o->nodata;
	img->nodata = info->has_nodata ? info->nodata : o->nodata_value;
	img->licence = text(o->licence);
	img->attribution = text(o->attribution);
}

static void pack_record(const struct img_field *img,
	const struct outline *outline, struct buf *b)
{
	pack_map(b, 3);
	pack_cstr(b, "img");
	img_field_pack(b, img);
	pack_cstr(b, "bbox");
	pack_array(b, 4);
	for (size_t i = 0; i < 4; i++)
		pack_f64(b, outline->bbox_deg[i]);
	pack_cstr(b, "geom");
	pack_bin(b, outline->wkb.data, outline->wkb.len);
}

/* What is kept of a file that cannot be catalogued: its name. */
static int set_aside(struct filter *f, const struct img_field *img,
	const char *reason, const struct err *why, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	pack_map(&b, 1);
	pack_cstr(&b, "img");
	pack_map(&b, 3);
	pack_cstr(&b, "src");
	pack_str(&b, img->src.s, img->src.len);
	pack_cstr(&b, "uri");
	pack_str(&b, img->uri.s, img->uri.len);
	pack_cstr(&b, "kind");
	pack_str(&b, img->kind.s, img->kind.len);
	rc = filter_put_reject(f, &b, FAULT, reason, why->msg, err);
	buf_release(&b);
	return rc;
}

static int add_file(const struct options *o, struct filter *f, const char *path,
	struct err *err)
{
	struct raster_info info = {.crs = NULL};
	struct buf src = BUF_INIT, record = BUF_INIT;
	struct img_field img = {.kind = str_from("raster")};
	struct raster *raster;
	struct err why;
	int rc;

	src_of(path, &src);
	img.src = o->src ? str_from(o->src) : str_from(buf_str(&src));
	img.uri = str_from(path);
	raster = raster_open(path, &why);
	if (!raster) {
		rc = set_aside(f, &img, "cannot open the image", &why, err);
	} else if (raster_describe(raster, o->band_list, o->nbands, &info,
			   &why) < 0) {
		err_prefix(&why, "'%s'", path);
		rc = set_aside(f, &img, "no catalogue entry", &why, err);
	} else {
		fill(o, &info, &img);
		pack_record(&img, &info.outline, &record);
		rc = filter_put(f, &record, err);
	}
	raster_info_release(&info);
	raster_free(raster);
	buf_release(&src);
	buf_release(&record);
	return rc;
}

/* File names, owned. */
struct names {
	char **items; /* [n] */
	size_t n, room;
};

static void add_name(struct names *names, const char *s, size_t len)
{
	xgrow(&names->items, &names->room, names->n + 1, sizeof(char *));
	names->items[names->n++] = xmemdup0(s, len);
}

/* The lines of standard input. */
static int read_names(struct names *names, struct err *err)
{
	enum { MAX_NAME = 1 << 20 }; /* a list without line ends is longer */
	struct lines *l = lines_open("-", MAX_NAME, err);
	struct str line;
	int rc;

	if (!l)
		return -1;
	while ((rc = lines_next(l, &line, err)) > 0 &&
		!memchr(line.s, '\0', line.len))
		if (line.len) /* blank lines are no names */
			add_name(names, line.s, line.len);
	if (rc > 0)
		rc = err_set(err,
			"%s: line %" PRIu64 " has a NUL byte: names are "
			"separated by line ends (find -print)",
			lines_name(l), lines_number(l));
	lines_close(l);
	return rc;
}

/* The operands, and in place of each '-' the names of standard input. */
static int list_files(const struct common *c, struct names *names,
	struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < c->noperands && !rc; i++)
		if (strcmp(c->operands[i], "-"))
			add_name(names, c->operands[i], strlen(c->operands[i]));
		else
			rc = read_names(names, err);
	return rc;
}

static int run(const struct options *o, struct filter *f, struct err *err)
{
	struct names files = {NULL, 0, 0};
	int rc = list_files(&o->common, &files, err);

	if (o->licence)
		filter_add_licence(f, o->licence);
	for (size_t i = 0; i < files.n && !rc; i++) {
		struct stat st;
		bool there = stat(files.items[i], &st) == 0;

		filter_add_input(f, files.items[i],
			there ? (uint64_t)st.st_size : UINT64_MAX, NULL);
	}
	for (size_t i = 0; i < files.n && !rc; i++)
		rc = add_file(o, f, files.items[i], err);
	for (size_t i = 0; i < files.n; i++)
		free(files.items[i]);
	free(files.items);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.src = NULL};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	check(&o);
	f = filter_open(&cli, &o, FILTER_SOURCE, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
