#include "base/base.h"
#include "tags/ignored.h"
#include "base/tsv.h"
#include "tags/pattern.h"
#include "tags/sieve.h"

enum kind { KIND_KEEP, KIND_IGNORE };

/* What is known of a key without its value, bits. */
enum { IGNORED = 1, KEPT = 2, BY_VALUE = 4 };

/*
 * Beside the patterns: the same by keys, for most keys and strings are in no
 * row, and millions are asked about.
 */
struct ignored {
	struct tag_patterns patterns;
	struct map keys;     /* of key=*, key=value: bits */
	struct map prefixes; /* "addr:": a bit */
	struct sieve sieve;  /* of `keys` */
	bool begins[256];    /* a prefix begins with this byte */
};

static unsigned first_of(struct str key)
{
	return key.len ? (unsigned char)key.s[0] : 0;
}

/* The pattern is a good one. */
static void note_pattern(struct ignored *t, struct str p, enum kind kind)
{
	const char *eq = memchr(p.s, '=', p.len);
	size_t bit = kind == KIND_IGNORE ? IGNORED : KEPT;
	struct str key = {p.s, eq ? (size_t)(eq - p.s) : p.len - 1};

	if (!eq) {
		*map_put(&t->prefixes, key) = bit;
		t->begins[first_of(key)] = true;
		return;
	}
	if (p.s[p.len - 1] != '*')
		bit = BY_VALUE;
	*map_put(&t->keys, key) |= bit;
	sieve_add(&t->sieve, key);
}

static int add_row(struct ignored *t, const struct str *row, struct err *err)
{
	enum kind kind = KIND_KEEP;

	if (str_is(row[1], "ignore"))
		kind = KIND_IGNORE;
	else if (!str_is(row[1], "keep"))
		return err_set(err, "'%.*s' is none of ignore, keep",
			(int)MIN(row[1].len, 100), row[1].s);
	if (tag_patterns_add(&t->patterns, row[0], kind, err))
		return -1;
	note_pattern(t, row[0], kind);
	return 0;
}

struct ignored *ignored_parse(const char *name, const char *text, size_t len,
	struct err *err)
{
	struct ignored *t = xcalloc(1, sizeof(*t));
	struct tsv tsv = tsv_begin(name, text, len);
	struct str row[2];
	int rc;

	while ((rc = tsv_next(&tsv, row, ARRAY_SIZE(row), err)) > 0) {
		if (add_row(t, row, err)) {
			rc = tsv_fail(&tsv, err);
			break;
		}
	}
	if (rc < 0) {
		ignored_free(t);
		return NULL;
	}
	return t;
}

void ignored_free(struct ignored *t)
{
	if (!t)
		return;
	tag_patterns_release(&t->patterns);
	map_release(&t->keys);
	map_release(&t->prefixes);
	free(t);
}

/* By its longest prefix that is in the table. */
static size_t of_prefix(const struct ignored *t, struct str key)
{
	const size_t *bit = NULL;

	if (!t->begins[first_of(key)] || memchr(key.s, '=', key.len))
		return KEPT;
	for (size_t n = key.len; n > 1 && !bit; n--)
		if (key.s[n - 1] == ':')
			bit = map_get(&t->prefixes, (struct str){key.s, n});
	return bit ? *bit : KEPT;
}

static size_t bits_of(const struct ignored *t, struct str key)
{
	const size_t *bits = NULL;

	if (sieve_may(&t->sieve, key))
		bits = map_get(&t->keys, key);
	return bits ? *bits : of_prefix(t, key);
}

bool ignored_key(const struct ignored *t, struct str key)
{
	return bits_of(t, key) == IGNORED;
}

bool ignored_tag(const struct ignored *t, struct str key, struct str value)
{
	size_t bits = bits_of(t, key), kind;

	if (!(bits & BY_VALUE))
		return bits == IGNORED;
	return tag_patterns_find(&t->patterns, key, value, &kind) &&
	       kind == KIND_IGNORE;
}
