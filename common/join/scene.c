#include "base/base.h"
#include "join/scene.h"

void scene_begin(struct scene *s, const struct image *img)
{
	s->img = img;
	s->shape.npoints = s->shape.nparts = s->n = 0;
	rtree_free(s->tree);
	s->tree = NULL;
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
	       img->field.gsd_m > max_gsd * (1 + opts->gsd_slack);
}

void scene_add(struct scene *s, const struct object *o, uint32_t number,
	struct crs *crs, const struct join_opts *opts)
{
	struct scene_item item = {.object = o, .number = number};
	size_t *tagset;

	if (!image_in_time(s->img, o) || object_too_coarse(o, s->img, opts))
		return;
	taglist_fill(&s->tags, o->tags, o->tag_gsd_m, s->img->field.gsd_m,
		opts->gsd_slack);
	if (!s->tags.n || place_object(o, s->img, crs, &s->shape, &item.place))
		return;
	buf_reset(&s->identity);
	taglist_identity(&s->tags, &s->identity);
	tagset = map_put(&s->tagsets,
		(struct str){s->identity.data, s->identity.len});
	if (!*tagset)
		*tagset = s->tagsets.len; /* from 1 */
	item.tagset = *tagset;
	xgrow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
	s->items[s->n++] = item;
}

void scene_end(struct scene *s)
{
	xgrow(&s->rects, &s->rects_cap, s->n, sizeof(*s->rects));
	for (size_t i = 0; i < s->n; i++)
		s->rects[i] = s->items[i].place.bounds;
	s->tree = rtree_new(s->rects, s->n);
}

void scene_release(struct scene *s)
{
	shape_release(&s->shape);
	free(s->items);
	rtree_free(s->tree);
	map_release(&s->tagsets);
	taglist_release(&s->tags);
	buf_release(&s->identity);
	free(s->rects);
}
