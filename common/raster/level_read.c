#include "base/base.h"
#include "raster/raster.h"

#include <math.h>

#include "raster/open.h"

/* Values that are held at once, of one band. */
#define STRIP_VALUES ((size_t)1 << 20)

/* How the values of a band become 8 bits. */
struct scale {
	double black, white;
	double nodata; /* as the band's type holds it */
};

/* What is read: a window, and what of it has been found. */
struct job {
	struct raster *r;
	struct level_window w;
	const uint64_t *bands;
	size_t n;
	const double *nodata;
	const struct raster_stretch *stretch; /* or NULL */
	struct image *out;
	uint8_t *mask; /* NULL: all is valid so far */
};

static int check_window(struct raster *r, size_t level,
	const struct raster_window *win, struct err *err)
{
	uint64_t size[2];

	if (level >= raster_levels(r))
		return err_set(err, "no level %zu, the image has %zu", level,
			raster_levels(r));
	raster_level_size(r, level, size);
	if (!win->width || !win->height)
		return err_set(err, "the window has no pixels");
	if (win->width > size[0] || win->col > size[0] - win->width ||
		win->height > size[1] || win->row > size[1] - win->height)
		return err_set(err,
			"%ju x %ju pixels at column %ju, row %ju of a level "
			"of %ju x %ju",
			(uintmax_t)win->width, (uintmax_t)win->height,
			(uintmax_t)win->col, (uintmax_t)win->row,
			(uintmax_t)size[0], (uintmax_t)size[1]);
	if (win->width > IMAGE_MAX_SIDE || win->height > IMAGE_MAX_SIDE ||
		win->width * win->height > IMAGE_MAX_PIXELS)
		return err_set(err,
			"%ju x %ju pixels are more than can be read at once",
			(uintmax_t)win->width, (uintmax_t)win->height);
	return 0;
}

static struct level_window whole_window(size_t level,
	const struct raster_window *win)
{
	return (struct level_window){level, *win, (unsigned)win->width,
		(unsigned)win->height};
}

static size_t pixels(const struct level_window *w)
{
	return (size_t)w->width * w->height;
}

static void invalidate(struct job *j, size_t pixel)
{
	if (!j->mask) {
		j->mask = xmalloc(pixels(&j->w));
		memset(j->mask, UINT8_MAX, pixels(&j->w));
	}
	j->mask[pixel] = 0;
}

/* Bytes as they stand, all bands at once where one data set has them. */
static CPLErr read_bytes(struct job *j)
{
	const struct raster_window *win = &j->w.win;
	int w = (int)win->width, h = (int)win->height, n = (int)j->n;
	int col = (int)win->col, row = (int)win->row, list[4] = {0};
	GDALRasterBandH band[4] = {NULL};
	GDALDatasetH ds = NULL;
	CPLErr got = CE_None;

	for (int i = 0; i < n; i++) {
		GDALDatasetH of;

		band[i] = raster_level_band(j->r, j->w.level, j->bands[i]);
		of = GDALGetBandDataset(band[i]);
		list[i] = GDALGetBandNumber(band[i]);
		if (i == 0)
			ds = of;
		if (of != ds || list[i] < 1)
			ds = NULL;
	}
	if (ds)
		return GDALDatasetRasterIOEx(ds, GF_Read, col, row, w, h,
			j->out->px, w, h, GDT_Byte, n, list, n, (GSpacing)n * w,
			1, NULL);
	for (int i = 0; i < n && got == CE_None; i++)
		got = GDALRasterIOEx(band[i], GF_Read, col, row, w, h,
			j->out->px + i, w, h, GDT_Byte, n, (GSpacing)n * w,
			NULL);
	return got;
}

/* Takes out the pixels that have the value in all bands read. */
static void mask_nodata(struct job *j)
{
	double nodata = j->nodata ? *j->nodata : -1;
	const uint8_t *px = j->out->px;
	uint8_t value;

	/* a value that 8 bits cannot hold is never met */
	if (!(nodata >= 0 && nodata <= UINT8_MAX && nodata == floor(nodata)))
		return;
	value = (uint8_t)nodata;
	for (size_t i = 0; i < pixels(&j->w); i++, px += j->n) {
		bool empty = true;

		for (size_t c = 0; c < j->n; c++)
			empty = empty && px[c] == value;
		if (empty)
			invalidate(j, i);
	}
}

static CPLErr read_plain(struct job *j)
{
	CPLErr got = read_bytes(j);

	if (got == CE_None)
		mask_nodata(j);
	return got;
}

double raster_band_nodata(GDALRasterBandH band, double nodata)
{
	return GDALGetRasterDataType(band) == GDT_Float32
		       ? (double)(float)nodata
		       : nodata;
}

/* By the stretch, or by what few bits can hold at most. */
static struct scale scale_of(const struct job *j, size_t i)
{
	GDALRasterBandH band = raster_band(j->r, j->bands[i]);
	bool has = j->stretch && j->stretch->n;

	return (struct scale){
		.black = has ? j->stretch->black[i] : 0,
		.white = has ? j->stretch->white[i]
			     : (1U << raster_band_bits(band)) - 1,
		.nodata = j->nodata ? raster_band_nodata(band, *j->nodata)
				    : (double)NAN,
	};
}

static uint8_t to_byte(double v, const struct scale *s)
{
	double range = s->white - s->black, x;

	if (range == 0) /* what the formula comes to as the two draw near */
		return v > s->white ? UINT8_MAX : 0;
	x = 255 * ((v - s->black) / range);
	return x >= 255 ? UINT8_MAX : x > 0 ? (uint8_t)(x + 0.5) : 0;
}

/* One band of a strip whose first pixel is the window's at-th. */
static void put_strip(struct job *j, size_t i, size_t at, size_t n,
	const double *v, uint8_t *empty)
{
	struct scale s = scale_of(j, i);
	uint8_t *px = j->out->px + at * j->n + i;

	for (size_t k = 0; k < n; k++, px += j->n) {
		empty[k] &= v[k] == s.nodata;
		*px = isfinite(v[k]) ? to_byte(v[k], &s) : 0;
		if (!isfinite(v[k]))
			invalidate(j, at + k);
	}
}

/* Strips of rows, so that numbers of 8 bytes are held of a few only. */
static CPLErr read_scaled(struct job *j)
{
	size_t width = j->w.width, height = j->w.height;
	size_t rows = MIN(MAX(STRIP_VALUES / width, 1), height);
	double *v = xcalloc(rows * width, sizeof(*v));
	uint8_t *empty = xmalloc(rows * width);
	CPLErr got = CE_None;

	for (size_t row = 0; row < height && got == CE_None; row += rows) {
		struct level_window strip = j->w;
		size_t n;

		strip.height = (unsigned)MIN(rows, height - row);
		strip.win.row += row;
		strip.win.height = strip.height;
		n = pixels(&strip);
		memset(empty, 1, n);
		for (size_t i = 0; i < j->n && got == CE_None; i++) {
			got = raster_level_values(j->r, &strip, j->bands[i], v);
			put_strip(j, i, row * width, n, v, empty);
		}
		for (size_t k = 0; k < n; k++)
			if (empty[k])
				invalidate(j, row * width + k);
	}
	free(v);
	free(empty);
	return got;
}

/* Numbers of colours become colours; a number without one is not valid. */
static CPLErr read_colours(struct job *j)
{
	GDALRasterBandH band = raster_level_band(j->r, j->w.level, j->bands[0]);
	GDALColorTableH table =
		GDALGetRasterColorTable(raster_band(j->r, j->bands[0]));
	const struct raster_window *win = &j->w.win;
	int w = (int)win->width, h = (int)win->height;
	size_t n = pixels(&j->w);
	uint16_t *index = xcalloc(n, sizeof(*index));
	CPLErr got = GDALRasterIO(band, GF_Read, (int)win->col, (int)win->row,
		w, h, index, w, h, GDT_UInt16, 0, 0);

	for (size_t i = 0; i < n && got == CE_None; i++) {
		const GDALColorEntry *c =
			index[i] < GDALGetColorEntryCount(table)
				? GDALGetColorEntry(table, index[i])
				: NULL;
		uint8_t *px = j->out->px + 3 * i;

		px[0] = c ? (uint8_t)c->c1 : 0;
		px[1] = c ? (uint8_t)c->c2 : 0;
		px[2] = c ? (uint8_t)c->c3 : 0;
		if (!c || !c->c4 || (j->nodata && index[i] == *j->nodata))
			invalidate(j, i);
	}
	free(index);
	return got;
}

typedef CPLErr read_fn(struct job *j);

/* How these bands are read, or NULL and err. */
static read_fn *choose(const struct job *j, struct err *err)
{
	bool plain = !j->stretch || !j->stretch->n, bytes = true;

	for (size_t i = 0; i < j->n; i++) {
		GDALRasterBandH band = raster_band(j->r, j->bands[i]);
		unsigned bits = raster_band_bits(band);

		if (GDALGetRasterColorTable(band)) {
			if (j->n == 1)
				return read_colours;
			err_set(err,
				"band %ju holds numbers of colours in a table; "
				"it can only be read alone",
				(uintmax_t)j->bands[i]);
			return NULL;
		}
		if (plain && !bits) {
			err_set(err, "band %ju needs a stretch to 8 bits",
				(uintmax_t)j->bands[i]);
			return NULL;
		}
		bytes = bytes && bits == 8;
	}
	return plain && bytes ? read_plain : read_scaled;
}

static int check_bands(const struct job *j, struct err *err)
{
	if (j->n != 1 && j->n != 3 && j->n != 4)
		return err_set(err, "%zu bands make no image: 1, 3 or 4 do",
			j->n);
	if (j->stretch && j->stretch->n && j->stretch->n != j->n)
		return err_set(err, "a stretch of %zu bands for %zu",
			j->stretch->n, j->n);
	if (raster_has_bands(j->r, j->bands, j->n, err))
		return -1;
	for (size_t i = 0; i < j->n; i++)
		if (GDALDataTypeIsComplex(GDALGetRasterDataType(
			    raster_band(j->r, j->bands[i]))))
			return err_set(err, "band %ju has complex numbers",
				(uintmax_t)j->bands[i]);
	return 0;
}

/* Leaves a mask only where it says something. */
static uint8_t *useful(uint8_t *mask, size_t n)
{
	if (mask && !memchr(mask, 0, n)) {
		free(mask);
		mask = NULL;
	}
	return mask;
}

int raster_read_level(struct raster *r, size_t level,
	const struct raster_window *win, const uint64_t *bands, size_t n,
	const double *nodata, const struct raster_stretch *stretch,
	struct image *out, uint8_t **mask, struct err *err)
{
	struct job j = {r, whole_window(level, win), bands, n, nodata, stretch,
		out, NULL};
	struct gdal_log log;
	read_fn *read;
	CPLErr got;

	*mask = NULL;
	if (check_window(r, level, win, err) || check_bands(&j, err))
		return -1;
	read = choose(&j, err);
	if (!read)
		return -1;
	out->channels = read == read_colours ? 3 : (unsigned)n;
	out->width = j.w.width;
	out->height = j.w.height;
	out->px = xmalloc(pixels(&j.w) * out->channels);
	raster_listen(r, &log);
	got = raster_level_mask(r, &j.w, &j.mask);
	if (got == CE_None)
		got = read(&j);
	raster_ignore(r);
	if (got != CE_None || log.worst >= CE_Warning) {
		free(j.mask);
		image_release(out);
		return gdal_error(err, &log, "cannot read the pixels");
	}
	*mask = useful(j.mask, pixels(&j.w));
	return 0;
}

int raster_read_mask(struct raster *r, size_t level,
	const struct raster_window *win, uint8_t **mask, struct err *err)
{
	struct level_window w;
	struct gdal_log log;
	CPLErr got;

	*mask = NULL;
	if (check_window(r, level, win, err))
		return -1;
	w = whole_window(level, win);
	raster_listen(r, &log);
	got = raster_level_mask(r, &w, mask);
	raster_ignore(r);
	if (got == CE_None && log.worst < CE_Warning)
		return 0;
	free(*mask);
	*mask = NULL;
	return gdal_error(err, &log, "cannot read the mask");
}
