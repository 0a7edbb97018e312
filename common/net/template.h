/*
 * template.h - names of tiles with places to be filled in, as services give
 * them: {z} {x} {y}, {-y}, {q} or {quadkey}, {TileMatrix} {TileRow} {TileCol},
 * {bbox} {width} {height} {proj}, {s}, {switch:a,b,c}, and {CAPITALS} for what
 * the environment has.
 *
 * Sources: OpenStreetMap's "Slippy map tilenames", OSGeo's Tile Map Service
 * (rows from the south), Bing's "Tile System" (quadkeys), OGC 07-057r7 (WMTS),
 * OGC 06-042 (WMS), JOSM's "Maps" ({switch:}). Any thread.
 */
#ifndef NET_TEMPLATE_H
#define NET_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

/* What a template has. */
enum {
	TEMPLATE_Z = 1,
	TEMPLATE_X = 2,
	TEMPLATE_Y = 4,
	TEMPLATE_MINUS_Y = 8,
	TEMPLATE_Q = 16,
	TEMPLATE_MATRIX = 32,
	TEMPLATE_ROW = 64,
	TEMPLATE_COL = 128,
	TEMPLATE_BBOX = 256,
	TEMPLATE_TOKEN = 512, /* {CAPITALS} */
	TEMPLATE_OTHER = 1024,
};

/* -1 when something between braces is none of them. */
int template_scan(const char *template, unsigned *has, struct err *err);

/* A tile of 2^z x 2^z, row 0 in the north; the bounds of what is asked for in
 * EPSG:3857 (west, south, east, north) and its size in pixels. */
struct template_tile {
	uint64_t z, x, y;
	double bbox[4];
	uint64_t width, height;
};

/* The value of {NAME}, or NULL and err. */
typedef const char *template_token_fn(void *ctx, const char *name,
	struct err *err);

/*
 * Appends the tile's name (with a NUL behind it). Which of several servers is
 * asked hangs on the tile alone. Tokens come from fn (escaped for URLs), as
 * they are written where fn is NULL.
 */
int template_fill(const char *template, const struct template_tile *t,
	template_token_fn *fn, void *ctx, struct buf *out,
	struct err *err) MUST_USE;

#endif
