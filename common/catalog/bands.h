/*
 * bands.h - files that differ only by their band, brought together as images.
 *
 * The pattern of the options ("_{band}.jp2") says how such files' paths end;
 * what stands in front of it is the image's.
 */
#ifndef CATALOG_BANDS_H
#define CATALOG_BANDS_H

#include "catalog/maker.h"

struct band_sets;

/* m's options must have a pattern; m must live longer. */
struct band_sets *band_sets_new(struct maker *m);
void band_sets_free(struct band_sets *b);

/* False when the path does not end so, or with another band's name. */
bool band_sets_add(struct band_sets *b, const char *path);
/*
 * Hands all images to the maker, in the order of their first files; those that
 * lack a band are set aside.
 */
int band_sets_put(struct band_sets *b, struct err *err) MUST_USE;

#endif
