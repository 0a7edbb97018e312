#include "base/base.h"
#include "join/caps.h"

#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/num.h"
#include "base/tsv.h"

#include <inttypes.h>

/* The lowest hashes of a tag: a heap, the highest on top. */
struct lowest {
	uint64_t *hashes; /* [n] */
	size_t n, cap;
	char *text; /* the tag, for people */
};

struct caps {
	uint64_t most, seed;
	struct map tags;      /* by hash, as text: the number of each */
	struct lowest *items; /* [tags.len] */
	size_t cap;
	struct buf room;
};

struct caps *caps_new(uint64_t n, uint64_t seed)
{
	struct caps *c = xcalloc(1, sizeof(*c));

	c->most = n;
	c->seed = seed;
	return c;
}

void caps_free(struct caps *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->tags.len; i++) {
		free(c->items[i].hashes);
		free(c->items[i].text);
	}
	free(c->items);
	map_release(&c->tags);
	buf_release(&c->room);
	free(c);
}

/* The tag as text in the room, and its hash. */
static void name_tag(struct caps *c, struct str key, struct str value,
	char hash[HEX64_TEXT])
{
	buf_reset(&c->room);
	buf_add(&c->room, key.s, key.len);
	buf_addc(&c->room, '=');
	buf_add(&c->room, value.s, value.len);
	hex64(hash_xxh64(c->room.data, c->room.len), hash);
}

/* Of a tag by its hash and, when it is new, its text. */
static struct lowest *item_of(struct caps *c, const char *hash, struct str text)
{
	size_t n = c->tags.len, *number = map_put(&c->tags, str_from(hash));
	struct lowest *item;

	if (c->tags.len == n)
		return &c->items[*number];
	*number = n;
	xgrow(&c->items, &c->cap, n + 1, sizeof(*c->items));
	item = &c->items[n];
	*item = (struct lowest){NULL, 0, 0, xmemdup0(text.s, text.len)};
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)item->text[i] < ' ')
			item->text[i] = ' ';
	return item;
}

static void swap(uint64_t *a, uint64_t *b)
{
	uint64_t x = *a;

	*a = *b;
	*b = x;
}

static void sink(struct lowest *l, size_t i)
{
	for (size_t child; (child = 2 * i + 1) < l->n; i = child) {
		if (child + 1 < l->n && l->hashes[child + 1] > l->hashes[child])
			child++;
		if (l->hashes[i] >= l->hashes[child])
			return;
		swap(&l->hashes[i], &l->hashes[child]);
	}
}

static void add_hash(struct caps *c, struct lowest *l, uint64_t hash)
{
	size_t i = l->n;

	if (l->n == c->most) {
		if (hash < l->hashes[0]) {
			l->hashes[0] = hash;
			sink(l, 0);
		}
		return;
	}
	xgrow(&l->hashes, &l->cap, l->n + 1, sizeof(*l->hashes));
	l->hashes[l->n++] = hash;
	for (; i && l->hashes[(i - 1) / 2] < l->hashes[i]; i = (i - 1) / 2)
		swap(&l->hashes[(i - 1) / 2], &l->hashes[i]);
}

static uint64_t hash_of(const struct caps *c, struct str sample)
{
	return seeded_hash(c->seed, "cap", sample);
}

void caps_add(struct caps *c, struct str key, struct str value,
	struct str sample)
{
	char hash[HEX64_TEXT];

	name_tag(c, key, value, hash);
	add_hash(c, item_of(c, hash, (struct str){c->room.data, c->room.len}),
		hash_of(c, sample));
}

bool caps_hold(struct caps *c, struct str key, struct str value,
	struct str sample)
{
	char hash[HEX64_TEXT];
	const size_t *number;
	const struct lowest *l;

	name_tag(c, key, value, hash);
	number = map_get(&c->tags, str_from(hash));
	if (!number)
		return true;
	l = &c->items[*number];
	return l->n < c->most || hash_of(c, sample) <= l->hashes[0];
}

int caps_save(const struct caps *c, const char *path, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_addf(&b, "caps\t%" PRIu64 "\tseed %" PRIu64 "\n", c->most, c->seed);
	for (size_t i = 0; i < c->tags.len; i++) {
		const struct lowest *l = &c->items[i];

		for (size_t j = 0; j < l->n; j++) {
			char hash[HEX64_TEXT];

			hex64(l->hashes[j], hash);
			buf_addf(&b, "%s\t%s\t%s\n", c->tags.entries[i].key.s,
				hash, l->text);
		}
	}
	rc = save_file(path, b.data, b.len, err);
	buf_release(&b);
	return rc;
}

static int check_caps(const struct caps *c, const struct str *fields,
	struct err *err)
{
	struct buf seed = BUF_INIT;
	char *number = xmemdup0(fields[1].s, fields[1].len);
	uint64_t most = 0;
	int rc = parse_u64(number, &most);

	free(number);
	buf_addf(&seed, "seed %" PRIu64, c->seed);
	if (rc || !str_is(fields[2], buf_str(&seed)))
		rc = err_set(err, "these caps are not of %s", buf_str(&seed));
	else if (most < c->most)
		rc = err_set(err,
			"these caps are of %" PRIu64
			" samples a tag only, not %" PRIu64,
			most, c->most);
	buf_release(&seed);
	return rc;
}

static int read_hash(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.len != HEX64_TEXT - 1)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *at = strchr(digits, s.s[i]);

		if (!s.s[i] || !at)
			return -1;
		v = v << 4 | (uint64_t)(at - digits);
	}
	*out = v;
	return 0;
}

static int read_row(struct caps *c, const struct str *fields, bool *begun,
	struct err *err)
{
	uint64_t tag, sample;
	char hash[HEX64_TEXT];

	if (str_is(fields[0], "caps")) {
		*begun = true;
		return check_caps(c, fields, err);
	}
	if (!*begun || read_hash(fields[0], &tag) ||
		read_hash(fields[1], &sample))
		return err_set(err, "these are no caps, as --caps-out writes "
				    "them");
	hex64(tag, hash);
	add_hash(c, item_of(c, hash, fields[2]), sample);
	return 0;
}

int caps_load(struct caps *c, const char *path, struct err *err)
{
	struct buf text = BUF_INIT;
	struct str fields[3];
	bool begun = false;
	struct tsv t;
	int rc = tsv_load(path, NULL, &text, err);

	if (rc)
		return rc;
	t = tsv_begin(path, text.data, text.len);
	while ((rc = tsv_next(&t, fields, 3, err)) > 0) {
		if (read_row(c, fields, &begun, err)) {
			rc = tsv_fail(&t, err);
			break;
		}
	}
	if (!rc && !begun)
		rc = err_set(err, "%s: there are no caps in it", path);
	buf_release(&text);
	return rc;
}
