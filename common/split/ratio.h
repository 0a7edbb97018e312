/*
 * ratio.h - named shares of a whole: train=0.9,val=0.05,test=0.05.
 */
#ifndef SPLIT_RATIO_H
#define SPLIT_RATIO_H

#include "base/map.h"

/* Owns what it points to; a zeroed one is empty. */
struct ratio {
	struct map names; /* [n] in the order of the text */
	double *upto;     /* [n] where each share ends; the last is 1 */
};

/*
 * Shares are positive numbers of any sum; names are made of letters, digits,
 * '_' and '-', each once.
 */
int ratio_parse(struct ratio *r, const char *text, struct err *err) MUST_USE;
void ratio_release(struct ratio *r);
size_t ratio_count(const struct ratio *r);
struct str ratio_name(const struct ratio *r, size_t i);
/* The share that a number in [0, 1) falls into. */
size_t ratio_at(const struct ratio *r, double u);

#endif
