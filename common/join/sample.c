#include "base/base.h"
#include "join/sample.h"

#include <math.h>

#include "base/hash.h"

void sample_room_release(struct sample_room *room, const struct catalog *c)
{
	near_room_release(&room->near);
	for (size_t i = 0; room->crs && i < c->crs_names.len; i++)
		crs_free(room->crs[i]);
	free(room->crs);
	taglist_release(&room->tags);
	buf_release(&room->b);
}

/* This thread's own transformation: they are not for several at once. */
static struct crs *thread_crs(struct sample_room *room, const struct catalog *c,
	size_t i, struct err *err)
{
	if (!room->crs)
		room->crs = xcalloc(c->crs_names.len, sizeof(struct crs *));
	if (!room->crs[i])
		room->crs[i] = crs_new(c->crs_names.entries[i].key.s, err);
	return room->crs[i];
}

static struct window shifted(const struct join_opts *o, const struct sample *s)
{
	struct str key = str_from(s->key);
	struct window win = s->win;

	if (seeded_unit(o->seed, "shift", key) < o->shift)
		window_shift(&win, &s->hold, o->keep,
			seeded_unit(o->seed, "shift.x", key),
			seeded_unit(o->seed, "shift.y", key),
			s->image->field.size[0], s->image->field.size[1]);
	return win;
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

/* The copy views the item's bytes. */
static struct item *copy_item(const struct item *item)
{
	struct item *copy = item_new();

	rec_view_rec(&copy->rec, &item->rec);
	copy->number = item->number;
	copy->offset = item->offset;
	copy->verdict = item->verdict;
	copy->reason = item->reason;
	copy->detail = item->detail ? xstrdup(item->detail) : NULL;
	return copy;
}

static void set_fields(struct sample_room *room, const struct join_opts *opts,
	const struct objects *objects, const struct sample *sample,
	const struct window *win, const double box[4], struct rec *rec)
{
	const struct image *img = sample->image;
	struct buf *b = &room->b;

	set_tags(room, rec, &objects->items[sample->focus->object],
		img->field.gsd_m, opts->gsd_slack);
	rec_set_str(rec, "key", sample->key, strlen(sample->key));
	rec_set(rec, "img", &img->img);
	set_u64s(rec, "win", (int64_t[]){win->col, win->row, win->w, win->h}, 4,
		b);
	set_f64s(rec, "box", box, 4, b);
	set_u64s(rec, "px", (int64_t[]){win->w, win->h}, 2, b);
	buf_reset(b);
	near_pack(&room->near, opts, objects, sample, win, b);
	rec_set(rec, "near", b);
	if (!opts->keep_geom)
		rec_drop(rec, "geom");
}

struct item *sample_make(struct sample_room *room, const struct join_opts *opts,
	const struct catalog *c, const struct objects *objects,
	const struct sample *sample)
{
	struct item *item = copy_item(objects->items[sample->object].item);
	const struct image *img = sample->image;
	struct window win;
	struct crs *crs;
	struct err err;
	double box[4];

	if (sample->over_cap)
		item_drop(item, "over the cap",
			"each of its tags has --max-per-tag others");
	if (item->verdict != KEEP)
		return item;
	win = shifted(opts, sample);
	crs = thread_crs(room, c, img->crs, &err);
	if (!crs)
		item_fault(item, "broken position", "%s", err.msg);
	else if (image_window_box(img, crs, &win, box))
		item_fault(item, "broken position",
			"the window has no place on the globe");
	else
		set_fields(room, opts, objects, sample, &win, box, &item->rec);
	return item;
}
