/*
 * From JPEG to JPEG: windows of blocks of 4:2:0 are put together from their
 * planes, without a way through RGB. Colour lies at half resolution: where a
 * window begins between two of its pixels, their mean is taken, which is what
 * upsampling and downsampling them comes to.
 */
#include "base/base.h"
#include "fetch/compose.h"

enum { MCU = 16 };

/* A plane of the window, larger than that by what an MCU needs. */
struct plane {
	uint8_t *px;
	size_t stride;
	uint64_t col, row; /* of the level's plane */
	size_t w, h;       /* that are filled from blocks */
};

/* Whether its blocks are of the kind. */
static bool has_planes(const struct scene_level *l)
{
	return l->own && l->blocks.how == BLOCKS_JPEG && l->blocks.ycc &&
	       l->blocks.tiled && l->bw % MCU == 0 && l->bh % MCU == 0;
}

/* Whether anything must be known of pixels. */
static bool needs_pixels(const struct hand *h, const struct scene *s)
{
	return h->f->plan->o->format != CHIP_JPEG || s->f.has_nodata ||
	       s->has_mask || plan_looks(h->f->plan);
}

bool planes_fit(const struct hand *h, const struct want *w)
{
	const struct scene *s = w->scene;

	return scene_has_bytes(s) && has_planes(&s->levels[w->view.level]) &&
	       !needs_pixels(h, s) && w->view.exact && s->nbands == 3 &&
	       s->bands[0] == 1 && s->bands[1] == 2 && s->bands[2] == 3 &&
	       !s->not_420;
}

/* Copies what the plane has of a block's plane, whose first pixel is x0, y0. */
static void paste(const struct plane *to, const uint8_t *from, size_t bw,
	size_t bh, uint64_t x0, uint64_t y0)
{
	uint64_t left = MAX(x0, to->col), top = MAX(y0, to->row);
	uint64_t right = MIN(x0 + bw, to->col + to->w);
	uint64_t bottom = MIN(y0 + bh, to->row + to->h);

	for (uint64_t y = top; y < bottom; y++)
		memcpy(to->px + (y - to->row) * to->stride + (left - to->col),
			from + (y - y0) * bw + (left - x0), right - left);
}

/* The last column and row, over and over, to the plane's full size. */
static void pad(uint8_t *px, size_t stride, size_t w, size_t h, size_t full)
{
	for (size_t y = 0; y < h; y++)
		memset(px + y * stride + w, px[y * stride + w - 1], stride - w);
	for (size_t y = h; y < full; y++)
		memcpy(px + y * stride, px + (h - 1) * stride, stride);
}

/*
 * The window's colours, w x h, of those that it meets: one more where it begins
 * between two of them (odd_x, odd_y), for which there is a last one again.
 */
static void centre(const struct plane *from, bool odd_x, bool odd_y,
	uint8_t *to, size_t stride, size_t w, size_t h)
{
	for (size_t y = 0; y < h; y++) {
		size_t y1 = odd_y ? MIN(y + 1, from->h - 1) : y;
		const uint8_t *a = from->px + y * from->stride;
		const uint8_t *b = from->px + y1 * from->stride;
		uint8_t *out = to + y * stride;

		if (!odd_x) {
			for (size_t x = 0; x < w; x++)
				out[x] = (uint8_t)((a[x] + b[x] + 1) / 2);
			continue;
		}
		for (size_t x = 0; x < w; x++)
			out[x] = (uint8_t)((a[x] + a[x + 1] + b[x] + b[x + 1] +
						   2) /
					   4);
	}
}

/* All planes of a window: of brightness as it is to be, of colours as they
 * lie in the blocks. */
struct planes {
	struct image out; /* as jpeg_planes_encode() takes it */
	struct plane y, c[2];
	uint8_t *room; /* of c */
};

static void planes_begin(struct planes *p, const struct raster_window *win)
{
	unsigned pw = ((unsigned)win->width + MCU - 1) / MCU * MCU;
	unsigned ph = ((unsigned)win->height + MCU - 1) / MCU * MCU;
	struct plane c = {.col = win->col / 2, .row = win->row / 2};

	p->out = (struct image){.width = pw,
		.height = ph / 2 * 3,
		.channels = 1};
	p->out.px = xmalloc((size_t)pw * p->out.height);
	p->y = (struct plane){p->out.px, pw, win->col, win->row, win->width,
		win->height};
	c.w = (win->col + win->width - 1) / 2 - c.col + 1;
	c.h = (win->row + win->height - 1) / 2 - c.row + 1;
	c.stride = c.w + 1; /* a last one again */
	p->room = xmalloc(2 * c.stride * c.h);
	for (size_t i = 0; i < 2; i++) {
		c.px = p->room + i * c.stride * c.h;
		p->c[i] = c;
	}
}

static void planes_add(struct planes *p, const struct image *block, uint64_t x0,
	uint64_t y0)
{
	size_t w = block->width, h = block->height / 3 * 2;
	const uint8_t *cb = block->px + w * h;

	paste(&p->y, block->px, w, h, x0, y0);
	for (size_t i = 0; i < 2; i++)
		paste(&p->c[i], cb + i * (w / 2) * (h / 2), w / 2, h / 2,
			x0 / 2, y0 / 2);
}

static void planes_end(struct planes *p, const struct raster_window *win)
{
	size_t pw = p->out.width, ph = p->out.height / 3 * 2;
	size_t w = (win->width + 1) / 2, h = (win->height + 1) / 2;
	uint8_t *to = p->out.px + pw * ph;

	pad(p->out.px, pw, win->width, win->height, ph);
	for (size_t i = 0; i < 2; i++) {
		struct plane *c = &p->c[i];

		for (size_t y = 0; y < c->h; y++)
			c->px[y * c->stride + c->w] =
				c->px[y * c->stride + c->w - 1];
		centre(c, win->col & 1, win->row & 1, to, pw / 2, w, h);
		pad(to, pw / 2, w, h, ph / 2);
		to += pw / 2 * (ph / 2);
	}
}

enum outcome planes_compose(struct work *k, struct buf *out)
{
	struct want *w = k->want;
	const struct scene_level *l = &w->scene->levels[w->view.level];
	const struct raster_window *win = &w->view.win;
	struct span span = view_blocks(win, l->bw, l->bh);
	size_t n = (size_t)(span.ncols * span.nrows);
	enum outcome got = GOOD;
	struct planes p;

	planes_begin(&p, win);
	k->planes = true;
	for (size_t i = 0; i < n && got == GOOD; i++) {
		struct block *b = work_block(k, &span, i, &got);

		if (!b)
			break;
		planes_add(&p, block_image(b),
			(span.col + i % span.ncols) * l->bw,
			(span.row + i / span.ncols) * l->bh);
		blocks_put(k->hand->f->blocks, b);
	}
	k->planes = false;
	if (got == GOOD) {
		planes_end(&p, win);
		if (jpeg_planes_encode(k->hand->codec, &p.out, w->view.width,
			    w->view.height,
			    (unsigned)k->hand->f->plan->o->quality, out,
			    &k->why))
			got = work_fail(k, "cannot make the chip");
	}
	image_release(&p.out);
	free(p.room);
	return got;
}
