/*
 * edit.h - changes to a record that reach inside its maps.
 *
 * What is not changed stays byte for byte and in its order (rec.h).
 */
#ifndef REC_EDIT_H
#define REC_EDIT_H

#include "rec/rec.h"

/*
 * Sets the value at the end of a path to the packed value in b. Maps on the
 * way that are not there are made; what is there and no map is replaced by
 * one, an array too. A value that is there is replaced in place, a new one
 * appended.
 */
void rec_set_path(struct rec *r, const struct path *p, const struct buf *b);

/*
 * Keeps only what the paths lead to. A map on the way in which nothing is left
 * goes too. Paths do not reach into arrays.
 */
void rec_keep(struct rec *r, const struct path_list *paths);
/* Removes what the paths lead to; a map that was emptied so stays. */
void rec_remove(struct rec *r, const struct path_list *paths);

/*
 * Appends the record, packed, without its bin fields and without the field
 * `skip` (NULL: none).
 */
void rec_pack_text(const struct rec *r, const char *skip, struct buf *b);

#endif
