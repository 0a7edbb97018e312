/*
 * allow.h - whether the user lets a name be opened: it begins with one of the
 * prefixes that were given.
 *
 * URLs ("SCHEME://…") are compared part by part, as libcurl takes them apart,
 * not as text: scheme, host (in any case) and port must be the same, so a
 * prefix ends behind a whole host name even without a slash. A user name or
 * password in a URL must stand in the prefix, too. Of the path, without "." and
 * "..", the prefix's must be the beginning, however often either is
 * percent-decoded: a server that decodes more or less than another does not
 * lead out of the prefix. A prefix with a query is one of the path and the
 * beginning of the query. "https://a.example/x" also lets "/xyz" be opened: end
 * a folder with "/".
 *
 * All else are local paths: absolute, without "." and "..", links resolved
 * where there is such a file; a prefix that is a folder holds what is below it
 * alone. Whoever can change the file system between this and open(2) decides
 * what is opened, as always. Any thread.
 */
#ifndef NET_ALLOW_H
#define NET_ALLOW_H

#include <stddef.h>

/*
 * 0 when `name` begins with one of the n prefixes, or n is 0; else -1, and err
 * says so (URLs as url_show() has them).
 */
int allow_name(const char *name, const char *const *prefixes, size_t n,
	struct err *err) MUST_USE;

#endif
