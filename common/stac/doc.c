#include "base/base.h"
#include "stac/priv.h"

#include <strings.h>
#include <sys/stat.h>

#include "base/io.h"
#include "json/scan.h"
#include "net/url.h"

/* Pages of a search are small; collections of items on disk need not be. */
#define MAX_FETCHED (64ULL << 20)
#define MAX_FILE    (1ULL << 30)

static int fetch(struct stac *s, const char *url, const char *post,
	struct doc *doc, struct err *err)
{
	struct http_request req = {.url = url,
		.accept = "application/geo+json, application/json",
		.limit = MAX_FETCHED};

	if (post)
		req.post = str_from(post);
	if (!s->net)
		s->net = http_new(&(struct http_options){.limits = s->limits},
			err);
	return s->net ? http_fetch(s->net, &req, &doc->text, &doc->place, err)
		      : -1;
}

/* The text without its features, so that only the rest becomes a tree. */
int doc_parse(struct doc *doc, struct err *err)
{
	struct str text =
		str_skip_bom((struct str){buf_str(&doc->text), doc->text.len});
	struct str *f = &doc->features;
	struct buf rest = BUF_INIT;

	if (json_member(text, "features", f) && *f->s == '[') {
		const char *behind = f->s + f->len;

		buf_add(&rest, text.s, (size_t)(f->s - text.s));
		buf_adds(&rest, "[]");
		buf_add(&rest, behind, (size_t)(text.s + text.len - behind));
		text = (struct str){rest.data, rest.len};
	} else {
		*f = (struct str){NULL, 0};
	}
	doc->root = jval_parse(text.s, text.len, err);
	buf_release(&rest);
	if (!doc->root)
		return -1;
	if (jval_type(doc->root) != J_OBJECT)
		return err_set(err, "no STAC document: it is no JSON object");
	return 0;
}

int doc_load(struct stac *s, const char *place, const char *post,
	struct doc *doc, struct err *err)
{
	struct buf shown = BUF_INIT;
	int rc;

	*doc = (struct doc){.root = NULL};
	if (url_is_http(place)) {
		if (fetch(s, place, post, doc, err))
			return -1;
	} else {
		buf_adds(&doc->place, place);
		buf_str(&doc->place);
		if (s->sink->file)
			s->sink->file(s->sink->ctx, place);
		if (load_file(place, MAX_FILE, &doc->text, err))
			return -1;
	}
	rc = doc_parse(doc, err);
	if (rc) {
		url_show(place, &shown);
		err_prefix(err, "%s", buf_str(&shown));
		buf_release(&shown);
	}
	return rc;
}

void doc_release(struct doc *doc)
{
	buf_release(&doc->place);
	buf_release(&doc->text);
	jval_free(doc->root);
	*doc = (struct doc){.root = NULL};
}

/* Whether it begins with a scheme and "//". */
static bool has_scheme(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	return n && !strncmp(s + n, "://", 3);
}

/* Takes the last name of a folder away; false when there is none to take. */
static bool drop_name(struct buf *path)
{
	size_t end = path->len, n;

	while (end && path->data[end - 1] == '/')
		end--;
	if (!end)
		return path->len; /* nothing is above the root */
	for (n = end; n && path->data[n - 1] != '/'; n--)
		;
	if (end - n == 2 && !memcmp(path->data + n, "..", 2))
		return false;
	path->len = n;
	/* "." is the folder it is in */
	return end - n == 1 && path->data[n] == '.' ? drop_name(path) : true;
}

/* A path relative to the folder of another one; . and .. are followed. */
static void join_path(const char *base, const char *rel, struct buf *out)
{
	const char *slash = strrchr(base, '/');

	if (*rel == '/') {
		buf_adds(out, rel);
		return;
	}
	if (slash)
		buf_add(out, base, (size_t)(slash - base) + 1);
	for (; *rel; rel += *rel == '/') {
		size_t n = strcspn(rel, "/");

		if (n == 2 && !strncmp(rel, "..", 2)) {
			if (!drop_name(out))
				buf_adds(out, "../");
		} else if (n && !(n == 1 && *rel == '.')) {
			buf_add(out, rel, n);
			if (rel[n] == '/')
				buf_addc(out, '/');
		}
		rel += n;
	}
}

/* The path that a file: URL is, or the text itself. */
static const char *without_file(const char *href)
{
	return strncasecmp(href, "file:///", 8) ? href : href + 7;
}

/* What is waited for, or never ends: only who runs this may choose it. */
static bool is_stream(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

int place_resolve(const char *base, const char *href, struct buf *out,
	struct err *err)
{
	if (url_is_http(base))
		return url_resolve(base, href, out, err);
	if (url_is_http(href))
		return url_resolve(href, href, out, err);
	href = without_file(href);
	if (!*href || has_scheme(href))
		return err_set(err,
			"the link '%.*s' leads to no file and no http or https "
			"URL",
			(int)MIN(strcspn(href, "?#"), 100), href);
	join_path(base, href, out);
	if (is_stream(buf_str(out)))
		return err_set(err,
			"the link '%.100s' leads to a pipe or a device", href);
	return 0;
}

int place_of_asset(const char *base, const char *href, struct buf *out,
	struct err *err)
{
	struct buf whole = BUF_INIT;
	bool remote = has_scheme(href) && !url_is_http(href) &&
		      strncasecmp(href, "file:", 5);

	if (remote) {
		url_strip_user(href, out);
		return 0;
	}
	if (place_resolve(base, href, &whole, err)) {
		buf_release(&whole);
		return -1;
	}
	if (url_is_http(whole.data))
		url_strip_user(whole.data, out);
	else
		buf_adds(out, whole.data);
	buf_str(out);
	buf_release(&whole);
	if (!strncmp(out->data, "/vsi", 4))
		return err_set(err,
			"'%.100s' is one of GDAL's own paths: a catalogue must "
			"not choose them",
			href);
	return 0;
}

struct str text_of(const struct jval *object, const char *key)
{
	struct str s;

	if (jval_str(jval_get(object, key), &s) || memchr(s.s, '\0', s.len))
		return (struct str){NULL, 0};
	return s;
}

char *text_dup(const struct jval *object, const char *key)
{
	struct str s = text_of(object, key);

	return s.len ? xmemdup0(s.s, s.len) : NULL;
}

const struct jval *link_next(const struct jval *root, const char *rel,
	size_t *i)
{
	const struct jval *links = jval_get(root, "links");

	while (links && *i < jval_count(links)) {
		const struct jval *link = jval_at(links, (*i)++);

		if (str_is(text_of(link, "rel"), rel) &&
			text_of(link, "href").len)
			return link;
	}
	return NULL;
}
