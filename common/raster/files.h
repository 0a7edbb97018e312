/*
 * files.h - what is in a folder, be it on disk or in one of GDAL's /vsi file
 * systems (an archive, a bucket).
 */
#ifndef RASTER_FILES_H
#define RASTER_FILES_H

#include <stddef.h>

bool files_is_folder(const char *path);
bool files_exist(const char *path);

/*
 * Calls fn with the path of each file and folder in a folder, in the order of
 * their names as bytes; what begins with a dot is left out. It may end the
 * walk with -1.
 */
typedef int files_fn(void *ctx, const char *path, struct err *err);
int files_each(const char *folder, files_fn *fn, void *ctx,
	struct err *err) MUST_USE;

#endif
