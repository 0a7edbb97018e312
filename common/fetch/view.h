/*
 * view.h - which pixels of which level a chip is made of.
 *
 * Levels are the whole image at coarser and coarser grids, 0 the finest. A
 * chip that is coarser than the image is made from the coarsest level that is
 * not coarser than the chip. No state.
 */
#ifndef FETCH_VIEW_H
#define FETCH_VIEW_H

#include "raster/raster.h"

struct view {
	size_t level;
	struct raster_window win; /* whole pixels of the level */
	double box[4];            /* the window in them: l, t, r, b */
	unsigned width, height;   /* of the chip */
	bool exact;               /* win is the chip, pixel by pixel */
};

/*
 * levels: [n][2] widths and heights. win lies in level 0, and is width x
 * height pixels of the chip.
 */
void view_choose(const struct raster_window *win, const uint64_t (*levels)[2],
	size_t n, unsigned width, unsigned height, struct view *out);

/* Blocks of bw x bh pixels that win meets. */
struct span {
	uint64_t col, row, ncols, nrows;
};
struct span view_blocks(const struct raster_window *win, unsigned bw,
	unsigned bh);

/* Where something lies: near places have near numbers (Morton order). */
uint64_t view_order(uint64_t col, uint64_t row);

#endif
