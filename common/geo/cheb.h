/*
 * cheb.h - a smooth map of a rectangle, as polynomials: for maps that are slow.
 *
 * The map is interpolated at Chebyshev nodes, by polynomials of the lowest
 * degree (3, 5 or 7 in x and in y) that are as near to it as is asked for:
 * looked at between the nodes and on the rectangle's sides, where they are
 * worst. Once made, any thread may use it.
 *
 * Source: Trefethen, Approximation Theory and Approximation Practice (2013),
 * chapters 2 to 4, in two dimensions.
 */
#ifndef GEO_CHEB_H
#define GEO_CHEB_H

#include "geo/rtree.h"

/* Maps n points in place; -1 when one cannot be mapped. */
typedef int cheb_fn(void *ctx, double *x, double *y, size_t n);

struct cheb;

/* NULL when fn is not so smooth in the domain, or not defined everywhere. */
struct cheb *cheb_new(const struct rect *domain, double tolerance, cheb_fn *fn,
	void *ctx);
void cheb_free(struct cheb *c);

/* Maps n points in place; false, and they are as they were, when one of them
 * is not in the domain. */
bool cheb_map(const struct cheb *c, double *x, double *y, size_t n);

#endif
