#include "base/base.h"
#include "join/sample.h"

#include <math.h>

#include "base/sort.h"
#include "join/keys.h"

struct sample_room {
	const struct join_opts *opts;
	const struct catalog *catalog;
	struct crs_room crs;
	struct near_room near;
	struct scene scene;
	struct taglist tags;
	struct shape shape;
	struct rec rec;
	struct buf b, bytes;
	struct hits numbers, hits;
	struct str *texts; /* [numbers.n] */
	struct object *objects;
	size_t texts_cap, objects_cap;
};

struct sample_room *sample_room_new(const struct join_opts *opts,
	const struct catalog *catalog)
{
	struct sample_room *room = xcalloc(1, sizeof(*room));

	room->opts = opts;
	room->catalog = catalog;
	return room;
}

void sample_room_free(struct sample_room *room)
{
	if (!room)
		return;
	crs_room_release(&room->crs);
	near_room_release(&room->near);
	scene_release(&room->scene);
	taglist_release(&room->tags);
	shape_release(&room->shape);
	rec_release(&room->rec);
	buf_release(&room->b);
	buf_release(&room->bytes);
	hits_release(&room->numbers);
	hits_release(&room->hits);
	free(room->texts);
	free(room->objects);
	free(room);
}

static void set_f64s(struct rec *rec, const char *key, const double *v,
	size_t n, struct buf *b)
{
	buf_reset(b);
	pack_array(b, n);
	for (size_t i = 0; i < n; i++)
		pack_f64(b, v[i]);
	rec_set(rec, key, b);
}

static void set_u64s(struct rec *rec, const char *key, const int64_t *v,
	size_t n, struct buf *b)
{
	buf_reset(b);
	pack_array(b, n);
	for (size_t i = 0; i < n; i++)
		pack_u64(b, (uint64_t)v[i]);
	rec_set(rec, key, b);
}

/* Drops the tags that do not show; what all show in stays byte for byte. */
static void set_tags(struct sample_room *room, struct rec *rec,
	const struct object *o, double gsd_m, double gsd_slack)
{
	if (!o->tags.len || !o->tag_gsd_m.len)
		return;
	taglist_fill(&room->tags, o->tags, o->tag_gsd_m, gsd_m, gsd_slack);
	if (room->tags.n == val_count(o->tags) &&
		room->tags.n == val_count(o->tag_gsd_m))
		return;
	buf_reset(&room->b);
	taglist_pack(&room->tags, &room->b);
	rec_set(rec, "tags", &room->b);
	buf_reset(&room->b);
	taglist_pack_gsd(&room->tags, &room->b);
	rec_set(rec, "tag_gsd_m", &room->b);
}

static void set_fields(struct sample_room *room, const struct object *o,
	const struct shot *shot)
{
	const struct join_opts *opts = room->opts;
	struct rec *rec = &shot->item->rec;
	const struct sample *s = &shot->plan->sample;
	const struct window *win = &s->win;
	struct buf *b = &room->b;

	set_tags(room, rec, o, s->image->field.gsd_m, opts->gsd_slack);
	buf_reset(b);
	sample_key(s, o, b);
	key_add_copy(b, s->copy);
	rec_set_str(rec, "key", b->data, b->len);
	rec_set(rec, "img", &s->image->img);
	set_u64s(rec, "win", (int64_t[]){win->col, win->row, win->w, win->h}, 4,
		b);
	set_f64s(rec, "box", shot->box, 4, b);
	set_u64s(rec, "px", (int64_t[]){win->w, win->h}, 2, b);
	buf_reset(b);
	near_pack(&room->near, opts, &room->scene, o,
		(double[]){(s->hold.x0 + s->hold.x1) / 2,
			(s->hold.y0 + s->hold.y1) / 2},
		win, b);
	rec_set(rec, "near", b);
	if (!opts->keep_geom)
		rec_drop(rec, "geom");
}

static void add_number(struct hits *numbers, uint32_t number)
{
	xgrow(&numbers->items, &numbers->cap, numbers->n + 1,
		sizeof(*numbers->items));
	numbers->items[numbers->n++] = number;
}

/* Reads the records of room->numbers, which are sorted. */
static int read_records(struct sample_room *room, const struct store *store,
	struct err *err)
{
	xgrow(&room->texts, &room->texts_cap, room->numbers.n,
		sizeof(*room->texts));
	return store_read(store, room->numbers.items, room->numbers.n,
		&room->bytes, room->texts, err);
}

/* Makes them objects. They were read without an error before. */
static int read_objects(struct sample_room *room, struct err *err)
{
	const char *reason;

	xgrow(&room->objects, &room->objects_cap, room->numbers.n,
		sizeof(*room->objects));
	for (size_t i = 0; i < room->numbers.n; i++) {
		struct str text = room->texts[i];

		rec_reset(&room->rec);
		if (rec_view_bytes(&room->rec, (const uint8_t *)text.s,
			    text.len, err) ||
			object_read(&room->objects[i], &room->rec, &room->shape,
				&reason, err))
			return err_prefix(err, "temporary file");
	}
	return 0;
}

/* Where an object's number is among room->numbers; it is there. */
static size_t place_of(const struct hits *numbers, uint32_t number)
{
	size_t lo = 0, hi = numbers->n;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (numbers->items[middle] < number)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

static int make_item(struct sample_room *room, struct shot *shot,
	struct err *err)
{
	const struct plan *plan = shot->plan;
	struct str text = room->texts[place_of(&room->numbers, plan->object)];
	struct item *item = item_new();

	shot->item = item;
	item->number = plan->number;
	item->offset = plan->offset;
	item->verdict = plan->verdict;
	item->reason = plan->reason;
	item->detail = plan->detail ? xstrdup(plan->detail) : NULL;
	return rec_parse(&item->rec, (const uint8_t *)text.s, text.len, err);
}

/* What was set aside before comes out as it came in. */
static int make_rejects(struct sample_room *room, const struct plans *all,
	struct shot *shots, size_t n, struct err *err)
{
	room->numbers.n = 0;
	for (size_t i = 0; i < n; i++)
		add_number(&room->numbers, shots[i].plan->object);
	hits_sort(&room->numbers);
	if (read_records(room, all->objects, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (make_item(room, &shots[i], err))
			return -1;
	return 0;
}

/* Sides of windows are bent, on the globe, between the points looked at. */
static void grow(const double box[4], double out[4])
{
	const double share = 0.05, least = 1e-6;
	double width = lonlat_box_width(box), height = box[3] - box[1];
	double dx = width * share + least, dy = height * share + least;

	out[0] = lonlat_wrap(box[0] - dx);
	out[2] = lonlat_wrap(box[2] + dx);
	if (width + 2 * dx >= 360)
		out[0] = -180, out[2] = 180;
	out[1] = MAX(box[1] - dy, -90);
	out[3] = MIN(box[3] + dy, 90);
}

/* The objects of the plans, and all that may be in their windows. */
static int find_objects(struct sample_room *room, const struct plans *all,
	struct crs *crs, struct shot *shots, size_t n, struct err *err)
{
	double box[4];

	room->numbers.n = 0;
	for (size_t i = 0; i < n; i++) {
		struct shot *shot = &shots[i];
		const struct sample *s = &shot->plan->sample;

		add_number(&room->numbers, shot->plan->object);
		if (image_window_box(s->image, crs, &s->win, shot->box)) {
			shot->box[0] = NAN;
			continue;
		}
		grow(shot->box, box);
		if (!room->opts->max_near)
			continue;
		lonlat_index_query(all->boxes, box, &room->hits);
		for (size_t j = 0; j < room->hits.n; j++)
			add_number(&room->numbers, room->hits.items[j]);
	}
	hits_sort(&room->numbers);
	if (read_records(room, all->objects, err))
		return -1;
	return read_objects(room, err);
}

/* Samples in one image. */
static int make_samples(struct sample_room *room, const struct plans *all,
	struct shot *shots, size_t n, struct err *err)
{
	const struct image *img = shots[0].plan->sample.image;
	struct crs *crs = crs_room_get(&room->crs, room->catalog, img, err);

	if (!crs || find_objects(room, all, crs, shots, n, err))
		return -1;
	scene_begin(&room->scene, img);
	for (size_t i = 0; room->opts->max_near && i < room->numbers.n; i++)
		scene_add(&room->scene, &room->objects[i],
			room->numbers.items[i], crs, room->opts);
	scene_end(&room->scene);
	for (size_t i = 0; i < n; i++) {
		size_t at = place_of(&room->numbers, shots[i].plan->object);

		if (make_item(room, &shots[i], err))
			return -1;
		if (isnan(shots[i].box[0]))
			item_fault(shots[i].item, "broken position",
				"the window has no place on the globe");
		else
			set_fields(room, &room->objects[at], &shots[i]);
	}
	return 0;
}

/* NULL: it was set aside. */
static const struct image *image_of(const struct shot *shot)
{
	return shot->plan->verdict == KEEP ? shot->plan->sample.image : NULL;
}

/* Row by row of bands that are about as high as windows. */
static bool is_before(const struct shot *a, const struct shot *b)
{
	enum { BAND = 512 };
	const struct image *x = image_of(a), *y = image_of(b);
	const struct window *v = &a->plan->sample.win;
	const struct window *w = &b->plan->sample.win;

	if (x != y)
		return (uintptr_t)x < (uintptr_t)y;
	if (v->row / BAND != w->row / BAND)
		return v->row / BAND < w->row / BAND;
	return v->col < w->col;
}

SORT_DEFINE(sort_shots, struct shot, is_before)

void shots_sort(struct shot *shots, size_t n)
{
	sort_shots(shots, n);
}

int samples_make(struct sample_room *room, const struct plans *all,
	struct shot *shots, size_t n, struct err *err)
{
	int rc = 0;

	for (size_t i = 0, m; i < n && !rc; i += m) {
		const struct image *img = image_of(&shots[i]);

		for (m = 1; i + m < n && image_of(&shots[i + m]) == img;)
			m++;
		rc = img ? make_samples(room, all, &shots[i], m, err)
			 : make_rejects(room, all, &shots[i], m, err);
	}
	return rc;
}
