#include "base/base.h"
#include "text/bpe_priv.h"
#include "base/io.h"
#include "base/map.h"
#include "json/json.h"
#include "text/clean.h"

#include <inttypes.h>

#include <utf8proc.h>

enum {
	MAX_VOCAB_FILE = 64 << 20,
	MAX_MERGES = 1 << 24,
};

#define START_TOKEN "<|startoftext|>"
#define END_TOKEN   "<|endoftext|>"
#define WORD_END    "</w>"

static size_t pair_slot(const struct bpe *b, uint32_t left, uint32_t right)
{
	uint64_t h =
		((uint64_t)left << 32 | right) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(h >> 32) & (b->nslots - 1);
}

struct merge *bpe_find(const struct bpe *b, uint32_t left, uint32_t right)
{
	size_t i = pair_slot(b, left, right);

	while (b->slots[i].result != BPE_NO_ID &&
		(b->slots[i].left != left || b->slots[i].right != right))
		i = (i + 1) & (b->nslots - 1);
	return &b->slots[i];
}

/*
 * The character that stands for a byte in the files: itself where it prints in
 * ISO 8859-1, else the next one from U+0100 on.
 */
static int32_t byte_rune(unsigned byte)
{
	int32_t next = 0x100;

	for (unsigned i = 0; i <= byte; i++) {
		bool prints = (i >= 0x21 && i <= 0x7e) ||
			      (i >= 0xa1 && i <= 0xac) || i >= 0xae;

		if (i == byte)
			return prints ? (int32_t)i : next;
		next += !prints;
	}
	return next;
}

/* vocab.json, and which of its symbols a text can become. */
struct vocab {
	struct map ids; /* symbol → id */
	uint32_t size;
	uint8_t *state; /* [size], by id */
};

enum { FREE, TAKEN, MADE };

/* Every id is below the size and of one symbol. */
static int read_vocab(struct str text, struct vocab *v, struct err *err)
{
	struct jval *root = jval_parse(text.s, text.len, err);
	const struct jiter *it = NULL;
	int rc = -1;

	if (!root)
		return -1;
	if (jval_type(root) != J_OBJECT) {
		err_set(err, "is no object of symbols and ids");
		goto out;
	}
	while ((it = jval_next(root, it))) {
		struct str key = jiter_key(it);
		int64_t id;

		if (jval_i64(jiter_val(it), &id) || id < 0 ||
			id >= (int64_t)v->size) {
			err_set(err,
				"the id of '%.*s' is not from 0 to %" PRIu32,
				(int)MIN(key.len, 64), key.s, v->size - 1);
			goto out;
		}
		if (v->state[id] != FREE) {
			err_set(err,
				"the id of '%.*s', %" PRId64
				", is that of another symbol too",
				(int)MIN(key.len, 64), key.s, id);
			goto out;
		}
		v->state[id] = TAKEN;
		*map_put(&v->ids, key) = (size_t)id;
	}
	rc = 0;
out:
	jval_free(root);
	return rc;
}

static int symbol_id(const struct map *ids, struct str key, uint32_t *id,
	struct err *err)
{
	const size_t *p = map_get(ids, key);

	if (!p)
		return err_set(err, "symbol '%.*s' is missing",
			(int)MIN(key.len, 64), key.s);
	*id = (uint32_t)*p;
	return 0;
}

/* The same of a symbol that a text can become. */
static int made_symbol(struct vocab *v, struct str key, uint32_t *id,
	struct err *err)
{
	if (symbol_id(&v->ids, key, id, err))
		return -1;
	v->state[*id] = MADE;
	return 0;
}

static int find_symbols(struct bpe *b, struct vocab *v, struct err *err)
{
	if (made_symbol(v, str_from(START_TOKEN), &b->start, err) ||
		made_symbol(v, str_from(END_TOKEN), &b->end, err))
		return -1;
	for (unsigned i = 0; i < 256; i++) {
		char text[4 + sizeof(WORD_END)];
		size_t n = (size_t)utf8proc_encode_char(byte_rune(i),
			(utf8proc_uint8_t *)text);

		memcpy(text + n, WORD_END, sizeof(WORD_END));
		if (made_symbol(v, (struct str){text, n}, &b->inner[i], err) ||
			made_symbol(v, str_from(text), &b->last[i], err))
			return -1;
	}
	return 0;
}

static int add_merge(struct bpe *b, struct vocab *v, struct str line,
	uint32_t rank, struct err *err)
{
	const char *blank = memchr(line.s, ' ', line.len);
	struct buf joined = BUF_INIT;
	struct str left, right;
	struct merge m = {.rank = rank};
	struct merge *slot;
	int rc;

	if (!blank)
		return err_set(err, "is no pair of symbols");
	left = (struct str){line.s, (size_t)(blank - line.s)};
	right = (struct str){blank + 1, line.len - left.len - 1};
	buf_add(&joined, left.s, left.len);
	buf_add(&joined, right.s, right.len);
	rc = symbol_id(&v->ids, left, &m.left, err) ||
	     symbol_id(&v->ids, right, &m.right, err) ||
	     made_symbol(v, (struct str){joined.data, joined.len}, &m.result,
		     err);
	buf_release(&joined);
	if (rc)
		return -1;
	slot = bpe_find(b, m.left, m.right);
	if (slot->result != BPE_NO_ID)
		return err_set(err, "is there twice");
	*slot = m;
	return 0;
}

/* Cuts the next line off the text, without its line end; false at the end. */
static bool next_line(struct str *text, struct str *line)
{
	const char *end;

	if (!text->len)
		return false;
	end = memchr(text->s, '\n', text->len);
	*line = (struct str){text->s,
		end ? (size_t)(end - text->s) : text->len};
	text->s += line->len + (end != NULL);
	text->len -= line->len + (end != NULL);
	if (line->len && line->s[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* "<|endoftext|>" and its like stand for themselves. */
static bool is_special(struct str symbol)
{
	return symbol.len > 4 && str_starts(symbol, "<|") &&
	       !memcmp(symbol.s + symbol.len - 2, "|>", 2);
}

/* A vocabulary is the result of its merges: one without is a merge lost. */
static int check_all_made(const struct vocab *v, struct err *err)
{
	for (size_t i = 0; i < v->ids.len; i++) {
		const struct map_entry *e = &v->ids.entries[i];

		if (v->state[e->value] != MADE && !is_special(e->key))
			return err_set(err,
				"no merge makes '%.*s' of vocab.json: the file "
				"is cut off, or of another vocabulary",
				(int)MIN(e->key.len, 64), e->key.s);
	}
	return 0;
}

static int read_merges(struct bpe *b, struct str text, struct vocab *v,
	struct err *err)
{
	struct str line, rest = text;
	size_t lines = 0;
	uint32_t rank = 0;

	while (next_line(&rest, &line))
		lines++;
	if (lines > MAX_MERGES)
		return err_set(err, "more than %d lines", MAX_MERGES);
	for (b->nslots = 16; b->nslots < 2 * lines;)
		b->nslots *= 2;
	b->slots = xcalloc(b->nslots, sizeof(*b->slots));
	for (size_t i = 0; i < b->nslots; i++)
		b->slots[i].result = BPE_NO_ID;
	for (size_t n = 1; next_line(&text, &line); n++) {
		if (!line.len || (n == 1 && str_starts(line, "#version")))
			continue;
		if (add_merge(b, v, line, rank++, err))
			return err_prefix(err, "line %zu", n);
	}
	return check_all_made(v, err);
}

struct bpe *bpe_parse(struct str vocab, struct str merges, uint32_t vocab_size,
	struct err *err)
{
	struct bpe *b = xcalloc(1, sizeof(*b));
	struct vocab v = {MAP_INIT, vocab_size, xcalloc(vocab_size, 1)};
	int rc;

	rc = read_vocab(vocab, &v, err);
	if (!rc)
		rc = find_symbols(b, &v, err);
	if (rc) {
		err_prefix(err, "vocab.json");
	} else {
		rc = read_merges(b, merges, &v, err);
		if (rc)
			err_prefix(err, "merges.txt");
	}
	map_release(&v.ids);
	free(v.state);
	if (!rc)
		return b;
	bpe_free(b);
	return NULL;
}

static int load_part(const char *dir, const char *name, struct buf *out,
	struct err *err)
{
	struct buf path = BUF_INIT;
	int rc;

	buf_addf(&path, "%s/%s", dir, name);
	rc = load_file(buf_str(&path), MAX_VOCAB_FILE, out, err);
	buf_release(&path);
	return rc;
}

struct bpe *bpe_open(const char *dir, uint32_t vocab_size, struct err *err)
{
	struct buf vocab = BUF_INIT, merges = BUF_INIT;
	struct bpe *b = NULL;

	if (!load_part(dir, "vocab.json", &vocab, err) &&
		!load_part(dir, "merges.txt", &merges, err)) {
		b = bpe_parse((struct str){vocab.data, vocab.len},
			(struct str){merges.data, merges.len}, vocab_size, err);
		if (!b)
			err_prefix(err, "'%s'", dir);
	}
	buf_release(&vocab);
	buf_release(&merges);
	return b;
}

void bpe_free(struct bpe *b)
{
	if (!b)
		return;
	free(b->slots);
	free(b);
}

uint32_t bpe_end_id(const struct bpe *b)
{
	return b->end;
}
