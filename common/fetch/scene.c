#include "base/base.h"
#include "fetch/scene.h"

#include <fcntl.h>
#include <inttypes.h>
#include <strings.h>
#include <unistd.h>

#include "net/template.h"
#include "net/url.h"

static void refuse(struct scene *s, const char *reason, const struct err *why)
{
	s->reason = reason;
	s->why = *why;
}

static void add_levels(struct scene *s, size_t n)
{
	s->nlevels = n;
	s->sizes = xcalloc(n, sizeof(*s->sizes));
	s->levels = xcalloc(n, sizeof(*s->levels));
}

/* The levels of a tile service: the deepest first. */
static void set_tiles(struct scene *s)
{
	const struct img_tile *t = &s->f.tile;
	bool wms = s->kind == SCENE_WMS;

	add_levels(s, wms ? 1 : (size_t)(t->max_z - t->min_z + 1));
	for (size_t i = 0; i < s->nlevels; i++) {
		s->sizes[i][0] = s->sizes[i][1] = t->px << (t->max_z - i);
		s->levels[i].bw = s->levels[i].bh = (unsigned)t->px;
		s->levels[i].own = true;
	}
	s->open = true;
}

/* The grid of all tiles, which is the map's at the deepest level. */
static int check_grid(const struct scene *s, struct err *err)
{
	const struct img_field *f = &s->f;
	uint64_t side = f->tile.px << f->tile.max_z;

	if (!f->tile.scheme.len)
		return err_set(err, "a %.*s service without 'tile'",
			(int)MIN(f->kind.len, 20), f->kind.s);
	if (!str_is(f->crs, "EPSG:3857") || f->size[0] != side ||
		f->size[1] != side)
		return err_set(err,
			"tiles of another grid than EPSG:3857 with %" PRIu64
			" x %" PRIu64 " pixels at level %" PRIu64,
			side, side, f->tile.max_z);
	return 0;
}

/* A template's URL as the rules for what may be opened see it. */
static int check_service(struct scene *s, const struct web *web,
	struct err *err)
{
	unsigned has;

	if (template_scan(s->name, &has, err))
		return -1;
	if (!url_is_http(s->name))
		return 0;
	return web_may(web, s->name, err);
}

static void find_service(struct scene *s, const struct web *web)
{
	struct err why;

	s->kind = str_is(s->f.kind, "wms") ? SCENE_WMS : SCENE_TILES;
	s->name = xmemdup0(s->f.uri.s, s->f.uri.len);
	if (check_grid(s, &why))
		refuse(s, "bad image", &why);
	else if (check_service(s, web, &why))
		refuse(s, "not allowed", &why);
	else
		set_tiles(s);
}

static void find_raster(struct scene *s, const struct plan *p)
{
	struct buf name = BUF_INIT;
	bool remote = false;
	struct err why;

	s->kind = SCENE_LOCAL;
	if (raster_source_name(s->f.uri, p->o->root, &name, &remote, &why))
		refuse(s, "cannot open the image", &why);
	if (remote)
		s->kind = SCENE_REMOTE;
	for (size_t i = 1; i < s->f.nuris && !s->reason; i++) {
		struct buf other = BUF_INIT;

		if (raster_source_name(s->f.uris[i], p->o->root, &other,
			    &remote, &why))
			refuse(s, "cannot open the image", &why);
		if (remote)
			s->kind = SCENE_REMOTE;
		buf_release(&other);
	}
	s->name = buf_detach(&name);
}

struct scene *scene_new(struct val img, uint64_t number, const struct plan *p,
	const struct web *web)
{
	struct scene *s = xcalloc(1, sizeof(*s));
	struct err why;

	s->number = number;
	s->fd = -1;
	s->nbytes = img.len;
	s->bytes = xmemdup0(img.p, img.len);
	if (img_field_read((struct val){(uint8_t *)s->bytes, s->nbytes}, &s->f,
		    &why)) {
		s->name = xstrdup("");
		refuse(s, "bad image", &why);
		return s;
	}
	s->nbands = p->nbands ? p->nbands : s->f.nbands;
	if (s->nbands != 1 && s->nbands != 3) {
		(void)err_set(&why, "%zu bands", s->nbands);
		refuse(s, "neither grey nor RGB", &why);
	}
	/* of one file per band the first band of each is read: those of img
	 * are bands of the files */
	for (size_t i = 0; i < s->nbands && i < 3; i++)
		s->bands[i] = p->nbands    ? p->bands[i]
			      : s->f.nuris ? i + 1
					   : s->f.bands[i];
	if (s->reason)
		s->name = xmemdup0(s->f.uri.s, s->f.uri.len);
	else if (str_is(s->f.kind, "raster"))
		find_raster(s, p);
	else
		find_service(s, web);
	return s;
}

void scene_free(struct scene *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nlevels; i++)
		raster_blocks_release(&s->levels[i].blocks);
	remote_close(s->remote);
	if (s->fd >= 0)
		close(s->fd);
	free(s->sizes);
	free(s->levels);
	free(s->name);
	free(s->bytes);
	free(s);
}

struct raster *scene_open_raster(void *ctx, struct err *err)
{
	const struct scene_opener *o = ctx;
	const struct img_field *f = &o->scene->f;

	return raster_open_source(f->nuris ? f->uris : &f->uri,
		f->nuris ? f->nuris : 1, o->root, err);
}

static int check_size(const struct scene *s, const struct raster *r,
	struct err *err)
{
	uint64_t size[2];

	raster_size(r, size);
	if (size[0] == s->f.size[0] && size[1] == s->f.size[1])
		return 0;
	return err_set(err,
		"'%.500s' has %" PRIu64 " x %" PRIu64
		" pixels, its catalogue says %" PRIu64 " x %" PRIu64,
		s->name, size[0], size[1], s->f.size[0], s->f.size[1]);
}

/* What --stretch says, else the image; else 8 bits as they are. */
static int find_stretch(struct scene *s, const struct plan *p, struct raster *r,
	struct err *err)
{
	const double *nodata = s->f.has_nodata ? &s->f.nodata : NULL;
	enum stretch_how how = p->has_stretch ? p->how : STRETCH_NONE;

	if (p->has_stretch || !s->f.nstretch)
		return raster_find_stretch(r, s->bands, s->nbands, nodata, how,
			p->low, p->high, &s->stretch, err);
	if (p->nbands && s->f.nstretch > 2)
		return err_set(err, "the image has a stretch for other bands "
				    "than --bands: give --stretch, too");
	s->stretch.n = s->nbands;
	for (size_t i = 0; i < s->nbands; i++) {
		const double *v =
			s->f.stretch + (s->f.nstretch > 2 ? 2 * i : 0);

		s->stretch.black[i] = v[0];
		s->stretch.white[i] = v[1];
	}
	return 0;
}

/* Larger blocks are GDAL's: few files have them, and one may be made to. */
enum { MAX_BLOCK_PIXELS = 1 << 22 };

/* Where the blocks of each level lie, and whether we decode them. */
static void find_levels(struct scene *s, struct raster *r)
{
	add_levels(s, raster_levels(r));
	for (size_t i = 0; i < s->nlevels; i++) {
		struct scene_level *l = &s->levels[i];
		bool has = true;

		raster_level_size(r, i, s->sizes[i]);
		raster_blocks(r, i, &l->blocks);
		if (l->blocks.how == BLOCKS_NONE || s->f.nuris)
			continue;
		for (size_t b = 0; b < s->nbands; b++)
			has = has && s->bands[b] <= l->blocks.bands;
		l->bw = l->blocks.width;
		l->bh = l->blocks.height;
		l->own = has && !s->stretch.n &&
			 (uint64_t)l->bw * l->bh <= MAX_BLOCK_PIXELS &&
			 (l->blocks.how == BLOCKS_JPEG ||
				 l->blocks.how == BLOCKS_WEBP);
	}
}

/* The bytes of blocks come from here, not through GDAL. */
static void find_bytes(struct scene *s, struct remotes *remotes)
{
	struct err why;

	if (s->kind == SCENE_LOCAL && s->levels[0].own)
		s->fd = open(s->name, O_RDONLY | O_CLOEXEC);
	else if (s->kind == SCENE_REMOTE && s->levels[0].bw && remotes)
		s->remote = remote_open(remotes, s->name, &why);
}

void scene_open(struct scene *s, const struct plan *p, struct raster *r,
	struct remotes *remotes)
{
	struct err why;

	s->open = true;
	if (check_size(s, r, &why)) {
		refuse(s, "image changed", &why);
	} else if (raster_has_bands(r, s->bands, s->nbands, &why)) {
		refuse(s, "bad image", &why);
	} else if (find_stretch(s, p, r, &why)) {
		refuse(s, "not 8-bit pixels", &why);
	} else {
		s->has_mask = raster_has_mask(r);
		find_levels(s, r);
		if (!p->o->north_up)
			find_bytes(s, remotes);
	}
}
