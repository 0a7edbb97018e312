/*
 * raster-make.h - rasters for unit programs: raw ones written here, others made
 * of them by GDAL's own programs, in a folder that goes at the end.
 */
#ifndef TESTS_RASTER_MAKE_H
#define TESTS_RASTER_MAKE_H

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"

/* Runs a shell command that must work. */
static inline void PRINTF(1, 2) sh(const char *fmt, ...)
{
	struct buf line = BUF_INIT;
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_addf(&line, "(%s) >sh.out 2>&1", text);
	if (system(buf_str(&line)) != 0) {
		printf("Bail out! %s\n", text);
		exit(1);
	}
	buf_release(&line);
}

/* Into a folder of its own, which sh_leave() removes. */
static inline void sh_enter(char folder[])
{
	if (!mkdtemp(folder) || chdir(folder) < 0)
		abort();
}

static inline void sh_leave(const char *folder)
{
	sh("rm -rf -- '%s'", folder);
	if (chdir("/") < 0)
		abort();
}

static inline void put_file(const char *name, const void *p, size_t len)
{
	struct err err;

	if (save_file(name, p, len, &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
}

static inline struct buf get_file(const char *name)
{
	struct buf b = BUF_INIT;
	struct err err;

	if (load_file(name, UINT64_C(1) << 30, &b, &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return b;
}

/* Raw pixels, bands of a pixel together; type as ENVI numbers it. */
static inline void put_envi(const char *name, const void *px, size_t size,
	unsigned width, unsigned height, unsigned bands, int type,
	const char *more)
{
	struct buf b = BUF_INIT, path = BUF_INIT;

	put_file(name, px, size * width * height * bands);
	buf_addf(&b,
		"ENVI\nsamples = %u\nlines = %u\nbands = %u\ndata type = %d\n"
		"interleave = bip\nbyte order = 0\n%s\n",
		width, height, bands, type, more);
	buf_addf(&path, "%s.hdr", name);
	put_file(buf_str(&path), b.data, b.len);
	buf_release(&path);
	buf_release(&b);
}

#endif
