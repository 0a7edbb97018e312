/*
 * negative.h - windows that show none of the objects, for models to learn what
 * is not there.
 *
 * Each is a sample's window moved by some of its sides, so that they are as
 * dense on the ground, as large and of the same images as the samples are.
 */
#ifndef JOIN_NEGATIVE_H
#define JOIN_NEGATIVE_H

#include "join/plan.h"

/* Sides of its window that one is away from its sample, at most. */
enum { NEGATIVE_SIDES = 8 };

/*
 * Emits up to o->negatives windows in which no object shows, of the samples
 * with the lowest hashes, in their order; warns when it finds fewer. Records as
 * in bare.h. Memory: 400 bytes for each of them.
 */
int negatives_emit(struct plans *p, struct filter *f,
	const struct catalog *catalog, const struct join_opts *o,
	struct err *err) MUST_USE;

#endif
