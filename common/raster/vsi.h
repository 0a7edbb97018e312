/*
 * vsi.h - GDAL's file systems, with ours in their place, for the files of this
 * folder only.
 *
 * What is on the network goes through remote.h, local files are those of
 * vsi_local.h; /vsimem/ stays, all others refuse whatever is asked of them.
 */
#ifndef RASTER_VSI_H
#define RASTER_VSI_H

#include "net/remote.h"

/* Before anything else of GDAL's, where vsi_install() will follow. */
void vsi_prepare(void);
/* Once for a process, before any file is opened. remotes: NULL: the network is
 * shut, too; else it must outlive all images. */
int vsi_install(struct remotes *remotes, struct err *err) MUST_USE;

/*
 * GDAL's name of a URL (http, https, s3, gs), and back, appended. False when
 * `name` is neither such a name nor a URL.
 */
void vsi_name(const char *url, struct buf *out);
bool vsi_url(const char *name, struct buf *out);

#endif
