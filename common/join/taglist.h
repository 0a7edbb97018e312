/*
 * taglist.h - the tags of an object that show in an image.
 */
#ifndef JOIN_TAGLIST_H
#define JOIN_TAGLIST_H

#include "rec/rec.h"

struct tag {
	struct str key, value;
	struct val gsd; /* its class; len 0: not known */
};

/* In the record's order; views into it. Owns `items`. */
struct taglist {
	struct tag *items; /* [n] */
	size_t n, cap;
};

/*
 * Fills the list with the tags that show at gsd_m, as gsd_shows() says: all of
 * them when there is no tag_gsd_m (len 0); with one, a tag that it does not
 * name never shows. Both maps must have been checked.
 */
void taglist_fill(struct taglist *list, struct val tags, struct val tag_gsd_m,
	double gsd_m, double slack);
void taglist_release(struct taglist *list);

/* Appends the packed map of the tags, and that of their classes. */
void taglist_pack(const struct taglist *list, struct buf *b);
void taglist_pack_gsd(const struct taglist *list, struct buf *b);
/* Sorts the list; appends bytes that are equal for equal sets of tags. */
void taglist_identity(struct taglist *list, struct buf *b);

#endif
