/*
 * missing.h - paths that are asked for and that no record has, and the nearest
 * spelling among what is there in their place. One thread.
 */
#ifndef FORM_MISSING_H
#define FORM_MISSING_H

#include "rec/rec.h"

struct missing;

struct missing *missing_new(void);
/* NULL is fine. */
void missing_free(struct missing *m);

/* A path that is asked for; must outlive m. */
void missing_add(struct missing *m, const struct path *path);
/* Crosses off the paths that the record has. */
void missing_see(struct missing *m, const struct rec *r);
/*
 * Appends which are left: "no record has 'tags.bulding' (did you mean
 * 'tags.building'?)". False when none is.
 */
bool missing_explain(const struct missing *m, struct buf *out);

#endif
