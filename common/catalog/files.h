/*
 * files.h - a catalogue of raster files: named ones, all in folders, globs.
 */
#ifndef CATALOG_FILES_H
#define CATALOG_FILES_H

#include "catalog/maker.h"
#include "catalog/names.h"

/*
 * Catalogues what the names stand for, in their order: anything that GDAL
 * opens; a folder (also in an archive: /vsizip/…) for all images below it, in
 * the order of their names; a pattern of glob(3), which no file has for a name,
 * for all that it matches. What in a folder is no image is passed over and
 * counted. With a band pattern, files become one image with others.
 */
int catalog_files(struct maker *m, const struct names *names,
	struct err *err) MUST_USE;

#endif
