/*
 * tags_field.h - the `tags` of a record or of a neighbour: map str → str.
 */
#ifndef REC_TAGS_FIELD_H
#define REC_TAGS_FIELD_H

#include "rec/val.h"

/* Tags in their order; views into the record. Zero it to begin. */
struct tags {
	struct pair *items; /* [n] */
	size_t n, cap;
};

#define TAGS_INIT                                                              \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* Replaces what `tags` holds. -1 when v is no map of str to str. */
int tags_read(struct val v, struct tags *tags, struct err *err) MUST_USE;
void tags_add(struct tags *tags, struct pair tag);
/* Empties it, keeping the room. */
void tags_reset(struct tags *tags);
void tags_release(struct tags *tags);
/* The tag of that key, or NULL. */
const struct pair *tags_find(const struct tags *tags, struct str key);
/* Appends the map. */
void tags_pack(struct buf *b, const struct tags *tags);

#endif
