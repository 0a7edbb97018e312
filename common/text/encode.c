#include "base/base.h"
#include "text/bpe_priv.h"
#include "text/clean.h"

#include <utf8proc.h>

/* One symbol of a word that is being merged; a list, for symbols vanish. */
struct symbol {
	uint32_t id; /* BPE_NO_ID: merged into the one before */
	uint32_t prev, next;
};

/* A merge that can be done at a place. */
struct chance {
	uint32_t rank, at;
	uint32_t left, right, result;
};

struct merger {
	const struct bpe *bpe;
	struct symbol *symbols; /* [n] */
	size_t symbols_cap;
	struct chance *heap; /* [heap_n], the lowest rank, then place, first */
	size_t heap_n, heap_cap;
};

struct tokens {
	uint32_t *ids; /* [max] */
	size_t n, max; /* n > max: there were more */
};

static void put_token(struct tokens *t, uint32_t id)
{
	if (t->n < t->max)
		t->ids[t->n] = id;
	t->n++;
}

static bool before(const struct chance *a, const struct chance *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->at < b->at;
}

static void heap_push(struct merger *m, struct chance c)
{
	size_t i = m->heap_n++;

	xgrow(&m->heap, &m->heap_cap, m->heap_n, sizeof(*m->heap));
	for (; i && before(&c, &m->heap[(i - 1) / 2]); i = (i - 1) / 2)
		m->heap[i] = m->heap[(i - 1) / 2];
	m->heap[i] = c;
}

static struct chance heap_pop(struct merger *m)
{
	struct chance top = m->heap[0], c = m->heap[--m->heap_n];
	size_t i = 0, kid;

	while ((kid = 2 * i + 1) < m->heap_n) {
		if (kid + 1 < m->heap_n &&
			before(&m->heap[kid + 1], &m->heap[kid]))
			kid++;
		if (!before(&m->heap[kid], &c))
			break;
		m->heap[i] = m->heap[kid];
		i = kid;
	}
	m->heap[i] = c;
	return top;
}

/* Notes the merge of the symbol at `at` with the one behind it, if any. */
static void offer(struct merger *m, uint32_t at)
{
	const struct symbol *s = &m->symbols[at];
	const struct merge *found;

	if (s->next == BPE_NO_ID)
		return;
	found = bpe_find(m->bpe, s->id, m->symbols[s->next].id);
	if (found->result != BPE_NO_ID)
		heap_push(m, (struct chance){found->rank, at, found->left,
				     found->right, found->result});
}

/* True when both symbols are still there as they were offered. */
static bool still_there(const struct merger *m, const struct chance *c)
{
	const struct symbol *s = &m->symbols[c->at];

	return s->id == c->left && s->next != BPE_NO_ID &&
	       m->symbols[s->next].id == c->right;
}

static void merge_word(struct merger *m)
{
	while (m->heap_n) {
		struct chance c = heap_pop(m);
		struct symbol *s = &m->symbols[c.at];
		struct symbol *gone;

		if (!still_there(m, &c))
			continue;
		gone = &m->symbols[s->next];
		s->id = c.result;
		s->next = gone->next;
		gone->id = BPE_NO_ID;
		if (s->next != BPE_NO_ID)
			m->symbols[s->next].prev = c.at;
		if (s->prev != BPE_NO_ID)
			offer(m, s->prev);
		offer(m, c.at);
	}
}

static void encode_word(struct merger *m, const char *p, size_t len,
	struct tokens *out)
{
	const struct bpe *b = m->bpe;

	xgrow(&m->symbols, &m->symbols_cap, len, sizeof(*m->symbols));
	for (uint32_t i = 0; i < len; i++) {
		const uint32_t *ids = i + 1 < len ? b->inner : b->last;

		m->symbols[i].id = ids[(uint8_t)p[i]];
		m->symbols[i].prev = i ? i - 1 : BPE_NO_ID;
		m->symbols[i].next = i + 1 < len ? i + 1 : BPE_NO_ID;
	}
	for (uint32_t i = 0; i < len; i++)
		offer(m, i);
	merge_word(m);
	for (uint32_t i = 0; i != BPE_NO_ID; i = m->symbols[i].next)
		put_token(out, m->symbols[i].id);
}

enum rune_class { LETTER, NUMBER, BLANK, OTHER };

/* The class of the code point at text (valid UTF-8), its bytes in *used. */
static enum rune_class classify(struct str text, size_t *used)
{
	utf8proc_int32_t cp;

	*used = (size_t)utf8proc_iterate((const utf8proc_uint8_t *)text.s,
		(utf8proc_ssize_t)text.len, &cp);
	if (cp == ' ')
		return BLANK;
	switch (utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return LETTER;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return NUMBER;
	default:
		return OTHER;
	}
}

/*
 * Bytes of the word that text starts with: an English contraction, a run of
 * letters, one number, or a run of the rest; *blank when it is white space.
 */
static size_t word_length(struct str text, bool *blank)
{
	static const char *const contractions[] = {"'s", "'t", "'re", "'ve",
		"'m", "'ll", "'d"};
	enum rune_class class;
	size_t len, used;

	*blank = false;
	for (size_t i = 0; i < ARRAY_SIZE(contractions); i++)
		if (str_starts(text, contractions[i]))
			return strlen(contractions[i]);
	class = classify(text, &len);
	*blank = class == BLANK;
	if (class == NUMBER)
		return len;
	while (len < text.len) {
		struct str rest = {text.s + len, text.len - len};

		if (classify(rest, &used) != class)
			break;
		len += used;
	}
	return len;
}

static void encode_text(struct merger *m, struct str text, struct tokens *out)
{
	static const char start[] = "<start_of_text>", end[] = "<end_of_text>";
	size_t len;
	bool blank;

	/* one token too many tells that the text was cut */
	for (; text.len && out->n <= out->max; text.s += len, text.len -= len) {
		if (str_starts(text, start)) {
			len = strlen(start);
			put_token(out, m->bpe->start);
		} else if (str_starts(text, end)) {
			len = strlen(end);
			put_token(out, m->bpe->end);
		} else {
			len = word_length(text, &blank);
			if (!blank)
				encode_word(m, text.s, len, out);
		}
	}
}

int bpe_encode(const struct bpe *b, struct str text, uint32_t *ids, size_t max,
	size_t *n, struct err *err)
{
	struct merger m = {.bpe = b};
	struct tokens out = {ids, 0, max};
	struct buf clean = BUF_INIT;
	int rc = text_clean(text, &clean, err);

	if (!rc) {
		put_token(&out, b->start);
		encode_text(&m, (struct str){clean.data, clean.len}, &out);
		put_token(&out, b->end);
		*n = MIN(out.n, max);
		ids[*n - 1] = b->end;
	}
	free(m.symbols);
	free(m.heap);
	buf_release(&clean);
	return rc;
}
