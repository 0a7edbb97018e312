#include "base/base.h"
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int(err_set)(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return -1;
}

int(err_errno)(struct err *err, const char *fmt, ...)
{
	const char *why = strerror(errno);
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	n = strlen(err->msg);
	snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", why);
	return -1;
}

int(err_prefix)(struct err *err, const char *fmt, ...)
{
	char rest[sizeof(err->msg)];
	va_list ap;
	size_t n;

	memcpy(rest, err->msg, sizeof(rest));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	n = strlen(err->msg);
	snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", rest);
	return -1;
}
