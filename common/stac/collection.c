#include "base/base.h"
#include "stac/priv.h"

#include "base/log.h"

/*
 * The licence as it stands, or, where that only says that it is none of the
 * usual ones, with the link to its text.
 */
static char *licence_of(const struct jval *root)
{
	static const char *const vague[] = {"proprietary", "various", "other"};
	struct str s = text_of(root, "license");
	struct buf out = BUF_INIT;
	const struct jval *link;
	size_t at = 0;

	if (!s.len)
		return NULL;
	buf_add(&out, s.s, s.len);
	link = link_next(root, "license", &at);
	for (size_t i = 0; i < ARRAY_SIZE(vague) && link; i++)
		if (str_is(s, vague[i])) {
			struct str href = text_of(link, "href");

			buf_addc(&out, ' ');
			buf_add(&out, href.s, href.len);
		}
	buf_str(&out);
	return buf_detach(&out);
}

static bool is_owner(const struct jval *provider)
{
	const struct jval *roles = jval_get(provider, "roles");
	struct str s;

	for (size_t i = 0; i < jval_count(roles); i++)
		if (!jval_str(jval_at(roles, i), &s) &&
			(str_is(s, "licensor") || str_is(s, "producer")))
			return true;
	return false;
}

static void add_named(const struct jval *providers, bool owners,
	struct buf *out)
{
	for (size_t i = 0; i < jval_count(providers); i++) {
		const struct jval *p = jval_at(providers, i);
		struct str name = text_of(p, "name");

		if (!name.len || (owners && !is_owner(p)))
			continue;
		if (out->len)
			buf_adds(out, ", ");
		buf_add(out, name.s, name.len);
	}
}

void add_providers(const struct jval *providers, struct buf *out)
{
	add_named(providers, true, out);
	if (!out->len)
		add_named(providers, false, out);
}

static const struct collection *keep(struct stac *s, struct str place,
	struct collection *c)
{
	xgrow(&s->list, &s->list_cap, s->nlist + 1, sizeof(*s->list));
	s->list[s->nlist++] = c;
	*map_put(&s->collections, place) = s->nlist;
	return c;
}

static const struct collection *known(const struct stac *s, struct str place)
{
	const size_t *number = map_get(&s->collections, place);

	return number ? s->list[*number - 1] : NULL;
}

const struct collection *collection_take(struct stac *s, const struct doc *doc)
{
	struct str place = {doc->place.data, doc->place.len};
	const struct collection *before = known(s, place);
	struct buf names = BUF_INIT;
	struct collection *c;

	if (before)
		return before;
	c = xcalloc(1, sizeof(*c));
	c->id = text_dup(doc->root, "id");
	c->licence = licence_of(doc->root);
	add_providers(jval_get(doc->root, "providers"), &names);
	if (names.len) {
		buf_str(&names);
		c->attribution = buf_detach(&names);
	}
	return keep(s, place, c);
}

/* An item without a licence is still one: its collection's fault is told. */
static const struct collection *fetch(struct stac *s, const char *place)
{
	const struct collection *c;
	struct doc doc;
	struct err why;

	if (doc_load(s, place, NULL, &doc, &why)) {
		log_warn("%s: no licence and attribution from this collection: "
			 "give them as options",
			why.msg);
		c = keep(s, str_from(place), xcalloc(1, sizeof(*c)));
	} else {
		c = collection_take(s, &doc);
		/* where it was asked for is another name of it */
		*map_put(&s->collections, str_from(place)) =
			*map_get(&s->collections,
				(struct str){doc.place.data, doc.place.len});
	}
	doc_release(&doc);
	return c;
}

const struct collection *collection_of(struct stac *s, const char *base,
	const struct jval *root)
{
	const struct collection *c = NULL;
	struct buf place = BUF_INIT;
	size_t at = 0;
	const struct jval *link = link_next(root, "collection", &at);
	char *href = text_dup(link, "href");
	struct err why;

	if (href && !place_resolve(base, href, &place, &why)) {
		c = known(s, (struct str){place.data, place.len});
		if (!c && !s->query->has_licence)
			c = fetch(s, place.data);
	}
	free(href);
	buf_release(&place);
	return c;
}
