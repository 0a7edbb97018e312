/*
 * service.h - requests of GDAL's own drivers of services, for the files of this
 * folder only: so often, and for so long, as ours are.
 *
 * Earth Engine's driver by itself waits for over a minute between tries, and
 * asks three times for what has failed. What goes through CPLHTTPFetch() is
 * ruled here (all of Earth Engine's, and what a WMS or WMTS is opened by);
 * their tiles have GDAL's time limit, 300 s.
 */
#ifndef RASTER_SERVICE_H
#define RASTER_SERVICE_H

#include "net/http.h"
#include "raster/gdal.h"

/* Once, before any image. Without it the two below do nothing. */
void service_limit(const struct http_limits *limits);

/* Of this thread's requests, until it is told to ignore them. In one whose
 * request has failed no more are made. */
void service_listen(struct gdal_log *log);
void service_ignore(void);

#endif
