#include "base/base.h"
#include "catalog/maker.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/log.h"
#include "base/map.h"
#include "catalog/vector.h"
#include "raster/valid.h"

enum { MAX_WARNINGS = 20 };

struct maker {
	struct filter *f;
	const struct catalog_options *o;
	struct vector_out *layer; /* NULL: records */
	maker_open_fn *open;
	uint64_t n;         /* images met, set aside or not */
	struct map seen;    /* uri: how often */
	uint64_t twice;     /* images that were there already */
	uint64_t cloudless; /* that do not say how cloudy they are */
};

struct maker *maker_new(struct filter *f, const struct catalog_options *o)
{
	struct maker *m = xcalloc(1, sizeof(*m));

	m->f = f;
	m->o = o;
	m->open = raster_open_any;
	return m;
}

void maker_open_with(struct maker *m, maker_open_fn *open)
{
	m->open = open;
}

void maker_use_layer(struct maker *m, struct vector_out *layer)
{
	m->layer = layer;
}

void maker_free(struct maker *m)
{
	if (!m)
		return;
	if (m->twice > MAX_WARNINGS)
		log_warn("%" PRIu64 " images are in the catalogue twice",
			m->twice);
	if (m->cloudless && !isnan(m->o->max_cloud))
		log_warn("%" PRIu64 " images do not say how cloudy they are "
			 "and were kept (--max-cloud)",
			m->cloudless);
	if (!m->n)
		filter_hint(m->f, "what is named holds no image");
	map_release(&m->seen);
	free(m);
}

const struct catalog_options *maker_options(const struct maker *m)
{
	return m->o;
}

int maker_reads(void *ctx, const char *path, struct err *err)
{
	const struct maker *m = ctx;
	const char *end;
	int rc = 0;

	if (!filter_replaces(m->f))
		return 0;
	while (!strncmp(path, "/vsi", 4) && strchr(path + 1, '/'))
		path = strchr(path + 1, '/') + 1;
	path += *path == '{'; /* /vsizip/{x.zip}/a.tif */
	for (end = path; *end && !rc;) {
		char *part;

		end += strcspn(end + 1, "/}") + 1;
		part = xmemdup0(path, (size_t)(end - path));
		rc = filter_reads(m->f, part, err);
		free(part);
	}
	return rc;
}

/* The files of an image, at which nothing has been written so far. */
static int guard(struct maker *m, const struct raster *r, const char *path,
	struct err *err)
{
	if (maker_reads(m, path, err))
		return -1;
	return r && filter_replaces(m->f)
		       ? raster_each_file(r, maker_reads, m, err)
		       : 0;
}

/* The same of what is catalogued unseen. */
static int guard_uris(struct maker *m, const struct img_field *img,
	struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < MAX(img->nuris, 1) && !rc; i++) {
		struct str uri = img->nuris ? img->uris[i] : img->uri;
		char *path = xmemdup0(uri.s, uri.len);

		rc = maker_reads(m, path, err);
		free(path);
	}
	return rc;
}

/* The collection that a file belongs to, by its name up to the first dot. */
static void src_of(struct str uri, struct buf *out)
{
	char *path = xmemdup0(uri.s, uri.len), *name = own_name(path);
	struct str first = {name, strcspn(name, ".")};

	catalog_add_name(out, first.len ? first : str_from("-"));
	free(name);
	free(path);
}

/* Who wins: the option, then what is there. */
static void apply(const struct catalog_options *o, struct img_field *img,
	struct buf *src)
{
	if (o->src.len) {
		img->src = o->src;
	} else {
		if (img->src.len)
			catalog_add_name(src, img->src);
		else
			src_of(img->uri, src);
		img->src = str_from(buf_str(src));
	}
	if (o->date.len)
		img->date = o->date;
	if (o->licence.len)
		img->licence = o->licence;
	if (o->attribution.len)
		img->attribution = o->attribution;
	if (o->has_stretch) {
		memcpy(img->stretch, o->stretch, sizeof(o->stretch));
		img->nstretch = 2;
	}
	if (!img->has_nodata && o->has_nodata) {
		img->has_nodata = true;
		img->nodata = o->nodata;
	}
}

static void pack_record(const struct img_field *img,
	const struct outline *outline, struct buf *b)
{
	pack_map(b, 3);
	pack_cstr(b, "img");
	img_field_pack(b, img);
	pack_cstr(b, "bbox");
	pack_f64s(b, outline->bbox_deg, 4);
	pack_cstr(b, "geom");
	pack_bin(b, outline->wkb.data, outline->wkb.len);
}

/* Twice the same pixels: every object there gets two samples of them. */
static void warn_of_twins(struct maker *m, const struct img_field *img)
{
	struct buf key = BUF_INIT;
	size_t *times;

	buf_add(&key, img->uri.s, img->uri.len);
	for (size_t i = 1; i < img->nuris; i++) {
		buf_addc(&key, '\0');
		buf_add(&key, img->uris[i].s, img->uris[i].len);
	}
	times = map_put(&m->seen, (struct str){key.data, key.len});
	if (++*times == 2 && ++m->twice <= MAX_WARNINGS)
		log_warn("'%.*s' is in the catalogue twice",
			(int)MIN(img->uri.len, 500), img->uri.s);
	buf_release(&key);
}

static bool too_cloudy(const struct maker *m, const struct img_field *img)
{
	return img->has_cloud && img->cloud > m->o->max_cloud;
}

static int drop_cloudy(struct maker *m, const struct img_field *img,
	struct err *err)
{
	char detail[64];

	snprintf(detail, sizeof(detail), "%g %% under clouds", img->cloud);
	return maker_set_aside(m, img, DROP, "too cloudy", detail, err);
}

static int write_image(struct maker *m, const struct img_field *img,
	const struct outline *outline, struct err *err)
{
	struct buf record = BUF_INIT;
	int rc;

	if (m->layer) {
		rc = catalog_layer_put(m->layer, img, outline, err);
		filter_count_out(m->f, !rc);
		return rc;
	}
	pack_record(img, outline, &record);
	rc = filter_put(m->f, &record, err);
	buf_release(&record);
	return rc;
}

int maker_put(struct maker *m, const struct img_field *known,
	const struct outline *outline, struct err *err)
{
	struct buf src = BUF_INIT;
	struct img_field img = *known;
	int rc;

	if (guard_uris(m, known, err))
		return -1;
	apply(m->o, &img, &src);
	if (too_cloudy(m, &img)) {
		rc = drop_cloudy(m, &img, err);
	} else {
		m->n++;
		m->cloudless += !img.has_cloud;
		warn_of_twins(m, &img);
		rc = write_image(m, &img, outline, err);
	}
	buf_release(&src);
	return rc;
}

int maker_set_aside(struct maker *m, const struct img_field *img,
	enum verdict verdict, const char *reason, const char *detail,
	struct err *err)
{
	struct buf b = BUF_INIT, src = BUF_INIT;
	struct img_field named = *img;
	int rc;

	m->n++;
	if (!named.kind.len)
		named.kind = str_from("raster");
	apply(m->o, &named, &src);
	pack_map(&b, 1);
	pack_cstr(&b, "img");
	pack_map(&b, 3);
	pack_cstr(&b, "src");
	pack_str(&b, named.src.s, named.src.len);
	pack_cstr(&b, "uri");
	pack_str(&b, named.uri.s, named.uri.len);
	pack_cstr(&b, "kind");
	pack_str(&b, named.kind.s, named.kind.len);
	rc = filter_put_reject(m->f, &b, verdict, reason, detail, err);
	buf_release(&b);
	buf_release(&src);
	return rc;
}

/* What the file says, where nothing else is known. */
static void fill(const struct raster_info *info, struct img_field *img)
{
	img->gsd_m = info->gsd_m;
	if (!img->date.len)
		img->date = str_from(info->date);
	img->crs = str_from(info->crs);
	memcpy(img->size, info->size, sizeof(img->size));
	memcpy(img->transform, info->transform, sizeof(img->transform));
	memcpy(img->bands, info->bands, info->nbands * sizeof(*img->bands));
	img->nbands = info->nbands;
	img->has_nodata = info->has_nodata;
	img->nodata = info->nodata;
}

/* The outline of the valid pixels in place of the image's. */
static enum valid mask(const struct maker *m, struct raster *r,
	struct raster_info *info, struct err *err)
{
	const double *nodata = info->has_nodata   ? &info->nodata
			       : m->o->has_nodata ? &m->o->nodata
						  : NULL;

	if (!m->o->valid_mask)
		return VALID_ALL;
	return raster_valid_outline(r, nodata, info, err);
}

/* The bands asked for; an image of named ones has them in an order of its own.
 */
static int find_bands(const struct catalog_options *o, struct raster *r,
	uint64_t *bands, struct err *err)
{
	if (o->nbands && o->band_names[0] && !o->band_pattern)
		return raster_find_bands(r, o->band_names, o->nbands, bands,
			err);
	memcpy(bands, o->bands, sizeof(o->bands));
	return 0;
}

/* Describes an open image: 1, or 0 when it has been set aside. */
static int describe(struct maker *m, const struct img_field *img,
	struct raster *r, bool masked, struct raster_info *info,
	struct err *err)
{
	const struct catalog_options *o = m->o;
	const char *reason = "no catalogue entry";
	enum verdict verdict = FAULT;
	enum valid valid = VALID_ERROR;
	uint64_t bands[CATALOG_BANDS];
	struct err why;

	if (!find_bands(o, r, bands, &why) &&
		!raster_describe(r, bands, o->nbands, info, &why))
		valid = masked ? mask(m, r, info, &why) : VALID_ALL;
	if (valid == VALID_ALL || valid == VALID_SOME)
		return 1;
	if (valid == VALID_NONE) {
		verdict = DROP;
		reason = "no valid pixel";
		err_set(&why, "'%.*s'", (int)MIN(img->uri.len, 500),
			img->uri.s);
	} else {
		err_prefix(&why, "'%.*s'", (int)MIN(img->uri.len, 500),
			img->uri.s);
	}
	return maker_set_aside(m, img, verdict, reason, why.msg, err);
}

static int add_raster(struct maker *m, const struct img_field *known,
	struct raster *r, struct err *err)
{
	struct raster_info info = {.crs = NULL};
	struct img_field img = *known;
	int rc = describe(m, &img, r, true, &info, err);

	if (rc > 0) {
		fill(&info, &img);
		rc = maker_put(m, &img, &info.outline, err);
	}
	raster_info_release(&info);
	return rc;
}

int maker_add_file(struct maker *m, const struct img_field *known,
	struct err *err)
{
	char *path = xmemdup0(known->uri.s, known->uri.len);
	struct img_field img = *known;
	struct raster *r;
	struct err why;
	int rc;

	img.kind = str_from("raster");
	if (too_cloudy(m, &img)) { /* not worth opening: it may be far away */
		free(path);
		return drop_cloudy(m, &img, err);
	}
	r = m->open(path, &why);
	rc = guard(m, r, path, err);
	if (!rc)
		rc = r ? add_raster(m, &img, r, err)
		       : maker_set_aside(m, &img, FAULT,
				 "cannot open the image", why.msg, err);
	raster_free(r);
	free(path);
	return rc;
}

/* A file that by its name is an image: one that failed to come down, say. */
static bool named_as_image(const char *path)
{
	static const char *const endings[] = {".tif", ".tiff", ".jp2", ".jpg",
		".jpeg", ".png"};
	const char *dot = strrchr(path, '.');
	struct stat st;

	if (!dot || lstat(path, &st) ||
		!(S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (!strcasecmp(dot, endings[i]))
			return true;
	return false;
}

int maker_add_found(struct maker *m, const char *path, struct err *err)
{
	struct img_field img = {.uri = str_from(path),
		.kind = str_from("raster")};
	struct raster *r;
	struct err why;
	int found = raster_open_found(path, &r, &why), rc;

	if (!found && !named_as_image(path))
		return 0;
	rc = guard(m, r, path, err);
	if (!rc)
		rc = r ? add_raster(m, &img, r, err)
		       : maker_set_aside(m, &img, FAULT,
				 "cannot open the image", why.msg, err);
	raster_free(r);
	return rc ? -1 : 1;
}

/* Whether a band lies on the pixels of the first one. */
static int agree(const struct raster_info *a, const struct raster_info *b,
	struct err *err)
{
	if (memcmp(a->size, b->size, sizeof(a->size)))
		return err_set(err,
			"%" PRIu64 " x %" PRIu64 " pixels, not %" PRIu64
			" x %" PRIu64,
			b->size[0], b->size[1], a->size[0], a->size[1]);
	if (strcmp(a->crs, b->crs))
		return err_set(err, "in '%.60s', not '%.60s'", b->crs, a->crs);
	for (size_t i = 0; i < 6; i++)
		if (a->transform[i] != b->transform[i])
			return err_set(err, "at another place");
	return 0;
}

static bool same_nodata(const struct raster_info *a,
	const struct raster_info *b)
{
	return a->has_nodata && b->has_nodata &&
	       (a->nodata == b->nodata ||
		       (isnan(a->nodata) && isnan(b->nodata)));
}

/* Band i of img, whose first one is described: 1, or 0 when set aside. */
static int check_band(struct maker *m, struct img_field *img, size_t i,
	struct raster_info *first, struct err *err)
{
	struct raster_info own = {.crs = NULL}, *info = i ? &own : first;
	char *path = xmemdup0(img->uris[i].s, img->uris[i].len);
	struct raster *r;
	struct err why;
	int rc;

	img->uri = img->uris[i]; /* which one is at fault */
	r = m->open(path, &why);
	rc = guard(m, r, path, err);
	if (!rc)
		rc = r ? describe(m, img, r, i == 0, info, err)
		       : maker_set_aside(m, img, FAULT, "cannot open the image",
				 why.msg, err);
	if (rc > 0 && agree(first, info, &why)) {
		err_prefix(&why, "'%s'", path);
		rc = maker_set_aside(m, img, FAULT, "bands do not agree",
			why.msg, err);
	}
	if (rc > 0 && !same_nodata(first, info))
		first->has_nodata = false;
	raster_info_release(&own);
	raster_free(r);
	free(path);
	return rc;
}

int maker_add_bands(struct maker *m, const struct img_field *known,
	struct err *err)
{
	struct raster_info first = {.crs = NULL};
	struct img_field img = *known;
	int rc = 1;

	img.kind = str_from("raster");
	for (size_t i = 0; i < img.nuris && rc > 0; i++)
		rc = check_band(m, &img, i, &first, err);
	if (rc > 0) {
		img.uri = img.uris[0];
		fill(&first, &img);
		memcpy(img.bands, m->o->bands, sizeof(m->o->bands));
		img.nbands = img.nuris;
		rc = maker_put(m, &img, &first.outline, err);
	}
	raster_info_release(&first);
	return rc;
}
