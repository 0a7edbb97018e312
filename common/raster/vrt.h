/*
 * vrt.h - virtual rasters, taken apart before GDAL sees them, for the files of
 * this folder only.
 */
#ifndef RASTER_VRT_H
#define RASTER_VRT_H

#include <stddef.h>

/* VRTs in VRTs; bytes of all of them together. */
enum { VRT_MAX_DEPTH = 4 };
#define VRT_MAX_BYTES (UINT64_C(16) << 20)

/* A VRT with those in it. Begin with zeros. */
struct vrt_walk {
	unsigned depth;
	uint64_t bytes;     /* of all so far */
	bool local, remote; /* what kinds of sources were found */
};

/*
 * Appends what a VRT says as a VRT with absolute names and without metadata
 * (but for IMAGE_STRUCTURE), to be given to GDAL as text. -1 when it has
 * anything that access.h does not name. own: where it lies, a path or URL.
 * Its sources are checked as records' names are.
 */
int vrt_rewrite(const char *text, const char *own, bool remote,
	struct vrt_walk *w, struct buf *out, struct err *err) MUST_USE;

/*
 * access.c: GDAL's name for a source that such a VRT names, appended; the text
 * of a VRT where it is one. relative: to the VRT.
 */
int source_in_vrt(const char *name, bool relative, const char *own, bool remote,
	struct vrt_walk *w, struct buf *out, struct err *err) MUST_USE;

#endif
