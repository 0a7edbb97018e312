/*
 * PBF: blobs, each behind a header that gives its type and length.
 */
#include "base/base.h"
#include "osm/priv.h"
#include "osm/wire.h"
#include "codec/unpack.h"

#include <inttypes.h>

/* The format's own limits. */
enum { MAX_HEADER = 64 << 10, MAX_BLOB = 32 << 20 };

struct pbf {
	const struct pass *pass;
	struct block *block;
	struct unpacker *z;
	struct buf head, blob, raw;
	uint64_t number; /* of the blob being read, from 1 */
	uint64_t start;  /* offset of the blob's first byte */
};

/* Exactly len bytes: 1; 0 when the file ends before the first; -1. */
static int read_exactly(struct pbf *f, struct buf *b, size_t len,
	struct err *err)
{
	buf_reset(b);
	buf_reserve(b, len);
	while (b->len < len) {
		long n = source_read(f->pass->source, b->data + b->len,
			len - b->len, err);

		if (n < 0)
			return -1;
		if (!n)
			break;
		b->len += (size_t)n;
	}
	if (b->len == len)
		return 1;
	if (!b->len)
		return 0;
	return err_set(err, "the file is truncated");
}

struct blob_head {
	struct str type;
	uint64_t size;
};

static int read_blob_head(struct pbf *f, struct blob_head *h, struct err *err)
{
	struct wire w = {(uint8_t *)f->head.data,
		(uint8_t *)f->head.data + f->head.len};
	struct wire_field field;
	bool has_size = false;
	int rc;

	*h = (struct blob_head){{"", 0}, 0};
	while ((rc = wire_next(&w, &field, err)) > 0) {
		if (field.number == 1 && field.type == WIRE_BYTES)
			h->type = (struct str){(const char *)field.bytes.p,
				wire_len(field.bytes)};
		if (field.number == 3 && field.type == WIRE_VARINT) {
			h->size = field.varint;
			has_size = true;
		}
	}
	if (rc)
		return rc;
	if (!has_size || h->size > MAX_BLOB)
		return err_set(err, "its size is missing or over %d bytes",
			MAX_BLOB);
	return 0;
}

/* How a blob's data is packed, by the number of its field. */
static int tell_packing(uint32_t field, enum packing *how, struct err *err)
{
	switch (field) {
	case 3:
		*how = PACKED_ZLIB;
		return 0;
	case 5:
		*how = PACKED_BZIP2;
		return 0;
	case 6:
		*how = PACKED_LZ4;
		return 0;
	case 7:
		*how = PACKED_ZSTD;
		return 0;
	default:
		return err_set(err,
			"it is compressed with LZMA, which is not supported: "
			"'osmium cat' writes zlib");
	}
}

/* The blob's content, unpacked where it is packed. */
static int unpack_blob(struct pbf *f, struct wire *out, struct err *err)
{
	struct wire w = {(uint8_t *)f->blob.data,
		(uint8_t *)f->blob.data + f->blob.len};
	struct wire packed = {NULL, NULL};
	enum packing how = PACKED_ZLIB;
	struct wire_field field;
	uint64_t raw_size = 0;
	int rc;

	*out = (struct wire){NULL, NULL};
	while ((rc = wire_next(&w, &field, err)) > 0) {
		if (field.number == 2 && field.type == WIRE_VARINT)
			raw_size = field.varint;
		if (field.type != WIRE_BYTES || field.number > 7)
			continue;
		if (field.number == 1) {
			*out = field.bytes;
			continue;
		}
		if (field.number < 3)
			continue;
		packed = field.bytes;
		if (tell_packing(field.number, &how, err))
			return -1;
	}
	if (rc || out->p)
		return rc;
	if (!packed.p || raw_size > MAX_BLOB)
		return err_set(err, "it has no data, or more than %d bytes",
			MAX_BLOB);
	buf_reset(&f->raw);
	buf_reserve(&f->raw, (size_t)raw_size);
	if (unpacker_run(f->z, how, packed.p, wire_len(packed), f->raw.data,
		    (size_t)raw_size, err))
		return -1;
	*out = (struct wire){(uint8_t *)f->raw.data,
		(uint8_t *)f->raw.data + raw_size};
	return 0;
}

/* What the file says a reader must be able to do. */
static int check_features(struct wire w, struct err *err)
{
	static const char *const known[] = {"OsmSchema-V0.6", "DenseNodes"};
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&w, &f, err)) > 0) {
		struct str s;
		bool can = false;

		if (f.number != 4 || f.type != WIRE_BYTES)
			continue;
		s = (struct str){(const char *)f.bytes.p, wire_len(f.bytes)};
		if (str_is(s, "HistoricalInformation"))
			return err_set(err,
				"it is a history file, which is not supported: "
				"'osmium time-filter' makes an extract of a "
				"day");
		for (size_t i = 0; i < ARRAY_SIZE(known); i++)
			can = can || str_is(s, known[i]);
		if (!can)
			return err_set(err,
				"it requires the feature '%.*s', which is not "
				"supported",
				(int)MIN(s.len, 100), s.s);
	}
	return rc;
}

static int one_blob(struct pbf *f, const struct blob_head *h, struct err *err)
{
	bool data = str_is(h->type, "OSMData");
	bool header = str_is(h->type, "OSMHeader");
	struct wire content;

	if (f->number == 1 && !header)
		return err_set(err, "the first blob is no OSMHeader");
	/* the format lets other types be passed over, but nobody writes any,
	 * and one flipped bit of a type would lose a block unnoticed */
	if (!data && !header)
		return err_set(err,
			"its type is '%.*s', neither OSMHeader nor OSMData",
			(int)MIN(h->type.len, 40), h->type.s);
	if (unpack_blob(f, &content, err))
		return -1;
	if (header)
		return check_features(content, err);
	return block_pass(f->block, content.p, wire_len(content), f->pass, err);
}

/* The next blob: 1, 0 at the end of the file, -1. */
static int next_blob(struct pbf *f, struct err *err)
{
	struct blob_head h;
	uint32_t len;
	int rc;

	f->start = f->pass->source->offset;
	f->number++;
	rc = read_exactly(f, &f->head, 4, err);
	if (rc <= 0)
		return rc;
	len = (uint32_t)(uint8_t)f->head.data[0] << 24 |
	      (uint32_t)(uint8_t)f->head.data[1] << 16 |
	      (uint32_t)(uint8_t)f->head.data[2] << 8 |
	      (uint8_t)f->head.data[3];
	if (len > MAX_HEADER)
		return err_set(err, "its header is over %d bytes long",
			MAX_HEADER);
	rc = read_exactly(f, &f->head, len, err);
	if (rc > 0 && read_blob_head(f, &h, err))
		return -1;
	if (rc > 0)
		rc = read_exactly(f, &f->blob, (size_t)h.size, err);
	if (!rc)
		return err_set(err, "the file is truncated");
	return rc < 0 || one_blob(f, &h, err) ? -1 : 1;
}

int pbf_pass(const struct pass *p, struct err *err)
{
	struct pbf f = {.pass = p, .block = block_new(), .z = unpacker_new()};
	int rc;

	do
		rc = next_blob(&f, err);
	while (rc > 0);
	if (rc < 0 && !p->source->stopped)
		err_prefix(err, "blob %" PRIu64 ", at byte %" PRIu64, f.number,
			f.start);
	block_free(f.block);
	unpacker_free(f.z);
	buf_release(&f.head);
	buf_release(&f.blob);
	buf_release(&f.raw);
	return rc;
}
