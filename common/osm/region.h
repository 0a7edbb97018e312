/*
 * region.h - a part of the globe, from a file.
 *
 * Reads GeoJSON (RFC 7946: a Polygon, MultiPolygon, GeometryCollection,
 * Feature or FeatureCollection) and osmosis polygons ("Osmosis/Polygon Filter
 * File Format" of the OSM wiki), told apart by their first sign. Polygons may
 * overlap, and reach beyond 180 degrees east or west. Edges are straight in
 * degrees. Read-only: any number of threads.
 */
#ifndef OSM_REGION_H
#define OSM_REGION_H

#include <stddef.h>

struct region;

/* Errors name the file, and line, column or feature. */
struct region *region_load(const char *path, struct err *err) MUST_USE;
/* The same of text that is there; `name` is for messages. */
struct region *region_parse(const char *name, const char *text, size_t len,
	struct err *err) MUST_USE;
/* NULL is fine. */
void region_free(struct region *r);

/* West and south edges are in, as in geo/polygon.h. NaN lies in none. */
bool region_holds(const struct region *r, double lon, double lat);

#endif
