#include "base/base.h"
#include "stac/priv.h"

#include "net/url.h"

/* Catalogues in catalogues. */
enum { MAX_DEPTH = 32 };

struct stac *stac_new(const struct stac_query *query,
	const struct stac_sink *sink, const struct http_limits *limits)
{
	struct stac *s = xcalloc(1, sizeof(*s));

	s->query = query;
	s->sink = sink;
	s->limits = *limits;
	return s;
}

void stac_free(struct stac *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nlist; i++) {
		free(s->list[i]->id);
		free(s->list[i]->licence);
		free(s->list[i]->attribution);
		free(s->list[i]);
	}
	free(s->list);
	map_release(&s->seen);
	map_release(&s->collections);
	http_free(s->net);
	free(s);
}

/* What a document is. */
enum kind { ITEM, PAGE, CATALOG, OTHER };

static enum kind kind_of(const struct doc *doc)
{
	struct str type = text_of(doc->root, "type");
	const struct jval *links = jval_get(doc->root, "links");

	if (str_is(type, "Feature"))
		return ITEM;
	if (doc->features.s)
		return PAGE;
	/* before version 1.0 these had no type */
	return jval_count(links) && jval_type(links) == J_ARRAY ? CATALOG
								: OTHER;
}

static bool is_collection(const struct jval *root)
{
	return str_is(text_of(root, "type"), "Collection") ||
	       (jval_get(root, "extent") && jval_get(root, "license"));
}

/* The link to a search, one that is asked by GET where there is a choice. */
static const struct jval *search_link(const struct jval *root, bool *post)
{
	const struct jval *link, *other = NULL;
	size_t at = 0;

	while ((link = link_next(root, "search", &at))) {
		struct str method = text_of(link, "method");

		*post = false;
		if (!method.len || str_is(method, "GET"))
			return link;
		other = link;
	}
	*post = other;
	return other;
}

static int search(struct stac *s, const struct doc *doc,
	const struct jval *link, bool post, bool in_collection,
	const struct collection *parent, struct err *err)
{
	char *href = text_dup(link, "href");
	struct buf url = BUF_INIT;
	int rc;

	if (!in_collection && !s->query->collections && !s->query->has_bbox) {
		url_show(doc->place.data, &url);
		rc = err_set(err,
			"%s: a search of all that an API has: say which with "
			"--collections or --bbox",
			buf_str(&url));
	} else {
		rc = place_resolve(doc->place.data, href ? href : "", &url,
			err);
		if (!rc)
			rc = pages_search(s, url.data, post, in_collection,
				parent, err);
	}
	free(href);
	buf_release(&url);
	return rc;
}

static int visit(struct stac *s, const char *place, unsigned depth,
	const struct collection *parent, struct err *err);

/* Follows a link; what is wrong with the document there is its own fault. */
static int follow(struct stac *s, const struct doc *doc,
	const struct jval *link, unsigned depth,
	const struct collection *parent, struct err *err)
{
	char *href = text_dup(link, "href");
	struct buf place = BUF_INIT;
	struct err why;
	int rc;

	if (place_resolve(doc->place.data, href ? href : "", &place, &why))
		rc = aside_give(s, doc->place.data, NULL, "bad link", &why,
			err);
	else
		rc = visit(s, place.data, depth, parent, err);
	free(href);
	buf_release(&place);
	return rc;
}

static int walk_links(struct stac *s, const struct doc *doc, unsigned depth,
	const struct collection *parent, struct err *err)
{
	const struct jval *links = jval_get(doc->root, "links");
	int rc = 0;

	for (size_t i = 0; i < jval_count(links) && !rc; i++) {
		const struct jval *link = jval_at(links, i);
		struct str rel = text_of(link, "rel");

		if (str_is(rel, "item") || str_is(rel, "child"))
			rc = follow(s, doc, link, depth + 1, parent, err);
	}
	return rc;
}

static int walk_catalog(struct stac *s, const struct doc *doc, unsigned depth,
	const struct collection *parent, struct err *err)
{
	const struct jval *link;
	size_t at = 0;
	bool post;

	if (is_collection(doc->root))
		parent = collection_take(s, doc);
	link = search_link(doc->root, &post);
	if (link && !is_collection(doc->root))
		return search(s, doc, link, post, false, parent, err);
	link = link_next(doc->root, "items", &at);
	if (link)
		return search(s, doc, link, false, true, parent, err);
	return walk_links(s, doc, depth, parent, err);
}

static int not_stac(const struct doc *doc, struct err *err)
{
	struct str said = text_of(doc->root, "description");
	struct buf shown = BUF_INIT;

	url_show(doc->place.data, &shown);
	err_set(err,
		"%s: no STAC document: neither an item or a collection of "
		"items nor a catalogue with links%s%.*s",
		buf_str(&shown), said.len ? "; it says: " : "",
		(int)MIN(said.len, 200), said.s ? said.s : "");
	buf_release(&shown);
	return -1;
}

/* Releases doc, which is of a kind. */
static int take(struct stac *s, struct doc *doc, unsigned depth,
	const struct collection *parent, struct err *err)
{
	int rc;

	switch (kind_of(doc)) {
	case PAGE:
		return pages_from(s, doc, parent, err);
	case CATALOG:
		rc = walk_catalog(s, doc, depth, parent, err);
		break;
	default:
		rc = item_give(s, doc->place.data, doc->root, 0, parent, err);
		break;
	}
	doc_release(doc);
	return rc;
}

static bool is_first_visit(struct stac *s, const char *place)
{
	size_t *seen = map_put(&s->seen, str_from(place));
	bool first = !*seen;

	*seen = 1;
	return first;
}

static int visit(struct stac *s, const char *place, unsigned depth,
	const struct collection *parent, struct err *err)
{
	struct doc doc;
	struct err why;

	if (!is_first_visit(s, place))
		return 0;
	if (depth > MAX_DEPTH) {
		(void)err_set(&why, "catalogues in catalogues, %d deep",
			MAX_DEPTH);
		return aside_give(s, place, NULL, "too deep", &why, err);
	}
	if (doc_load(s, place, NULL, &doc, &why) ||
		(kind_of(&doc) == OTHER && not_stac(&doc, &why))) {
		doc_release(&doc);
		return aside_give(s, place, NULL, "cannot read the document",
			&why, err);
	}
	return take(s, &doc, depth, parent, err);
}

/* Whether a URL's path ends with this name. */
static bool ends_with(const char *url, const char *name)
{
	size_t n = strcspn(url, "?#"), len = strlen(name);

	while (n && url[n - 1] == '/')
		n--;
	return n > len && url[n - len - 1] == '/' &&
	       !memcmp(url + n - len, name, len);
}

int stac_read(struct stac *s, const char *place, struct err *err)
{
	bool is_url = url_is_http(place);
	int rc;

	while (!strncmp(place, "./", 2))
		place += 2;
	if (s->query->max_items && s->given >= s->query->max_items)
		return 0;
	if (is_url && ends_with(place, "search"))
		rc = pages_search(s, place, false, false, NULL, err);
	else if (is_url && ends_with(place, "items"))
		rc = pages_search(s, place, false, true, NULL, err);
	else
		rc = visit(s, place, 0, NULL, err);
	return rc < 0 ? -1 : 0;
}
