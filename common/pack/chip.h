/*
 * chip.h - what a record gives to files of its own: a name and an image.
 */
#ifndef PACK_CHIP_H
#define PACK_CHIP_H

#include "rec/rec.h"

enum { CHIP_MAX_KEY = 100 };

/*
 * -1 when the key is no name for a sample: empty, longer than CHIP_MAX_KEY,
 * or with other than graphic ASCII, a slash, a backslash or a dot (readers of
 * WebDataset split the name at its first dot).
 */
int chip_check_key(struct str key, struct err *err) MUST_USE;

/* Views into the record. */
struct chip {
	struct str key;        /* checked */
	struct str bytes;      /* not empty */
	const char *extension; /* jpg, png, webp or tif, by chip_fmt */
};

/*
 * -1 when the record lacks one of them, or it is not fit: *reason says which in
 * two words (a string constant, as item_fault() takes it), err why.
 */
int chip_read(const struct rec *r, struct chip *out, const char **reason,
	struct err *err) MUST_USE;

#endif
