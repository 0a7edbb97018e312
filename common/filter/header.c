#include "base/base.h"
#include "filter/priv.h"

#include <stdio.h>

void inputs_add(struct inputs *in, const char *path, uint64_t bytes,
	const uint8_t *sha256)
{
	struct input *i;

	xgrow(&in->items, &in->cap, in->n + 1, sizeof(*in->items));
	i = &in->items[in->n++];
	*i = (struct input){.name = own_name(path), .bytes = bytes};
	if (sha256) {
		i->has_sha256 = true;
		memcpy(i->sha256, sha256, sizeof(i->sha256));
	}
}

void inputs_pack(const struct inputs *in, struct buf *b)
{
	pack_array(b, in->n);
	for (size_t i = 0; i < in->n; i++) {
		const struct input *e = &in->items[i];
		char hex[2 * SHA256_BYTES + 1];

		pack_map(b, 1u + e->has_sha256 + (e->bytes != UINT64_MAX) +
				    (e->timestamp > 0) + !!e->attribution);
		pack_cstr(b, "name");
		pack_cstr(b, e->name);
		if (e->has_sha256) {
			hex_bytes(e->sha256, SHA256_BYTES, hex);
			pack_cstr(b, "sha256");
			pack_cstr(b, hex);
		}
		if (e->bytes != UINT64_MAX) {
			pack_cstr(b, "bytes");
			pack_u64(b, e->bytes);
		}
		if (e->timestamp) {
			pack_cstr(b, "timestamp");
			pack_u64(b, e->timestamp);
		}
		if (e->attribution) {
			pack_cstr(b, "attribution");
			pack_cstr(b, e->attribution);
		}
	}
}

void inputs_release(struct inputs *in)
{
	for (size_t i = 0; i < in->n; i++)
		free(in->items[i].name);
	free(in->items);
	*in = (struct inputs){NULL, 0, 0};
}

void lineage_add_last(struct lineage *l)
{
	if (l->headers.n)
		map_put(&l->last, str_from(l->headers.ids[l->headers.n - 1]));
}

void lineage_merge(struct lineage *l, const struct lineage *from)
{
	headers_merge(&l->headers, &from->headers);
	for (size_t i = 0; i < from->last.len; i++)
		map_put(&l->last, from->last.entries[i].key);
}

void lineage_release(struct lineage *l)
{
	headers_release(&l->headers);
	map_release(&l->last);
}

struct args {
	struct buf packed;
	size_t n;
};

static void add_arg(void *ctx, const char *arg)
{
	struct args *a = ctx;

	pack_cstr(&a->packed, arg);
	a->n++;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The licences of all headers and our own, sorted, each once. */
static void pack_licences(const struct filter *f, const struct lineage *l,
	struct buf *b)
{
	struct map all = MAP_INIT;
	const char **sorted;
	struct val list, v;
	struct str s;

	for (size_t i = 0; i < l->headers.n; i++) {
		if (!val_find(headers_at(&l->headers, i), "licence", &list))
			continue;
		for (struct val_iter it = val_iter(list);
			val_next(&it, NULL, &v);)
			if (!val_str(v, &s))
				map_put(&all, s);
	}
	for (size_t i = 0; i < f->licences.len; i++)
		map_put(&all, f->licences.entries[i].key);
	sorted = xcalloc(all.len, sizeof(*sorted));
	for (size_t i = 0; i < all.len; i++)
		sorted[i] = all.entries[i].key.s;
	qsort(sorted, all.len, sizeof(*sorted), by_text);
	pack_array(b, all.len);
	for (size_t i = 0; i < all.len; i++)
		pack_cstr(b, sorted[i]);
	free(sorted);
	map_release(&all);
}

/* All pairs of the header but `id`. */
static void pack_pairs(const struct filter *f, const struct lineage *l,
	struct buf *b)
{
	struct args args = {BUF_INIT, 0};

	pack_cstr(b, KEY_HEADER);
	pack_u64(b, STREAM_VERSION);
	pack_cstr(b, "tool");
	pack_cstr(b, f->cli->name);
	pack_cstr(b, "version");
	pack_cstr(b, PACKAGE_VERSION);
	cli_each_arg(f->cli, f->opts, add_arg, &args);
	pack_cstr(b, "args");
	pack_array(b, args.n);
	buf_add(b, args.packed.data, args.packed.len);
	buf_release(&args.packed);
	pack_cstr(b, "inputs");
	inputs_pack(&f->inputs, b);
	pack_cstr(b, "licence");
	pack_licences(f, l, b);
	pack_cstr(b, "prev");
	pack_array(b, l->last.len);
	for (size_t i = 0; i < l->last.len; i++)
		pack_cstr(b, l->last.entries[i].key.s);
}

static void own_header(const struct filter *f, const struct lineage *l,
	struct buf *b)
{
	enum { PAIRS = 7 };
	struct buf pairs = BUF_INIT, whole = BUF_INIT;
	char id[HEX64_TEXT];

	pack_pairs(f, l, &pairs);
	pack_map(&whole, PAIRS);
	buf_add(&whole, pairs.data, pairs.len);
	hex64(hash_xxh64(whole.data, whole.len), id);
	pack_map(b, PAIRS + 1);
	buf_add(b, pairs.data, pairs.len);
	pack_cstr(b, "id");
	pack_cstr(b, id);
	buf_release(&pairs);
	buf_release(&whole);
}

/* What a stream of that lineage begins with: what was read, then our own. */
static int all_headers(const struct filter *f, const struct lineage *l,
	struct headers *out, struct err *err)
{
	struct lineage whole = {HEADERS_INIT, MAP_INIT};
	struct buf b = BUF_INIT;
	int rc;

	lineage_merge(&whole, l);
	lineage_merge(&whole, &f->others);
	headers_merge(out, &whole.headers);
	own_header(f, &whole, &b);
	rc = headers_add(out, (struct val){(uint8_t *)b.data, b.len}, err);
	buf_release(&b);
	lineage_release(&whole);
	return rc;
}

int write_headers(struct filter *f, struct rec_writer *w,
	const struct lineage *l, struct err *err)
{
	struct headers h = HEADERS_INIT;
	int rc = all_headers(f, l, &h, err);

	for (size_t i = 0; i < h.n && !rc; i++)
		rc = rec_writer_header(w, headers_at(&h, i), err);
	headers_release(&h);
	return rc;
}

int filter_provenance(const struct filter *f, struct headers *out,
	struct err *err)
{
	return all_headers(f, &f->all, out, err);
}
