/*
 * tile-fetch - the pixels of each record's window.
 */
#include "base/base.h"
#include "filter/filter.h"
#include "img/img.h"
#include "raster/raster.h"
#include "rec/img_field.h"

#include <inttypes.h>

enum format { FORMAT_JPEG, FORMAT_PNG };

/*
 * Runs of windows go to a worker together: neighbours in the input are often
 * neighbours on the ground, and need the same blocks of the image.
 */
enum { BATCH = 16 };

/* A chip must fit into a record, however badly it compresses. */
enum { MAX_CHIP_PIXELS = 1 << 26 };

struct options {
	struct common common;
	unsigned format;
	uint64_t quality;
	double min_valid;
	const char *root;
	uint64_t open_files;
};

static const struct opt table[] = {
	{0, "chip-format", "jpeg|png", OPT_CHOICE,
		offsetof(struct options, format), OPT_OUTPUT, 0, 0,
		"how pixels are stored (default jpeg)"},
	{0, "quality", "N", OPT_U64, offsetof(struct options, quality),
		OPT_OUTPUT, 1, 100, "JPEG quality (default 90)"},
	{0, "min-valid", "SHARE", OPT_F64, offsetof(struct options, min_valid),
		OPT_OUTPUT, 0, 1,
		"drop windows with a smaller share of valid pixels "
		"(default 0: none)"},
	{0, "root", "DIR", OPT_STR, offsetof(struct options, root), 0, 0, 0,
		"where relative image paths begin (default: here)"},
	{0, "open-files", "N", OPT_U64, offsetof(struct options, open_files), 0,
		1, 1000, "images that each thread keeps open (default 8)"},
};

static const struct cli cli = {
	.name = "tile-fetch",
	.summary = "Add the pixels of each record's window.",
	.groups = CLI_FILTER | CLI_THREADS,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* What a worker has to itself. */
struct worker {
	struct raster_pool *pool;
	bool missed; /* an image that could not be opened */
};

struct fetcher {
	const struct options *o;
	struct worker *workers; /* [threads] */
};

/* What a record asks for. */
struct request {
	struct img_field img;
	struct raster_window win;
};

static int read_window(const struct rec *rec, struct raster_window *win,
	struct err *err)
{
	uint64_t *fields[] = {&win->col, &win->row, &win->width, &win->height};
	struct val array, v;
	struct val_iter it;
	size_t n = 0;

	if (rec_get_array(rec, "win", &array, err) < 0)
		return -1;
	if (val_count(array) != ARRAY_SIZE(fields))
		return err_set(err, "'win' is not an array of four numbers");
	for (it = val_iter(array); val_next(&it, NULL, &v);)
		if (val_u64(v, fields[n++]) < 0)
			return err_set(err,
				"'win' holds what is no count of pixels");
	return 0;
}

/* 1 when the record can be served, 0 when it has been set aside. */
static int read_request(struct item *item, struct request *req)
{
	struct val img;
	struct err err;

	if (!rec_has(&item->rec, "img") || !rec_has(&item->rec, "win"))
		return item_fault(item, "no window",
			"there must be 'img' and 'win': run geojoin first");
	if (read_window(&item->rec, &req->win, &err) < 0)
		return item_fault(item, "bad window", "%s", err.msg);
	if (rec_get_map(&item->rec, "img", &img, &err) < 0 ||
		img_field_read(img, &req->img, &err) < 0)
		return item_fault(item, "bad image", "%s", err.msg);
	if (img_field_is_file(&req->img, &err) < 0)
		return item_fault(item, "not one image file", "%s", err.msg);
	return 1;
}

static void local_path(struct str uri, const char *root, struct buf *path)
{
	if (root && uri.s[0] != '/')
		buf_addf(path, "%s/", root);
	buf_add(path, uri.s, uri.len);
}

/* Whether the image is the one that was catalogued, and has the window. */
static int check_raster(struct item *item, const struct request *req,
	struct raster *raster)
{
	const uint64_t *want = req->img.size;
	struct err err;
	uint64_t size[2];

	raster_size(raster, size);
	if (size[0] != want[0] || size[1] != want[1])
		return item_fault(item, "image changed",
			"'%.*s' has %" PRIu64 " x %" PRIu64
			" pixels, its catalogue says %" PRIu64 " x %" PRIu64,
			(int)MIN(req->img.uri.len, 500), req->img.uri.s,
			size[0], size[1], want[0], want[1]);
	if (raster_holds(raster, &req->win, &err) < 0)
		return item_fault(item, "window outside the image", "%s",
			err.msg);
	if (req->win.width > IMAGE_MAX_SIDE ||
		req->win.height > IMAGE_MAX_SIDE ||
		req->win.width * req->win.height > MAX_CHIP_PIXELS)
		return item_fault(item, "window too large",
			"%" PRIu64 " x %" PRIu64 " pixels", req->win.width,
			req->win.height);
	if (req->img.nbands != 1 && req->img.nbands != 3)
		return item_fault(item, "neither grey nor RGB", "%zu bands",
			req->img.nbands);
	if (raster_has_bands(raster, req->img.bands, req->img.nbands, &err) < 0)
		return item_fault(item, "bad image", "%s", err.msg);
	if (raster_is_8bit(raster, req->img.bands, req->img.nbands, &err) < 0)
		return item_fault(item, "not 8-bit pixels", "%s", err.msg);
	return 1;
}

static int add_chip(const struct options *o, struct item *item,
	const struct image *img, double valid, struct err *err)
{
	struct buf chip = BUF_INIT, px = BUF_INIT;
	bool jpeg = o->format == FORMAT_JPEG;
	int rc = jpeg ? jpeg_encode(img, (unsigned)o->quality, &chip, err)
		      : png_encode(img, &chip, err);

	if (!rc) {
		pack_array(&px, 2);
		pack_u64(&px, img->width);
		pack_u64(&px, img->height);
		rec_set_bin(&item->rec, "chip", chip.data, chip.len);
		rec_set_str(&item->rec, "chip_fmt", jpeg ? "jpeg" : "png",
			jpeg ? 4 : 3);
		rec_set(&item->rec, "px", &px);
		rec_set_f64(&item->rec, "valid", valid);
	}
	buf_release(&chip);
	buf_release(&px);
	return rc;
}

static int read_chip(const struct options *o, struct item *item,
	const struct request *req, struct raster_pool *pool,
	struct raster *raster, struct err *err)
{
	const struct img_field *f = &req->img;
	struct image img = {NULL, 0, 0, 0};
	struct err why;
	double valid;
	int rc = 0;

	if (raster_read(raster, &req->win, f->bands, f->nbands,
		    f->has_nodata ? &f->nodata : NULL, &img, &valid,
		    &why) < 0) {
		/* what it keeps of damaged blocks must not be met again */
		raster_pool_drop(pool);
		return item_fault(item, "cannot read the image", "'%.*s': %s",
			(int)MIN(f->uri.len, 500), f->uri.s, why.msg);
	}
	if (valid < o->min_valid)
		item_drop(item, "too few valid pixels", "%.4f of them", valid);
	else
		rc = add_chip(o, item, &img, valid, err);
	image_release(&img);
	return rc;
}

static int fetch_one(const struct options *o, struct item *item,
	struct worker *w, struct err *err)
{
	struct buf path = BUF_INIT;
	struct raster *raster;
	struct request req;
	struct err why;
	int rc = 0;

	if (!read_request(item, &req))
		return 0;
	local_path(req.img.uri, o->root, &path);
	raster = raster_pool_get(w->pool, buf_str(&path), &why);
	if (!raster) {
		w->missed = true;
		item_fault(item, "cannot open the image", "%s", why.msg);
	} else if (check_raster(item, &req, raster)) {
		rc = read_chip(o, item, &req, w->pool, raster, err);
	}
	buf_release(&path);
	return rc;
}

static int fetch(void *ctx, struct item **items, size_t n, unsigned worker,
	struct err *err)
{
	struct fetcher *f = ctx;

	for (size_t i = 0; i < n; i++)
		if (fetch_one(f->o, items[i], &f->workers[worker], err) < 0)
			return -1;
	return 0;
}

static int run(const struct options *o, struct filter *filter, struct err *err)
{
	size_t threads = (size_t)o->common.threads;
	size_t open = raster_pool_limit(threads, (size_t)o->open_files, err);
	struct fetcher f = {o, NULL};
	bool missed = false;
	int rc;

	if (!open)
		return -1;
	f.workers = xcalloc(threads, sizeof(*f.workers));
	for (size_t i = 0; i < threads; i++)
		f.workers[i].pool = raster_pool_new(open);
	rc = filter_map(filter, fetch, &f, BATCH, err);
	for (size_t i = 0; i < threads; i++) {
		missed = missed || f.workers[i].missed;
		raster_pool_free(f.workers[i].pool);
	}
	free(f.workers);
	if (missed)
		filter_hint(filter, "do the images' paths begin elsewhere? "
				    "(--root)");
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.quality = 90, .open_files = 8};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	f = filter_open(&cli, &o, 0, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
