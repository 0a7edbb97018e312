/*
 * plan.h - tile-fetch's options, read: what is asked of every chip.
 */
#ifndef FETCH_PLAN_H
#define FETCH_PLAN_H

#include "fetch/fetch.h"
#include "net/web.h"
#include "raster/raster.h"
#include "rec/img_field.h"

/* An environment variable that may go to a host. */
struct grant {
	char *name;
	char *host; /* "host", "host:port", ".example.org" */
	bool clear; /* also over http */
};

struct plan {
	const struct fetch_options *o;
	uint64_t bands[3];
	size_t nbands; /* 0: the image's */
	bool has_stretch;
	enum stretch_how how;
	double low, high;
	struct grant *grants; /* [ngrants] */
	size_t ngrants, grants_cap;
	struct http_header *headers; /* [nheaders], of host and line owned */
	size_t nheaders, headers_cap;
};

/* Errors name the option. Release after either. */
int plan_read(struct plan *p, const struct fetch_options *o,
	struct err *err) MUST_USE;
void plan_release(struct plan *p);

/* Whether the picture itself is looked at, not only whether it is whole. */
bool plan_looks(const struct plan *p);

/*
 * The value of {NAME} in a template that leads to `url` (the template filled
 * in but for its tokens): NULL and err where the user has not given it to that
 * host, or it would go in the clear.
 */
const char *plan_token(const struct plan *p, const char *name, const char *url,
	struct err *err) MUST_USE;

#endif
