#include "base/base.h"
#include "catalog/vector.h"

#include <math.h>

#include "base/num.h"
#include "geo/lonlat.h"
#include "geo/seam.h"
#include "geo/wkb.h"
#include "raster/files.h"
#include "rec/line.h"
#include "rec/rec.h"

/* What a feature may say, and under which names, the first that it has. */
enum { SRC, DATE, CLOUD, LICENCE, ATTRIBUTION, URI, GSD, NTEXTS };

static const char *const names[NTEXTS][4] = {
	[SRC] = {"src", "collection"},
	[DATE] = {"date", "datetime", "acquired", "startTime"},
	[CLOUD] = {"cloud", "cloud_cover", "eo:cloud_cover",
		"CLOUDY_PIXEL_PERCENTAGE"},
	[LICENCE] = {"licence", "license"},
	[ATTRIBUTION] = {"attribution"},
	/* of features that say all of an image */
	[URI] = {"uri"},
	[GSD] = {"gsd_m"},
};

static const char *const locations[] = {"location", "uri", "path", "filename"};

struct features {
	struct maker *m;
	struct vector_in *in;
	const char *path;     /* of the vector file */
	const char *location; /* asked for, or NULL */
	const char *src;      /* of features that do not say; or NULL */
	const char *ending;   /* behind each location; or "" */
	char *texts[NTEXTS];  /* of the feature at hand; NULL: none */
};

static void take_texts(struct features *f)
{
	for (size_t i = 0; i < NTEXTS; i++) {
		const char *text = NULL;

		free(f->texts[i]);
		for (size_t k = 0; k < 4 && names[i][k] && !text; k++)
			text = vector_text(f->in, names[i][k]);
		f->texts[i] = text && *text ? xstrdup(text) : NULL;
	}
}

/* "2018-07-16", or as OGR prints its own type: "2018/07/16 10:20:30+00". */
static int take_date(const char *text, char room[DATE_TEXT], struct str *out,
	struct err *err)
{
	size_t len = strlen(text);
	bool utc = len > 3 && !strcmp(text + len - 3, "+00");

	if (img_date_valid(str_from(text))) {
		*out = str_from(text);
		return 0;
	}
	if (date_from_text(text, utc, room))
		return err_set(err, "'%.40s' is no date", text);
	*out = str_from(room);
	return 0;
}

/* What the feature says wins over what img has. */
static int take_known(const struct features *f, struct img_field *img,
	char date[DATE_TEXT], struct err *err)
{
	const struct {
		const char *text;
		struct str *out;
	} texts[] = {{f->texts[SRC], &img->src},
		{f->texts[LICENCE], &img->licence},
		{f->texts[ATTRIBUTION], &img->attribution}};

	if (f->src)
		img->src = str_from(f->src);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (texts[i].text)
			*texts[i].out = str_from(texts[i].text);
	if (f->texts[DATE] && !maker_options(f->m)->date.len &&
		take_date(f->texts[DATE], date, &img->date, err))
		return -1;
	if (!f->texts[CLOUD])
		return 0;
	if (parse_f64(f->texts[CLOUD], &img->cloud) ||
		!(img->cloud >= 0 && img->cloud <= 100))
		return err_set(err, "'%.40s' is no percentage of clouds",
			f->texts[CLOUD]);
	img->has_cloud = true;
	return 0;
}

static int set_aside(struct features *f, struct img_field *img,
	const char *reason, const struct err *why, struct err *err)
{
	if (!img->uri.len)
		img->uri = str_from(f->path);
	return maker_set_aside(f->m, img, FAULT, reason, why->msg, err);
}

/* The geometry as an outline. */
static int take_outline(struct features *f, struct outline *out,
	struct err *err)
{
	struct shape shape = SHAPE_INIT, whole = SHAPE_INIT;
	struct buf wkb = BUF_INIT;
	enum shape_kind kind;
	int rc = vector_geometry(f->in, &wkb, err);

	if (!rc)
		rc = shape_add_wkb(&shape, (const uint8_t *)wkb.data, wkb.len,
			&kind, err);
	if (!rc && kind != SHAPE_AREA)
		rc = err_set(err, "its geometry is no area");
	if (!rc) {
		shape_join_seam(&shape, &whole);
		shape_lonlat_bounds(&whole, out->bbox_deg);
		wkb_add_shape(&out->wkb, &whole, SHAPE_AREA,
			shape_next(&whole, 0) < whole.nparts);
		if (!lonlat_box_valid(out->bbox_deg))
			rc = err_set(err, "its geometry is not on the globe");
	}
	shape_release(&whole);
	shape_release(&shape);
	buf_release(&wkb);
	return rc;
}

/* Puts the record's field, as JSON, into a record of its own. */
static int read_img(const char *json, struct buf *packed, struct rec *rec,
	struct img_field *img, struct err *err)
{
	struct buf line = BUF_INIT;
	struct val v;
	int rc;

	buf_addf(&line, "{\"img\":%s}", json);
	rc = line_to_rec(buf_str(&line), line.len, packed, err);
	if (!rc)
		rc = rec_view_bytes(rec, (const uint8_t *)packed->data,
			packed->len, err);
	if (!rc && (!rec_get(rec, "img", &v) || rec->n != 1))
		rc = err_set(err, "no img");
	if (!rc)
		rc = img_field_read(v, img, err);
	buf_release(&line);
	return rc;
}

/*
 * What was changed beside the column img: where the image lies and how fine it
 * is. Numbers come as rounded text: img's own stands where they agree.
 */
static int take_changes(const struct features *f, struct img_field *img,
	struct err *err)
{
	const char *uri = f->texts[URI], *gsd = f->texts[GSD];
	double gsd_m;

	if (uri)
		img->uri = img->uris[0] = str_from(uri);
	if (!gsd)
		return 0;
	if (parse_f64(gsd, &gsd_m) || !isnormal(gsd_m) || gsd_m < 0)
		return err_set(err, "'%.40s' is no pixel size in metres", gsd);
	if (fabs(gsd_m - img->gsd_m) > 1e-9 * img->gsd_m)
		img->gsd_m = gsd_m;
	return 0;
}

/* A feature that says all of an image. */
static int add_whole(struct features *f, const char *json, struct err *err)
{
	struct outline outline = {.wkb = BUF_INIT};
	struct buf packed = BUF_INIT;
	struct rec rec = REC_INIT;
	struct img_field img = {.nbands = 0};
	char date[DATE_TEXT];
	struct err why;
	int rc;

	if (read_img(json, &packed, &rec, &img, &why)) {
		img = (struct img_field){.nbands = 0};
		err_prefix(&why, "the column 'img'");
		rc = set_aside(f, &img, "bad attributes", &why, err);
	} else if (take_changes(f, &img, &why) ||
		   take_known(f, &img, date, &why) ||
		   take_outline(f, &outline, &why)) {
		rc = set_aside(f, &img, "bad attributes", &why, err);
	} else {
		rc = maker_put(f->m, &img, &outline, err);
	}
	rec_release(&rec);
	buf_release(&packed);
	buf_release(&outline.wkb);
	return rc;
}

/* Where a path of the file leads: beside it, else as it stands. */
static char *resolve(const char *vector, const char *path)
{
	const char *slash = strrchr(vector, '/');
	struct buf beside = BUF_INIT;

	if (!slash || path[0] == '/' || strchr(path, ':'))
		return xstrdup(path);
	buf_add(&beside, vector, (size_t)(slash + 1 - vector));
	buf_adds(&beside, path);
	if (files_exist(buf_str(&beside)))
		return buf_detach(&beside);
	buf_release(&beside);
	return xstrdup(path);
}

/* A feature that names an image. */
static int add_named(struct features *f, const char *location, struct err *err)
{
	struct img_field img = {.nbands = 0};
	char *path = resolve(f->path, location);
	struct buf uri = BUF_INIT;
	char date[DATE_TEXT];
	struct err why;
	int rc;

	buf_addf(&uri, "%s%s", path, f->ending);
	img.uri = str_from(buf_str(&uri));
	rc = take_known(f, &img, date, &why)
		     ? set_aside(f, &img, "bad attributes", &why, err)
		     : maker_add_file(f->m, &img, err);
	buf_release(&uri);
	free(path);
	return rc;
}

/* The path that the feature at hand names, NULL and why: none. */
static const char *location_of(struct features *f, struct err *why)
{
	const char *column = f->location, *text;
	struct buf all = BUF_INIT;

	for (size_t i = 0; !column && i < ARRAY_SIZE(locations); i++)
		if (vector_has(f->in, locations[i]))
			column = locations[i];
	if (column && vector_has(f->in, column)) {
		text = vector_text(f->in, column);
		if (text && *text)
			return text;
		err_set(why, "'%s': a feature has no '%s'", f->path, column);
		return NULL;
	}
	vector_columns(f->in, &all);
	err_set(why, "'%s': no column '%s' (--location) among %s", f->path,
		column ? column : "location", all.len ? buf_str(&all) : "none");
	buf_release(&all);
	return NULL;
}

static int add_feature(struct features *f, struct err *err)
{
	struct img_field none = {.nbands = 0};
	const char *text;
	struct err why;
	char *copy;
	int rc;

	take_texts(f);
	text = f->location ? NULL : vector_text(f->in, "img");
	if (text && *text) {
		copy = xstrdup(text);
		rc = add_whole(f, copy, err);
		free(copy);
		return rc;
	}
	text = location_of(f, &why);
	if (!text)
		return set_aside(f, &none, "no location", &why, err);
	copy = xstrdup(text);
	rc = add_named(f, copy, err);
	free(copy);
	return rc;
}

static int add_features(struct features *f, const double *box, struct err *err)
{
	struct img_field file = {.uri = str_from(f->path)};
	struct err why;
	int rc = 0, more = 0;

	f->in = vector_open(f->path, &why);
	if (!f->in)
		return set_aside(f, &file, "cannot open the index", &why, err);
	rc = vector_each_file(f->in, maker_reads, f->m, err);
	if (box)
		vector_within(f->in, box);
	while (!rc && (more = vector_next(f->in, &why)) > 0)
		rc = add_feature(f, err);
	if (!rc && more < 0)
		rc = set_aside(f, &file, "cannot read the index", &why, err);
	for (size_t i = 0; i < NTEXTS; i++)
		free(f->texts[i]);
	vector_close(f->in);
	return rc;
}

int catalog_vector(struct maker *m, const char *path, const char *location,
	struct err *err)
{
	struct features f = {.m = m,
		.path = path,
		.location = location,
		.ending = ""};

	return add_features(&f, NULL, err);
}

int catalog_eeda(struct maker *m, const char *collection, const double *box_deg,
	struct err *err)
{
	const struct catalog_options *o = maker_options(m);
	struct buf path = BUF_INIT, ending = BUF_INIT;
	struct features f = {.m = m,
		.location = "gdal_dataset",
		.src = collection};
	int rc;

	buf_addf(&path, "EEDA:%s", collection);
	for (size_t i = 0; i < o->nbands; i++)
		buf_addf(&ending, "%c%s", i ? ',' : ':', o->band_names[i]);
	f.path = buf_str(&path);
	f.ending = buf_str(&ending);
	rc = add_features(&f, box_deg, err);
	buf_release(&path);
	buf_release(&ending);
	return rc;
}
