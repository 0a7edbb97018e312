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

/*
 * What comes out for n plans of all, in their order: the object's record, set
 * aside with its reason or with the fields key, img, win, box, px and near set,
 * less the tags that do not show and geom. Plans whose objects lie near each
 * other should come together: what surrounds them is read once. out: [n], the
 * caller's; on -1 there are none.
 */
int samples_make(struct sample_room *room, const struct plans *all,
	const struct plan *plans, size_t n, struct item **out,
	struct err *err) MUST_USE;

#endif
