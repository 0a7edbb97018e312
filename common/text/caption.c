#include "base/base.h"
#include "text/caption.h"
#include "base/map.h"
#include "base/tsv.h"
#include "tags/pattern.h"

#include <strings.h>
#include <utf8proc.h>

/* How a tag reads that a row of the connectors' table fits. */
struct reading {
	char *words;     /* NULL: the key's own */
	char *connector; /* NULL: none */
};

struct caption_rules {
	struct tag_patterns patterns; /* → readings */
	struct reading *readings;     /* [n] */
	size_t n, cap;
	struct map head_keys; /* → rank, 0 the most important */
};

struct caption_rules *caption_rules_new(void)
{
	return xcalloc(1, sizeof(struct caption_rules));
}

void caption_rules_free(struct caption_rules *r)
{
	if (!r)
		return;
	tag_patterns_release(&r->patterns);
	for (size_t i = 0; i < r->n; i++) {
		free(r->readings[i].words);
		free(r->readings[i].connector);
	}
	free(r->readings);
	map_release(&r->head_keys);
	free(r);
}

/* A copy of a field, NULL when it is `none`. */
static char *copy_unless(struct str field, const char *none)
{
	return str_is(field, none) ? NULL : xmemdup0(field.s, field.len);
}

/* What a table says must be text, on one line, as titles are. */
static int check_text(struct str text, struct err *err)
{
	const utf8proc_uint8_t *s = (const utf8proc_uint8_t *)text.s;
	size_t left = text.len;

	while (left) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n =
			utf8proc_iterate(s, (utf8proc_ssize_t)left, &c);

		if (n <= 0)
			return err_set(err, "not UTF-8");
		if (utf8proc_category(c) == UTF8PROC_CATEGORY_CC)
			return err_set(err, "a control character");
		s += n;
		left -= (size_t)n;
	}
	return 0;
}

int caption_rules_connectors(struct caption_rules *r, const char *name,
	const char *text, size_t len, struct err *err)
{
	struct tsv tsv = tsv_begin(name, text, len);
	struct str row[3]; /* pattern, words, connector */
	int rc;

	while ((rc = tsv_next(&tsv, row, ARRAY_SIZE(row), err)) > 0) {
		if (check_text(row[0], err) || check_text(row[1], err) ||
			check_text(row[2], err) ||
			tag_patterns_add(&r->patterns, row[0], r->n, err))
			return tsv_fail(&tsv, err);
		xgrow(&r->readings, &r->cap, r->n + 1, sizeof(*r->readings));
		r->readings[r->n++] = (struct reading){copy_unless(row[1], "*"),
			copy_unless(row[2], "-")};
	}
	return rc;
}

int caption_rules_head_keys(struct caption_rules *r, const char *name,
	const char *text, size_t len, struct err *err)
{
	struct tsv tsv = tsv_begin(name, text, len);
	struct str key;
	int rc;

	while ((rc = tsv_next(&tsv, &key, 1, err)) > 0) {
		size_t rank = r->head_keys.len;

		if (check_text(key, err))
			return tsv_fail(&tsv, err);
		if (map_get(&r->head_keys, key)) {
			err_set(err, "'%.*s' is there twice",
				(int)MIN(key.len, 200), key.s);
			return tsv_fail(&tsv, err);
		}
		*map_put(&r->head_keys, key) = rank;
	}
	return rc;
}

static bool is_blank(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return c == '_' || c == ':';
	}
}

/*
 * Appends text with its blanks made single, behind one blank unless it is the
 * first at `start`.
 */
static int add_text(struct buf *out, size_t start, const char *s, size_t len,
	struct err *err)
{
	bool blank = true;

	while (len) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(
			(const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, &c);

		if (n <= 0)
			return err_set(err, "a tag is not UTF-8");
		if (is_blank(c)) {
			blank = true;
		} else {
			if (blank && out->len > start)
				buf_addc(out, ' ');
			blank = false;
			buf_add(out, s, (size_t)n);
		}
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Appends a value behind what stands at `start`: "a;b" as "a and b". */
static int add_value(struct buf *out, size_t start, struct str v,
	struct err *err)
{
	const char *s = v.s, *end = v.s + v.len;
	bool first = true;

	for (;;) {
		const char *semi = memchr(s, ';', (size_t)(end - s));
		const char *stop = semi ? semi : end;
		size_t before = out->len, word;

		if (!first)
			buf_adds(out, " and");
		word = out->len;
		if (add_text(out, start, s, (size_t)(stop - s), err))
			return -1;
		if (out->len == word)
			out->len = before; /* nothing between two ';' */
		else
			first = false;
		if (!semi)
			return 0;
		s = semi + 1;
	}
}

static bool says(struct str value, const char *word)
{
	return value.len == strlen(word) &&
	       !strncasecmp(value.s, word, value.len);
}

/* Appends the words of one tag; nothing when it says nothing. */
static int add_tag(const struct caption_rules *r, const struct pair *tag,
	struct buf *out, struct err *err)
{
	const char *words = NULL, *connector = "of";
	size_t i, start = out->len, before_value;

	if (says(tag->value, "no"))
		return 0;
	if (tag_patterns_find(&r->patterns, tag->key, tag->value, &i)) {
		words = r->readings[i].words;
		connector = r->readings[i].connector;
	}
	if (words)
		buf_adds(out, words);
	else if (add_text(out, start, tag->key.s, tag->key.len, err))
		return -1;
	if (out->len == start || says(tag->value, "yes"))
		return 0;
	if (connector)
		buf_addf(out, " %s", connector);
	before_value = out->len;
	if (add_value(out, start, tag->value, err))
		return -1;
	if (out->len == before_value)
		out->len = start;
	return 0;
}

/* The place of the head tag; 0 when none has a head key. */
static size_t head_of(const struct caption_rules *r, const struct pair *tags,
	size_t n)
{
	size_t head = 0, best = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		const size_t *rank = map_get(&r->head_keys, tags[i].key);

		if (rank && *rank < best) {
			best = *rank;
			head = i;
		}
	}
	return head;
}

/* Tags in the order in which they are said: the i-th of n. */
static const struct pair *nth(const struct pair *tags, size_t head, size_t i)
{
	if (i == 0)
		return &tags[head];
	return &tags[i <= head ? i - 1 : i];
}

/* The words of the tags that say something, one behind the other. */
struct phrases {
	struct buf text;
	size_t *ends; /* [n] */
	size_t n, cap;
};

static const char *separator(enum caption_form form, size_t i, size_t n)
{
	if (i == 0)
		return "";
	if (form == CAPTION_LIST)
		return ", ";
	if (i == 1)
		return " with ";
	return i == n - 1 ? " and " : ", ";
}

static void join(const struct phrases *p, enum caption_form form,
	struct buf *out)
{
	size_t from = 0;

	for (size_t i = 0; i < p->n; i++) {
		buf_adds(out, separator(form, i, p->n));
		buf_add(out, p->text.data + from, p->ends[i] - from);
		from = p->ends[i];
	}
}

int caption_object(const struct caption_rules *r, enum caption_form form,
	const struct pair *tags, size_t n, struct buf *out, struct err *err)
{
	struct phrases p = {BUF_INIT, NULL, 0, 0};
	size_t head = head_of(r, tags, n);
	int rc = -1;

	for (size_t i = 0; i < n; i++) {
		size_t before = p.text.len;

		if (add_tag(r, nth(tags, head, i), &p.text, err))
			goto out;
		if (p.text.len == before)
			continue;
		xgrow(&p.ends, &p.cap, p.n + 1, sizeof(*p.ends));
		p.ends[p.n++] = p.text.len;
	}
	join(&p, form, out);
	rc = p.n > 0;
out:
	buf_release(&p.text);
	free(p.ends);
	return rc;
}
