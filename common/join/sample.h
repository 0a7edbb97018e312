/*
 * sample.h - chosen objects become sample records, with what surrounds them.
 */
#ifndef JOIN_SAMPLE_H
#define JOIN_SAMPLE_H

#include "join/near.h"
#include "join/plan.h"

/* One thread's. */
struct sample_room;

/* Both must stay. */
struct sample_room *sample_room_new(const struct join_opts *opts,
	const struct catalog *catalog);
void sample_room_free(struct sample_room *room);

/* A plan that is carried out. */
struct shot {
	const struct plan *plan;
	struct item *item; /* what comes out: NULL until it is made */
	double box[4];     /* the window's, in degrees */
};

/*
 * Sorts shots by image and place, so that samples_make() finds together what
 * lies together.
 */
void shots_sort(struct shot *shots, size_t n);

/*
 * Makes the items of n shots: the object's record, set aside with its reason or
 * with the fields key, img, win, box, px and near set, less the tags that do
 * not show and geom. What is in the windows of several is read once. all: where
 * the plans come from. On -1 some items may be NULL.
 */
int samples_make(struct sample_room *room, const struct plans *all,
	struct shot *shots, size_t n, struct err *err) MUST_USE;

#endif
