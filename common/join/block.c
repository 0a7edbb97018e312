#include "base/base.h"
#include "join/block.h"

#include "base/sort.h"

/* What comes of a shot. */
struct outcome {
	uint64_t number, offset; /* of the object's record, in the input */
	uint32_t object;
	uint32_t made; /* where it is in the order of making */
};

struct block {
	struct shot *shots;       /* [most]; NULL when all are made */
	uint32_t *order;          /* [n]: shots by image and place; the same */
	struct outcome *outcomes; /* [n], in the order of the plans */
	size_t n, most;
	struct store *records; /* in the order of making */
	size_t out;            /* outcomes that came out */
	struct buf bytes;      /* room */
};

struct block *block_new(size_t most)
{
	struct block *b = xcalloc(1, sizeof(*b));

	b->outcomes = xcalloc(most, sizeof(*b->outcomes));
	b->most = most;
	return b;
}

static void free_shots(struct block *b)
{
	free(b->shots);
	free(b->order);
	b->shots = NULL;
	b->order = NULL;
}

void block_free(struct block *b)
{
	free_shots(b);
	free(b->outcomes);
	store_free(b->records);
	buf_release(&b->bytes);
	free(b);
}

void block_clear(struct block *b)
{
	free_shots(b);
	store_free(b->records);
	b->shots = xcalloc(b->most, sizeof(*b->shots));
	b->order = xcalloc(b->most, sizeof(*b->order));
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

	b->outcomes[b->n] = (struct outcome){.number = plan->number,
		.offset = plan->offset,
		.object = plan->object};
	b->shots[b->n++] = (struct shot){
		.image = s->image,
		.win = s->win,
		.x = (s->hold.x0 + s->hold.x1) / 2,
		.y = (s->hold.y0 + s->hold.y1) / 2,
		.object = plan->object,
		.copy = s->copy,
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
	uint32_t shot;
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
		const struct shot *s = &b->shots[i];
		uint64_t image = (uint64_t)(s->image - catalog->images);

		keys[i].place = image << 32 | place_in_image(s);
		keys[i].shot = (uint32_t)i;
	}
	sort_keys(keys, b->n);
	for (size_t i = 0; i < b->n; i++) {
		b->order[i] = keys[i].shot;
		b->outcomes[keys[i].shot].made = (uint32_t)i;
	}
	free(keys);
}

const struct shot *block_shot(const struct block *b, size_t i)
{
	return &b->shots[b->order[i]];
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
	free_shots(b);
	return store_seal(b->records, err);
}

/* An object whose window turned out to have no place. */
static int emit_fault(struct block *b, const struct outcome *o,
	const struct plans *all, struct filter *f, struct err *err)
{
	struct item *item = item_new();
	struct str text;

	item->number = o->number;
	item->offset = o->offset;
	if (store_read(all->objects, &o->object, 1, &b->bytes, &text, err) ||
		rec_parse(&item->rec, (const uint8_t *)text.s, text.len, err)) {
		item_free(item);
		return -1;
	}
	item_fault(item, "broken position",
		"the window has no place on the globe");
	return filter_emit(f, item, err);
}

static int emit_one(struct block *b, const struct outcome *o,
	const struct plans *all, struct filter *f, struct err *err)
{
	struct str text;

	if (store_read(b->records, &o->made, 1, &b->bytes, &text, err))
		return -1;
	return text.len ? filter_put(f, &b->bytes, err)
			: emit_fault(b, o, all, f, err);
}

int block_emit(struct block *b, const struct plans *all, struct filter *f,
	size_t n, struct err *err)
{
	for (; n && b->out < b->n; n--, b->out++)
		if (emit_one(b, &b->outcomes[b->out], all, f, err))
			return -1;
	return 0;
}
