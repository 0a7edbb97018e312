/*
 * select_priv.h - what the files of select.h share.
 */
#ifndef OSM_SELECT_PRIV_H
#define OSM_SELECT_PRIV_H

#include "osm/select.h"
#include "base/map.h"
#include "tags/sieve.h"

/* Keys and patterns of keys: does a string fit one of them? */
struct key_set {
	struct map whole;   /* its values: 0, 1, … in order of insertion */
	struct sieve sieve; /* of these */
	struct expr_pattern *patterns; /* [n], views into the expressions */
	size_t n, cap;
};

/* One of an expression's keys. */
void key_set_add(struct key_set *k, const struct expr_pattern *key);
/* The number of the key in `whole`, or SIZE_MAX. */
size_t key_set_find(const struct key_set *k, struct str key);
bool key_set_fits(const struct key_set *k, struct str key);
void key_set_release(struct key_set *k);

struct select {
	struct expr **exprs; /* [n_exprs] */
	size_t n_exprs, exprs_cap;
	struct ignored *ignored; /* or NULL */
	bool has_bbox;
	double bbox[4];
	struct region *region; /* or NULL */
	bool count_all;
	/* sealed */
	bool any_key;   /* `needed` does not say all */
	bool has_tests; /* keys and types do not */
	struct key_set needed;
	/* which expressions to ask about an object: those of its keys, and the
	 * rest, which needs none or keys with wildcards */
	struct link *links;
	size_t n_links, links_cap;
	size_t *heads; /* [n_heads] by the key's number in `needed` */
	size_t n_heads, heads_cap;
	size_t rest;
	unsigned types;
};

/* The number of an expression, and the link behind this one, 0: none. */
struct link {
	size_t expr, next;
};

/* An object as expressions see it, and room for its id. */
enum { ID_TEXT = 24 };
struct select_view {
	const struct select_object *o;
	char id[ID_TEXT];
};
struct expr_object select_view(struct select_view *v);

#endif
