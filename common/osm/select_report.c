#include "base/base.h"
#include "osm/select_priv.h"
#include "base/spell.h"

#include <inttypes.h>

struct select_counts {
	const struct select *select;
	uint64_t (*n)[EXPR_YES + 1]; /* [n_tests] by the answer */
	size_t n_tests;              /* of all expressions, one by one */
};

struct select_counts *select_counts_new(const struct select *s)
{
	struct select_counts *c = xcalloc(1, sizeof(*c));

	c->select = s;
	for (size_t i = 0; i < s->n_exprs; i++)
		c->n_tests += expr_n_tests(s->exprs[i]);
	c->n = xcalloc(c->n_tests, sizeof(*c->n));
	return c;
}

void select_counts_free(struct select_counts *c)
{
	if (!c)
		return;
	free(c->n);
	free(c);
}

void select_counts_add(struct select_counts *c, const struct select_object *o)
{
	struct select_view room = {o, ""};
	struct expr_object view = select_view(&room);
	size_t n = 0;

	for (size_t i = 0; i < c->select->n_exprs; i++) {
		const struct expr *e = c->select->exprs[i];

		for (size_t test = 0; test < expr_n_tests(e); test++)
			c->n[n++][expr_test_match(e, test, &view)]++;
	}
}

void select_counts_merge(struct select_counts *to,
	const struct select_counts *from)
{
	for (size_t i = 0; i < to->n_tests; i++)
		for (size_t answer = 0; answer <= EXPR_YES; answer++)
			to->n[i][answer] += from->n[i][answer];
}

void select_counts_print(const struct select_counts *c, struct buf *out)
{
	size_t n = 0;

	buf_adds(out, "kept\tremoved\ttest\n");
	for (size_t i = 0; i < c->select->n_exprs; i++) {
		const struct expr *e = c->select->exprs[i];

		for (size_t test = 0; test < expr_n_tests(e); test++, n++) {
			struct str text = expr_test_text(e, test);

			buf_addf(out, "%" PRIu64 "\t%" PRIu64 "\t",
				c->n[n][EXPR_YES], c->n[n][EXPR_NO]);
			for (size_t j = 0; j < text.len; j++)
				buf_addc(out, (unsigned char)text.s[j] < ' '
						      ? ' '
						      : text.s[j]);
			buf_addc(out, '\n');
		}
	}
}

/* Of so many names the nearest is looked for. */
enum { MAX_NAMES = 1 << 18 };

/* A key has one number among those asked for, whole ones first. */
struct select_seen {
	struct key_set asked;
	bool *found;      /* [whole.len + n] */
	struct map names; /* how often each was added */
};

static void ask_key(void *ctx, const struct expr_pattern *key)
{
	struct key_set *asked = ctx;

	for (size_t i = 0; i < asked->n; i++)
		if (asked->patterns[i].how == key->how &&
			str_eq(asked->patterns[i].text, key->text))
			return;
	key_set_add(asked, key);
}

static size_t n_asked(const struct select_seen *seen)
{
	return seen->asked.whole.len + seen->asked.n;
}

struct select_seen *select_seen_new(const struct select *s)
{
	struct select_seen *seen = xcalloc(1, sizeof(*seen));

	for (size_t i = 0; i < s->n_exprs; i++)
		expr_each_key(s->exprs[i], ask_key, &seen->asked);
	seen->found = xcalloc(n_asked(seen), sizeof(*seen->found));
	return seen;
}

void select_seen_free(struct select_seen *seen)
{
	if (!seen)
		return;
	key_set_release(&seen->asked);
	map_release(&seen->names);
	free(seen->found);
	free(seen);
}

static void add_name(struct select_seen *seen, struct str key, size_t n)
{
	if (key.len > SPELL_MAX)
		return;
	if (seen->names.len < MAX_NAMES)
		*map_put(&seen->names, key) += n;
}

void select_seen_add(struct select_seen *seen, struct str key)
{
	size_t number = key_set_find(&seen->asked, key);

	if (number != SIZE_MAX)
		seen->found[number] = true;
	for (size_t i = 0; i < seen->asked.n; i++)
		if (expr_pattern_fits(&seen->asked.patterns[i], key))
			seen->found[seen->asked.whole.len + i] = true;
	add_name(seen, key, 1);
}

void select_seen_merge(struct select_seen *to, const struct select_seen *from)
{
	for (size_t i = 0; i < n_asked(to); i++)
		to->found[i] |= from->found[i];
	for (size_t i = 0; i < from->names.len; i++)
		add_name(to, from->names.entries[i].key,
			from->names.entries[i].value);
}

/* Of two as near, the one that was added more often; then by bytes, so that it
 * is the same however the threads were merged. */
static bool better(const struct map_entry *a, const struct map_entry *b)
{
	int order = memcmp(a->key.s, b->key.s, MIN(a->key.len, b->key.len));

	if (a->value != b->value)
		return a->value > b->value;
	return order ? order < 0 : a->key.len < b->key.len;
}

/* The key that was meant, or NULL. */
static const struct map_entry *nearest(const struct select_seen *seen,
	struct str word)
{
	const struct map_entry *best = NULL;
	size_t distance = SIZE_MAX;

	for (size_t i = 0; i < seen->names.len; i++) {
		const struct map_entry *e = &seen->names.entries[i];
		struct spell s = {.word = word};

		spell_try(&s, e->key, e);
		if (!s.best || s.distance > distance ||
			(s.distance == distance && !better(e, best)))
			continue;
		best = e;
		distance = s.distance;
	}
	return best;
}

static void explain_key(const struct select_seen *seen, struct str key,
	struct buf *out)
{
	const struct map_entry *e = nearest(seen, key);

	buf_addf(out, "no object has the key '%s'", key.s);
	if (e)
		buf_addf(out, " (did you mean '%s'?)", e->key.s);
}

static void explain_pattern(const struct expr_pattern *p, struct buf *out)
{
	buf_addf(out, "no object has a key '%s%.*s*'",
		p->how == EXPR_PART ? "*" : "", (int)p->text.len, p->text.s);
}

bool select_seen_explain(const struct select_seen *seen, struct buf *out)
{
	size_t n = seen->asked.whole.len, missing = 0;

	for (size_t i = 0; i < n_asked(seen); i++) {
		if (seen->found[i])
			continue;
		buf_adds(out, missing++ ? ", " : "");
		if (i < n)
			explain_key(seen, seen->asked.whole.entries[i].key,
				out);
		else
			explain_pattern(&seen->asked.patterns[i - n], out);
	}
	return missing > 0;
}
