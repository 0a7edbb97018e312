#include "base/base.h"
#include "net/allow.h"

#include <curl/curl.h>
#include <strings.h>
#include <unistd.h>

#include "net/url.h"

/* How often a path is decoded: servers and what stands before them do so once
 * each. */
enum { DECODED_MAX = 4 };

/* The parts of a URL; absent ones are empty. All are libcurl's. */
struct parts {
	char *scheme, *user, *password, *host, *port, *path, *query;
};

static char *part_of(CURLU *u, CURLUPart part, unsigned flags)
{
	char *s = NULL;

	return curl_url_get(u, part, &s, flags) ? NULL : s;
}

/* False when libcurl would not ask for it. */
static bool split(const char *url, struct parts *p)
{
	CURLU *u = curl_url();
	bool good;

	if (!u)
		xfail("cannot take a URL apart", 0);
	*p = (struct parts){NULL, NULL, NULL, NULL, NULL, NULL, NULL};
	/* CURLU_PATH_AS_IS: what is percent-encoded is looked at here */
	good = !curl_url_set(u, CURLUPART_URL, url,
		CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS);
	if (good) {
		p->scheme = part_of(u, CURLUPART_SCHEME, 0);
		p->user = part_of(u, CURLUPART_USER, 0);
		p->password = part_of(u, CURLUPART_PASSWORD, 0);
		p->host = part_of(u, CURLUPART_HOST, 0);
		p->port = part_of(u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
		p->path = part_of(u, CURLUPART_PATH, 0);
		p->query = part_of(u, CURLUPART_QUERY, 0);
		good = p->scheme && p->host && *p->host && p->path;
	}
	curl_url_cleanup(u);
	return good;
}

static void release(struct parts *p)
{
	curl_free(p->scheme);
	curl_free(p->user);
	curl_free(p->password);
	curl_free(p->host);
	curl_free(p->port);
	curl_free(p->path);
	curl_free(p->query);
}

static bool same(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* A dot at a host's end is the root of all names, which it has anyway. */
static bool same_host(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	n -= n > 1 && a[n - 1] == '.';
	m -= m > 1 && b[m - 1] == '.';
	return n == m && !strncasecmp(a, b, n);
}

static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static bool is_unreserved(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || (c && strchr("-._~", c));
}

/*
 * Decodes in place: all, or what RFC 3986 section 6.2.2.2 says is the same
 * anyway. True when something was.
 */
static bool decode(struct buf *b, bool all)
{
	size_t to = 0, len = b->len;

	for (size_t i = 0; i < len; i++) {
		char c = b->data[i];

		if (c == '%' && i + 2 < len && digit(b->data[i + 1]) >= 0 &&
			digit(b->data[i + 2]) >= 0) {
			char d = (char)(digit(b->data[i + 1]) * 16 +
					digit(b->data[i + 2]));

			if (all || is_unreserved(d)) {
				c = d;
				i += 2;
			}
		}
		b->data[to++] = c;
	}
	b->len = to;
	return to < len;
}

/* Bytes until a slash; a backslash is one where servers may take it so. */
static size_t part_len(struct str s, bool backslash)
{
	size_t n = 0;

	while (n < s.len && s.s[n] != '/' && !(backslash && s.s[n] == '\\'))
		n++;
	return n;
}

/*
 * Appends an absolute path without empty, "." and ".." parts to an empty buf; a
 * slash at the end stays.
 */
static void add_plain(struct buf *out, struct str path, bool backslash)
{
	bool folder = true; /* it ends as one */

	for (size_t i = 0; i < path.len;) {
		struct str part = {path.s + i, path.len - i};

		part.len = part_len(part, backslash);
		folder = true;
		if (str_is(part, "..")) {
			while (out->len && out->data[--out->len] != '/')
				continue;
		} else if (part.len && !str_is(part, ".")) {
			buf_addc(out, '/');
			buf_add(out, part.s, part.len);
			folder = i + part.len < path.len;
		}
		i += part.len + 1;
	}
	if (folder || !out->len)
		buf_addc(out, '/');
}

static bool begins(const struct buf *name, const struct buf *prefix)
{
	return name->len >= prefix->len &&
	       !memcmp(name->data, prefix->data, prefix->len);
}

/* Whether the path begins so, or is the same, at each level of decoding. */
static bool path_begins(const char *path, const char *prefix, bool whole)
{
	struct buf a = BUF_INIT, b = BUF_INIT, x = BUF_INIT, y = BUF_INIT;
	bool good = true, more = true;

	/* at least twice: a backslash needs no decoding */
	buf_adds(&a, path);
	buf_adds(&b, prefix);
	decode(&a, false);
	decode(&b, false);
	for (int level = 0; good && (more || level < 2); level++) {
		buf_reset(&x);
		buf_reset(&y);
		add_plain(&x, (struct str){a.data, a.len}, level > 0);
		add_plain(&y, (struct str){b.data, b.len}, level > 0);
		good = begins(&x, &y) && (!whole || x.len == y.len) &&
		       level < DECODED_MAX;
		more = decode(&a, true);
		more = decode(&b, true) || more;
	}
	buf_release(&a);
	buf_release(&b);
	buf_release(&x);
	buf_release(&y);
	return good;
}

static bool url_begins(const struct parts *u, const char *prefix)
{
	struct parts p;
	bool good = split(prefix, &p) && !strcasecmp(u->scheme, p.scheme) &&
		    same(u->user, p.user) && same(u->password, p.password) &&
		    same_host(u->host, p.host) && same(u->port, p.port) &&
		    path_begins(u->path, p.path, p.query);

	if (good && p.query)
		good = u->query && !strncmp(u->query, p.query, strlen(p.query));
	release(&p);
	return good;
}

/* The absolute path of a file, by way of links where it is there; a folder,
 * when the name ends as one or it is one. */
static void add_local(struct buf *out, const char *path)
{
	char *real = realpath(path, NULL);
	struct buf whole = BUF_INIT;
	char *here;
	size_t n = strlen(path);

	if (real) {
		buf_adds(&whole, real);
		if (n && path[n - 1] == '/')
			buf_addc(&whole, '/');
	} else {
		here = *path == '/' ? NULL : realpath(".", NULL);
		buf_addf(&whole, "%s/%s", here ? here : "", path);
		free(here);
	}
	add_plain(out, (struct str){whole.data, whole.len}, false);
	buf_release(&whole);
	free(real);
}

static bool local_begins(const char *path, const char *prefix)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	bool good;

	add_local(&a, path);
	add_local(&b, prefix);
	good = begins(&a, &b);
	/* a folder's name is a prefix of those beside it that go on */
	if (good && a.len > b.len && b.data[b.len - 1] != '/' &&
		a.data[b.len] != '/')
		good = access(prefix, F_OK) != 0;
	buf_release(&a);
	buf_release(&b);
	return good;
}

static bool is_url(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return n && !strncmp(s + n, "://", 3);
}

int allow_name(const char *name, const char *const *prefixes, size_t n,
	struct err *err)
{
	bool url = is_url(name), good = !n;
	struct buf shown = BUF_INIT;
	struct parts u = {NULL, NULL, NULL, NULL, NULL, NULL, NULL};

	if (good)
		return 0;
	if (!url || split(name, &u))
		for (size_t i = 0; i < n && !good; i++)
			good = url == is_url(prefixes[i]) &&
			       (url ? url_begins(&u, prefixes[i])
				    : local_begins(name, prefixes[i]));
	release(&u);
	if (good)
		return 0;
	url_show(name, &shown);
	err_set(err,
		"'%.500s' begins with nothing that may be opened "
		"(--allow-source)",
		buf_str(&shown));
	buf_release(&shown);
	return -1;
}
