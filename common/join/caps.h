/*
 * caps.h - at most so many samples of a tag, for a long tail: of each tag those
 * with the lowest hashes.
 *
 * A sample stays when for one of its tags it is among these. The hashes are of
 * the samples' keys, so that the choice depends neither on the order nor on how
 * the objects were split: the lowest of the whole are among the lowest of each
 * part, whose caps can be put together.
 */
#ifndef JOIN_CAPS_H
#define JOIN_CAPS_H

#include "rec/rec.h"

struct caps;

/* n > 0: samples of each tag. */
struct caps *caps_new(uint64_t n, uint64_t seed);
/* NULL is fine. */
void caps_free(struct caps *c);

/* A sample of this key has the tag. */
void caps_add(struct caps *c, struct str key, struct str value,
	struct str sample);
/* Whether the sample is among those that stay for the tag; a tag that was never
 * added has room. */
bool caps_hold(struct caps *c, struct str key, struct str value,
	struct str sample);

/*
 * A table of them: two hashes, of tag and sample, and the tag for people, with
 * blanks for control signs. Several may be put together with cat(1): all must
 * be of this seed and of as many samples a tag or more.
 */
int caps_save(const struct caps *c, const char *path, struct err *err) MUST_USE;
int caps_load(struct caps *c, const char *path, struct err *err) MUST_USE;

#endif
