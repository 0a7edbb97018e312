/*
 * chips.h - the chips of records as image files: DIR/KEY.jpg and the like.
 *
 * Files appear by rename. The keys of a run are remembered: about 150 bytes a
 * record. One thread.
 */
#ifndef FORM_CHIPS_H
#define FORM_CHIPS_H

#include "filter/filter.h"

struct chips;

/* Makes the folder when it is not there. overwrite: files may be replaced. */
struct chips *chips_open(const char *dir, bool overwrite,
	struct err *err) MUST_USE;
/*
 * Writes the record's chip. One without a key or a chip that are fit, or with a
 * key that was there before, becomes a fault. -1: the file cannot be written,
 * or is there already.
 */
int chips_add(struct chips *c, struct item *item, struct err *err) MUST_USE;
/* NULL is fine. */
void chips_free(struct chips *c);

#endif
