/*
 * hll.h - how many distinct values there are, in memory of a fixed size.
 *
 * HyperLogLog: Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog: the analysis
 * of a near-optimal cardinality estimation algorithm", 2007. The estimate is
 * Ertl's ("New cardinality estimation algorithms for HyperLogLog sketches",
 * arXiv 1702.01284, section 4), which is not biased for small sets either and
 * needs no thresholds. One thread.
 */
#ifndef STAT_HLL_H
#define STAT_HLL_H

#include <stddef.h>
#include <stdint.h>

struct hll;

/* 2^bits registers of one byte; bits 4 to 16. free() it. */
struct hll *hll_new(unsigned bits);
/* Values are known by a hash of 64 even bits, such as XXH3. */
void hll_add(struct hll *h, uint64_t hash);
/* To the nearest whole number. */
uint64_t hll_estimate(const struct hll *h);
/* The relative standard error of the estimate: 1.04 / sqrt(2^bits). */
double hll_std_error(const struct hll *h);

#endif
