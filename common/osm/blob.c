/*
 * A blob's content, unpacked.
 */
#include "base/base.h"
#include "osm/priv.h"
#include "codec/inflate.h"

struct blob_reader {
	struct inflater *z;
	struct buf raw;
};

struct blob_reader *blob_reader_new(void)
{
	struct blob_reader *r = xcalloc(1, sizeof(*r));

	r->z = inflater_new();
	return r;
}

void blob_reader_free(struct blob_reader *r)
{
	if (!r)
		return;
	inflater_free(r->z);
	buf_release(&r->raw);
	free(r);
}

/* What a blob says of itself. */
struct packed {
	struct wire data;
	bool raw;
	uint64_t raw_size;
};

static int read_packed(struct wire w, struct packed *p, struct err *err)
{
	struct wire_field field;
	int rc;

	*p = (struct packed){.raw = false};
	while ((rc = wire_next(&w, &field, err)) > 0) {
		if (field.number == 1 && field.type == WIRE_BYTES) {
			p->data = field.bytes;
			p->raw = true;
		} else if (field.number == 2 && field.type == WIRE_VARINT) {
			p->raw_size = field.varint;
		} else if (field.number == 3 && field.type == WIRE_BYTES) {
			p->data = field.bytes;
		} else if (field.number >= 4 && field.number <= 7) {
			return err_set(err,
				"it is compressed with %s, which is not "
				"supported: 'osmium cat' writes zlib",
				(const char *const[]){"LZMA", "bzip2", "LZ4",
					"Zstandard"}[field.number - 4]);
		}
	}
	if (!rc && (!p->data.p || p->raw_size > MAX_BLOB))
		return err_set(err, "it has no data, or more than %d bytes",
			MAX_BLOB);
	return rc;
}

int blob_unpack(struct blob_reader *r, struct wire blob, struct wire *out,
	struct err *err)
{
	struct packed p;

	if (read_packed(blob, &p, err))
		return -1;
	if (p.raw) {
		*out = p.data;
		return 0;
	}
	buf_reset(&r->raw);
	buf_reserve(&r->raw, (size_t)p.raw_size + OSM_SLACK);
	if (inflater_zlib(r->z, p.data.p, wire_len(p.data), r->raw.data,
		    (size_t)p.raw_size, err))
		return -1;
	*out = (struct wire){(uint8_t *)r->raw.data,
		(uint8_t *)r->raw.data + p.raw_size};
	return 0;
}

int blob_peek(struct blob_reader *r, struct wire blob, size_t want,
	struct wire *out, size_t *total, struct err *err)
{
	(void)want;
	if (blob_unpack(r, blob, out, err))
		return -1;
	*total = wire_len(*out);
	return 0;
}
