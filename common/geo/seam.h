/*
 * seam.h - areas in degrees that cross the antimeridian, brought together.
 *
 * Files have them in three ways: rings whose longitudes jump from 179 to -179,
 * rings that go on beyond 180, and parts cut at the antimeridian (RFC 7946,
 * section 3.1.9). Here longitudes always go on. Safe from any thread.
 */
#ifndef GEO_SEAM_H
#define GEO_SEAM_H

#include "geo/shape.h"

/*
 * Puts the rings of s, outer ones each with their holes behind them, into out,
 * which must be empty, without jumps: a side longer than half a turn, but not a
 * whole one, goes the other way round, and a ring that then goes all round the
 * earth is closed by way of its pole. When a part crosses the antimeridian, or
 * parts end there on both sides, all are put next to each other.
 */
void shape_join_seam(const struct shape *s, struct shape *out);

/*
 * The bounds [w, s, e, n] of a shape whose longitudes go on; w > e across the
 * antimeridian. The shape is moved by whole turns so that its west is in
 * [-180, 180).
 */
void shape_lonlat_bounds(struct shape *deg, double bbox_deg[4]);

#endif
