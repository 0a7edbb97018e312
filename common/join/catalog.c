#include "base/base.h"
#include "join/catalog.h"

#include "base/date.h"
#include "base/hash.h"
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
	if (img_field_read(v, &img.field, err)) {
		buf_release(&img.img);
		return -1;
	}
	if (affine_invert(img.field.transform, &img.to_pixel)) {
		buf_release(&img.img);
		return err_set(err, "img 'transform' cannot be inverted");
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

/* Points per side of a window whose bounds are sought: sides are bent. */
enum { SIDE_POINTS = 4 };

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

int catalog_read(struct catalog *c, struct filter *f, const char *path,
	struct err *err)
{
	struct headers headers = HEADERS_INIT;
	uint8_t sha256[SHA256_BYTES];
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
	if (name_crs(c, err) || index_boxes(c, err))
		return err_prefix(err, "%s", path);
	return 0;
}

void catalog_release(struct catalog *c)
{
	for (size_t i = 0; i < c->n; i++)
		buf_release(&c->images[i].img);
	free(c->images);
	map_release(&c->crs_names);
	lonlat_index_free(c->index);
}

bool image_in_time(const struct image *img, const struct object *o)
{
	if (img->when == NO_DATE)
		return o->valid_to == INT64_MAX;
	return o->valid_from <= img->when && img->when < o->valid_to;
}

int image_from_lonlat(const struct image *img, struct crs *crs, double *x,
	double *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = lonlat_near(x[i], img->middle_lon);
	if (crs_from_lonlat(crs, img->middle_x, x, y, n))
		return -1;
	affine_undo(&img->to_pixel, x, y, n);
	return 0;
}

int image_to_lonlat(const struct image *img, struct crs *crs, double *x,
	double *y, size_t n)
{
	affine_apply(img->field.transform, x, y, n);
	if (crs_to_lonlat(crs, x, y, n))
		return -1;
	for (size_t i = 0; i < n; i++)
		x[i] = lonlat_near(x[i], img->middle_lon);
	return 0;
}

/* Whether a pole lies in the window: *south, *north. */
static void find_poles(const struct image *img, struct crs *crs,
	const struct window *win, bool *south, bool *north)
{
	for (int i = 0; i < 2; i++) {
		double x = img->middle_lon, y = i ? 90 : -90;
		bool in = !image_from_lonlat(img, crs, &x, &y, 1) &&
			  x > (double)win->col && y > (double)win->row &&
			  x < (double)(win->col + win->w) &&
			  y < (double)(win->row + win->h);

		*(i ? north : south) = in;
	}
}

int image_window_box(const struct image *img, struct crs *crs,
	const struct window *win, double box[4])
{
	double x[4 * SIDE_POINTS + 1], y[4 * SIDE_POINTS + 1];
	bool south, north;
	size_t n = 0;

	for (int side = 0; side < 4; side++) {
		for (int i = 0; i < SIDE_POINTS; i++) {
			double t = (double)i / SIDE_POINTS;
			double u[4] = {t, 1, 1 - t, 0}, v[4] = {0, t, 1, 1 - t};

			x[n] = (double)win->col + u[side] * (double)win->w;
			y[n++] = (double)win->row + v[side] * (double)win->h;
		}
	}
	x[n] = (double)win->col + (double)win->w / 2;
	y[n++] = (double)win->row + (double)win->h / 2;
	if (image_to_lonlat(img, crs, x, y, n))
		return -1;
	/* longitudes as seen from the window's middle, which is the last */
	box[0] = box[2] = x[n - 1];
	box[1] = box[3] = y[n - 1];
	for (size_t i = 0; i < n - 1; i++) {
		double lon = lonlat_near(x[i], x[n - 1]);

		box[0] = MIN(box[0], lon);
		box[1] = MIN(box[1], y[i]);
		box[2] = MAX(box[2], lon);
		box[3] = MAX(box[3], y[i]);
	}
	find_poles(img, crs, win, &south, &north);
	box[0] = lonlat_wrap(box[0]);
	box[2] = lonlat_wrap(box[2]);
	if (south || north)
		box[0] = -180, box[2] = 180;
	if (south)
		box[1] = -90;
	if (north)
		box[3] = 90;
	return 0;
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
