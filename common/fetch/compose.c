#include "base/base.h"
#include "fetch/compose.h"

#include <math.h>

#include "base/io.h"

enum outcome work_fail(struct work *k, const char *reason)
{
	k->reason = reason;
	return BAD;
}

/* The size of a block: strips at the end are cut. */
static void block_size(const struct scene_level *l, uint64_t row, unsigned *w,
	unsigned *h)
{
	*w = l->bw;
	*h = l->bh;
	if (l->blocks.how != BLOCKS_NONE && !l->blocks.tiled) {
		*w = (unsigned)MIN(l->bw, l->blocks.size[0]);
		*h = (unsigned)MIN(l->bh, l->blocks.size[1] - row * l->bh);
	}
}

/* Blocks that a file does not have show nothing. */
static void fill_empty(const struct work *k, const struct scene_level *l,
	struct image *out)
{
	const struct scene *s = k->want->scene;
	double v = s->f.has_nodata ? s->f.nodata : 0;
	size_t n = (size_t)l->bw * l->bh;

	*out = (struct image){.width = l->bw,
		.height = k->planes ? l->bh / 2 * 3 : l->bh,
		.channels = k->planes ? 1 : l->blocks.bands};
	out->px = xmalloc((size_t)out->width * out->height * out->channels);
	memset(out->px, v >= 0 && v <= UINT8_MAX ? (int)v : 0,
		k->planes ? n : n * l->blocks.bands);
	if (k->planes) /* without colour */
		memset(out->px + n, 128, n / 2);
}

int work_decode(struct work *k, const struct scene_level *l, uint64_t row,
	struct str bytes, struct image *out)
{
	const struct scene *s = k->want->scene;
	struct jpeg_block b = {.tables = (uint8_t *)l->blocks.tables.data,
		.ntables = l->blocks.tables.len,
		.channels = l->blocks.bands,
		.ycc = l->blocks.ycc};
	uint64_t pixels = (uint64_t)l->bw * l->bh;

	if (s->kind == SCENE_WMS)
		pixels = (uint64_t)k->want->view.width * k->want->view.height;
	block_size(l, row, &b.width, &b.height);
	if (k->planes)
		return jpeg_block_planes(k->hand->codec, &b, (uint8_t *)bytes.s,
			bytes.len, out, &k->why);
	if (l->blocks.how == BLOCKS_JPEG)
		return jpeg_block_decode(k->hand->codec, &b, (uint8_t *)bytes.s,
			bytes.len, out, &k->why);
	if (image_decode_as_is(bytes.s, bytes.len, pixels, out, &k->why))
		return -1;
	if (l->blocks.how == BLOCKS_WEBP &&
		(out->width != b.width || out->height != b.height ||
			out->channels != b.channels)) {
		image_release(out);
		return err_set(&k->why, "a block of another size");
	}
	return 0;
}

/* Decodes a block that was asked for. */
static enum outcome decode_blob(struct work *k, struct blob *b,
	const struct scene_level *l, uint64_t row, struct image *out)
{
	struct body *body = blob_hold(b);
	int bad;

	if (!body) {
		if (blob_again(b, NULL, k->want))
			return LATER;
		k->why = b->why;
		return work_fail(k, b->reason);
	}
	bad = work_decode(k, l, row,
		(struct str){body->bytes.data, body->bytes.len}, out);
	if (bad > 0) {
		blob_let(b, body);
		return OTHER;
	}
	if (bad && blob_again(b, body, k->want)) {
		blob_let(b, body);
		return LATER;
	}
	if (!bad)
		(void)!blob_good(b, body, &k->why);
	blob_let(b, body);
	return bad ? work_fail(k, "damaged image") : GOOD;
}

/* Decodes a block of a local file. */
static enum outcome decode_local(struct work *k, const struct scene_level *l,
	const struct block_key *key, struct image *out)
{
	const struct scene *s = k->want->scene;
	struct raster *r = hand_raster(k->hand, s, &k->why);
	struct buf bytes = BUF_INIT;
	uint64_t at, len;
	long n = -1;

	if (!r || raster_block_place(r, key->level, key->col, key->row, &at,
			  &len, &k->why))
		return work_fail(k, "cannot read the image");
	if (!len) {
		fill_empty(k, l, out);
		return GOOD;
	}
	if (len > (uint64_t)l->bw * l->bh * l->blocks.bands * 2 + 65536)
		(void)err_set(&k->why, "a block of %ju bytes", (uintmax_t)len);
	else
		n = read_at(s->fd, buf_extend(&bytes, len), len, at, &k->why);
	if (n >= 0 && (uint64_t)n < len) {
		(void)err_set(&k->why, "the file ends inside a block");
		n = -1;
	}
	if (n >= 0)
		n = work_decode(k, l, key->row, (struct str){bytes.data, len},
			out);
	buf_release(&bytes);
	if (n > 0)
		return OTHER;
	if (n >= 0)
		return GOOD;
	(void)err_prefix(&k->why, "'%.500s': block %ju, %ju", s->name,
		(uintmax_t)key->col, (uintmax_t)key->row);
	return work_fail(k, "cannot read the image");
}

struct block *work_block(struct work *k, const struct span *span, size_t i,
	enum outcome *outcome)
{
	struct want *w = k->want;
	const struct scene_level *l = &w->scene->levels[w->view.level];
	struct blocks *blocks = k->hand->f->blocks;
	struct block_key key = {.scene = w->scene->number,
		.level = w->view.level,
		.col = span->col + i % span->ncols,
		.row = span->row + i / span->ncols,
		.planes = k->planes};
	bool mine;
	struct block *b = blocks_get(blocks, &key, &mine);

	*outcome = GOOD;
	if (!mine)
		return b;
	if (w->blobs && w->blobs[i])
		*outcome =
			decode_blob(k, w->blobs[i], l, key.row, block_image(b));
	else if (w->blobs)
		fill_empty(k, l, block_image(b));
	else
		*outcome = decode_local(k, l, &key, block_image(b));
	if (*outcome == GOOD) {
		blocks_filled(blocks, b);
		return b;
	}
	blocks_failed(blocks, b);
	return NULL;
}

/* Which channel of a block a band is: grey ones are all of them. */
static int channels_of(struct work *k, const struct image *block, size_t ch[3])
{
	const struct scene *s = k->want->scene;

	for (size_t i = 0; i < s->nbands; i++) {
		ch[i] = block->channels == 1 ? 0 : (size_t)s->bands[i] - 1;
		if (ch[i] >= block->channels)
			return err_set(&k->why,
				"a picture of %u channels has no band %zu",
				block->channels, (size_t)s->bands[i]);
	}
	return 0;
}

/* The mask of the picture, made when the first pixel is not valid. */
uint8_t *picture_mask(struct picture *p)
{
	size_t n = (size_t)p->img.width * p->img.height;

	if (!p->mask) {
		p->mask = xmalloc(n);
		memset(p->mask, 1, n);
	}
	return p->mask;
}

static void copy_row(uint8_t *to, const uint8_t *from, size_t n,
	const size_t ch[3], size_t nch, unsigned channels)
{
	if (nch == channels && nch == 3 && ch[0] == 0 && ch[1] == 1 &&
		ch[2] == 2) {
		memcpy(to, from, n * 3);
		return;
	}
	for (size_t i = 0; i < n; i++, from += channels)
		for (size_t c = 0; c < nch; c++)
			*to++ = from[ch[c]];
}

/*
 * Copies what the window has of a block whose first pixel is x0, y0 of the
 * level. Of tiles the fourth channel says what is valid.
 */
static int paste(struct work *k, const struct image *block, uint64_t x0,
	uint64_t y0)
{
	const struct raster_window *win = &k->want->view.win;
	const struct scene *s = k->want->scene;
	struct image *img = &k->pic.img;
	uint64_t left = MAX(x0, win->col), top = MAX(y0, win->row);
	uint64_t right = MIN(x0 + block->width, win->col + win->width);
	uint64_t bottom = MIN(y0 + block->height, win->row + win->height);
	bool alpha = block->channels == 4 && s->kind != SCENE_LOCAL &&
		     s->kind != SCENE_REMOTE;
	size_t ch[3];

	if (channels_of(k, block, ch))
		return -1;
	for (uint64_t y = top; y < bottom; y++) {
		size_t at =
			(size_t)((y - win->row) * img->width + left - win->col);
		const uint8_t *from =
			block->px +
			((y - y0) * block->width + left - x0) * block->channels;

		copy_row(img->px + at * img->channels, from, right - left, ch,
			s->nbands, block->channels);
		for (uint64_t x = left; alpha && x < right; x++, at++)
			if (!from[(x - left) * 4 + 3])
				picture_mask(&k->pic)[at] = 0;
	}
	return 0;
}

/* What has the value of nodata in every band is not valid. */
void work_mask_nodata(const struct scene *s, struct picture *p)
{
	size_t n = (size_t)p->img.width * p->img.height;
	unsigned colours = MIN(p->img.channels, 3); /* not a tile's alpha */
	const uint8_t *px = p->img.px;
	double v = s->f.nodata;

	if (!s->f.has_nodata || !(v >= 0 && v <= UINT8_MAX && v == floor(v)))
		return;
	for (size_t i = 0; i < n; i++, px += p->img.channels) {
		bool empty = true;

		for (unsigned c = 0; c < colours; c++)
			empty = empty && px[c] == (uint8_t)v;
		if (empty)
			picture_mask(p)[i] = 0;
	}
}

/* What the image's own mask leaves out. */
static int mask_image(struct work *k)
{
	const struct want *w = k->want;
	uint8_t *mask = NULL;
	struct raster *r;
	size_t n = (size_t)w->view.win.width * w->view.win.height;

	if (!w->scene->has_mask)
		return 0;
	r = hand_raster(k->hand, w->scene, &k->why);
	if (!r || raster_read_mask(r, w->view.level, &w->view.win, &mask,
			  &k->why))
		return -1;
	for (size_t i = 0; mask && i < n; i++)
		if (!mask[i])
			picture_mask(&k->pic)[i] = 0;
	free(mask);
	return 0;
}

/* Puts the window together from blocks that we decode. */
enum outcome work_compose(struct work *k)
{
	struct want *w = k->want;
	struct scene *s = w->scene;
	const struct scene_level *l = &s->levels[w->view.level];
	const struct raster_window *win = &w->view.win;
	struct span span = view_blocks(win, l->bw, l->bh);
	size_t n = (size_t)(span.ncols * span.nrows);

	k->pic.img = (struct image){.width = (unsigned)win->width,
		.height = (unsigned)win->height,
		.channels = (unsigned)s->nbands};
	k->pic.img.px = xmalloc((size_t)win->width * win->height * s->nbands);
	for (size_t i = 0; i < n; i++) {
		enum outcome got;
		struct block *b = work_block(k, &span, i, &got);
		int bad;

		if (!b)
			return got;
		bad = paste(k, block_image(b),
			(span.col + i % span.ncols) * l->bw,
			(span.row + i / span.ncols) * l->bh);
		blocks_put(k->hand->f->blocks, b);
		if (bad)
			return work_fail(k, "bad image");
	}
	work_mask_nodata(s, &k->pic);
	return mask_image(k) ? work_fail(k, "cannot read the image") : GOOD;
}

/* The answer of a WMS is the window at the chip's size. */
enum outcome work_compose_wms(struct work *k)
{
	struct want *w = k->want;
	const struct scene_level *l = &w->scene->levels[0];
	struct image img = {.px = NULL};
	enum outcome got = decode_blob(k, w->blobs[0], l, 0, &img);

	if (got != GOOD)
		return got;
	w->view.win = (struct raster_window){0, 0, img.width, img.height};
	w->view.exact = true;
	k->pic.img = (struct image){.width = img.width,
		.height = img.height,
		.channels = (unsigned)w->scene->nbands};
	k->pic.img.px =
		xmalloc((size_t)img.width * img.height * k->pic.img.channels);
	if (paste(k, &img, 0, 0))
		got = work_fail(k, "bad image");
	work_mask_nodata(w->scene, &k->pic);
	image_release(&img);
	return got;
}
