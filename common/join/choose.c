#include "base/base.h"
#include "join/choose.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/hash.h"
#include "join/keys.h"
#include "join/prefer.h"
#include "join/scene.h"

static const char *const reasons[] = {
	[NO_IMAGE] = "no image",
	[NOT_IN_TIME] = "no image near date",
	[TOO_COARSE] = "too coarse",
	[NO_VISIBLE_TAG] = "no visible tag",
	[TOO_SMALL] = "too small",
	[TOO_LARGE] = "too large",
	[WINDOW_LEAVES] = "window leaves image",
};

const char *fate_reason(enum fate fate)
{
	return reasons[fate];
}

void chooser_release(struct chooser *c)
{
	crs_room_release(&c->crs);
	hits_release(&c->hits);
	taglist_release(&c->tags);
	shape_release(&c->shape);
	buf_release(&c->key);
	samples_release(&c->fitting);
}

void sample_key(const struct sample *s, const struct object *o, struct buf *key)
{
	image_add_key(s->image, o->id, key);
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
static enum fate area_window(const struct join_opts *o, const struct rect *r,
	struct sample *s, char *why)
{
	double longer = MAX(r->x1 - r->x0, r->y1 - r->y0);
	double gsd_m = s->image->field.gsd_m;
	struct window *win = &s->win;

	if (longer < o->min_object - PIXEL_EDGE) {
		snprintf(why, WHY_TEXT, "spans %.2f pixels of %.3g m", longer,
			gsd_m);
		return TOO_SMALL;
	}
	if (round_area(o, r, win))
		return NO_IMAGE;
	s->hold = *r;
	if (o->window_size) {
		snprintf(why, WHY_TEXT, "spans %.2f pixels of %.3g m", longer,
			gsd_m);
		return longer > (double)o->window_size + PIXEL_EDGE ? TOO_LARGE
								    : CHOSEN;
	}
	snprintf(why, WHY_TEXT,
		"spans %" PRId64 " x %" PRId64 " pixels of %.3g m", win->w,
		win->h, gsd_m);
	if (o->exact && MIN(win->w, win->h) < o->px_min)
		return TOO_SMALL;
	return MAX(win->w, win->h) > o->px_max ? TOO_LARGE : CHOSEN;
}

/* One of a line's nodes; a closed line's first and last are one. */
static size_t random_node(const struct shape *shape, const struct place *p,
	double u)
{
	size_t n = p->end - p->begin, last = p->end - 1;

	if (n > 1 && p->part_end - p->part_begin == 1 &&
		shape->x[p->begin] == shape->x[last] &&
		shape->y[p->begin] == shape->y[last])
		n--;
	return p->begin + MIN((size_t)(u * (double)n), n - 1);
}

/* What chance goes by: the same whatever else there is. */
static struct str key_of(struct chooser *c, const struct object *o,
	const struct sample *s)
{
	buf_reset(&c->key);
	sample_key(s, o, &c->key);
	key_add_copy(&c->key, s->copy);
	return (struct str){c->key.data, c->key.len};
}

/* What of a line's bounds lies in the window, which is on one of its nodes. */
static struct rect common_part(const struct rect *r, const struct window *win)
{
	return (struct rect){MAX(r->x0, (double)win->col),
		MAX(r->y0, (double)win->row),
		MIN(r->x1, (double)(win->col + win->w)),
		MIN(r->y1, (double)(win->row + win->h))};
}

static double window_side(const struct join_opts *o,
	const struct object *object, double gsd_m)
{
	double side = 0;

	if (o->window_size)
		return (double)o->window_size;
	if (o->sizes)
		side = sizes_window(o->sizes, object->tags, gsd_m);
	return MAX(side > 0 ? side : side_px(&o->window, gsd_m), 1);
}

/* The window of a node or a line: centred on the node, or on one of them. */
static enum fate node_window(struct chooser *c, const struct object *object,
	const struct place *p, struct sample *s, char *why)
{
	const struct join_opts *o = c->opts;
	double gsd_m = image_gsd_at(s->image, object->lat);
	double side = window_side(o, object, gsd_m);
	double x = p->x, y = p->y;
	size_t i = p->begin;

	if (side > JOIN_MAX_SIDE) {
		snprintf(why, WHY_TEXT, "a window of %.0f pixels of %.3g m",
			side, gsd_m);
		return TOO_LARGE;
	}
	if (!p->box_only) {
		if (object->kind == SHAPE_LINE)
			i = random_node(&c->shape, p,
				seeded_unit(o->seed, "node",
					key_of(c, object, s)));
		x = c->shape.x[i];
		y = c->shape.y[i];
	}
	if (window_centre(x, y, (int64_t)side, (int64_t)side, &s->win))
		return NO_IMAGE;
	s->hold = (struct rect){x, y, x, y};
	if (object->kind == SHAPE_LINE && !p->box_only)
		s->hold = common_part(&p->bounds, &s->win);
	return CHOSEN;
}

static bool covers(const struct image *img, const struct rect *bounds)
{
	struct rect all = {0, 0, (double)img->field.size[0],
		(double)img->field.size[1]};

	return rect_meets(&all, bounds);
}

/* Whether the object was so at the image's date, and not long before. */
static bool in_time(const struct join_opts *opts, const struct image *img,
	const struct object *o, char *why)
{
	const struct str date = img->field.date;
	double days = 0;

	if (!image_in_time(img, o)) {
		if (date.len)
			snprintf(why, WHY_TEXT, "was not so at %.*s",
				(int)MIN(date.len, 30), date.s);
		else
			snprintf(why, WHY_TEXT,
				"is not so any more, and the image "
				"has no date");
		return false;
	}
	if (opts->max_age < 0)
		return true;
	if (img->when == NO_DATE || !o->ts) {
		snprintf(why, WHY_TEXT, "%s has no date",
			o->ts ? "the image" : "the object");
		return false;
	}
	days = fabs((double)img->when - (double)o->ts) / 86400;
	snprintf(why, WHY_TEXT, "%.0f days from an image of %.*s", days,
		(int)MIN(date.len, 30), date.s);
	return days <= opts->max_age;
}

/* Whether it shows in the image at all, before it is placed there. */
static enum fate may_show(struct chooser *c, const struct object *o,
	const struct image *img, char *why)
{
	double gsd_m = image_gsd_at(img, o->lat);

	if (!in_time(c->opts, img, o, why))
		return NOT_IN_TIME;
	if (object_too_coarse(o, img, c->opts)) {
		snprintf(why, WHY_TEXT, "%.3g m", gsd_m);
		return TOO_COARSE;
	}
	taglist_fill(&c->tags, o->tags, o->tag_gsd_m, gsd_m,
		c->opts->gsd_slack);
	if (!c->tags.n && o->tags.len && val_count(o->tags)) {
		snprintf(why, WHY_TEXT, "none of its tags shows at %.3g m",
			gsd_m);
		return NO_VISIBLE_TAG;
	}
	return CHOSEN;
}

/* By chance; a window that lay in the image before stays there. */
static void shift(struct chooser *c, const struct object *object,
	struct crs *crs, struct sample *s)
{
	const struct join_opts *o = c->opts;
	struct str key = key_of(c, object, s);
	const struct window before = s->win;

	if (seeded_unit(o->seed, "shift", key) < o->shift)
		window_shift(&s->win, &s->hold, o->keep,
			seeded_unit(o->seed, "shift.x", key),
			seeded_unit(o->seed, "shift.y", key),
			s->image->field.size[0], s->image->field.size[1]);
	if (!image_holds(s->image, crs, &s->win))
		s->win = before;
}

/* Whether the image shows the window; *why says where it is if not. */
static bool in_image(const struct image *img, struct crs *crs,
	const struct window *win, char *why)
{
	const uint64_t *size = img->field.size;

	if (image_holds(img, crs, win))
		return true;
	snprintf(why, WHY_TEXT,
		"window %" PRId64 ",%" PRId64 " of %" PRId64 " x %" PRId64
		" pixels in %s of %" PRIu64 " x %" PRIu64,
		win->col, win->row, win->w, win->h,
		window_fits(win, size[0], size[1]) ? "the footprint of an image"
						   : "an image",
		size[0], size[1]);
	return false;
}

enum fate choose_window(struct chooser *c, const struct object *o,
	struct sample *s, char *why)
{
	const struct image *img = s->image;
	enum fate fate = may_show(c, o, img, why);
	struct place place;
	struct crs *crs;
	struct err err;

	if (fate != CHOSEN)
		return fate;
	crs = crs_room_get(&c->crs, c->catalog, img, &err);
	if (!crs) {
		snprintf(why, WHY_TEXT, "%.*s", WHY_TEXT - 1, err.msg);
		return NO_IMAGE;
	}
	shape_reset(&c->shape);
	if (place_object(o, img, crs, &c->shape, &place) ||
		!covers(img, &place.bounds))
		return NO_IMAGE;
	fate = o->kind == SHAPE_AREA
		       ? area_window(c->opts, &place.bounds, s, why)
		       : node_window(c, o, &place, s, why);
	if (fate == CHOSEN && !in_image(img, crs, &s->win, why))
		fate = WINDOW_LEAVES;
	if (fate == CHOSEN)
		shift(c, o, crs, s);
	return fate;
}

void samples_release(struct samples *all)
{
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

/* The images that the object fits, finest first. */
static enum fate find_fitting(struct chooser *c, const struct object *o,
	char *why)
{
	enum fate furthest = NO_IMAGE;

	why[0] = '\0';
	c->fitting.n = c->hits.n = 0;
	lonlat_index_query(c->catalog->index, o->bbox, &c->hits);
	for (size_t i = 0; i < c->hits.n; i++) {
		struct sample s = {
			.image = &c->catalog->images[c->hits.items[i]],
			.copy = 1,
		};
		char this_why[WHY_TEXT] = "";
		enum fate fate;

		if (is_enough(c, s.image))
			break;
		fate = choose_window(c, o, &s, this_why);
		if (fate > furthest) {
			furthest = fate;
			memcpy(why, this_why, WHY_TEXT);
		}
		if (fate == CHOSEN)
			samples_add(&c->fitting, &s);
	}
	return furthest;
}

enum fate choose(struct chooser *c, const struct object *o,
	struct samples *fitting, char *why)
{
	enum fate fate = find_fitting(c, o, why);
	struct samples *all = &c->fitting;

	while (all->n) {
		size_t i = prefer(c->opts, o, all->items, all->n);

		samples_add(fitting, &all->items[i]);
		memmove(&all->items[i], &all->items[i + 1],
			(--all->n - i) * sizeof(*all->items));
	}
	return fate;
}
