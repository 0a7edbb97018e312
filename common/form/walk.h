/*
 * walk.h - the files of a folder and of all folders in it.
 */
#ifndef FORM_WALK_H
#define FORM_WALK_H

typedef int walk_fn(void *ctx, const char *path, struct err *err);

/*
 * Calls fn with the path of each regular file, "FOLDER/…", each folder's
 * entries in the order of their names' bytes. Names that begin with a dot are
 * passed over. Links to files are followed; one to a folder is not, which is
 * said. Stops with -1 when fn returns it or a folder cannot be read.
 */
int walk_files(const char *folder, walk_fn *fn, void *ctx,
	struct err *err) MUST_USE;

#endif
