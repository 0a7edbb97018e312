#include "base/base.h"
#include "raster/files.h"

#include <errno.h>
#include <strings.h>
#include <sys/stat.h>

#include "raster/gdal.h"
#include "raster/open.h"

static bool look(const char *path, VSIStatBufL *st)
{
	struct gdal_log log;
	bool there;

	gdal_start_any();
	gdal_listen(&log);
	there = VSIStatExL(path, st,
			VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0;
	gdal_ignore();
	return there;
}

bool files_exist(const char *path)
{
	VSIStatBufL st;

	return look(path, &st);
}

bool files_is_folder(const char *path)
{
	VSIStatBufL st;

	return look(path, &st) && VSI_ISDIR(st.st_mode);
}

int files_refuse(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) ||
		S_ISBLK(st.st_mode))
		return 0;
	return err_set(err,
		"cannot open '%s': it is a pipe or a device, not a file", path);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int files_each(const char *folder, files_fn *fn, void *ctx, struct err *err)
{
	size_t len = strlen(folder), n;
	struct gdal_log log;
	struct buf path = BUF_INIT;
	char **names;
	int rc = 0;

	gdal_start_any();
	gdal_listen(&log);
	errno = 0;
	names = VSIReadDir(folder);
	gdal_ignore();
	if (!names && errno)
		return err_errno(err, "cannot read the folder '%s'", folder);
	n = (size_t)CSLCount(names);
	if (n)
		qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n && !rc; i++) {
		if (names[i][0] == '.' || !names[i][0])
			continue;
		buf_reset(&path);
		buf_adds(&path, folder);
		if (len && folder[len - 1] != '/')
			buf_addc(&path, '/');
		buf_adds(&path, names[i]);
		rc = fn(ctx, buf_str(&path), err);
	}
	CSLDestroy(names);
	buf_release(&path);
	return rc;
}

enum { MAX_NESTED = 8 }; /* VRTs in VRTs */

static int each_file(GDALDatasetH ds, unsigned depth, files_fn *fn, void *ctx,
	struct err *err);

/* What a source of a VRT is read from, where that is a VRT, too. */
static int each_nested(const char *path, unsigned depth, files_fn *fn,
	void *ctx, struct err *err)
{
	static const char *const vrt[] = {"VRT", NULL};
	size_t n = strlen(path);
	GDALDatasetH ds;
	int rc;

	if (n < 4 || strcasecmp(path + n - 4, ".vrt"))
		return 0;
	ds = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, vrt, NULL,
		NULL);
	if (!ds)
		return 0;
	rc = each_file(ds, depth + 1, fn, ctx, err);
	GDALClose(ds);
	return rc;
}

static int each_file(GDALDatasetH ds, unsigned depth, files_fn *fn, void *ctx,
	struct err *err)
{
	char **list = GDALGetFileList(ds);
	const char *own = GDALGetDescription(ds);
	int rc = 0;

	for (size_t i = 0; list && list[i] && !rc; i++) {
		rc = fn(ctx, list[i], err);
		if (!rc && depth < MAX_NESTED && strcmp(list[i], own) != 0)
			rc = each_nested(list[i], depth, fn, ctx, err);
	}
	CSLDestroy(list);
	return rc;
}

int gdal_each_file(GDALDatasetH ds, files_fn *fn, void *ctx, struct err *err)
{
	struct gdal_log log;
	int rc;

	gdal_listen(&log);
	rc = each_file(ds, 0, fn, ctx, err);
	gdal_ignore();
	return rc;
}
