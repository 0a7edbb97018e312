/*
 * cells.h - the globe cut into cells: squares of the Web Mercator map or of
 * degrees; and boxes grown by metres on the ground.
 *
 * Every position lies in exactly one cell; 180 degrees east is 180 west. The
 * first and last row of Web Mercator reach to the poles. No state: safe from
 * any thread.
 *
 * Source of the names: "Bing Maps Tile System", quadkeys.
 */
#ifndef GEO_CELLS_H
#define GEO_CELLS_H

#include <stddef.h>
#include <stdint.h>

/* Columns go east from 180 degrees west, rows south from the north pole. */
struct cells {
	bool mercator;
	unsigned zoom; /* of Web Mercator */
	uint32_t cols, rows;
};

struct cell {
	uint32_t col, row;
};

/* Columns col … col + ncols - 1, round the globe, and rows. */
struct cell_range {
	uint32_t col, ncols, row, nrows;
};

/* Room for any cell's name and a NUL. */
enum { CELL_NAME = 25, CELLS_MAX_ZOOM = 24 };

/* "quadkey:Z", Z 1 … 24, or "deg:D", where 180 is a multiple of D. */
int cells_parse(struct cells *c, const char *text, struct err *err) MUST_USE;
/* Of a valid position. */
struct cell cells_at(const struct cells *c, double lon, double lat);
/* The cells that a valid box [w, s, e, n] meets; w > e is fine. */
struct cell_range cells_of_box(const struct cells *c, const double box[4]);
bool cells_hold(const struct cells *c, const struct cell_range *r,
	struct cell cell);
/* The i-th cell of a range, row by row; i < ncols * nrows. */
struct cell cells_in_range(const struct cells *c, const struct cell_range *r,
	uint64_t i);
/* The quadkey, or "COLUMN/ROW". */
void cell_name(const struct cells *c, struct cell cell, char out[CELL_NAME]);

/*
 * A box that holds all that lies within `metres` (>= 0) of a valid one on the
 * WGS 84 ellipsoid, and little more: nothing is nearer to its sides than
 * that. Near a pole it goes all round. out may be box.
 */
void box_grow(const double box[4], double metres, double out[4]);
/*
 * Metres between two valid boxes, corner to corner or side to side; 0 when
 * they meet. At most a thousandth too much up to 50 km and 80 degrees north or
 * south.
 */
double box_distance_m(const double a[4], const double b[4]);

#endif
