/*
 * label.h - the packed values that label a count, as text for people. The last
 * value of a label may be cut (counter.h).
 */
#ifndef STAT_LABEL_H
#define STAT_LABEL_H

#include "rec/val.h"

/* One value of a label. */
struct piece {
	struct val val; /* len 0: cut */
	bool is_str;
	struct str
		text; /* of a str; when cut, as it begins, whole characters */
	enum val_type type;
};

/* Takes the first value off the label; false when nothing is left. */
bool piece_take(struct str *label, struct piece *out);

/*
 * Appends text that comes from a stream so that it can be shown on a terminal:
 * control characters and bytes that are no UTF-8 come out as '?'.
 */
void add_tame(struct buf *b, struct str text);

/* Appends the piece so: a str as it is, other values as JSON, cut ones with
 * "..." behind. */
void add_piece(struct buf *b, const struct piece *p);

#endif
