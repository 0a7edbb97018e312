/*
 * A blob's content, unpacked.
 */
#include "base/base.h"
#include "osm/priv.h"
#include "codec/unpack.h"

struct blob_reader {
	struct unpacker *unpacker;
	struct buf raw;
};

struct blob_reader *blob_reader_new(void)
{
	struct blob_reader *r = xcalloc(1, sizeof(*r));

	r->unpacker = unpacker_new();
	return r;
}

void blob_reader_free(struct blob_reader *r)
{
	if (!r)
		return;
	unpacker_free(r->unpacker);
	buf_release(&r->raw);
	free(r);
}

/* What a blob says of itself. */
struct packed {
	struct wire data;
	bool raw; /* not packed at all; else: */
	enum packing how;
	uint64_t raw_size;
};

static int read_data(struct packed *p, const struct wire_field *f,
	struct err *err)
{
	static const enum packing how[] = {[3] = PACKED_ZLIB,
		[5] = PACKED_BZIP2,
		[6] = PACKED_LZ4,
		[7] = PACKED_ZSTD};

	if (f->number == 4)
		return err_set(err,
			"it is compressed with LZMA, which is not supported: "
			"'osmium cat' writes zlib");
	p->raw = f->number == 1;
	p->how = how[f->number];
	p->data = f->bytes;
	return 0;
}

static int read_packed(struct wire w, struct packed *p, struct err *err)
{
	struct wire_field f;
	int rc;

	*p = (struct packed){.raw = false};
	while ((rc = wire_next(&w, &f, err)) > 0) {
		if (f.number == 2 && f.type == WIRE_VARINT)
			p->raw_size = f.varint;
		else if (f.number <= 7 && f.type == WIRE_BYTES &&
			 read_data(p, &f, err))
			return -1;
	}
	if (rc)
		return rc;
	if (p->raw)
		p->raw_size = wire_len(p->data);
	if (!p->data.p || p->raw_size > MAX_BLOB)
		return err_set(err, "it has no data, or more than %d bytes",
			MAX_BLOB);
	return 0;
}

static int unpack(struct blob_reader *r, const struct packed *p, size_t want,
	struct wire *out, struct err *err)
{
	int rc;

	if (p->raw) {
		*out = p->data;
		return 0;
	}
	buf_reset(&r->raw);
	buf_reserve(&r->raw, want + OSM_SLACK);
	if (want < p->raw_size)
		rc = unpacker_peek(r->unpacker, p->how, p->data.p,
			wire_len(p->data), r->raw.data, want, err);
	else
		rc = unpacker_run(r->unpacker, p->how, p->data.p,
			wire_len(p->data), r->raw.data, want, err);
	*out = (struct wire){(uint8_t *)r->raw.data,
		(uint8_t *)r->raw.data + want};
	return rc;
}

int blob_unpack(struct blob_reader *r, struct wire blob, struct wire *out,
	struct err *err)
{
	struct packed p;

	if (read_packed(blob, &p, err))
		return -1;
	return unpack(r, &p, (size_t)p.raw_size, out, err);
}

int blob_peek(struct blob_reader *r, struct wire blob, size_t want,
	struct wire *out, size_t *total, struct err *err)
{
	struct packed p;

	if (read_packed(blob, &p, err))
		return -1;
	*total = (size_t)p.raw_size;
	return unpack(r, &p, MIN(want, *total), out, err);
}
