#include "base/base.h"
#include "osm/areas.h"
#include "base/tsv.h"
#include "tags/pattern.h"

/* Bits beside those of enum closed_way. */
enum { ONLY = 4 };

static const struct {
	const char *name;
	size_t bits;
} kinds[] = {
	{"area", CLOSED_AREA},
	{"line", CLOSED_LINE},
	{"both", CLOSED_LINE | CLOSED_AREA},
	{"neither", 0},
	{"only-area", ONLY | CLOSED_AREA},
	{"only-line", ONLY | CLOSED_LINE},
};

struct area_rules {
	struct tag_patterns patterns;
};

static int add_row(struct area_rules *r, const struct str *row, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_is(row[1], kinds[i].name))
			return tag_patterns_add(&r->patterns, row[0],
				kinds[i].bits, err);
	return err_set(err,
		"'%.*s' is none of area, line, both, neither, only-area, "
		"only-line",
		(int)MIN(row[1].len, 100), row[1].s);
}

struct area_rules *area_rules_parse(const char *name, const char *text,
	size_t len, struct err *err)
{
	struct area_rules *r = xcalloc(1, sizeof(*r));
	struct tsv t = tsv_begin(name, text, len);
	struct str row[2];
	int rc;

	r->patterns = (struct tag_patterns)TAG_PATTERNS_INIT;
	while ((rc = tsv_next(&t, row, ARRAY_SIZE(row), err)) > 0) {
		if (add_row(r, row, err)) {
			rc = tsv_fail(&t, err);
			break;
		}
	}
	if (rc < 0) {
		area_rules_free(r);
		return NULL;
	}
	return r;
}

void area_rules_free(struct area_rules *r)
{
	if (!r)
		return;
	tag_patterns_release(&r->patterns);
	free(r);
}

bool area_rules_key(const struct area_rules *r, struct str key)
{
	return tag_patterns_key(&r->patterns, key);
}

unsigned area_rules_closed(const struct area_rules *r, const struct pair *tags,
	size_t n)
{
	size_t bits = 0, only = 0, found;

	for (size_t i = 0; i < n; i++) {
		if (!tag_patterns_find(&r->patterns, tags[i].key, tags[i].value,
			    &found))
			continue;
		if (found & ONLY)
			only |= found;
		else
			bits |= found;
	}
	if (only)
		return only & CLOSED_LINE ? CLOSED_LINE : CLOSED_AREA;
	return bits & CLOSED_AREA ? (unsigned)bits : CLOSED_LINE;
}

/* A row of the table, as osmium's expressions need it. */
struct rule {
	struct str key, value; /* a prefix ends in ':'; "": any value */
	bool prefix, area;
};

static int compare(struct str a, struct str b)
{
	size_t len = MIN(a.len, b.len);
	int rc = len ? memcmp(a.s, b.s, len) : 0;

	return rc ? rc : (a.len > b.len) - (a.len < b.len);
}

/* A key's rows together, any value first; what a prefix fits behind it. */
static int by_key(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int rc = compare(x->key, y->key);

	rc = rc ? rc : (int)y->prefix - (int)x->prefix;
	return rc ? rc : compare(x->value, y->value);
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.s[i] < ' ' || strchr("*,!=\"\\", s.s[i]))
			return false;
	return true;
}

static int no_rule(struct str pattern, struct err *err)
{
	return err_set(err, "'%.*s' cannot be said in osmium's expressions",
		(int)MIN(pattern.len, 200), pattern.s);
}

static int add_rule(struct rule *rule, const struct map_entry *e,
	struct err *err)
{
	struct str p = e->key;
	const char *eq = memchr(p.s, '=', p.len);
	size_t len = eq ? (size_t)(eq - p.s) : p.len - 1;

	*rule = (struct rule){{p.s, len}, {p.s + len + 1, 0}, !eq,
		e->value & CLOSED_AREA};
	if (eq && p.s[p.len - 1] != '*')
		rule->value.len = p.len - len - 1;
	if (e->value & ONLY || !is_plain(rule->key) || !is_plain(rule->value))
		return no_rule(p, err);
	return 0;
}

/* What osmium has without being told. */
static bool is_built_in(const struct map_entry *e)
{
	return (str_is(e->key, "area=yes") &&
		       e->value == (ONLY | CLOSED_AREA)) ||
	       (str_is(e->key, "area=no") && e->value == (ONLY | CLOSED_LINE));
}

static int add_rules(const struct map *map, struct rule *rules, size_t *n,
	struct err *err)
{
	size_t built_in = 0;

	*n = 0;
	for (size_t i = 0; i < map->len; i++) {
		if (is_built_in(&map->entries[i]))
			built_in++;
		else if (add_rule(&rules[(*n)++], &map->entries[i], err))
			return -1;
	}
	if (built_in < 2)
		return err_set(err, "osmium always takes area=yes as only-area "
				    "and area=no as only-line: the table must "
				    "have both");
	qsort(rules, *n, sizeof(*rules), by_key);
	return 0;
}

static void put_expression(struct buf *out, struct str key, const char *op)
{
	buf_addf(out, "%s\n\t\t\"%.*s%s",
		out->data[out->len - 1] == '[' ? "" : ",", (int)key.len, key.s,
		op);
}

/* The rows of a prefix that makes areas; there is no way to except one. */
static int print_prefix(const struct rule *rules, size_t n, size_t *i,
	struct buf *out, struct err *err)
{
	struct str prefix = rules[*i].key;

	put_expression(out, prefix, "*\"");
	for (; *i < n && rules[*i].key.len >= prefix.len &&
		!memcmp(rules[*i].key.s, prefix.s, prefix.len);
		(*i)++)
		if (!rules[*i].area)
			return no_rule(rules[*i].key, err);
	return 0;
}

/* The rows of a key: areas but for some values, or for some values only. */
static void print_key(const struct rule *rules, size_t n, size_t *i,
	struct buf *out)
{
	struct str key = rules[*i].key;
	bool area = !rules[*i].value.len && rules[*i].area;
	size_t values = 0;

	for (; *i < n && str_eq(rules[*i].key, key); (*i)++) {
		struct str value = rules[*i].value;

		if (rules[*i].area == area || !value.len)
			continue;
		if (!values++)
			put_expression(out, key, area ? "!=" : "=");
		else
			buf_addc(out, ',');
		buf_add(out, value.s, value.len);
	}
	if (!values && area)
		put_expression(out, key, "");
	if (values || area)
		buf_addc(out, '"');
}

int area_rules_print_osmium(const struct area_rules *r, struct buf *out,
	struct err *err)
{
	const struct map *map = &r->patterns.map;
	struct rule *rules = xcalloc(map->len, sizeof(*rules));
	size_t n;
	int rc = add_rules(map, rules, &n, err);

	buf_adds(out, "{\n\t\"attributes\": {\"type\": true, \"id\": true},\n"
		      "\t\"linear_tags\": null,\n\t\"area_tags\": [");
	for (size_t i = 0; i < n && !rc;) {
		if (rules[i].prefix && rules[i].area)
			rc = print_prefix(rules, n, &i, out, err);
		else if (rules[i].prefix)
			i++;
		else
			print_key(rules, n, &i, out);
	}
	buf_adds(out, "\n\t]\n}\n");
	free(rules);
	return rc;
}
