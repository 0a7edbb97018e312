/*
 * prefer.h - which of the images that can show an object is taken first.
 */
#ifndef JOIN_PREFER_H
#define JOIN_PREFER_H

#include "join/choose.h"

/*
 * The place of the best of n > 0 samples of an object, by opts->prefer; they
 * stand finest first, and of equal ones the first is best. Images without a
 * date come behind those with one; the date of an object is its ts, and without
 * that the finest is the nearest. By chance: the same whatever else is there.
 */
size_t prefer(const struct join_opts *opts, const struct object *o,
	const struct sample *samples, size_t n);

#endif
