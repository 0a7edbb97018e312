#include "base/base.h"
#include "join/near.h"

#include <math.h>

#include "base/sort.h"
#include "rec/pack.h"

struct neighbour {
	const struct object *object;
	uint32_t number;
	uint32_t tagset;
	double share;
	double x, y;      /* pixels of the image */
	double distance2; /* from the focus object, squared, in thousandths:
			   * see rounded() */
};

/* Neighbours with the same tags: neighbours[first] and those behind it. */
struct near_group {
	const struct neighbour *first;
	size_t n;
	double share;
};

/* What near_pack() looks at. */
struct view {
	const struct scene *scene;
	const struct object *focus;
	double x, y;      /* its position */
	struct rect rect; /* the window, in pixels */
	bool bbox_near;
};

void near_room_release(struct near_room *room)
{
	free(room->neighbours);
	free(room->groups);
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
	const struct rect *r = &item->place.bounds;
	const struct object *o = item->object;

	if (o->kind == SHAPE_LINE)
		return number(o->len_m) / gsd_m;
	return MIN(number(o->area_m2) / (gsd_m * gsd_m),
		(r->x1 - r->x0) * (r->y1 - r->y0));
}

/* How much of lo … hi lies in from … to; 1 of what has no length. */
static double part_inside(double lo, double hi, double from, double to)
{
	return hi > lo ? (MIN(hi, to) - MAX(lo, from)) / (hi - lo) : 1;
}

static bool is_within(const struct rect *a, const struct rect *b)
{
	return a->x0 >= b->x0 && a->y0 >= b->y0 && a->x1 <= b->x1 &&
	       a->y1 <= b->y1;
}

/* The same of an object of which only the bbox is known: as if it filled it
 * evenly. */
static bool box_inside(const struct view *v, const struct scene_item *item,
	struct inside *out)
{
	const struct rect *r = &v->rect, *b = &item->place.bounds;
	bool whole = is_within(b, r);
	double part = whole ? 1
			    : part_inside(b->x0, b->x1, r->x0, r->x1) *
				      part_inside(b->y0, b->y1, r->y0, r->y1);

	if (!whole && !(v->bbox_near && part > 0))
		return false;
	out->size = part * size_of_box(item, v->scene->img->field.gsd_m);
	out->x = MAX(MIN(item->place.x, r->x1), r->x0);
	out->y = MAX(MIN(item->place.y, r->y1), r->y0);
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

/* Ranks must not hang on how sums were rounded. */
static double rounded(double share)
{
	return rint(share * 1e9) / 1e9;
}

static double share_of(const struct rect *r, enum shape_kind kind, double size)
{
	double w = r->x1 - r->x0, h = r->y1 - r->y0;

	if (kind == SHAPE_AREA)
		return rounded(size / (w * h));
	return kind == SHAPE_LINE ? rounded(size / hypot(w, h)) : 0;
}

static int compare_ids(struct str a, struct str b)
{
	int c = memcmp(a.s, b.s, MIN(a.len, b.len));

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

/* Largest share first, then nearest, then by id, then by place in the input. */
static bool is_before(double share_a, const struct neighbour *a, double share_b,
	const struct neighbour *b)
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
	if (a->tagset != b->tagset)
		return a->tagset < b->tagset;
	return is_before(a->share, a, b->share, b);
}

static bool group_before(const struct near_group *a, const struct near_group *b)
{
	return is_before(a->share, a->first, b->share, b->first);
}

SORT_DEFINE(sort_neighbours, struct neighbour, neighbour_before)
SORT_DEFINE(sort_groups, struct near_group, group_before)

static void find_neighbours(struct near_room *room, const struct view *v,
	const uint32_t *candidates, size_t n)
{
	room->n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct scene_item *item = &v->scene->items[candidates[i]];
		const struct object *o = item->object;
		struct inside in;
		double dx, dy;

		if (!o || !inside_of(v, item, &in) ||
			str_eq(o->id, v->focus->id))
			continue;
		dx = in.x - v->x;
		dy = in.y - v->y;
		xgrow(&room->neighbours, &room->cap, room->n + 1,
			sizeof(*room->neighbours));
		room->neighbours[room->n++] = (struct neighbour){
			.object = o,
			.number = item->number,
			.tagset = item->tagset,
			.share = share_of(&v->rect, o->kind, in.size),
			.x = in.x,
			.y = in.y,
			.distance2 = rint((dx * dx + dy * dy) * 1e3),
		};
	}
}

/* Neighbours with the same tags become one group each; groups in order. */
static void merge(struct near_room *room)
{
	room->ngroups = 0;
	if (!room->n)
		return;
	sort_neighbours(room->neighbours, room->n);
	for (size_t i = 0; i < room->n; i++) {
		const struct neighbour *one = &room->neighbours[i];

		if (!i || one->tagset != one[-1].tagset) {
			xgrow(&room->groups, &room->groups_cap,
				room->ngroups + 1, sizeof(*room->groups));
			room->groups[room->ngroups++] =
				(struct near_group){one, 0, 0};
		}
		room->groups[room->ngroups - 1].n++;
		room->groups[room->ngroups - 1].share += one->share;
	}
	for (size_t i = 0; i < room->ngroups; i++)
		room->groups[i].share = rounded(room->groups[i].share);
	sort_groups(room->groups, room->ngroups);
}

static void pack_positions(const struct near_group *g, const struct rect *r,
	struct buf *out)
{
	size_t n = MIN(g->n, NEAR_POSITIONS);

	pack_array(out, n);
	for (size_t i = 0; i < n; i++) {
		pack_array(out, 2);
		pack_f64(out, (g->first[i].x - r->x0) / (r->x1 - r->x0));
		pack_f64(out, (g->first[i].y - r->y0) / (r->y1 - r->y0));
	}
}

static void pack_group(struct near_room *room, const struct view *v,
	const struct near_group *g, double gsd_slack, struct buf *out)
{
	const struct object *o = g->first->object;

	taglist_fill(&room->tags, o->tags, o->tag_gsd_m,
		v->scene->img->field.gsd_m, gsd_slack);
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
	pack_f64(out, g->share);
	pack_cstr(out, "n");
	pack_u64(out, g->n);
	pack_cstr(out, "pos");
	pack_positions(g, &v->rect, out);
	if (o->area_m2.len) {
		pack_cstr(out, "area_m2");
		pack_val(out, o->area_m2);
	}
	if (o->len_m.len) {
		pack_cstr(out, "len_m");
		pack_val(out, o->len_m);
	}
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
		.rect = {(double)win->col, (double)win->row,
			(double)(win->col + win->w),
			(double)(win->row + win->h)},
		.bbox_near = opts->bbox_near,
	};

	find_neighbours(room, &v, candidates, n);
	merge(room);
	n = MIN(room->ngroups, opts->max_near);
	pack_array(out, n);
	for (size_t i = 0; i < n; i++)
		pack_group(room, &v, &room->groups[i], opts->gsd_slack, out);
}
