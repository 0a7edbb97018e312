/*
 * Pages of items, and the links from one to the next.
 */
#include "base/base.h"
#include "stac/priv.h"

#include <inttypes.h>

#include "base/hash.h"
#include "json/scan.h"
#include "net/url.h"

/* More than that is no search that anybody meant. */
enum { MAX_PAGES = 100000 };
/* Pages in a row without items, or with those of the page before. */
enum { MAX_STALE = 100 };

/* A page to be asked for. */
struct request {
	struct buf url;
	struct buf body; /* of a POST, or what would be one */
	bool post;
};

/* Puts a place in front of the message; -1. */
static int named(const struct buf *place, struct err *err)
{
	struct buf shown = BUF_INIT;

	url_show(place->data, &shown);
	err_prefix(err, "%s", buf_str(&shown));
	buf_release(&shown);
	return -1;
}

/* One element of a page. */
static int give_feature(struct stac *s, const struct doc *doc, struct str text,
	uint64_t number, const struct collection *parent, struct err *err)
{
	struct err why;
	struct jval *root = jval_parse(text.s, text.len, &why);
	int rc;

	if (root) {
		rc = item_give(s, doc->place.data, root, number, parent, err);
	} else {
		err_prefix(&why, "feature %" PRIu64, number);
		rc = aside_give(s, doc->place.data, NULL, "no item", &why, err);
	}
	jval_free(root);
	return rc;
}

/* Where the value that begins at s ends. */
static const char *value_end(const char *s, const char *end)
{
	struct json_scan scan = {0, false, false};

	for (; s < end; s++) {
		enum json_place place = json_scan(&scan, *s);

		if (place != JSON_WITHIN)
			return s + (place == JSON_LAST);
	}
	return end;
}

static const char *skip_blanks(const char *s, const char *end)
{
	while (s < end && strchr(" \t\r\n", *s) && *s)
		s++;
	return s;
}

/* The elements of doc->features, one after the other. */
static int give_features(struct stac *s, const struct doc *doc,
	const struct collection *parent, struct err *err)
{
	const char *at = doc->features.s + 1;
	const char *end = doc->features.s + doc->features.len - 1, *next;
	uint64_t number = 0;
	int rc = 0;

	at = skip_blanks(at, end);
	while (at < end && !rc) {
		number++;
		next = value_end(at, end);
		rc = give_feature(s, doc, (struct str){at, (size_t)(next - at)},
			number, parent, err);
		at = skip_blanks(next, end);
		if (at == end || rc)
			break;
		next = skip_blanks(at + 1, end);
		if (*at != ',' || next == end) {
			(void)err_set(err,
				"not valid JSON: behind feature %" PRIu64
				" stands %s",
				number, *at == ',' ? "a comma" : "no comma");
			return named(&doc->place, err);
		}
		at = next;
	}
	return rc;
}

/* Members of b, and those of a that b does not have, as one object. */
static void merge(const struct jval *a, const struct jval *b, struct buf *out)
{
	const struct jval *both[2] = {a, b};
	char sign = '{';

	for (size_t i = 0; i < 2; i++) {
		const struct jiter *it = NULL;

		if (!both[i] || jval_type(both[i]) != J_OBJECT)
			continue;
		while ((it = jval_next(both[i], it))) {
			struct str key = jiter_key(it);

			if (i == 0 && jval_get(b, key.s))
				continue;
			buf_addc(out, sign);
			json_add_str(out, key.s, key.len);
			buf_addc(out, ':');
			json_add_val(out, jiter_val(it));
			sign = ',';
		}
	}
	buf_adds(out, sign == '{' ? "{}" : "}");
	buf_str(out);
}

/* The body that a link asks for, in place of the last one. */
static int next_body(const struct jval *link, struct request *r,
	struct err *err)
{
	const struct jval *body = jval_get(link, "body");
	struct jval *before = NULL;
	struct buf text = BUF_INIT;
	bool merges;

	if (jval_bool(jval_get(link, "merge"), &merges))
		merges = false;
	if (merges || !body) {
		before = jval_parse(r->body.data, r->body.len, err);
		if (!before)
			return -1;
	}
	merge(before, body, &text);
	jval_free(before);
	buf_release(&r->body);
	r->body = text;
	return 0;
}

/* 1: the page after doc is r; 0: there is none. */
static int next_page(const struct doc *doc, struct request *r, struct err *err)
{
	size_t at = 0;
	const struct jval *link = link_next(doc->root, "next", &at);
	struct str method = text_of(link, "method");
	char *href = text_dup(link, "href");
	int rc = 1;

	if (!href)
		return 0;
	buf_reset(&r->url);
	r->post = str_is(method, "POST") || str_is(method, "post");
	if (place_resolve(doc->place.data, href, &r->url, err) ||
		(r->post && next_body(link, r, err)))
		rc = err_prefix(err, "its link 'next'");
	free(href);
	return rc;
}

/* Whether the page is asked for the first time. */
static bool is_new(struct map *asked, const struct request *r)
{
	struct buf key = BUF_INIT;
	size_t *value;
	bool first;

	buf_add(&key, r->url.data, r->url.len);
	if (r->post) {
		buf_addc(&key, '\n');
		buf_add(&key, r->body.data, r->body.len);
	}
	value = map_put(asked, (struct str){key.data, key.len});
	first = !*value;
	*value = 1;
	buf_release(&key);
	return first;
}

/* What tells whether pages still bring something. */
struct progress {
	uint64_t before; /* hash of the last page's features */
	unsigned stale;  /* pages in a row that brought nothing new */
};

/* -1 when a search goes on and on with nothing. */
static int check_progress(struct progress *p, const struct doc *doc,
	struct err *err)
{
	struct str f = doc->features;
	uint64_t hash = hash_xxh3(f.s, f.len);
	const char *end = f.s + f.len - 1;
	bool empty = skip_blanks(f.s + 1, end) == end;

	p->stale = empty || hash == p->before ? p->stale + 1 : 0;
	p->before = hash;
	if (p->stale < MAX_STALE)
		return 0;
	(void)err_set(err,
		"%d pages in a row bring no new item, and the last one leads "
		"to yet another: the search does not end",
		MAX_STALE);
	return named(&doc->place, err);
}

/* doc is a page and will be the last one read. */
static int read_pages(struct stac *s, struct request *r, struct doc *doc,
	struct map *asked, const struct collection *parent, struct err *err)
{
	struct progress progress = {0, 0};

	for (unsigned n = 1;; n++) {
		int rc;

		if (!doc->features.s) {
			err_set(err, "no page of items: it has no features");
			return named(&doc->place, err);
		}
		rc = give_features(s, doc, parent, err);
		if (rc)
			return rc;
		rc = next_page(doc, r, err);
		if (rc < 0)
			return named(&doc->place, err);
		if (!rc)
			return 0;
		if (check_progress(&progress, doc, err))
			return -1;
		if (!is_new(asked, r)) {
			err_set(err, "page %u leads back to one that was read",
				n);
			return named(&r->url, err);
		}
		if (n == MAX_PAGES) {
			err_set(err, "more than %u pages", n);
			return named(&doc->place, err);
		}
		doc_release(doc);
		if (doc_load(s, r->url.data, r->post ? r->body.data : NULL, doc,
			    err))
			return -1;
	}
}

static void request_release(struct request *r)
{
	buf_release(&r->url);
	buf_release(&r->body);
}

int pages_search(struct stac *s, const char *url, bool post, bool in_collection,
	const struct collection *parent, struct err *err)
{
	struct request r = {.post = post};
	struct map asked = MAP_INIT;
	struct doc doc = {.root = NULL};
	int rc;

	buf_adds(&r.url, url);
	query_to_json(s->query, &r.body);
	if (!post)
		query_to_url(s->query, in_collection, &r.url);
	(void)is_new(&asked, &r);
	rc = doc_load(s, buf_str(&r.url), post ? r.body.data : NULL, &doc, err);
	if (!rc)
		rc = read_pages(s, &r, &doc, &asked, parent, err);
	doc_release(&doc);
	request_release(&r);
	map_release(&asked);
	return rc;
}

int pages_from(struct stac *s, struct doc *first,
	const struct collection *parent, struct err *err)
{
	struct request r = {.post = false};
	struct map asked = MAP_INIT;
	int rc;

	buf_adds(&r.url, first->place.data);
	buf_adds(&r.body, "{}");
	buf_str(&r.body);
	(void)is_new(&asked, &r);
	rc = read_pages(s, &r, first, &asked, parent, err);
	doc_release(first);
	request_release(&r);
	map_release(&asked);
	return rc;
}
