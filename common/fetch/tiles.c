#include "base/base.h"
#include "fetch/priv.h"

#include <math.h>
#include <strings.h>

#include "net/template.h"
#include "net/url.h"

/* EPSG:3857: half the map's side. */
#define HALF_M (M_PI * 6378137.0)

/* What stands in for the tokens while it is seen who is asked. */
struct token {
	const struct plan *plan;
	const char *url; /* the name: its host is that of the URL */
};

static const char *get_token(void *ctx, const char *name, struct err *err)
{
	const struct token *t = ctx;

	return plan_token(t->plan, name, t->url, err);
}

/* What a WMS is asked for: the window's bounds, at the chip's size. */
static void set_bounds(const struct want *w, struct template_tile *t)
{
	const uint64_t *size = w->scene->sizes[0];
	double px = 2 * HALF_M / (double)size[0];
	const struct raster_window *win = &w->win;

	t->bbox[0] = (double)win->col * px - HALF_M;
	t->bbox[1] = HALF_M - (double)(win->row + win->height) * px;
	t->bbox[2] = (double)(win->col + win->width) * px - HALF_M;
	t->bbox[3] = HALF_M - (double)win->row * px;
	t->width = w->view.width;
	t->height = w->view.height;
}

int tile_names(const struct fetcher *f, const struct want *w,
	const struct block_key *k, struct buf *url, struct buf *name,
	struct err *err)
{
	const struct scene *s = w->scene;
	struct template_tile t = {.width = s->f.tile.px,
		.height = s->f.tile.px};
	struct token token = {f->plan, NULL};
	const char *path;

	if (s->kind == SCENE_WMS) { /* of which z, x and y are no tile's */
		set_bounds(w, &t);
	} else {
		t.z = s->f.tile.max_z - k->level;
		t.x = k->col;
		t.y = k->row;
	}
	if (template_fill(s->name, &t, NULL, NULL, name, err))
		return -1;
	if (url_is_http(s->name)) {
		token.url = name->data;
		return template_fill(s->name, &t, get_token, &token, url, err);
	}
	path = name->data;
	if (!strncasecmp(path, "file://", 7))
		path += 7;
	if (f->plan->o->root && path[0] != '/')
		buf_addf(url, "%s/", f->plan->o->root);
	buf_adds(url, path);
	buf_str(url);
	return 0;
}

static bool ends_with(const uint8_t *p, size_t len, const void *end, size_t n)
{
	return len >= n && !memcmp(p + len - n, end, n);
}

/* A JPEG's end, where some put a few bytes behind it. */
static bool has_eoi(const uint8_t *p, size_t len)
{
	enum { TAIL = 64 };
	size_t n = MIN(len, TAIL);

	for (size_t i = 2; i <= n; i++)
		if (p[len - i] == 0xff && p[len - i + 1] == 0xd9)
			return true;
	return false;
}

static bool is_whole(const char *format, const uint8_t *p, size_t len)
{
	static const uint8_t iend[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae,
		0x42, 0x60, 0x82};

	if (!strcmp(format, "jpeg"))
		return has_eoi(p, len);
	if (!strcmp(format, "png"))
		return ends_with(p, len, iend, sizeof(iend));
	if (!strcmp(format, "webp") && len >= 12)
		return len >=
		       8 + ((size_t)p[4] | (size_t)p[5] << 8 |
				   (size_t)p[6] << 16 | (size_t)p[7] << 24);
	return false;
}

const char *tile_flaw(const void *p, size_t len, struct str type,
	unsigned width, unsigned height, struct err *why)
{
	struct image_header h;
	struct err not ;

	if (image_read_header(p, len, &h, &not )) {
		(void)err_set(why, "%zu bytes of %.*s instead of an image", len,
			type.len ? (int)MIN(type.len, 60) : 7,
			type.len ? type.s : "unknown");
		return "no image";
	}
	if (!strcmp(h.format, "tiff")) {
		(void)err_set(why, "a TIFF, which no tile is");
		return "no image";
	}
	if (!h.width || !h.height || !is_whole(h.format, p, len)) {
		(void)err_set(why, "a %s that ends too soon", h.format);
		return "damaged image";
	}
	if (h.width == width && h.height == height)
		return NULL;
	(void)err_set(why, "%u x %u pixels instead of %u x %u", h.width,
		h.height, width, height);
	return "wrong size";
}
