#include "base/base.h"
#include "join/scene.h"

#include <math.h>

#include "base/map.h"
#include "join/taglist.h"
#include "tags/gsd.h"

/* Points per side of a bbox: its sides are bent in most images. */
enum { BOX_STEPS = 8 };

struct maker {
	struct scene *scene;
	const struct image *img;
	struct crs *crs;
	const struct join_opts *opts;
	struct map tagsets;
	struct taglist tags;
	struct buf identity;
};

/* The outline of a bbox, in degrees; its longitudes may pass 180. */
static void add_box(struct shape *s, const double box[4])
{
	double width = lonlat_box_width(box), height = box[3] - box[1];
	size_t begin = s->npoints;

	for (int side = 0; side < 4; side++) {
		for (int i = 0; i < BOX_STEPS; i++) {
			double t = (double)i / BOX_STEPS;
			double u[4] = {t, 1, 1 - t, 0}, v[4] = {0, t, 1, 1 - t};

			shape_add_point(s, box[0] + u[side] * width,
				box[1] + v[side] * height);
		}
	}
	shape_add_part(s, begin, false);
}

static int add_points(struct shape *s, const struct object *o)
{
	enum shape_kind kind;
	struct err err;

	if (o->geom.len)
		return shape_add_wkb(s, (const uint8_t *)o->geom.s, o->geom.len,
			&kind, &err);
	if (o->kind == SHAPE_POINT) {
		shape_add_point(s, o->lon, o->lat);
		shape_add_part(s, s->npoints - 1, false);
	} else {
		add_box(s, o->bbox);
	}
	return 0;
}

static bool place(struct maker *m, struct scene_item *item,
	const struct object *o)
{
	struct shape *s = &m->scene->shape;

	item->x = o->lon;
	item->y = o->lat;
	if (item->box_only &&
		image_from_lonlat(m->img, m->crs, &item->x, &item->y, 1))
		return false;
	return !image_from_lonlat(m->img, m->crs, s->x + item->begin,
		s->y + item->begin, item->end - item->begin);
}

bool object_too_coarse(const struct object *o, const struct image *img,
	const struct join_opts *opts)
{
	return !o->tag_gsd_m.len && opts->max_gsd > 0 &&
	       !gsd_shows(opts->max_gsd, img->field.gsd_m, opts->gsd_slack);
}

static void add_object(struct maker *m, const struct objects *objects,
	uint32_t number)
{
	const struct object *o = &objects->items[number];
	struct scene *s = m->scene;
	struct scene_item item = {.object = number,
		.tagset = NO_TAGSET,
		.bounds = {INFINITY, INFINITY, -INFINITY, -INFINITY}};
	size_t *tagset;

	if (!image_in_time(m->img, o) || object_too_coarse(o, m->img, m->opts))
		return;
	taglist_fill(&m->tags, o->tags, o->tag_gsd_m, m->img->field.gsd_m,
		m->opts->gsd_slack);
	if (!m->tags.n && (o->halo || (o->tags.len && val_count(o->tags))))
		return;
	if (m->tags.n) {
		buf_reset(&m->identity);
		taglist_identity(&m->tags, &m->identity);
		tagset = map_put(&m->tagsets,
			(struct str){m->identity.data, m->identity.len});
		if (!*tagset)
			*tagset = m->tagsets.len; /* from 1 */
		item.tagset = (uint32_t)*tagset;
	}
	item.box_only = !o->geom.len && o->kind != SHAPE_POINT;
	item.begin = s->shape.npoints;
	item.part_begin = s->shape.nparts;
	if (add_points(&s->shape, o))
		return; /* never: object.c has read it without an error */
	item.end = s->shape.npoints;
	item.part_end = s->shape.nparts;
	item.placed = place(m, &item, o);
	if (item.placed)
		item.bounds = shape_bounds(&s->shape, item.begin, item.end);
	xgrow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
	s->items[s->n++] = item;
}

static void index_items(struct scene *s)
{
	struct rect *rects = xcalloc(s->n, sizeof(*rects));

	for (size_t i = 0; i < s->n; i++)
		rects[i] = s->items[i].tagset == NO_TAGSET
				   ? (struct rect){NAN, NAN, NAN, NAN}
				   : s->items[i].bounds;
	s->tree = rtree_new(rects, s->n);
	free(rects);
}

struct scene *scene_new(const struct image *img, struct crs *crs,
	const struct objects *objects, const struct lonlat_index *index,
	const struct join_opts *opts)
{
	struct scene *s = xcalloc(1, sizeof(*s));
	struct maker m = {.scene = s, .img = img, .crs = crs, .opts = opts};
	struct hits hits = HITS_INIT;

	lonlat_index_query(index, img->bbox, &hits);
	for (size_t i = 0; i < hits.n; i++)
		add_object(&m, objects, hits.items[i]);
	index_items(s);
	hits_release(&hits);
	map_release(&m.tagsets);
	taglist_release(&m.tags);
	buf_release(&m.identity);
	return s;
}

void scene_free(struct scene *s)
{
	if (!s)
		return;
	shape_release(&s->shape);
	free(s->items);
	rtree_free(s->tree);
	free(s);
}

const struct scene_item *scene_find(const struct scene *s, uint32_t object)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (s->items[middle].object < object)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo < s->n && s->items[lo].object == object ? &s->items[lo]
							  : NULL;
}
