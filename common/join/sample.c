#include "base/base.h"
#include "join/sample.h"

#include "base/sort.h"
#include "join/keys.h"
#include "join/slots.h"

/* What is found about a shot. */
struct found {
	double box[4];  /* the window's, in degrees */
	bool no_place;  /* there is none */
	uint32_t focus; /* its object's slot */
	size_t end;     /* of its candidates; those before it end where they
			 * begin */
};

struct sample_room {
	const struct join_opts *opts;
	const struct catalog *catalog;
	struct crs_room crs;
	struct near_room near;
	struct scene scene;
	struct taglist tags;
	struct rec rec;
	struct buf b, bytes;
	struct hits hits;
	/* of shots in one image */
	struct slots slots;     /* the objects that are looked at */
	struct found *found;    /* [shots] */
	struct hits candidates; /* slots, shot by shot */
	struct wanted *wanted;  /* [slots.n] */
	uint32_t *numbers;      /* [slots.n], ascending */
	struct str *texts;      /* [slots.n], of those */
	struct object *objects; /* [slots.n], by slot; views into bytes */
	struct str *records;    /* [slots.n], by slot; the same */
	size_t found_cap, wanted_cap, numbers_cap, texts_cap, objects_cap,
		records_cap;
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
	rec_release(&room->rec);
	buf_release(&room->b);
	buf_release(&room->bytes);
	hits_release(&room->hits);
	slots_release(&room->slots);
	free(room->found);
	hits_release(&room->candidates);
	free(room->wanted);
	free(room->numbers);
	free(room->texts);
	free(room->objects);
	free(room->records);
	free(room);
}

void shot_set(struct shot *s, const struct plan *plan)
{
	const struct sample *sample = &plan->sample;
	const struct rect *hold = &sample->hold;

	*s = (struct shot){
		.image = sample->image,
		.win = sample->win,
		.x = (hold->x0 + hold->x1) / 2,
		.y = (hold->y0 + hold->y1) / 2,
		.object = plan->object,
		.copy = sample->copy,
		.number = plan->number,
		.offset = plan->offset,
	};
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

/* The record in room->rec becomes the sample's. */
static void set_fields(struct sample_room *room, const struct shot *shot,
	const struct found *found, const uint32_t *candidates, size_t n)
{
	const struct join_opts *opts = room->opts;
	const struct object *o = &room->objects[found->focus];
	const struct image *img = shot->image;
	const struct window *win = &shot->win;
	const struct near_focus focus = {o, win, shot->x, shot->y};
	const uint64_t px[4] = {(uint64_t)win->col, (uint64_t)win->row,
		(uint64_t)win->w, (uint64_t)win->h};
	struct rec *rec = &room->rec;
	struct buf *b = &room->b;

	set_tags(room, rec, o, image_gsd_at(img, o->lat), opts->gsd_slack);
	buf_reset(b);
	image_add_key(img, o->id, b);
	key_add_copy(b, shot->copy);
	rec_set_str(rec, "key", b->data, b->len);
	rec_set(rec, "img", &img->img);
	buf_reset(b);
	pack_u64s(b, px, 4);
	rec_set(rec, "win", b);
	buf_reset(b);
	pack_f64s(b, found->box, 4);
	rec_set(rec, "box", b);
	buf_reset(b);
	pack_u64s(b, px + 2, 2);
	rec_set(rec, "px", b);
	buf_reset(b);
	near_pack(&room->near, opts, &room->scene, candidates, n, &focus, b);
	rec_set(rec, "near", b);
	if (!opts->keep_geom)
		rec_drop(rec, "geom");
}

/* Adds what may be in a window to the candidates; box: its bounds. */
static void add_candidates(struct sample_room *room, const struct plans *all,
	const double box[4])
{
	struct hits *to = &room->candidates, *hits = &room->hits;
	double around[4];

	window_surroundings(box, around);
	lonlat_index_find(all->boxes, around, hits);
	xgrow(&to->items, &to->cap, to->n + hits->n, sizeof(*to->items));
	for (size_t i = 0; i < hits->n; i++)
		to->items[to->n++] = slots_place(&room->slots, hits->items[i]);
}

/* The objects of the shots, and all that may be in their windows. */
static void find_objects(struct sample_room *room, const struct plans *all,
	struct crs *crs, const struct shot *const *shots, size_t n)
{
	slots_clear(&room->slots);
	room->candidates.n = 0;
	xgrow(&room->found, &room->found_cap, n, sizeof(*room->found));
	for (size_t i = 0; i < n; i++) {
		struct found *found = &room->found[i];

		found->focus = slots_place(&room->slots, shots[i]->object);
		found->no_place = image_window_box(shots[i]->image, crs,
			&shots[i]->win, found->box);
		if (!found->no_place && room->opts->max_near)
			add_candidates(room, all, found->box);
		found->end = room->candidates.n;
	}
}

/* An object to be read. */
struct wanted {
	uint32_t number, slot;
};

static bool is_before(const struct wanted *a, const struct wanted *b)
{
	return a->number < b->number;
}

SORT_DEFINE(sort_wanted, struct wanted, is_before)

/* Reads the records of all slots, in the order of the store. */
static int read_records(struct sample_room *room, const struct store *store,
	struct err *err)
{
	const struct slots *slots = &room->slots;
	size_t n = slots->n;

	xgrow(&room->wanted, &room->wanted_cap, n, sizeof(*room->wanted));
	xgrow(&room->numbers, &room->numbers_cap, n, sizeof(*room->numbers));
	xgrow(&room->texts, &room->texts_cap, n, sizeof(*room->texts));
	xgrow(&room->records, &room->records_cap, n, sizeof(*room->records));
	for (size_t i = 0; i < n; i++)
		room->wanted[i] =
			(struct wanted){slots->numbers[i], (uint32_t)i};
	sort_wanted(room->wanted, n);
	for (size_t i = 0; i < n; i++)
		room->numbers[i] = room->wanted[i].number;
	if (store_read(store, room->numbers, n, &room->bytes, room->texts, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		room->records[room->wanted[i].slot] = room->texts[i];
	return 0;
}

/* The record of a slot, into room->rec. */
static void view_record(struct sample_room *room, size_t slot)
{
	struct str text = room->records[slot];

	rec_reset(&room->rec);
	(void)rec_scan(&room->rec, (const uint8_t *)text.s, text.len);
}

/* Makes the records objects: they were found good before. */
static int read_objects(struct sample_room *room, const struct plans *all,
	struct err *err)
{
	const char *reason;

	if (read_records(room, all->objects, err))
		return -1;
	xgrow(&room->objects, &room->objects_cap, room->slots.n,
		sizeof(*room->objects));
	for (size_t i = 0; i < room->slots.n; i++) {
		view_record(room, i);
		if (object_read(&room->objects[i], &room->rec, NULL, &reason,
			    err))
			return err_prefix(err, "temporary file");
	}
	return 0;
}

/* Puts all objects that were read into the image. */
static void set_scene(struct sample_room *room, const struct image *img,
	struct crs *crs)
{
	scene_begin(&room->scene, img);
	for (size_t i = 0; i < room->slots.n; i++)
		scene_add(&room->scene, &room->objects[i],
			room->slots.numbers[i], crs, room->opts);
}

/* Samples in one image. */
static int make_samples(struct sample_room *room, const struct plans *all,
	const struct shot *const *shots, size_t n, struct buf *out,
	uint32_t *len, struct err *err)
{
	const struct image *img = shots[0]->image;
	struct crs *crs = crs_room_get(&room->crs, room->catalog, img, err);
	size_t begin = 0;

	if (!crs)
		return -1;
	find_objects(room, all, crs, shots, n);
	if (read_objects(room, all, err))
		return -1;
	if (room->opts->max_near)
		set_scene(room, img, crs);
	for (size_t i = 0; i < n; i++) {
		const struct found *found = &room->found[i];
		size_t before = out->len;

		if (!found->no_place) {
			view_record(room, found->focus);
			set_fields(room, shots[i], found,
				room->candidates.items + begin,
				found->end - begin);
			rec_pack(&room->rec, out);
		}
		len[i] = (uint32_t)(out->len - before);
		begin = found->end;
	}
	return 0;
}

int samples_make(struct sample_room *room, const struct plans *all,
	const struct shot *const *shots, size_t n, struct buf *out,
	uint32_t *len, struct err *err)
{
	int rc = 0;

	for (size_t i = 0, m; i < n && !rc; i += m) {
		for (m = 1;
			i + m < n && shots[i + m]->image == shots[i]->image;)
			m++;
		rc = make_samples(room, all, shots + i, m, out, len + i, err);
	}
	return rc;
}

int sample_sees(struct sample_room *room, const struct plans *all,
	const struct image *img, const struct window *win, struct err *err)
{
	struct crs *crs = crs_room_get(&room->crs, room->catalog, img, err);
	double box[4];

	if (!crs)
		return -1;
	if (image_window_box(img, crs, win, box))
		return 1;
	slots_clear(&room->slots);
	room->candidates.n = 0;
	add_candidates(room, all, box);
	if (read_objects(room, all, err))
		return -1;
	set_scene(room, img, crs);
	return near_any(&room->scene, room->candidates.items,
		room->candidates.n, win);
}
