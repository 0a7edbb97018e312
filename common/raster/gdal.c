#include "base/base.h"
#include "raster/gdal.h"

#include <ctype.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "raster/service.h"

/*
 * Room for decoded blocks, for all threads together. GDAL's own default, 5 %
 * of the machine's memory, would make memory a matter of the host.
 */
#define CACHE_BYTES (INT64_C(512) << 20)

const char *const gdal_formats[] = {"GTiff", "JP2OpenJPEG", "JPEG", "PNG",
	"BMP", "HFA", "ENVI", "EHdr", "AAIGrid", "NITF", NULL};

static pthread_once_t started = PTHREAD_ONCE_INIT;

/* Of gdal_start_with(). */
static const char *const *more_formats;
static bool was_with;
static GDALDriverH memory;

static bool is_one_of(const char *name, const char *const *formats)
{
	for (size_t i = 0; formats && formats[i]; i++)
		if (!strcmp(name, formats[i]))
			return true;
	return false;
}

/*
 * What stands beside an image (a mask, overviews) GDAL opens by itself, with
 * any driver that there is: a VRT as X.tif.msk would lead anywhere.
 */
static void keep_formats(void)
{
	for (int i = GDALGetDriverCount() - 1; i >= 0; i--) {
		GDALDriverH driver = GDALGetDriver(i);
		const char *name = GDALGetDriverShortName(driver);

		if (is_one_of(name, gdal_formats) ||
			is_one_of(name, more_formats))
			continue;
		GDALDeregisterDriver(driver);
		if (driver != memory)
			GDALDestroyDriver(driver);
	}
}

static void start_any(void)
{
	/* Whatever nobody listens to is nothing for people to read. */
	CPLSetErrorHandler(CPLQuietErrorHandler);
	if (!CPLGetConfigOption("GDAL_CACHEMAX", NULL))
		GDALSetCacheMax64(CACHE_BYTES);
	/* Grids from the network would make results differ between hosts. */
	OSRSetPROJEnableNetwork(0);
	/* A VRT may hold a program in Python, which is data's to run nowhere.
	 */
	CPLSetConfigOption("GDAL_VRT_ENABLE_PYTHON", "NO");
	GDALAllRegister();
	memory = GDALGetDriverByName("MEM");
}

static void start(void)
{
	start_any();
	keep_formats();
}

void gdal_start(void)
{
	pthread_once(&started, start);
}

static void start_with(void)
{
	start();
	was_with = true;
}

int gdal_start_with(const char *const *more)
{
	more_formats = more; /* looked at by the first one only */
	pthread_once(&started, start_with);
	return was_with ? 0 : -1;
}

void gdal_start_any(void)
{
	pthread_once(&started, start_any);
}

GDALDriverH gdal_memory(void)
{
	return memory;
}

static void CPL_STDCALL keep(CPLErr class, CPLErrorNum code, const char *msg)
{
	struct gdal_log *log = CPLGetErrorHandlerUserData();

	(void)code;
	if (class < CE_Warning || class <= log->worst)
		return;
	/* of an answer: HTTP has seen to it that it is whole */
	if (class == CE_Warning && log->request != REQUEST_NONE)
		return;
	log->worst = class;
	snprintf(log->msg, sizeof(log->msg), "%s", msg);
}

void gdal_listen(struct gdal_log *log)
{
	gdal_start();
	*log = (struct gdal_log){.worst = CE_None};
	CPLErrorReset();
	CPLPushErrorHandlerEx(keep, log);
	service_listen(log);
}

void gdal_ignore(void)
{
	service_ignore();
	CPLPopErrorHandler();
}

/* One line, as our own messages are: GDAL ends some with a stop. */
static void tidy(char *msg)
{
	size_t n = strlen(msg);

	for (size_t i = 0; i < n; i++)
		if (iscntrl((unsigned char)msg[i]))
			msg[i] = ' ';
	while (n && (msg[n - 1] == '.' || msg[n - 1] == ' '))
		msg[--n] = '\0';
}

int gdal_error(struct err *err, const struct gdal_log *log, const char *fmt,
	...)
{
	struct err context;
	char msg[sizeof(log->msg)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(context.msg, sizeof(context.msg), fmt, ap);
	va_end(ap);
	snprintf(msg, sizeof(msg), "%s", log->msg);
	tidy(msg);
	return err_set(err, "%s: %s", context.msg,
		msg[0] ? msg : "GDAL does not say why");
}
