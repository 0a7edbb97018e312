#include "base/base.h"
#include "join/scene.h"

void scene_begin(struct scene *s, const struct image *img)
{
	s->img = img;
	shape_reset(&s->shape);
	s->n = 0;
	map_release(&s->tagsets);
	s->tagsets = (struct map)MAP_INIT;
}

bool object_too_coarse(const struct object *o, const struct image *img,
	const struct join_opts *opts)
{
	double max_gsd = 0;

	if (o->tag_gsd_m.len)
		return false;
	if (opts->sizes)
		max_gsd = sizes_gsd(opts->sizes, o->tags);
	if (!(max_gsd > 0))
		max_gsd = opts->max_gsd;
	return max_gsd > 0 &&
	       image_gsd_at(img, o->lat) > max_gsd * (1 + opts->gsd_slack);
}

/* Whether it may be a neighbour; s->tags then has those that show. */
static bool may_show(struct scene *s, const struct object *o,
	const struct join_opts *opts)
{
	if (!image_in_time(s->img, o) || object_too_coarse(o, s->img, opts))
		return false;
	taglist_fill(&s->tags, o->tags, o->tag_gsd_m,
		image_gsd_at(s->img, o->lat), opts->gsd_slack);
	return s->tags.n;
}

static uint32_t find_tagset(struct scene *s)
{
	size_t *tagset;

	buf_reset(&s->identity);
	taglist_identity(&s->tags, &s->identity);
	tagset = map_put(&s->tagsets,
		(struct str){s->identity.data, s->identity.len});
	if (!*tagset)
		*tagset = s->tagsets.len; /* from 1 */
	return (uint32_t)*tagset;
}

void scene_add(struct scene *s, const struct object *o, uint32_t number,
	struct crs *crs, const struct join_opts *opts)
{
	struct scene_item *item;

	xgrow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
	item = &s->items[s->n++];
	*item = (struct scene_item){.number = number};
	if (!may_show(s, o, opts) ||
		place_object(o, s->img, crs, &s->shape, &item->place))
		return;
	item->object = o;
	item->tagset = find_tagset(s);
	shape_bound_runs(&s->shape, item->place.part_begin,
		item->place.part_end);
	item->whole = shape_inside(&s->shape, item->place.part_begin,
		item->place.part_end,
		item->place.box_only ? SHAPE_AREA : o->kind,
		&item->place.bounds);
}

void scene_release(struct scene *s)
{
	shape_release(&s->shape);
	free(s->items);
	map_release(&s->tagsets);
	taglist_release(&s->tags);
	buf_release(&s->identity);
}
