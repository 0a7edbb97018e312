/*
 * url.h - names of things on the network, and what of them may be shown.
 *
 * What is appended to a buf has a NUL behind it.
 * Source: RFC 3986. libcurl takes URLs apart. Any thread.
 */
#ifndef NET_URL_H
#define NET_URL_H

#include <stddef.h>

/* http:// or https://, in any case. */
bool url_is_http(const char *s);

/*
 * What a reference in a document at `base` (http or https) names, without a
 * fragment, appended to out; what cannot stand in a URL is escaped. -1 when it
 * is none, or no http or https URL; err names it without its query.
 */
int url_resolve(const char *base, const char *ref, struct buf *out,
	struct err *err) MUST_USE;

/*
 * The URL for eyes other than the server's: without user, password and
 * fragment, and with *** for the values of parameters that are called like
 * secrets (token, key, sig …). A path stays as it is. Appended to out.
 */
void url_show(const char *url, struct buf *out);

/* The URL without user and password. Appended to out. */
void url_strip_user(const char *url, struct buf *out);

/*
 * Whether a secret that is bound to a host may go to the URL. `host` is
 * "host", "host:port" (of another port than the scheme's) or ".example.org" for
 * all names that end so. Over https or to this machine, unless `clear`.
 */
bool url_is_for(const char *url, const char *host, bool clear);

/*
 * Adds NAME=VALUE to the query, or puts it in place of what is there; the
 * value is escaped, but for commas and colons.
 */
void url_set_query(struct buf *url, const char *name, const char *value);

#endif
