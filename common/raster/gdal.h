/*
 * gdal.h - GDAL's set-up and messages, for the files of this folder only.
 *
 * GDAL reports through handlers; here each thread catches what its own calls
 * say between gdal_listen() and gdal_ignore(), and nothing reaches stderr.
 */
#ifndef RASTER_GDAL_H
#define RASTER_GDAL_H

/* GDAL's headers ask for macros that only clang has */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <gdal_alg.h>
#include <gdalwarper.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#pragma GCC diagnostic pop

/* Of a driver of a service: see service.h. */
enum gdal_request { REQUEST_NONE, REQUEST_GOING, REQUEST_DONE, REQUEST_FAILED };

struct gdal_log {
	CPLErr worst;  /* the most serious so far, CE_None at the start */
	char msg[512]; /* the first message of that class */
	enum gdal_request request;
};

/*
 * The formats whose files hold their own pixels, up to NULL. Those that point
 * elsewhere (VRT, WMS, STAC …) are not even registered, for neither a record
 * nor a file must choose what is opened.
 */
extern const char *const gdal_formats[];

/* Registers these formats on the first call; safe from any thread. */
void gdal_start(void);
/* The same, but leaves all that GDAL has; after gdal_start() it does nothing.
 */
void gdal_start_any(void);

/* The same as gdal_start(), but with formats more than gdal_formats; -1 when it
 * is not the first of the three. */
int gdal_start_with(const char *const *more) MUST_USE;

/* The driver of data sets in memory. Where only some formats are left it cannot
 * be found, for it would open any address that a name has. */
GDALDriverH gdal_memory(void);

/* "EPSG:n" or WKT, with axes x, y; NULL when it is neither. */
OGRSpatialReferenceH srs_from_text(const char *name);

/* Catches messages of this thread in log, until gdal_ignore(). */
void gdal_listen(struct gdal_log *log);
void gdal_ignore(void);

/* Sets err to "context: what GDAL said"; returns -1. */
int gdal_error(struct err *err, const struct gdal_log *log, const char *fmt,
	...) PRINTF(3, 4);

#endif
