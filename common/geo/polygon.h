/*
 * polygon.h - which points lie in a set of polygons, asked by the million.
 *
 * Plane geometry in the caller's coordinates. A polygon is one or more rings by
 * the even-odd rule, so that a ring inside another is a hole. Polygons may
 * overlap. A point on an edge or corner that two polygons share lies in exactly
 * one of them. Build it, seal it; read-only then: any number of threads may
 * ask.
 *
 * A grid knows of the points in most of its cells where they are; for the
 * others the edges are sorted into horizontal bands, so that a point is
 * compared with those of its band only. Memory: some 80 bytes an edge, and up
 * to 1 MiB.
 */
#ifndef GEO_POLYGON_H
#define GEO_POLYGON_H

#include <stddef.h>

struct polygons;

struct polygons *polygons_new(void);
/* NULL is fine. */
void polygons_free(struct polygons *p);

/*
 * Begins a polygon, which the rings that follow belong to. One that is cut out
 * takes its area away from those before it.
 */
void polygons_begin(struct polygons *p, bool cut_out);
/* A ring of n finite points, whose last may or may not repeat the first. */
void polygons_add_ring(struct polygons *p, const double (*xy)[2], size_t n);
/* Ends the building. */
void polygons_seal(struct polygons *p);

/* x0, y0, x1, y1 around all of it; of nothing: infinite the wrong way round. */
const double *polygons_bounds(const struct polygons *p);
bool polygons_hold(const struct polygons *p, double x, double y);

#endif
