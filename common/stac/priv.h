/*
 * priv.h - what the files of common/stac share.
 */
#ifndef STAC_PRIV_H
#define STAC_PRIV_H

#include "base/map.h"
#include "json/json.h"
#include "stac/stac.h"

/* What items take from the collection they are in. Owned strings, or NULL. */
struct collection {
	char *id, *licence, *attribution;
};

struct stac {
	const struct stac_query *query;
	const struct stac_sink *sink;
	struct http_limits limits;
	struct http *net;       /* opened for the first URL */
	struct map seen;        /* places that were read */
	struct map collections; /* places → number in list, + 1 */
	struct collection **list;
	size_t nlist, list_cap;
	uint64_t given; /* items */
};

/* Inside the layer: 0 go on, 1 enough items, -1. */
enum { ENOUGH = 1 };

/* A document: all of it but the features of a page, which stay text. */
struct doc {
	struct buf place; /* after redirects */
	struct buf text;
	struct jval *root;
	struct str features; /* an array in `text`; s NULL: no page of items */
};

/* post: JSON to be sent to a URL, or NULL. Release it after -1, too. */
int doc_load(struct stac *s, const char *place, const char *post,
	struct doc *doc, struct err *err) MUST_USE;
void doc_release(struct doc *doc);
/* Checks and keeps a text as a document; what doc_load() does with it. */
int doc_parse(struct doc *doc, struct err *err) MUST_USE;

/* The place that a link in the document at `base` leads to, into out, which
 * must be empty. */
int place_resolve(const char *base, const char *href, struct buf *out,
	struct err *err) MUST_USE;
/* The same for an asset, which may also be in an object store. */
int place_of_asset(const char *base, const char *href, struct buf *out,
	struct err *err) MUST_USE;

/* A member that is text without NUL bytes; {NULL, 0}: there is none. */
struct str text_of(const struct jval *object, const char *key);
/* The same as a C string, to be freed, or NULL. */
char *text_dup(const struct jval *object, const char *key);
/* The next link of this relation from *i on; NULL: none. */
const struct jval *link_next(const struct jval *root, const char *rel,
	size_t *i);

/* True when the list, names with commas between, has it. */
bool list_has(const char *list, struct str name);

/* Unix seconds of an RFC 3339 time with any offset. */
int time_of(struct str s, int64_t *out) MUST_USE;
/* The first and last second of such a time, or of a day, month or year. */
int span_of(struct str s, int64_t *from, int64_t *to) MUST_USE;
/* Why the query does not want the item, a constant, or NULL. */
const char *query_refuses(const struct stac_query *q,
	const struct stac_item *item, const struct jval *properties);
/* The parameters of a search, on a URL or as JSON; in_collection: it is about
 * one collection. */
void query_to_url(const struct stac_query *q, bool in_collection,
	struct buf *url);
void query_to_json(const struct stac_query *q, struct buf *json);

/* Polygons as WKB and their bounds; without either for any other geometry. */
int geometry_take(const struct jval *geometry, struct stac_item *item,
	struct err *err) MUST_USE;

/* Chooses the item's assets, and tells where their pixels lie. */
int assets_take(const struct stac_query *q, const char *base,
	const struct jval *root, struct stac_item *item,
	struct err *err) MUST_USE;

/* Reads the collection that a document is; it belongs to s. */
const struct collection *collection_take(struct stac *s, const struct doc *doc);
/* That of an item, read where need be; NULL: none is known. */
const struct collection *collection_of(struct stac *s, const char *base,
	const struct jval *root);
/* Who is named in an array of providers, into out. */
void add_providers(const struct jval *providers, struct buf *out);

/* Gives one item, or sets it aside. parent: the collection around it; number:
 * which it is of its page, 0: it is a document. */
int item_give(struct stac *s, const char *base, const struct jval *root,
	uint64_t number, const struct collection *parent,
	struct err *err) MUST_USE;
int aside_give(struct stac *s, const char *place, const char *id,
	const char *reason, const struct err *why, struct err *err) MUST_USE;

/*
 * The items of the pages from `url` on, with what the query says as
 * parameters, by GET or POST.
 */
int pages_search(struct stac *s, const char *url, bool post, bool in_collection,
	const struct collection *parent, struct err *err) MUST_USE;
/* The same from a page that was read; it is released. */
int pages_from(struct stac *s, struct doc *first,
	const struct collection *parent, struct err *err) MUST_USE;

#endif
