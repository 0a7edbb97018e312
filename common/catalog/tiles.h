/*
 * tiles.h - tile services as images: one image of the whole grid of Web
 * Mercator at the deepest level, of which the bounds say what there is.
 *
 * Sources: OpenStreetMap's "Slippy map tilenames" (xyz), OSGeo's Tile Map
 * Service (rows from the south), Bing's "Tile System" (quadkeys), OGC 07-057r7
 * (WMTS), OGC 06-042 (WMS).
 */
#ifndef CATALOG_TILES_H
#define CATALOG_TILES_H

#include "catalog/maker.h"

struct tile_grid {
	uint64_t min_z, max_z, px;
	double bounds[4]; /* w, s, e, n; w > e across the antimeridian */
};

/*
 * zoom: "0-19" or "19"; bounds: "W,S,E,N" in degrees, NULL: the whole map (up
 * to 85.05 degrees, to which they are cut). Errors name the option.
 */
int tile_grid_read(struct tile_grid *g, const char *zoom, uint64_t px,
	const char *bounds, struct err *err) MUST_USE;

/*
 * Catalogues the service of a template. Which kind it is its placeholders say:
 * {z} {x} {y} (or {-y}: rows from the south), {q} or {quadkey}, {TileMatrix}
 * {TileRow} {TileCol}, {bbox} {width} {height}. Capitals ({TOKEN}) stand for
 * what is filled in when tiles are fetched; {switch:a,b} for one of several.
 * Warns of what looks like a secret.
 */
int catalog_tiles(struct maker *m, const char *template,
	const struct tile_grid *g, struct err *err) MUST_USE;

/* Appends who is asked: the host, or the folder in front of the tiles. */
void tiles_add_host(struct buf *b, const char *template);

#endif
