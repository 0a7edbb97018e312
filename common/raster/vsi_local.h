/*
 * vsi_local.h - local files as GDAL is shown them, for the files of this folder
 * only: to be read, never a VRT (vrt.h hands GDAL the text), and none at all to
 * a thread that is shut in.
 */
#ifndef RASTER_VSI_LOCAL_H
#define RASTER_VSI_LOCAL_H

#include "raster/gdal.h"

void vsi_local(VSIFilesystemPluginCallbacksStruct *out);

/*
 * Until it is let out, GDAL shows this thread no local file: what came over
 * the network, which is read in between, has no way to name one.
 */
void vsi_shut_in(void);
void vsi_let_out(void);

/* Whether the first bytes of a file are a VRT's, as GDAL has it. */
enum { VRT_HEAD = 1024 };
bool is_vrt(const void *head, size_t len);

#endif
