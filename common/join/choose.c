#include "base/base.h"
#include "join/choose.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/hash.h"
#include "join/prefer.h"

enum { MAX_KEY = 100 };

static const char *const reasons[] = {
	[NO_IMAGE] = "no image",
	[NOT_IN_TIME] = "no image near date",
	[TOO_COARSE] = "too coarse",
	[NO_VISIBLE_TAG] = "no visible tag",
	[TOO_SMALL] = "too small",
	[TOO_LARGE] = "too large",
	[WINDOW_LEAVES] = "window leaves image",
};

void chooser_init(struct chooser *c, const struct join_opts *opts,
	struct catalog *catalog, const struct objects *objects)
{
	double(*boxes)[4] = xcalloc(objects->n, sizeof(*boxes));

	*c = (struct chooser){.opts = opts,
		.catalog = catalog,
		.objects = objects};
	for (size_t i = 0; i < objects->n; i++)
		memcpy(boxes[i], objects->items[i].bbox, sizeof(boxes[i]));
	c->index = lonlat_index_new((const double(*)[4])boxes, objects->n);
	free(boxes);
}

void chooser_release(struct chooser *c)
{
	lonlat_index_free(c->index);
	samples_release(&c->fitting);
	map_release(&c->keys);
	hits_release(&c->hits);
	taglist_release(&c->tags);
	buf_release(&c->base);
}

/* ID_SRC or ID_SRC_YY, and _2, _3 … when that is taken. Not entered yet. */
static char *make_key(struct chooser *c, const struct object *o,
	const struct image *img)
{
	struct buf *base = &c->base, key = BUF_INIT;
	size_t *count, n;

	buf_reset(base);
	image_add_key(img, o->id, base);
	buf_add(&key, base->data, base->len);
	count = map_get(&c->keys, (struct str){base->data, base->len});
	for (n = count ? MAX(*count, 1) : 1;
		map_get(&c->keys, str_from(buf_str(&key)));) {
		buf_reset(&key);
		buf_add(&key, base->data, base->len);
		buf_addf(&key, "_%zu", ++n);
	}
	return buf_detach(&key);
}

/* Enters a key that was made last. */
static void enter_key(struct chooser *c, const char *key)
{
	++*map_put(&c->keys, (struct str){c->base.data, c->base.len});
	map_put(&c->keys, str_from(key));
}

/* As the options say, about the middle of the area's bounds. */
static int round_area(const struct join_opts *o, const struct rect *r,
	struct window *win)
{
	int64_t least = o->exact ? 1 : o->px_min;

	if (o->window_size)
		return window_centre((r->x0 + r->x1) / 2, (r->y0 + r->y1) / 2,
			o->window_size, o->window_size, win);
	if (window_round(r, least, win))
		return -1;
	return o->square ? window_round(r, MAX(win->w, win->h), win) : 0;
}

/* The window of an area: its bounds, in whole pixels. */
static enum fate area_window(const struct chooser *c, struct sample *s,
	char *why, size_t room)
{
	const struct join_opts *o = c->opts;
	const struct rect *r = &s->focus->bounds;
	double longer = MAX(r->x1 - r->x0, r->y1 - r->y0);
	double gsd_m = s->image->field.gsd_m;
	struct window *win = &s->win;

	if (longer < o->min_object - PIXEL_EDGE) {
		snprintf(why, room, "spans %.2f pixels of %.3g m", longer,
			gsd_m);
		return TOO_SMALL;
	}
	if (round_area(o, r, win))
		return NO_IMAGE;
	s->hold = *r;
	if (o->window_size) {
		snprintf(why, room, "spans %.2f pixels of %.3g m", longer,
			gsd_m);
		return longer > (double)o->window_size + PIXEL_EDGE ? TOO_LARGE
								    : CHOSEN;
	}
	snprintf(why, room, "spans %" PRId64 " x %" PRId64 " pixels of %.3g m",
		win->w, win->h, gsd_m);
	if (o->exact && MIN(win->w, win->h) < o->px_min)
		return TOO_SMALL;
	return MAX(win->w, win->h) > o->px_max ? TOO_LARGE : CHOSEN;
}

/* One of a line's nodes; a closed line's first and last are one. */
static size_t random_node(const struct shape *shape,
	const struct scene_item *item, double u)
{
	size_t n = item->end - item->begin, last = item->end - 1;

	if (n > 1 && item->part_end - item->part_begin == 1 &&
		shape->x[item->begin] == shape->x[last] &&
		shape->y[item->begin] == shape->y[last])
		n--;
	return item->begin + MIN((size_t)(u * (double)n), n - 1);
}

/* The window of a node or a line: centred on the node, or on one of them. */
static enum fate node_window(const struct chooser *c, enum shape_kind kind,
	struct sample *s, char *why, size_t room)
{
	const struct join_opts *o = c->opts;
	const struct shape *shape = &s->image->scene->shape;
	double x = s->focus->x, y = s->focus->y, side = o->window;
	size_t i = s->focus->begin;

	if (o->window_size)
		side = (double)o->window_size;
	else if (o->window_metres)
		side = MAX(round(side / s->image->field.gsd_m), 1);
	if (side > JOIN_MAX_SIDE) {
		snprintf(why, room, "a window of %.0f pixels of %.3g m", side,
			s->image->field.gsd_m);
		return TOO_LARGE;
	}
	if (!s->focus->box_only) {
		if (kind == SHAPE_LINE)
			i = random_node(shape, s->focus,
				seeded_unit(o->seed, "node", str_from(s->key)));
		x = shape->x[i];
		y = shape->y[i];
	}
	s->hold = (struct rect){x, y, x, y};
	return window_centre(x, y, (int64_t)side, (int64_t)side, &s->win)
		       ? NO_IMAGE
		       : CHOSEN;
}

static bool covers(const struct image *img, const struct rect *bounds)
{
	struct rect all = {0, 0, (double)img->field.size[0],
		(double)img->field.size[1]};

	return rect_meets(&all, bounds);
}

/* Whether the object was so at the image's date, and not long before. */
static bool in_time(const struct join_opts *opts, const struct image *img,
	const struct object *o, char *why, size_t room)
{
	const struct str date = img->field.date;
	double days = 0;

	if (!image_in_time(img, o)) {
		if (date.len)
			snprintf(why, room, "was not so at %.*s",
				(int)MIN(date.len, 30), date.s);
		else
			snprintf(why, room,
				"is not so any more, and the image "
				"has no date");
		return false;
	}
	if (opts->max_age < 0)
		return true;
	if (img->when == NO_DATE || !o->ts) {
		snprintf(why, room, "%s has no date",
			o->ts ? "the image" : "the object");
		return false;
	}
	days = fabs((double)img->when - (double)o->ts) / 86400;
	snprintf(why, room, "%.0f days from an image of %.*s", days,
		(int)MIN(date.len, 30), date.s);
	return days <= opts->max_age;
}

/* The object in one image. why: says more than the fate. */
static enum fate try_image(struct chooser *c, uint32_t number,
	struct image *img, struct sample *s, char *why, size_t room)
{
	const struct object *o = &c->objects->items[number];
	enum fate fate;

	*s = (struct sample){.object = number};
	if (!in_time(c->opts, img, o, why, room))
		return NOT_IN_TIME;
	if (object_too_coarse(o, img, c->opts)) {
		snprintf(why, room, "%.3g m", img->field.gsd_m);
		return TOO_COARSE;
	}
	taglist_fill(&c->tags, o->tags, o->tag_gsd_m, img->field.gsd_m,
		c->opts->gsd_slack);
	if (!c->tags.n && o->tags.len && val_count(o->tags)) {
		snprintf(why, room, "none of its tags shows at %.3g m",
			img->field.gsd_m);
		return NO_VISIBLE_TAG;
	}
	if (!img->scene)
		img->scene = scene_new(img, c->catalog->crs[img->crs],
			c->objects, c->index, c->opts);
	s->image = img;
	s->focus = scene_find(img->scene, number);
	if (!s->focus || !s->focus->placed || !covers(img, &s->focus->bounds))
		return NO_IMAGE;
	s->key = make_key(c, o, img);
	fate = o->kind == SHAPE_AREA ? area_window(c, s, why, room)
				     : node_window(c, o->kind, s, why, room);
	if (fate == CHOSEN &&
		!window_fits(&s->win, img->field.size[0], img->field.size[1])) {
		snprintf(why, room,
			"window %" PRId64 ",%" PRId64 " of %" PRId64
			" x %" PRId64 " pixels in an image of %" PRIu64
			" x %" PRIu64,
			s->win.col, s->win.row, s->win.w, s->win.h,
			img->field.size[0], img->field.size[1]);
		fate = WINDOW_LEAVES;
	}
	return fate;
}

void samples_release(struct samples *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->items[i].key);
	free(all->items);
	*all = (struct samples){NULL, 0, 0};
}

void samples_add(struct samples *all, const struct sample *s)
{
	xgrow(&all->items, &all->cap, all->n + 1, sizeof(*all->items));
	all->items[all->n++] = *s;
}

/* Later images can only be coarser: whether they are not asked for. */
static bool is_enough(const struct chooser *c, const struct image *next)
{
	const struct samples *all = &c->fitting;

	return c->opts->prefer == PREFER_FINEST && c->opts->per_object == 1 &&
	       all->n &&
	       next->field.gsd_m >
		       all->items[0].image->field.gsd_m * JOIN_SAME_GSD;
}

/* The images that the object fits; or its fate. */
static enum fate find_fitting(struct chooser *c, uint32_t number,
	char *furthest, size_t room)
{
	const struct object *o = &c->objects->items[number];
	enum fate best = NO_IMAGE;
	char why[200];

	c->fitting.n = c->hits.n = 0;
	lonlat_index_query(c->catalog->index, o->bbox, &c->hits);
	for (size_t i = 0; i < c->hits.n; i++) {
		struct image *img = &c->catalog->images[c->hits.items[i]];
		struct sample s;
		enum fate fate;

		if (is_enough(c, img))
			break;
		why[0] = '\0';
		fate = try_image(c, number, img, &s, why, sizeof(why));
		if (fate > best) {
			best = fate;
			snprintf(furthest, room, "%s", why);
		}
		if (fate == CHOSEN)
			samples_add(&c->fitting, &s);
		else
			free(s.key);
	}
	return best;
}

enum entry { ENTERED, LEAVES, TOO_LONG };

/*
 * Takes a sample that fits. When its key was given to another one since it was
 * tried, it gets a new one, and with it, maybe, another window.
 */
static enum entry enter(struct chooser *c, struct sample *s,
	struct samples *out)
{
	struct image *img = &c->catalog->images[s->image - c->catalog->images];
	char *key = make_key(c, &c->objects->items[s->object], img);
	bool same = !strcmp(key, s->key);
	char why[200];

	free(key);
	if (!same) {
		free(s->key);
		if (try_image(c, s->object, img, s, why, sizeof(why)) != CHOSEN)
			return LEAVES;
	}
	if (strlen(s->key) > MAX_KEY)
		return TOO_LONG;
	enter_key(c, s->key);
	samples_add(out, s);
	s->key = NULL;
	return ENTERED;
}

static void give_up(struct chooser *c, const struct object *o, enum fate fate,
	enum entry entry, const char *why)
{
	if (entry == TOO_LONG)
		item_fault(o->item, "key too long",
			"'%s' has more than %d bytes; img-catalog --src sets "
			"a shorter source",
			buf_str(&c->base), MAX_KEY);
	else
		item_drop(o->item, reasons[fate], "%s", why);
}

void choose(struct chooser *c, uint32_t number, struct samples *out)
{
	const struct object *o = &c->objects->items[number];
	struct sample none = {.object = number};
	struct samples *all = &c->fitting;
	char why[200] = "";
	enum fate fate = find_fitting(c, number, why, sizeof(why));
	enum entry entry = LEAVES;
	size_t before = out->n;

	while (all->n && out->n - before < c->opts->per_object) {
		size_t i = prefer(c->opts, o, all->items, all->n);

		entry = enter(c, &all->items[i], out);
		free(all->items[i].key);
		memmove(&all->items[i], &all->items[i + 1],
			(--all->n - i) * sizeof(*all->items));
	}
	while (all->n)
		free(all->items[--all->n].key);
	if (out->n == before) {
		samples_add(out, &none);
		fate = MIN(fate, WINDOW_LEAVES);
		give_up(c, o, fate, entry, why);
	}
	c->counts[fate]++;
}
