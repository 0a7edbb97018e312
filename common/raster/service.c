#include "base/base.h"
#include "raster/service.h"

#include <math.h>
#include <time.h>

#include "base/clock.h"
#include "base/num.h"

/* One for the process: written once, by service_limit(). */
static struct {
	bool set;
	struct http_limits limits;
} service;

void service_limit(const struct http_limits *limits)
{
	const struct {
		const char *name;
		unsigned value;
	} options[] = {
		{"GDAL_HTTP_CONNECTTIMEOUT", limits->connect_s},
		{"GDAL_HTTP_LOW_SPEED_LIMIT", 1},
		{"GDAL_HTTP_LOW_SPEED_TIME", limits->stall_s},
	};

	service.limits = *limits;
	service.set = true;
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		CPLSetConfigOption(options[i].name,
			CPLSPrintf("%u", options[i].value));
}

static void wait_s(double s)
{
	struct timespec t = {.tv_sec = (time_t)s};

	t.tv_nsec = (long)((s - floor(s)) * 1e9);
	nanosleep(&t, NULL);
}

static CPLHTTPResult *failure(const char *text)
{
	CPLHTTPResult *r = CPLCalloc(1, sizeof(*r));

	r->nStatus = -1;
	r->pszErrBuf = CPLStrdup(text);
	return r;
}

/* The status of an answer that is none; 0: there is no answer. */
static uint64_t status_of(const CPLHTTPResult *r)
{
	static const char text[] = "HTTP error code : ";
	uint64_t status = 0;

	if (r->pszErrBuf && !strncmp(r->pszErrBuf, text, strlen(text)) &&
		parse_u64(r->pszErrBuf + strlen(text), &status))
		status = 0;
	return status;
}

static bool is_bad(const CPLHTTPResult *r)
{
	return r->nStatus || r->pszErrBuf;
}

/* Whether asking again may help. */
static bool may_pass(const CPLHTTPResult *r)
{
	uint64_t status = status_of(r);

	return !status || status == 408 || status == 429 || status >= 500;
}

struct request {
	const char *url;
	CSLConstList options;
	CPLHTTPFetchWriteFunc write;
	void *write_arg;
};

static CPLHTTPResult *try_for(const struct request *q, double left_s)
{
	char **options = CSLDuplicate(q->options);
	CPLHTTPResult *r;

	options = CSLSetNameValue(options, "MAX_RETRY", "0");
	options = CSLSetNameValue(options, "TIMEOUT",
		CPLSPrintf("%.0f", ceil(fmax(left_s, 1))));
	r = CPLHTTPFetchEx(q->url, options, NULL, NULL, q->write, q->write_arg);
	CSLDestroy(options);
	return r ? r : failure("no answer");
}

static CPLHTTPResult *try_often(const struct request *q)
{
	const struct http_limits *l = &service.limits;
	double end = clock_s() + l->whole_s, pause = l->backoff_ms * 1e-3;
	CPLHTTPResult *r = try_for(q, l->whole_s);

	for (unsigned i = 1; i < l->tries && is_bad(r) && may_pass(r); i++) {
		if (clock_s() + pause >= end)
			break;
		wait_s(pause);
		pause *= 2;
		CPLHTTPDestroyResult(r);
		r = try_for(q, end - clock_s());
	}
	return r;
}

/* A request of some driver's; NULL: GDAL makes it itself. */
static CPLHTTPResult *ask(const char *url, CSLConstList options,
	GDALProgressFunc progress, void *progress_arg,
	CPLHTTPFetchWriteFunc write, void *write_arg, void *ctx)
{
	const struct request q = {url, options, write, write_arg};
	struct gdal_log *log = ctx;
	CPLHTTPResult *r;
	uint64_t status;

	(void)progress;
	(void)progress_arg;
	if (log->request == REQUEST_GOING ||
		CSLFetchNameValue(options, "CLOSE_PERSISTENT"))
		return NULL;
	if (log->request == REQUEST_FAILED)
		return failure("not asked again");
	log->request = REQUEST_GOING;
	/* what a try said is not what came of it */
	CPLPushErrorHandler(CPLQuietErrorHandler);
	r = try_often(&q);
	CPLPopErrorHandler();
	log->request = is_bad(r) ? REQUEST_FAILED : REQUEST_DONE;
	status = status_of(r);
	if (status) { /* in words that the driver does not try again for */
		CPLFree(r->pszErrBuf);
		r->pszErrBuf =
			CPLStrdup(CPLSPrintf("HTTP %u", (unsigned)status));
	}
	return r;
}

void service_listen(struct gdal_log *log)
{
	if (service.set)
		CPLHTTPPushFetchCallback(ask, log);
}

void service_ignore(void)
{
	if (service.set)
		CPLHTTPPopFetchCallback();
}
