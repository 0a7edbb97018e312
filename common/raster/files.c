#include "base/base.h"
#include "raster/files.h"

#include <errno.h>

#include "raster/gdal.h"

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
