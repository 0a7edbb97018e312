#include "base/base.h"
#include "join/bare.h"

#include <inttypes.h>

#include "base/hash.h"
#include "rec/pack.h"

static void add_id(const struct image *img, const struct window *win,
	struct buf *id)
{
	struct buf cell = BUF_INIT;
	char hash[HEX64_TEXT];

	buf_add(&cell, img->field.uri.s, img->field.uri.len);
	buf_addf(&cell, "%c%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64, 0,
		win->col, win->row, win->w, win->h);
	hex64(hash_xxh64(cell.data, cell.len), hash);
	buf_addf(id, "x%s", hash);
	buf_release(&cell);
}

static void pack_text(struct buf *b, const char *name, const struct buf *text)
{
	pack_cstr(b, name);
	pack_str(b, text->data, text->len);
}

int bare_pack(const struct image *img, struct crs *crs,
	const struct window *win, struct buf *b, struct err *err)
{
	struct buf id = BUF_INIT, key = BUF_INIT;
	double lon = (double)win->col + (double)win->w / 2;
	double lat = (double)win->row + (double)win->h / 2;
	uint64_t px[4] = {(uint64_t)win->col, (uint64_t)win->row,
		(uint64_t)win->w, (uint64_t)win->h};
	double box[4];

	if (image_to_lonlat(img, crs, &lon, &lat, 1) ||
		image_window_box(img, crs, win, box))
		return err_set(err,
			"'%.*s': the window %" PRId64 ",%" PRId64
			" has no place on the globe",
			(int)MIN(img->field.uri.len, 200), img->field.uri.s,
			win->col, win->row);
	add_id(img, win, &id);
	image_add_key(img, str_from(buf_str(&id)), &key);
	pack_map(b, 9);
	pack_text(b, "id", &id);
	pack_cstr(b, "lon");
	pack_f64(b, lonlat_wrap(lon));
	pack_cstr(b, "lat");
	pack_f64(b, lat);
	pack_text(b, "key", &key);
	pack_cstr(b, "img");
	buf_add(b, img->img.data, img->img.len);
	pack_cstr(b, "win");
	pack_u64s(b, px, 4);
	pack_cstr(b, "box");
	pack_f64s(b, box, 4);
	pack_cstr(b, "px");
	pack_u64s(b, px + 2, 2);
	pack_cstr(b, "near");
	pack_array(b, 0);
	buf_release(&id);
	buf_release(&key);
	return 0;
}
