#include "base/base.h"
#include "join/block.h"

#include "base/sort.h"

struct entry {
	struct shot shot;
	uint64_t number, offset; /* of the object's record, in the input */
	uint32_t made;           /* where it is in the order of making */
};

struct block {
	struct entry *entries; /* [n], in the order of the plans */
	uint32_t *order;       /* [n]: entries by image and place */
	size_t n, most;
	struct store *records; /* in the order of making */
	size_t out;            /* entries that came out */
	struct buf bytes;      /* room */
};

struct block *block_new(size_t most)
{
	struct block *b = xcalloc(1, sizeof(*b));

	b->entries = xcalloc(most, sizeof(*b->entries));
	b->order = xcalloc(most, sizeof(*b->order));
	b->most = most;
	b->records = store_new();
	return b;
}

void block_free(struct block *b)
{
	free(b->entries);
	free(b->order);
	store_free(b->records);
	buf_release(&b->bytes);
	free(b);
}

void block_clear(struct block *b)
{
	store_free(b->records);
	b->records = store_new();
	b->n = b->out = 0;
}

size_t block_count(const struct block *b)
{
	return b->n;
}

bool block_is_full(const struct block *b)
{
	return b->n == b->most;
}

void block_add(struct block *b, const struct plan *plan)
{
	const struct sample *s = &plan->sample;

	b->entries[b->n++] = (struct entry){
		.shot = {.image = s->image,
			.win = s->win,
			.x = (s->hold.x0 + s->hold.x1) / 2,
			.y = (s->hold.y0 + s->hold.y1) / 2,
			.object = plan->object,
			.copy = s->copy},
		.number = plan->number,
		.offset = plan->offset,
	};
}

/* 16 bits, each with a 0 above it. */
static uint32_t spread(uint32_t v)
{
	v = (v | v << 8) & 0x00ff00ff;
	v = (v | v << 4) & 0x0f0f0f0f;
	v = (v | v << 2) & 0x33333333;
	return (v | v << 1) & 0x55555555;
}

/* The window's place in its image on a curve that keeps near what is near
 * (Morton 1966). */
static uint32_t place_in_image(const struct shot *s)
{
	const uint64_t *size = s->image->field.size;
	uint32_t col = (uint32_t)((uint64_t)s->win.col * 65535 / size[0]);
	uint32_t row = (uint32_t)((uint64_t)s->win.row * 65535 / size[1]);

	return spread(col) | spread(row) << 1;
}

struct place_key {
	uint64_t place; /* image, and place there */
	uint32_t entry;
};

static bool is_before(const struct place_key *a, const struct place_key *b)
{
	return a->place < b->place;
}

SORT_DEFINE(sort_keys, struct place_key, is_before)

void block_sort(struct block *b, const struct catalog *catalog)
{
	struct place_key *keys = xcalloc(b->n, sizeof(*keys));

	for (size_t i = 0; i < b->n; i++) {
		const struct shot *s = &b->entries[i].shot;
		uint64_t image = (uint64_t)(s->image - catalog->images);

		keys[i].place = image << 32 | place_in_image(s);
		keys[i].entry = (uint32_t)i;
	}
	sort_keys(keys, b->n);
	for (size_t i = 0; i < b->n; i++) {
		b->order[i] = keys[i].entry;
		b->entries[keys[i].entry].made = (uint32_t)i;
	}
	free(keys);
}

const struct shot *block_shot(const struct block *b, size_t i)
{
	return &b->entries[b->order[i]].shot;
}

int block_keep(struct block *b, const struct buf *records, const uint32_t *len,
	size_t n, struct err *err)
{
	size_t at = 0;

	for (size_t i = 0; i < n; at += len[i++])
		if (store_put(b->records, records->data + at, len[i], err))
			return -1;
	return 0;
}

int block_seal(struct block *b, struct err *err)
{
	return store_seal(b->records, err);
}

/* An object whose window turned out to have no place. */
static int emit_fault(struct block *b, const struct entry *e,
	const struct plans *all, struct filter *f, struct err *err)
{
	struct item *item = item_new();
	struct str text;

	item->number = e->number;
	item->offset = e->offset;
	if (store_read(all->objects, &e->shot.object, 1, &b->bytes, &text,
		    err) ||
		rec_parse(&item->rec, (const uint8_t *)text.s, text.len, err)) {
		item_free(item);
		return -1;
	}
	item_fault(item, "broken position",
		"the window has no place on the globe");
	return filter_emit(f, item, err);
}

static int emit_one(struct block *b, const struct entry *e,
	const struct plans *all, struct filter *f, struct err *err)
{
	struct str text;

	if (store_read(b->records, &e->made, 1, &b->bytes, &text, err))
		return -1;
	return text.len ? filter_put(f, &b->bytes, err)
			: emit_fault(b, e, all, f, err);
}

int block_emit(struct block *b, const struct plans *all, struct filter *f,
	size_t n, struct err *err)
{
	for (; n && b->out < b->n; n--, b->out++)
		if (emit_one(b, &b->entries[b->out], all, f, err))
			return -1;
	return 0;
}
