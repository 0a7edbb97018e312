/*
 * sample.h - a chosen object becomes a sample record.
 */
#ifndef JOIN_SAMPLE_H
#define JOIN_SAMPLE_H

#include "join/near.h"

/* One thread's; a zeroed one is empty. */
struct sample_room {
	struct near_room near;
	struct crs **crs; /* [of the catalogue], opened when needed */
	struct taglist tags;
	struct buf b;
};

void sample_room_release(struct sample_room *room, const struct catalog *c);

/*
 * What comes out for a sample. When its object was set aside, that record with
 * the reason; else the sample: its record with the window shifted and the
 * fields key, img, win, box, px and near set, less the tags that do not show
 * and geom. It is a copy: the object's own record stays as it is, for other
 * threads are reading it.
 */
struct item *sample_make(struct sample_room *room, const struct join_opts *opts,
	const struct catalog *c, const struct objects *objects,
	const struct sample *sample);

#endif
