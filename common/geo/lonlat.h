/*
 * lonlat.h - boxes in degrees, which may cross the antimeridian, and an index
 * of them.
 *
 * A box is [w, s, e, n]; w > e says that it crosses. An index is read-only once
 * built: any number of threads may query it.
 */
#ifndef GEO_LONLAT_H
#define GEO_LONLAT_H

#include "geo/rtree.h"

/* True for finite positions on the globe: |lon| <= 180, |lat| <= 90. */
bool lonlat_valid(double lon, double lat);
bool lonlat_box_valid(const double box[4]);
/* Whether two boxes have a point in common. */
bool lonlat_boxes_meet(const double a[4], const double b[4]);
/* A box's width in degrees, 0 … 360, and the longitude of its middle. */
double lonlat_box_width(const double box[4]);
double lonlat_box_middle(const double box[4]);
/* lon, turned by whole circles to lie within 180 degrees of `middle`. */
double lonlat_near(double lon, double middle);
/* lon in -180 … 180. */
double lonlat_wrap(double lon);

struct lonlat_index;

struct lonlat_index *lonlat_index_new(void);
void lonlat_index_free(struct lonlat_index *index);
/* Puts in a box, valid or NaN (which meets nothing); a box's number is the
 * count of those before it. They lie in a temporary file when many. */
int lonlat_index_add(struct lonlat_index *index, const double box[4],
	struct err *err) MUST_USE;
/* Makes it ready for queries; nothing may be put in any more. */
int lonlat_index_build(struct lonlat_index *index, struct err *err) MUST_USE;
/* The numbers of the boxes that meet `box`, ascending, each once. */
void lonlat_index_query(const struct lonlat_index *index, const double box[4],
	struct hits *hits);
/* The same in no order. */
void lonlat_index_find(const struct lonlat_index *index, const double box[4],
	struct hits *hits);

#endif
