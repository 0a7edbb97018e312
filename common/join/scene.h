/*
 * scene.h - all objects that an image may show, in its pixels.
 *
 * Each object's points are transformed once per image, not once per window.
 * Read-only once made: any number of threads may use it.
 */
#ifndef JOIN_SCENE_H
#define JOIN_SCENE_H

#include "join/catalog.h"
#include "join/join.h"
#include "join/object.h"

/* A scene_item's tagset when the object has no tag that shows. */
enum { NO_TAGSET = 0 };

struct scene_item {
	uint32_t object;   /* its number */
	uint32_t tagset;   /* equal for equal sets of tags that show */
	bool placed;       /* all its points have a place in the image */
	bool box_only;     /* without geometry: the points are its bbox's */
	size_t begin, end; /* points of the shape */
	size_t part_begin, part_end; /* parts of the shape */
	double x, y;                 /* box_only: the representative point */
	struct rect bounds;
};

struct scene {
	struct shape shape;       /* pixels */
	struct scene_item *items; /* [n], by object */
	size_t n, cap;
	struct rtree *tree; /* of those that can be neighbours */
};

/*
 * index: of the objects' boxes. Objects none of whose tags shows in the image
 * are left out, and those that were not so at its date; without tags only
 * neighbours are.
 */
struct scene *scene_new(const struct image *img, struct crs *crs,
	const struct objects *objects, const struct lonlat_index *index,
	const struct join_opts *opts);
void scene_free(struct scene *s);

/* Without tag_gsd_m: whether the image is coarser than objects may be shown. */
bool object_too_coarse(const struct object *o, const struct image *img,
	const struct join_opts *opts);

/* NULL when the object is not in it. */
const struct scene_item *scene_find(const struct scene *s, uint32_t object);

#endif
