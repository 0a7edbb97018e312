#include "base/base.h"
#include "join/sample.h"

#include <stdlib.h>

#include "base/hash.h"
#include "join/keys.h"

/* A sample on its way. */
struct shot {
	size_t at; /* the plan's place */
	const struct plan *plan;
	double box[4]; /* its window's */
};

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
	struct shot *shots; /* [of plans] */
	struct str *texts;  /* [numbers.n] */
	struct object *objects;
	size_t shots_cap, texts_cap, objects_cap;
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
	free(room->shots);
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
	const struct shot *shot, struct rec *rec)
{
	const struct join_opts *opts = room->opts;
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

static struct item *item_of(const struct plan *plan)
{
	struct item *item = item_new();

	item->number = plan->number;
	item->offset = plan->offset;
	item->verdict = plan->verdict;
	item->reason = plan->reason;
	item->detail = plan->detail ? xstrdup(plan->detail) : NULL;
	return item;
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

static int parse(struct sample_room *room, const struct shot *shot,
	struct item **out, struct err *err)
{
	struct str text =
		room->texts[place_of(&room->numbers, shot->plan->object)];

	return rec_parse(&out[shot->at]->rec, (const uint8_t *)text.s, text.len,
		err);
}

/* What was set aside before comes out as it came in. */
static int make_rejects(struct sample_room *room, const struct plans *all,
	const struct shot *shots, size_t n, struct item **out, struct err *err)
{
	room->numbers.n = 0;
	for (size_t i = 0; i < n; i++)
		add_number(&room->numbers, shots[i].plan->object);
	hits_sort(&room->numbers);
	if (read_records(room, all->objects, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (parse(room, &shots[i], out, err))
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
static void find_objects(struct sample_room *room, const struct plans *all,
	struct crs *crs, struct shot *shots, size_t n, struct item **out)
{
	double box[4];

	room->numbers.n = 0;
	for (size_t i = 0; i < n; i++) {
		struct shot *shot = &shots[i];
		const struct sample *s = &shot->plan->sample;

		add_number(&room->numbers, shot->plan->object);
		if (image_window_box(s->image, crs, &s->win, shot->box)) {
			item_fault(out[shot->at], "broken position",
				"the window has no place on the globe");
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
}

/* Samples in one image. */
static int make_samples(struct sample_room *room, const struct plans *all,
	struct shot *shots, size_t n, struct item **out, struct err *err)
{
	const struct image *img = shots[0].plan->sample.image;
	struct crs *crs = crs_room_get(&room->crs, room->catalog, img, err);

	if (!crs)
		return -1;
	find_objects(room, all, crs, shots, n, out);
	if (read_records(room, all->objects, err) || read_objects(room, err))
		return -1;
	scene_begin(&room->scene, img);
	for (size_t i = 0; room->opts->max_near && i < room->numbers.n; i++)
		scene_add(&room->scene, &room->objects[i],
			room->numbers.items[i], crs, room->opts);
	scene_end(&room->scene);
	for (size_t i = 0; i < n; i++) {
		const struct plan *plan = shots[i].plan;
		struct item *item = out[shots[i].at];

		if (parse(room, &shots[i], out, err))
			return -1;
		if (item->verdict == KEEP)
			set_fields(room,
				&room->objects[place_of(&room->numbers,
					plan->object)],
				&shots[i], &item->rec);
	}
	return 0;
}

/* NULL: it was set aside. */
static const struct image *image_of(const struct shot *shot)
{
	return shot->plan->verdict == KEEP ? shot->plan->sample.image : NULL;
}

static int by_image(const void *a, const void *b)
{
	const struct shot *x = a, *y = b;
	const struct image *p = image_of(x), *q = image_of(y);

	if (p != q)
		return (uintptr_t)p < (uintptr_t)q ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

int samples_make(struct sample_room *room, const struct plans *all,
	const struct plan *plans, size_t n, struct item **out, struct err *err)
{
	int rc = 0;

	xgrow(&room->shots, &room->shots_cap, n, sizeof(*room->shots));
	for (size_t i = 0; i < n; i++) {
		room->shots[i] = (struct shot){.at = i, .plan = &plans[i]};
		out[i] = item_of(&plans[i]);
	}
	if (n)
		qsort(room->shots, n, sizeof(*room->shots), by_image);
	for (size_t i = 0, m; i < n && !rc; i += m) {
		struct shot *shots = &room->shots[i];
		const struct image *img = image_of(shots);

		for (m = 1; i + m < n && image_of(&shots[m]) == img;)
			m++;
		rc = img ? make_samples(room, all, shots, m, out, err)
			 : make_rejects(room, all, shots, m, out, err);
	}
	for (size_t i = 0; i < n && rc; i++)
		item_free(out[i]);
	return rc;
}
