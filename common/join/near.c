#include "base/base.h"
#include "join/near.h"

#include <math.h>

#include "rec/pack.h"

struct neighbour {
	const struct object *object;
	uint32_t number;
	uint32_t next;     /* in its group, or NOBODY */
	int64_t share;     /* in billionths: sums then hang on no order */
	double x, y;       /* pixels of the image */
	int64_t distance2; /* from the focus, squared, in thousandths of
			    * pixels: what rounding makes of equals is equal */
};

/* Neighbours with the same tags. */
struct near_group {
	uint32_t tagset;
	uint32_t head; /* one of them */
	uint32_t best;
	size_t n;
	int64_t share;
	const struct neighbour *first; /* the best, when all are there */
};

enum { BILLION = 1000000000, NOBODY = UINT32_MAX };

/* What near_pack() looks at. */
struct view {
	const struct scene *scene;
	const struct object *focus;
	double x, y;        /* its position */
	struct rect rect;   /* the window, in pixels */
	double per_size[3]; /* billionths of a share, by kind of shape */
	bool bbox_near;
};

void near_room_release(struct near_room *room)
{
	free(room->neighbours);
	free(room->groups);
	free(room->group_of);
	taglist_release(&room->tags);
}

static double number(struct val v)
{
	double d;

	return v.len && !val_f64(v, &d) && d > 0 && isfinite(d) ? d : 0;
}

/* Size in pixels of an object of which only the bbox is known. */
static double size_of_box(const struct scene_item *item, double gsd_m)
{
	const struct object *o = item->object;

	if (o->kind == SHAPE_LINE)
		return number(o->len_m) / gsd_m;
	return MIN(number(o->area_m2) / (gsd_m * gsd_m), item->whole.size);
}

static bool is_within(const struct rect *a, const struct rect *b)
{
	return a->x0 >= b->x0 && a->y0 >= b->y0 && a->x1 <= b->x1 &&
	       a->y1 <= b->y1;
}

/* Of the outline of a bbox, which may have no width. */
static struct inside outline_inside(const struct view *v,
	const struct scene_item *item)
{
	return shape_inside(&v->scene->shape, item->place.part_begin,
		item->place.part_end,
		item->whole.size > 0 ? SHAPE_AREA : SHAPE_LINE, &v->rect);
}

/* What lies in the window of an object of which only the bbox is known: as if
 * it filled that evenly. */
static bool box_inside(const struct view *v, const struct scene_item *item,
	struct inside *out)
{
	double size = size_of_box(item,
		image_gsd_at(v->scene->img, item->object->lat));

	if (is_within(&item->place.bounds, &v->rect)) {
		/* its lon and lat are what the record says they are */
		*out = (struct inside){size,
			MAX(MIN(item->place.x, v->rect.x1), v->rect.x0),
			MAX(MIN(item->place.y, v->rect.y1), v->rect.y0)};
		return true;
	}
	if (!v->bbox_near)
		return false;
	*out = outline_inside(v, item);
	if (!(out->size > 0))
		return false;
	out->size =
		item->whole.size > 0 ? size * out->size / item->whole.size : 0;
	return true;
}

/* What of an object lies in the window; false when nothing does. */
static bool inside_of(const struct view *v, const struct scene_item *item,
	struct inside *out)
{
	const struct place *p = &item->place;
	enum shape_kind kind = item->object->kind;

	if (!rect_meets(&v->rect, &p->bounds))
		return false;
	if (p->box_only)
		return box_inside(v, item, out);
	/* points on the window's upper sides are not inside */
	*out = kind != SHAPE_POINT && is_within(&p->bounds, &v->rect)
		       ? item->whole
		       : shape_inside(&v->scene->shape, p->part_begin,
				 p->part_end, kind, &v->rect);
	return out->size > 0;
}

/* In billionths; what len_m says may be anything. */
static int64_t share_of(const struct view *v, enum shape_kind kind, double size)
{
	const double most = 1000.0 * BILLION;

	return (int64_t)(MIN(size * v->per_size[kind], most) + 0.5);
}

static int compare_ids(struct str a, struct str b)
{
	int c = memcmp(a.s, b.s, MIN(a.len, b.len));

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

/* Largest share first, then nearest, then by id, then by place in the input. */
static bool is_before(int64_t share_a, const struct neighbour *a,
	int64_t share_b, const struct neighbour *b)
{
	int c;

	if (share_a != share_b)
		return share_a > share_b;
	if (a->distance2 != b->distance2)
		return a->distance2 < b->distance2;
	c = compare_ids(a->object->id, b->object->id);
	return c ? c < 0 : a->number < b->number;
}

static bool neighbour_before(const struct neighbour *a,
	const struct neighbour *b)
{
	return is_before(a->share, a, b->share, b);
}

static bool group_before(const struct near_group *a, const struct near_group *b)
{
	return is_before(a->share, a->first, b->share, b->first);
}

/* The group of a tagset, made when it is the first of it. */
static struct near_group *find_group(struct near_room *room, uint32_t tagset)
{
	uint32_t *of = &room->group_of[tagset];

	if (!*of) {
		xgrow(&room->groups, &room->groups_cap, room->ngroups + 1,
			sizeof(*room->groups));
		room->groups[room->ngroups++] =
			(struct near_group){.tagset = tagset, .head = NOBODY};
		*of = (uint32_t)room->ngroups;
	}
	return &room->groups[*of - 1];
}

static void add_neighbour(struct near_room *room, uint32_t tagset,
	const struct neighbour *one)
{
	struct near_group *g = find_group(room, tagset);
	uint32_t place = (uint32_t)room->n;

	xgrow(&room->neighbours, &room->cap, room->n + 1,
		sizeof(*room->neighbours));
	room->neighbours[room->n] = *one;
	room->neighbours[room->n++].next = g->head;
	if (g->head == NOBODY ||
		neighbour_before(one, &room->neighbours[g->best]))
		g->best = place;
	g->head = place;
	g->share += one->share;
	g->n++;
}

static void find_neighbours(struct near_room *room, const struct view *v,
	const uint32_t *candidates, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct scene_item *item = &v->scene->items[candidates[i]];
		const struct object *o = item->object;
		struct neighbour one;
		struct inside in;
		double dx, dy;

		if (!o || !inside_of(v, item, &in) ||
			str_eq(o->id, v->focus->id))
			continue;
		dx = in.x - v->x;
		dy = in.y - v->y;
		one = (struct neighbour){
			.object = o,
			.number = item->number,
			.share = share_of(v, o->kind, in.size),
			.x = in.x,
			.y = in.y,
			.distance2 = (int64_t)((dx * dx + dy * dy) * 1e3 + 0.5),
		};
		add_neighbour(room, item->tagset, &one);
	}
}

/* The `most` best groups come to the front, in order; their number. */
static size_t choose_groups(struct near_room *room, size_t most)
{
	struct near_group *best = room->groups;
	size_t n = 0, k;

	for (size_t i = 0; i < room->ngroups && most; i++) {
		struct near_group g = room->groups[i];

		if (n == most && !group_before(&g, &best[n - 1]))
			continue;
		n += n < most;
		for (k = n - 1; k && group_before(&g, &best[k - 1]); k--)
			best[k] = best[k - 1];
		best[k] = g;
	}
	return n;
}

/* The neighbours of a window, in groups by tags. */
static void group_neighbours(struct near_room *room, const struct view *v,
	const uint32_t *candidates, size_t n)
{
	size_t tagsets = v->scene->tagsets.len + 1, before = room->tagsets;

	room->n = room->ngroups = 0;
	xgrow(&room->group_of, &room->tagsets, tagsets,
		sizeof(*room->group_of));
	memset(room->group_of + before, 0,
		(room->tagsets - before) * sizeof(*room->group_of));
	find_neighbours(room, v, candidates, n);
	for (size_t i = 0; i < room->ngroups; i++) {
		struct near_group *g = &room->groups[i];

		g->first = &room->neighbours[g->best];
		room->group_of[g->tagset] = 0;
	}
}

/* The best of a group, in order, into best[NEAR_POSITIONS]; their number. */
static size_t choose_members(const struct near_room *room,
	const struct near_group *g, const struct neighbour **best)
{
	size_t n = 0, k;

	for (uint32_t i = g->head; i != NOBODY; i = room->neighbours[i].next) {
		const struct neighbour *one = &room->neighbours[i];

		if (n == NEAR_POSITIONS && !neighbour_before(one, best[n - 1]))
			continue;
		n += n < NEAR_POSITIONS;
		for (k = n - 1; k && neighbour_before(one, best[k - 1]); k--)
			best[k] = best[k - 1];
		best[k] = one;
	}
	return n;
}

static void pack_positions(const struct near_room *room,
	const struct near_group *g, const struct rect *r, struct buf *out)
{
	const struct neighbour *best[NEAR_POSITIONS];
	size_t n = choose_members(room, g, best);

	pack_array(out, n);
	for (size_t i = 0; i < n; i++) {
		pack_array(out, 2);
		pack_f64(out, (best[i]->x - r->x0) / (r->x1 - r->x0));
		pack_f64(out, (best[i]->y - r->y0) / (r->y1 - r->y0));
	}
}

static void pack_group(struct near_room *room, const struct view *v,
	const struct near_group *g, double gsd_slack, struct buf *out)
{
	const struct object *o = g->first->object;

	taglist_fill(&room->tags, o->tags, o->tag_gsd_m,
		image_gsd_at(v->scene->img, o->lat), gsd_slack);
	pack_map(out,
		5 + !!o->tag_gsd_m.len + !!o->area_m2.len + !!o->len_m.len);
	pack_cstr(out, "id");
	pack_str(out, o->id.s, o->id.len);
	pack_cstr(out, "tags");
	taglist_pack(&room->tags, out);
	if (o->tag_gsd_m.len) {
		pack_cstr(out, "tag_gsd_m");
		taglist_pack_gsd(&room->tags, out);
	}
	pack_cstr(out, "share");
	pack_f64(out, (double)g->share / BILLION);
	pack_cstr(out, "n");
	pack_u64(out, g->n);
	pack_cstr(out, "pos");
	pack_positions(room, g, &v->rect, out);
	if (o->area_m2.len) {
		pack_cstr(out, "area_m2");
		pack_val(out, o->area_m2);
	}
	if (o->len_m.len) {
		pack_cstr(out, "len_m");
		pack_val(out, o->len_m);
	}
}

static struct rect rect_of(const struct window *win)
{
	return (struct rect){(double)win->col, (double)win->row,
		(double)(win->col + win->w), (double)(win->row + win->h)};
}

bool near_any(const struct scene *scene, const uint32_t *candidates, size_t n,
	const struct window *win)
{
	struct view v = {.scene = scene,
		.rect = rect_of(win),
		.bbox_near = true};
	struct inside in;

	for (size_t i = 0; i < n; i++) {
		const struct scene_item *item = &scene->items[candidates[i]];

		if (item->object && inside_of(&v, item, &in))
			return true;
	}
	return false;
}

void near_pack(struct near_room *room, const struct join_opts *opts,
	const struct scene *scene, const uint32_t *candidates, size_t n,
	const struct near_focus *focus, struct buf *out)
{
	const struct window *win = focus->win;
	struct view v = {
		.scene = scene,
		.focus = focus->object,
		.x = focus->x,
		.y = focus->y,
		.rect = rect_of(win),
		.bbox_near = opts->bbox_near,
	};
	double w = (double)win->w, h = (double)win->h;

	v.per_size[SHAPE_AREA] = BILLION / (w * h);
	v.per_size[SHAPE_LINE] = BILLION / hypot(w, h);
	group_neighbours(room, &v, candidates, n);
	n = choose_groups(room, opts->max_near);
	pack_array(out, n);
	for (size_t i = 0; i < n; i++)
		pack_group(room, &v, &room->groups[i], opts->gsd_slack, out);
}
