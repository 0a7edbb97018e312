#include "base/base.h"
#include "stat/hll.h"

#include <math.h>

struct hll {
	unsigned bits;
	uint8_t ranks[]; /* [2^bits] the highest rank seen; 0: none */
};

struct hll *hll_new(unsigned bits)
{
	struct hll *h = xcalloc(1, sizeof(*h) + ((size_t)1 << bits));

	h->bits = bits;
	return h;
}

/* The upper bits choose a register, the rest gives the rank: the place of its
 * first 1. */
void hll_add(struct hll *h, uint64_t hash)
{
	uint64_t rest = hash << h->bits;
	unsigned rank =
		rest ? (unsigned)__builtin_clzll(rest) + 1 : 64 - h->bits + 1;
	uint8_t *r = &h->ranks[hash >> (64 - h->bits)];

	if (rank > *r)
		*r = (uint8_t)rank;
}

/* x + x^2 + 2 x^4 + 4 x^8 … : what the empty registers weigh. */
static double sigma(double x)
{
	double y = 1, z = x, before;

	if (x == 1)
		return INFINITY;
	do {
		x *= x;
		before = z;
		z += x * y;
		y += y;
	} while (z != before);
	return z;
}

/* (1 - x - the sum of (1 - x^(2^-k))^2 2^-k) / 3: the full registers. */
static double tau(double x)
{
	double y = 1, z = 1 - x, before;

	if (x == 0 || x == 1)
		return 0;
	do {
		x = sqrt(x);
		before = z;
		y *= 0.5;
		z -= (1 - x) * (1 - x) * y;
	} while (z != before);
	return z / 3;
}

uint64_t hll_estimate(const struct hll *h)
{
	size_t m = (size_t)1 << h->bits;
	unsigned q = 64 - h->bits;
	double counts[64 + 2] = {0};
	double z;

	for (size_t i = 0; i < m; i++)
		counts[h->ranks[i]]++;
	z = (double)m * tau(1 - counts[q + 1] / (double)m);
	for (unsigned k = q; k >= 1; k--)
		z = 0.5 * (z + counts[k]);
	z += (double)m * sigma(counts[0] / (double)m);
	return (uint64_t)llround((double)m * (double)m / (2 * log(2) * z));
}

double hll_std_error(const struct hll *h)
{
	return 1.04 / sqrt((double)((size_t)1 << h->bits));
}
