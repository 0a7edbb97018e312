/*
 * scene.h - objects in one image, in its pixels: what some of its windows may
 * show.
 *
 * An object's points are transformed once, not once per window.
 */
#ifndef JOIN_SCENE_H
#define JOIN_SCENE_H

#include "base/map.h"
#include "join/join.h"
#include "join/place.h"
#include "join/taglist.h"

/* A neighbour, as it may be. */
struct scene_item {
	const struct object *object; /* NULL: in no window of the image */
	uint32_t number;             /* the object's */
	uint32_t tagset; /* equal for equal sets of tags that show */
	struct place place;
	struct inside whole; /* all of it, or of its bbox */
};

/* Of one thread, to be filled again and again; a zeroed one is empty. */
struct scene {
	const struct image *img;
	struct shape shape;       /* pixels */
	struct scene_item *items; /* [n], as they were added */
	size_t n, cap;
	struct map tagsets;
	struct taglist tags;
	struct buf identity;
};

/* Empties it, for this image. */
void scene_begin(struct scene *s, const struct image *img);
/*
 * Adds an object, which must stay while the scene is used. It cannot be a
 * neighbour when none of its tags shows in the image, or it was not so at the
 * image's date.
 */
void scene_add(struct scene *s, const struct object *o, uint32_t number,
	struct crs *crs, const struct join_opts *opts);
void scene_release(struct scene *s);

/* Without tag_gsd_m: whether the image is coarser than objects may be shown. */
bool object_too_coarse(const struct object *o, const struct image *img,
	const struct join_opts *opts);

#endif
