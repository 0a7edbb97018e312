/*
 * access.h - what may be opened in the name of a record, which may come from a
 * stranger: a process-wide set of rules, laid down once, before any image.
 *
 * After raster_rule() the network names of GDAL lead through remote.h:
 * /vsicurl/URL, /vsis3/BUCKET/KEY and /vsigs/BUCKET/KEY, wherever GDAL meets
 * them (in a VRT's sources, too); nothing beside a remote image (masks,
 * overviews, world files) is asked for. Local files are there to be read only,
 * and not at all while GDAL opens or reads something remote, so that none can
 * be named by it (as overviews, say). All other file systems but /vsimem/ are
 * shut: no archive, no standard input, no part of a file, no program. Only a
 * list of raster drivers is there: gdal_formats, VRT, and with gdal_http those
 * that talk to the network by themselves (WMS, WMTS, EEDAI).
 *
 * A VRT may name whole images only: sources (SimpleSource, ComplexSource,
 * KernelFilteredSource, AveragedSource) that raster_open_source() would open
 * itself, all local or all remote, VRTs among them up to four deep (a remote
 * one there by a URL that ends in .vrt). Relative names in a remote VRT, local
 * ones there, raw bands, pixel functions, warped and pansharpened data sets,
 * open options and coordinate systems other than EPSG:n and WKT are refused.
 * GDAL gets its checked text, never the file.
 *
 * Programs that use this link LIBS_NET, too.
 */
#ifndef RASTER_ACCESS_H
#define RASTER_ACCESS_H

#include "net/remote.h"
#include "raster/raster.h"

struct raster_rules {
	struct remotes *remotes; /* NULL: no network; must outlive all images */
	/* What names must begin with, one of them; n 0: any. Local names count
	 * as they are written in the record, below the root. As allow.h has
	 * it; of services ("EEDAI:…") the text. Copied. */
	const char *const *allowed;
	size_t nallowed;
	const struct http_limits *gdal_http; /* NULL: GDAL's own is shut */
	uint64_t cache_bytes; /* GDAL's decoded blocks; 0: as set */
};

/* Once, as the first call of this layer; -1 where it is not. */
int raster_rule(const struct raster_rules *rules, struct err *err) MUST_USE;

/*
 * Opens what a record names, within the rules: a local path (below root, where
 * that is not NULL and the path is relative), a http, https, s3 or gs URL, one
 * of GDAL's names for them, or with gdal_http "EEDAI:…" and service
 * descriptions (in a local file or as they are). Each of n > 1 uris has one
 * band of the image, all of one size, all local or all remote; bands are then
 * numbered in their order, and a pixel is valid where it is in all of them.
 */
struct raster *raster_open_source(const struct str *uris, size_t n,
	const char *root, struct err *err) MUST_USE;

/*
 * The local file that the name stands for, or the URL (/vsicurl/ and /vsis3/
 * turned back into URLs), or the service as it is, appended to out; what
 * raster_open_source() would not open is refused with the same message.
 * *remote: whether it comes over the network.
 */
int raster_source_name(struct str uri, const char *root, struct buf *out,
	bool *remote, struct err *err) MUST_USE;

#endif
