#include "base/base.h"
#include "join/choose.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/hash.h"

enum { MAX_KEY = 100 };

static const char *const reasons[] = {
	[NO_IMAGE] = "no image",
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
	map_release(&c->keys);
	hits_release(&c->hits);
	taglist_release(&c->tags);
	buf_release(&c->base);
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

/* ID_SRC or ID_SRC_YY, and _2, _3 … when that is taken. Not entered yet. */
static char *make_key(struct chooser *c, const struct object *o,
	const struct image *img)
{
	struct buf *base = &c->base, key = BUF_INIT;
	size_t *count, n;

	buf_reset(base);
	add_name(base, o->id);
	buf_addc(base, '_');
	add_name(base, img->field.src);
	if (img->field.date.len >= 4) {
		buf_addc(base, '_');
		buf_add(base, img->field.date.s + 2, 2);
	}
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

/* The window of an area: its bounds, in whole pixels. */
static enum fate area_window(const struct chooser *c, struct sample *s,
	char *why, size_t room)
{
	const struct join_opts *o = c->opts;
	const struct rect *r = &s->focus->bounds;
	double longer = MAX(r->x1 - r->x0, r->y1 - r->y0);

	if (longer < o->min_object - PIXEL_EDGE) {
		snprintf(why, room, "spans %.2f pixels of %.3g m", longer,
			s->image->field.gsd_m);
		return TOO_SMALL;
	}
	if (window_round(r, o->px_min, &s->win))
		return NO_IMAGE;
	if (MAX(s->win.w, s->win.h) > o->px_max) {
		snprintf(why, room,
			"spans %" PRId64 " x %" PRId64 " pixels of %.3g m",
			s->win.w, s->win.h, s->image->field.gsd_m);
		return TOO_LARGE;
	}
	s->hold = *r;
	return CHOSEN;
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

	if (o->window_metres)
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

/* The object in one image. why: says more than the fate. */
static enum fate try_image(struct chooser *c, uint32_t number,
	struct image *img, struct sample *s, char *why, size_t room)
{
	const struct object *o = &c->objects->items[number];
	enum fate fate;

	taglist_fill(&c->tags, o->tags, o->tag_gsd_m, img->field.gsd_m,
		c->opts->gsd_slack);
	if (!c->tags.n && o->tags.len && val_count(o->tags)) {
		snprintf(why, room, "none of its tags shows at %.3g m",
			img->field.gsd_m);
		return NO_VISIBLE_TAG;
	}
	if (!img->scene)
		img->scene = scene_new(img, c->catalog->crs[img->crs],
			c->objects, c->index, c->opts->gsd_slack);
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

void choose(struct chooser *c, uint32_t number, struct sample *out)
{
	const struct object *o = &c->objects->items[number];
	char why[200], furthest[200] = "";
	enum fate best = NO_IMAGE;

	lonlat_index_query(c->catalog->index, o->bbox, &c->hits);
	for (size_t i = 0; i < c->hits.n; i++) {
		struct image *img = &c->catalog->images[c->hits.items[i]];
		enum fate fate;

		*out = (struct sample){.image = NULL};
		why[0] = '\0';
		fate = try_image(c, number, img, out, why, sizeof(why));
		if (fate == CHOSEN) {
			best = CHOSEN;
			break;
		}
		free(out->key);
		if (fate > best) {
			best = fate;
			memcpy(furthest, why, sizeof(furthest));
		}
	}
	c->counts[best]++;
	if (best != CHOSEN) {
		*out = (struct sample){.image = NULL};
		item_drop(o->item, reasons[best], "%s", furthest);
	} else if (strlen(out->key) > MAX_KEY) {
		item_fault(o->item, "key too long",
			"'%s' has more than %d bytes; img-catalog --src sets "
			"a shorter source",
			out->key, MAX_KEY);
		free(out->key);
		*out = (struct sample){.image = NULL};
	} else {
		enter_key(c, out->key);
	}
}
