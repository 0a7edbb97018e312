/*
 * access.h - what may be opened in the name of a record, which may come from a
 * stranger: a process-wide set of rules, laid down once, before any image.
 *
 * After raster_rule() the network names of GDAL lead through remote.h:
 * /vsicurl/URL, /vsis3/BUCKET/KEY and /vsigs/BUCKET/KEY, wherever GDAL meets
 * them (in a VRT's sources, too). All its other file systems but /vsimem/ are
 * shut: no archive, no standard input, no part of a file, no program. Only a
 * list of raster drivers is there: gdal_formats, VRT, and with gdal_http those
 * that talk to the network by themselves (WMS, WMTS, EEDAI).
 *
 * A VRT may name whole images only: sources (SimpleSource, ComplexSource,
 * KernelFilteredSource, AveragedSource) that raster_open_source() would open
 * itself. Relative names in a remote VRT, local ones there, raw bands, pixel
 * functions, warped and pansharpened data sets are refused.
 */
#ifndef RASTER_ACCESS_H
#define RASTER_ACCESS_H

#include "net/remote.h"
#include "raster/raster.h"

struct raster_rules {
	struct remotes *remotes; /* NULL: no network; must outlive all images */
	/* What names must begin with, one of them; n 0: any. Local names count
	 * as they are written in the record. Copied. */
	const char *const *allowed;
	size_t nallowed;
	bool gdal_http;
	uint64_t cache_bytes; /* GDAL's decoded blocks; 0: as set */
};

/* Once, as the first call of this layer. */
int raster_rule(const struct raster_rules *rules, struct err *err) MUST_USE;

/*
 * Opens what a record names, within the rules: a local path, a http, https,
 * s3 or gs URL, one of GDAL's names for them, or (with gdal_http) "EEDAI:…" and
 * service descriptions. Each of `uris` has one band of the image when there
 * are several, all of one size; bands are then numbered in their order.
 */
struct raster *raster_open_source(const struct str *uris, size_t n,
	const char *root, struct err *err) MUST_USE;

/*
 * The local file that the name stands for, or the URL (/vsicurl/ and /vsis3/
 * turned back into URLs), appended to out; what raster_open_source() would not
 * open is refused with the same message. *remote: whether it is a URL.
 */
int raster_source_name(struct str uri, const char *root, struct buf *out,
	bool *remote, struct err *err) MUST_USE;

#endif
