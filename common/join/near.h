/*
 * near.h - the objects around a sample: what else its window shows.
 */
#ifndef JOIN_NEAR_H
#define JOIN_NEAR_H

#include "geo/window.h"
#include "join/scene.h"

/* Of the positions of merged objects so many are kept; `n` counts them all. */
enum { NEAR_POSITIONS = 16 };

/* One thread's; a zeroed one is empty. */
struct near_room {
	struct neighbour *neighbours; /* [n] */
	size_t n, cap;
	struct near_group *groups; /* [ngroups] */
	size_t ngroups, groups_cap;
	uint32_t *group_of; /* [tagsets]: a group's place + 1, or 0 */
	size_t tagsets;
	struct taglist tags;
};

void near_room_release(struct near_room *room);

/* The object that a window is for. */
struct near_focus {
	const struct object *object;
	const struct window *win;
	double x, y; /* the object's place, pixels */
};

/*
 * Appends the packed `near` array of a window: of the n candidates, which are
 * places in the scene, those that overlap it, but the focus and others of its
 * id. An object's share is the area of the overlap over the window's, for lines
 * the length inside over the window's diagonal, for points 0, in whole
 * billionths; its position is the centre of what is inside. What has no
 * geometry must lie wholly inside with its bbox; its area_m2 or len_m then
 * gives the share (bbox_near: a part of the bbox is enough, and gives that part
 * of it). Objects with the same tags are merged: their shares add up; id and
 * sizes are those of the first by share, distance from the focus object, id.
 * Groups are ordered in the same way, and cut at max_near.
 */
void near_pack(struct near_room *room, const struct join_opts *opts,
	const struct scene *scene, const uint32_t *candidates, size_t n,
	const struct near_focus *focus, struct buf *out);

/* Whether one of the candidates overlaps a window: of what has no geometry, its
 * bbox. */
bool near_any(const struct scene *scene, const uint32_t *candidates, size_t n,
	const struct window *win);

#endif
