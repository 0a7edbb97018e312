#include "base/base.h"
#include "rec/stream.h"
#include "rec/pack.h"
#include "base/hash.h"

#include <inttypes.h>

/* The header's id as it must be: XXH64 of the map packed without `id`. */
static void header_id(struct val header, const uint8_t *id_key, char out[17])
{
	struct val_iter it = val_iter(header);
	struct buf b = BUF_INIT;

	pack_map(&b, it.left - 1);
	buf_add(&b, it.p, (size_t)(id_key - it.p));
	hex64(hash_xxh64(b.data, b.len), out);
	buf_release(&b);
}

/* Checks version and id; gives the id. */
static int check_header(struct val header, char id[17], struct err *err)
{
	struct val key = {NULL, 0}, val = {NULL, 0};
	struct val_iter it = val_iter(header);
	struct str name, text;
	uint64_t version;

	if (val_find_u64(header, KEY_HEADER, &version))
		return err_set(err, "the header has no version");
	if (version != STREAM_VERSION)
		return err_set(err,
			"record streams of version %" PRIu64
			" cannot be read, only version %d",
			version, STREAM_VERSION);
	while (val_next(&it, &key, &val))
		continue;
	if (val_str(key, &name) || !str_is(name, "id") || val_str(val, &text))
		return err_set(err, "the header does not end with its id");
	header_id(header, key.p, id);
	if (!str_is(text, id))
		return err_set(err, "the header is damaged: its id is %s", id);
	return 0;
}

static bool known(const struct headers *h, const char *id)
{
	for (size_t i = 0; i < h->n; i++)
		if (!strcmp(h->ids[i], id))
			return true;
	return false;
}

static void add(struct headers *h, struct val header, const char *id)
{
	if (known(h, id))
		return;
	xgrow(&h->items, &h->cap, h->n + 1, sizeof(*h->items));
	xgrow(&h->ids, &h->ids_cap, h->n + 1, sizeof(*h->ids));
	h->items[h->n] = (struct buf)BUF_INIT;
	pack_val(&h->items[h->n], header);
	memcpy(h->ids[h->n++], id, sizeof(*h->ids));
}

int headers_add(struct headers *h, struct val header, struct err *err)
{
	char id[17];

	if (check_header(header, id, err))
		return -1;
	add(h, header, id);
	return 0;
}

void headers_merge(struct headers *h, const struct headers *from)
{
	for (size_t i = 0; i < from->n; i++)
		add(h, headers_at(from, i), from->ids[i]);
}

struct val headers_at(const struct headers *h, size_t i)
{
	return (struct val){(uint8_t *)h->items[i].data, h->items[i].len};
}

void headers_release(struct headers *h)
{
	for (size_t i = 0; i < h->n; i++)
		buf_release(&h->items[i]);
	free(h->items);
	free(h->ids);
	*h = (struct headers)HEADERS_INIT;
}
