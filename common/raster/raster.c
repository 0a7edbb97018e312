#include "base/base.h"
#include "raster/raster.h"

#include <errno.h>
#include <sys/stat.h>

#include "raster/gdal.h"
#include "raster/open.h"
#include "raster/vsi_local.h"

/* A plain file, and told to GDAL so that it can be taken for nothing else. */
static int plain_path(const char *path, struct buf *out, struct err *err)
{
	struct stat st;

	if (strstr(path, "://") || !strncmp(path, "/vsi", 4))
		return err_set(err,
			"'%s' is no local file; only those can be read", path);
	if (stat(path, &st) < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, "'%s' is no file", path);
	if (path[0] != '/')
		buf_adds(out, "./");
	buf_adds(out, path);
	return 0;
}

/* Whether a path can only be that of a file: GDAL opens other names, too. */
static bool is_plain_name(const char *path)
{
	return !strpbrk(path, ":<") && strncmp(path, "/vsi", 4) != 0;
}

/* Why no driver claims it. */
static int no_image(const char *path, bool remote, struct err *err)
{
	struct stat st;

	bool plain = !remote && is_plain_name(path);

	if (plain && stat(path, &st) < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (plain && S_ISREG(st.st_mode) && !st.st_size)
		return err_set(err, "cannot open '%s': it is empty", path);
	return err_set(err, "cannot open '%s': no image that GDAL knows", path);
}

void raster_listen(const struct raster *r, struct gdal_log *log)
{
	gdal_listen(log);
	if (r->remote)
		vsi_shut_in();
}

void raster_ignore(const struct raster *r)
{
	if (r->remote)
		vsi_let_out();
	gdal_ignore();
}

struct raster *raster_open_as(const char *path, const char *gdal_path,
	const char *const *formats, bool remote, struct gdal_log *log,
	struct err *err)
{
	struct raster *r;
	GDALDatasetH ds;

	raster_listen(&(struct raster){.remote = remote}, log);
	ds = GDALOpenEx(gdal_path, GDAL_OF_RASTER | GDAL_OF_READONLY, formats,
		NULL, NULL);
	raster_ignore(&(struct raster){.remote = remote});
	if (!ds && log->worst < CE_Failure) {
		(void)no_image(path, remote, err);
		return NULL;
	}
	if (!ds) {
		gdal_error(err, log, "cannot open '%s'", path);
		return NULL;
	}
	if (GDALGetRasterCount(ds) < 1) {
		err_set(err, "'%s' has no bands", path);
		GDALClose(ds);
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->ds = ds;
	r->remote = remote;
	r->levels = xcalloc(1, sizeof(*r->levels));
	return r;
}

struct raster *raster_open(const char *path, struct err *err)
{
	struct buf plain = BUF_INIT;
	struct raster *r = NULL;
	struct gdal_log log;

	if (!plain_path(path, &plain, err))
		r = raster_open_as(path, buf_str(&plain), gdal_formats, false,
			&log, err);
	buf_release(&plain);
	return r;
}

/* A server that falls silent must not hold the run; names beside the image
 * are not asked for. */
static void set_patience(void)
{
	static const char *const options[][2] = {
		{"GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"},
		{"GDAL_HTTP_CONNECTTIMEOUT", "30"},
		{"GDAL_HTTP_LOW_SPEED_LIMIT", "1"},
		{"GDAL_HTTP_LOW_SPEED_TIME", "60"},
		{"GDAL_HTTP_MAX_RETRY", "3"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (!CPLGetConfigOption(options[i][0], NULL))
			CPLSetConfigOption(options[i][0], options[i][1]);
}

struct raster *raster_open_linked(const char *uri, struct err *err)
{
	static const struct {
		const char *scheme, *vsi;
		bool keep; /* the URL is a part of GDAL's name */
	} kinds[] = {
		{"http://", "/vsicurl/", true},
		{"https://", "/vsicurl/", true},
		{"s3://", "/vsis3/", false},
		{"gs://", "/vsigs/", false},
		{"az://", "/vsiaz/", false},
	};
	struct buf name = BUF_INIT;
	struct raster *r = NULL;
	struct gdal_log log;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t n = strlen(kinds[i].scheme);

		if (!strncmp(uri, kinds[i].scheme, n))
			buf_addf(&name, "%s%s", kinds[i].vsi,
				kinds[i].keep ? uri : uri + n);
	}
	if (!name.len)
		return raster_open(uri, err);
	gdal_start();
	set_patience();
	r = raster_open_as(uri, name.data, gdal_formats, false, &log, err);
	buf_release(&name);
	return r;
}

struct raster *raster_open_any(const char *path, struct err *err)
{
	struct gdal_log log;

	if (files_refuse(path, err))
		return NULL;
	gdal_start_any();
	return raster_open_as(path, path, NULL, false, &log, err);
}

int raster_open_found(const char *path, struct raster **out, struct err *err)
{
	struct gdal_log log;
	bool known;

	*out = NULL;
	if (files_refuse(path, err))
		return 0;
	gdal_start_any();
	gdal_listen(&log);
	known = GDALIdentifyDriverEx(path, GDAL_OF_RASTER, NULL, NULL) != NULL;
	gdal_ignore();
	if (!known) {
		(void)no_image(path, false, err);
		return 0;
	}
	*out = raster_open_as(path, path, NULL, false, &log, err);
	if (!*out && log.worst < CE_Failure)
		return 0;
	return *out ? 1 : -1;
}

void raster_free(struct raster *r)
{
	struct gdal_log log;

	if (!r)
		return;
	raster_listen(r, &log);
	GDALClose(r->ds);
	for (size_t i = 1; i < r->nparts; i++)
		GDALClose(r->parts[i]);
	raster_ignore(r);
	free(r->parts);
	free(r->levels);
	free(r);
}

int raster_add_part(struct raster **r, struct raster *part, struct err *err)
{
	uint64_t size[2], own[2];
	int rc = 0;

	raster_size(part, size);
	raster_size(*r ? *r : part, own);
	if (memcmp(size, own, sizeof(size)))
		rc = err_set(err,
			"one band has %ju x %ju pixels, another one %ju x %ju",
			(uintmax_t)own[0], (uintmax_t)own[1],
			(uintmax_t)size[0], (uintmax_t)size[1]);
	else if (*r && (*r)->remote != part->remote)
		rc = err_set(err, "some bands are local and others are not");
	if (rc) {
		raster_free(part);
		return rc;
	}
	if (!*r) {
		*r = part;
		part->parts = xcalloc(RASTER_PARTS_MAX, sizeof(*part->parts));
	} else if ((*r)->nparts == RASTER_PARTS_MAX) {
		raster_free(part);
		return err_set(err, "more than %d bands in as many files",
			RASTER_PARTS_MAX);
	}
	(*r)->parts[(*r)->nparts++] = part->ds;
	if (part != *r) {
		free(part->levels);
		free(part);
	}
	return 0;
}

int raster_each_file(const struct raster *r, files_fn *fn, void *ctx,
	struct err *err)
{
	int rc = gdal_each_file(r->ds, fn, ctx, err);

	for (size_t i = 1; i < r->nparts && !rc; i++)
		rc = gdal_each_file(r->parts[i], fn, ctx, err);
	return rc;
}

void raster_size(const struct raster *r, uint64_t size[2])
{
	size[0] = (uint64_t)GDALGetRasterXSize(r->ds);
	size[1] = (uint64_t)GDALGetRasterYSize(r->ds);
}

int raster_has_bands(const struct raster *r, const uint64_t *bands, size_t n,
	struct err *err)
{
	uint64_t count = raster_band_count(r);

	for (size_t i = 0; i < n; i++)
		if (bands[i] < 1 || bands[i] > count)
			return err_set(err, "no band %ju, the image has %ju",
				(uintmax_t)bands[i], (uintmax_t)count);
	return 0;
}
