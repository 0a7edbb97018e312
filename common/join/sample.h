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

/* A sample that is to be made: what of its plan that takes. */
struct shot {
	const struct image *image;
	struct window win;
	double x, y; /* the object's place, pixels */
	uint32_t object, copy;
	uint64_t number, offset; /* of the object's record, in the input */
};

/* The shot of a plan that is to be kept. */
void shot_set(struct shot *s, const struct plan *plan);

/*
 * Makes n samples, and appends their records to `out`: the object's, with the
 * fields key, img, win, box, px and near set, less the tags that do not show
 * and geom. len: [n], bytes of each; 0: its window has no place on the globe.
 * What is in the windows of several is read once, so shots of one image should
 * stand together, near ones first. all: where the plans come from.
 */
int samples_make(struct sample_room *room, const struct plans *all,
	const struct shot *const *shots, size_t n, struct buf *out,
	uint32_t *len, struct err *err) MUST_USE;

/*
 * Whether a window of an image shows an object, with a tag that shows: 1, 0,
 * -1. What has no geometry counts with its bbox; 1 of a window without a place,
 * too.
 */
int sample_sees(struct sample_room *room, const struct plans *all,
	const struct image *img, const struct window *win,
	struct err *err) MUST_USE;

#endif
