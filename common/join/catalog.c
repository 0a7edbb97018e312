#include "base/base.h"
#include "join/catalog.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/hash.h"
#include "base/num.h"
#include "geo/geodesic.h"
#include "geo/shape.h"
#include "join/object.h"

/* A date without a day or a time is its first one; valid dates only. */
static int64_t moment_of(struct str date)
{
	static const char first[] = "0001-01-01";
	char text[32];
	int64_t when;
	size_t n;

	if (!date.len)
		return NO_DATE;
	if (date.len < sizeof(text)) {
		memcpy(text, date.s, date.len);
		text[date.len] = '\0';
		if (!date_time(text, &when))
			return when;
	}
	n = MIN(date_len(date), sizeof(first) - 1);
	memcpy(text, first, sizeof(first));
	memcpy(text, date.s, n);
	return n && !date_moment(text, &when) ? when : NO_DATE;
}

static int read_footprint(struct image *img, const struct rec *rec,
	struct err *err)
{
	struct shape shape = SHAPE_INIT;
	enum shape_kind kind;
	struct str geom;
	int rc = rec_get_bin(rec, "geom", &geom, err);

	if (rc <= 0)
		return rc;
	rc = shape_add_wkb(&shape, (const uint8_t *)geom.s, geom.len, &kind,
		err);
	if (!rc && kind != SHAPE_AREA)
		rc = err_set(err, "it is no polygon");
	for (size_t i = 0; i < shape.npoints && !rc; i++)
		/* longitudes go on beyond the antimeridian, and round */
		if (fabs(shape.x[i]) > 720 || fabs(shape.y[i]) > 90)
			rc = err_set(err,
				"%.10g, %.10g is no longitude and latitude in "
				"degrees",
				shape.x[i], shape.y[i]);
	if (rc)
		err_prefix(err, "'geom'");
	else
		buf_add(&img->geom, geom.s, geom.len);
	shape_release(&shape);
	return rc;
}

static void image_release(struct image *img)
{
	buf_release(&img->img);
	buf_release(&img->geom);
}

static int read_image(void *ctx, struct rec *rec, struct err *err)
{
	struct catalog *c = ctx;
	struct image img = {.place = c->n};
	struct val v;
	double y;
	int rc;

	if (!rec_get(rec, "img", &v))
		return err_set(err, "no 'img': is this an image catalogue?");
	rc = rec_get_f64s(rec, "bbox", img.bbox, 4, err);
	if (rc < 0)
		return -1;
	if (!rc || !lonlat_box_valid(img.bbox))
		return err_set(err, "'bbox' is not [west, south, east, north] "
				    "in degrees");
	buf_add(&img.img, v.p, v.len);
	v.p = (uint8_t *)img.img.data;
	rc = img_field_read(v, &img.field, err);
	if (!rc)
		rc = read_footprint(&img, rec, err);
	if (!rc && affine_invert(img.field.transform, &img.to_pixel))
		rc = err_set(err, "img 'transform' cannot be inverted");
	if (rc) {
		image_release(&img);
		return -1;
	}
	img.when = moment_of(img.field.date);
	img.middle_lon = lonlat_box_middle(img.bbox);
	img.middle_x = (double)img.field.size[0] / 2;
	y = (double)img.field.size[1] / 2;
	affine_apply(img.field.transform, &img.middle_x, &y, 1);
	xgrow(&c->images, &c->cap, c->n + 1, sizeof(*c->images));
	c->images[c->n++] = img;
	return 0;
}

enum { MAX_OFFSET_M = 10000 };

static int finest_first(const void *a, const void *b)
{
	const struct image *x = a, *y = b;

	if (x->field.gsd_m != y->field.gsd_m)
		return x->field.gsd_m < y->field.gsd_m ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* One transformation per coordinate system, not per image; each is tried. */
static int name_crs(struct catalog *c, struct err *err)
{
	for (size_t i = 0; i < c->n; i++) {
		struct image *img = &c->images[i];
		size_t n = c->crs_names.len;
		size_t *place = map_put(&c->crs_names, img->field.crs);
		struct crs *crs;

		if (c->crs_names.len > n) {
			crs = crs_new(c->crs_names.entries[n].key.s, err);
			if (!crs)
				return -1;
			crs_free(crs);
			*place = n;
		}
		img->crs = *place;
	}
	return 0;
}

static int index_boxes(struct catalog *c, struct err *err)
{
	c->index = lonlat_index_new();
	for (size_t i = 0; i < c->n; i++)
		if (lonlat_index_add(c->index, c->images[i].bbox, err))
			return -1;
	return lonlat_index_build(c->index, err);
}

struct crs *crs_room_get(struct crs_room *room, const struct catalog *c,
	const struct image *img, struct err *err)
{
	if (!room->crs) {
		room->n = c->crs_names.len;
		room->crs = xcalloc(room->n, sizeof(struct crs *));
	}
	if (!room->crs[img->crs])
		room->crs[img->crs] =
			crs_new(c->crs_names.entries[img->crs].key.s, err);
	return room->crs[img->crs];
}

void crs_room_release(struct crs_room *room)
{
	for (size_t i = 0; i < room->n; i++)
		crs_free(room->crs[i]);
	free(room->crs);
}

int offsets_add(struct offsets *o, const char *text, struct err *err)
{
	const char *equals = strchr(text, '='), *comma;
	struct offset one;
	char *east;
	int rc;

	comma = equals ? strchr(equals, ',') : NULL;
	if (!comma || equals == text)
		return err_set(err, "'%.100s' is not SRC=EAST,NORTH", text);
	one.src = (struct str){text, (size_t)(equals - text)};
	east = xmemdup0(equals + 1, (size_t)(comma - equals - 1));
	rc = parse_f64(east, &one.east_m) || parse_f64(comma + 1, &one.north_m);
	free(east);
	if (rc || !(hypot(one.east_m, one.north_m) <= MAX_OFFSET_M))
		return err_set(err,
			"'%.100s' is no offset in metres, of %d m at most",
			text, MAX_OFFSET_M);
	for (size_t i = 0; i < o->n; i++)
		if (str_eq(o->items[i].src, one.src))
			return err_set(err, "'%.100s': that source has one",
				text);
	xgrow(&o->items, &o->cap, o->n + 1, sizeof(*o->items));
	o->items[o->n++] = one;
	return 0;
}

void offsets_release(struct offsets *o)
{
	free(o->items);
	*o = (struct offsets){NULL, 0, 0};
}

/* Degrees for metres at a place: exact for the short way that it is. */
static void to_degrees(double lon, double lat, const struct offset *o,
	double deg[2])
{
	const double step = 1e-3;
	double east = geodesic_distance_m(lon, lat, lon + step, lat);
	double up = lat < 0 ? step : -step;
	double north = geodesic_distance_m(lon, lat, lon, lat + up);

	deg[0] = o->east_m / east * step;
	deg[1] = o->north_m / north * step;
}

/* Moves an image by an offset, in its own coordinate system. */
static int move_image(struct image *img, struct crs *crs,
	const struct offset *o)
{
	double *t = img->field.transform, deg[2];
	double x[2], y[2];

	x[0] = lonlat_box_middle(img->bbox);
	y[0] = (img->bbox[1] + img->bbox[3]) / 2;
	to_degrees(x[0], y[0], o, deg);
	x[1] = x[0] + deg[0];
	y[1] = y[0] + deg[1];
	if (!(fabs(y[1]) <= 90) ||
		crs_from_lonlat(crs, img->middle_x, x, y, ARRAY_SIZE(x)))
		return -1;
	t[0] += x[1] - x[0];
	t[3] += y[1] - y[0];
	img->middle_x += x[1] - x[0];
	img->moved_deg[0] = deg[0];
	img->moved_deg[1] = deg[1];
	for (int i = 0; i < 4; i += 2) {
		img->bbox[i] = lonlat_wrap(img->bbox[i] + deg[0]);
		img->bbox[i + 1] = MAX(MIN(img->bbox[i + 1] + deg[1], 90), -90);
	}
	img->middle_lon = lonlat_box_middle(img->bbox);
	return affine_invert(t, &img->to_pixel);
}

static int move_images(struct catalog *c, const struct offset *o,
	struct crs_room *room, struct err *err)
{
	size_t moved = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct image *img = &c->images[i];
		struct crs *crs;

		if (!str_eq(img->field.src, o->src))
			continue;
		crs = crs_room_get(room, c, img, err);
		if (!crs)
			return -1;
		if (move_image(img, crs, o))
			return err_set(err,
				"'%.*s' cannot be moved by %g, %g "
				"m",
				(int)MIN(img->field.uri.len, 200),
				img->field.uri.s, o->east_m, o->north_m);
		moved++;
	}
	return moved ? 0
		     : err_set(err,
			       "no image is of the source '%.*s', which "
			       "--offset names",
			       (int)MIN(o->src.len, 100), o->src.s);
}

int catalog_read(struct catalog *c, struct filter *f, const char *path,
	const struct offsets *offsets, struct err *err)
{
	struct headers headers = HEADERS_INIT;
	uint8_t sha256[SHA256_BYTES];
	struct crs_room room = {NULL, 0};
	uint64_t bytes;
	int rc;

	rc = rec_read_file(path, read_image, c, &headers, sha256, &bytes, err);
	if (!rc) {
		filter_add_headers(f, &headers);
		filter_add_input(f, path, bytes, sha256);
		filter_add_end_input(f, path, bytes, sha256);
	}
	headers_release(&headers);
	if (rc)
		return -1;

	if (c->n)
		qsort(c->images, c->n, sizeof(*c->images), finest_first);
	rc = name_crs(c, err);
	for (size_t i = 0; i < offsets->n && !rc; i++)
		rc = move_images(c, &offsets->items[i], &room, err);
	c->maps = xcalloc(c->n, sizeof(*c->maps));
	for (size_t i = 0; i < c->n; i++)
		c->images[i].maps = &c->maps[i];
	if (!rc)
		rc = index_boxes(c, err);
	crs_room_release(&room);
	return rc ? err_prefix(err, "%s", path) : 0;
}

void catalog_release(struct catalog *c)
{
	for (size_t i = 0; i < c->n; i++)
		image_release(&c->images[i]);
	for (size_t i = 0; c->maps && i < c->n; i++)
		image_maps_release(&c->maps[i]);
	free(c->images);
	free(c->maps);
	map_release(&c->crs_names);
	lonlat_index_free(c->index);
}

bool image_in_time(const struct image *img, const struct object *o)
{
	if (img->when == NO_DATE)
		return o->valid_to == INT64_MAX;
	return o->valid_from <= img->when && img->when < o->valid_to;
}

/* Keys name files: what may not stand in a name becomes '-'. */
static void add_name(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char ch = s.s[i];
		bool good = (ch >= 'a' && ch <= 'z') ||
			    (ch >= 'A' && ch <= 'Z') ||
			    (ch >= '0' && ch <= '9');

		buf_addc(b, good ? ch : '-');
	}
}

void image_add_key(const struct image *img, struct str id, struct buf *b)
{
	add_name(b, id);
	buf_addc(b, '_');
	add_name(b, img->field.src);
	if (img->field.date.len >= 4) {
		buf_addc(b, '_');
		buf_add(b, img->field.date.s + 2, 2);
	}
}
