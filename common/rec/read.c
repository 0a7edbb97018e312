#include "base/base.h"
#include "rec/stream.h"
#include "base/hash.h"
#include "base/io.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 18 };

enum place {
	AT_START, /* nothing read yet */
	IN_HEADERS,
	IN_DATA,
	AFTER_END,
};

struct rec_reader {
	int fd;
	char *name;
	struct buf buf;      /* bytes read; those before pos are used up */
	size_t pos;          /* in buf */
	uint64_t offset;     /* of buf.data[pos] in the stream */
	uint64_t records;    /* data records read, in the stream */
	uint64_t in_segment; /* data records read, in this segment */
	uint32_t crc;        /* of this segment so far */
	enum place place;
	bool eof, failed;
	struct sha256 *sha; /* of all bytes, or NULL */
};

struct rec_reader *rec_reader_new(int fd, const char *name)
{
	struct rec_reader *r = xcalloc(1, sizeof(*r));

	r->fd = fd;
	r->name = xstrdup(name);
	buf_reserve(&r->buf, 1); /* there are bytes to point at, if none yet */
	return r;
}

void rec_reader_free(struct rec_reader *r)
{
	if (!r)
		return;
	free(r->name);
	buf_release(&r->buf);
	free(r);
}

/* Adds the place to an error: every failure ends here, and stays. */
static int broken(struct rec_reader *r, struct err *err)
{
	r->failed = true;
	return err_prefix(err, "%s: after record %" PRIu64 ", at byte %" PRIu64,
		r->name, r->records, r->offset);
}

/* Reads on until `need` bytes lie behind pos, or to the end of the input. */
static int fill(struct rec_reader *r, size_t need, struct err *err)
{
	if (r->pos) {
		memmove(r->buf.data, r->buf.data + r->pos, r->buf.len - r->pos);
		r->buf.len -= r->pos;
		r->pos = 0;
	}
	while (r->buf.len < need && !r->eof) {
		long n;

		buf_reserve(&r->buf, READ_BYTES);
		n = read_some(r->fd, r->buf.data + r->buf.len, READ_BYTES, err);
		if (n < 0)
			return -1;
		if (r->sha)
			sha256_add(r->sha, r->buf.data + r->buf.len, (size_t)n);
		r->buf.len += (size_t)n;
		r->eof = n == 0;
	}
	return 0;
}

/* The next value's bytes; len 0 at the end of the input. */
static int next_value(struct rec_reader *r, struct val *out, struct err *err)
{
	struct val_scan scan = {.need = 1};

	for (;;) {
		const uint8_t *p = (uint8_t *)r->buf.data + r->pos;
		size_t len = r->buf.len - r->pos;
		int64_t n = len ? val_scan(&scan, p, len) : 0;

		if (n < 0)
			return err_set(err,
				"the bytes are no msgpack, or nested deeper "
				"than %d",
				VAL_MAX_DEPTH);
		if (n > 0 && n <= (int64_t)MAX_RECORD) {
			*out = (struct val){p, (size_t)n};
			return 0;
		}
		if (n > 0)
			scan.need = (uint64_t)n;
		if (scan.need > MAX_RECORD)
			return err_set(err,
				"a record of at least %" PRIu64
				" bytes is larger than the limit of %" PRIu64,
				scan.need, (uint64_t)MAX_RECORD);
		if (r->eof && !len) {
			*out = (struct val){NULL, 0};
			return 0;
		}
		if (r->eof)
			return err_set(err, "the stream is truncated: it ends "
					    "inside a record");
		if (fill(r, (size_t)scan.need, err))
			return -1;
	}
}

static enum rec_kind kind_of(struct val v)
{
	struct val_iter it = val_iter(v);
	struct val key, val;
	struct str name;

	if (!v.len)
		return REC_EOF;
	if (val_type(v) == VAL_MAP && val_next(&it, &key, &val) &&
		!val_str(key, &name)) {
		if (str_is(name, KEY_HEADER))
			return REC_HEADER;
		if (str_is(name, KEY_END))
			return REC_END;
	}
	return REC_DATA;
}

static int check_place(const struct rec_reader *r, enum rec_kind kind,
	struct err *err)
{
	switch (r->place) {
	case AT_START:
		if (kind == REC_EOF)
			return err_set(err, "the stream is truncated: it is "
					    "empty");
		if (kind != REC_HEADER)
			return err_set(err, "this is no record stream: it does "
					    "not begin with a header");
		break;
	case IN_HEADERS:
	case IN_DATA:
		if (kind == REC_EOF)
			return err_set(err,
				"the stream is truncated: it has "
				"no end record, so what wrote it failed");
		if (kind == REC_HEADER && r->place == IN_DATA)
			return err_set(err, "a header stands inside a segment "
					    "that has no end record");
		break;
	case AFTER_END:
		if (kind == REC_DATA || kind == REC_END)
			return err_set(err, "a record stands behind the end "
					    "record, without a header");
		break;
	}
	return 0;
}

/* The count and the checksum; the latter covers all but its own 5 bytes. */
static int check_end(struct rec_reader *r, struct val end, struct err *err)
{
	struct val key = {NULL, 0}, val = {NULL, 0};
	struct val_iter it = val_iter(end);
	uint64_t count, crc;
	struct str name;

	if (val_find_u64(end, KEY_END, &count))
		return err_set(err, "the end record has no count");
	while (val_next(&it, &key, &val))
		continue;
	if (val_str(key, &name) || !str_is(name, "crc32c") || val.len != 5 ||
		val.p[0] != 0xce || val_u64(val, &crc))
		return err_set(err, "the end record has no checksum");
	if (count != r->in_segment)
		return err_set(err,
			"the end record counts %" PRIu64
			" records, but there are %" PRIu64,
			count, r->in_segment);
	r->crc = crc32c(r->crc, end.p, end.len - 5);
	if (crc != r->crc)
		return err_set(err,
			"the data is damaged: its checksum is "
			"%08" PRIx32 ", not %08" PRIx32,
			r->crc, (uint32_t)crc);
	return 0;
}

static int take(struct rec_reader *r, enum rec_kind kind, struct val v,
	struct err *err)
{
	struct headers h = HEADERS_INIT;
	int rc = 0;

	switch (kind) {
	case REC_EOF:
		return 0;
	case REC_HEADER:
		if (r->place != IN_HEADERS) {
			r->crc = 0;
			r->in_segment = 0;
		}
		r->place = IN_HEADERS;
		rc = headers_add(&h, v, err);
		headers_release(&h);
		break;
	case REC_DATA:
		if (val_type(v) != VAL_MAP)
			return err_set(err,
				"a value of type %s stands where a record "
				"should",
				val_type_name(val_type(v)));
		r->place = IN_DATA;
		r->in_segment++;
		r->records++;
		break;
	case REC_END:
		r->place = AFTER_END;
		return check_end(r, v, err);
	}
	r->crc = crc32c(r->crc, v.p, v.len);
	return rc;
}

int rec_reader_next(struct rec_reader *r, struct rec_view *out, struct err *err)
{
	if (r->failed)
		return err_set(err, "%s: reading has failed before", r->name);
	if (next_value(r, &out->val, err))
		return broken(r, err);
	out->kind = kind_of(out->val);
	if (check_place(r, out->kind, err) || take(r, out->kind, out->val, err))
		return broken(r, err);
	out->number = r->records;
	out->offset = r->offset;
	r->pos += out->val.len;
	r->offset += out->val.len;
	return 0;
}

static int read_all(struct rec_reader *r, rec_fn *fn, void *ctx,
	struct headers *h, struct err *err)
{
	struct rec_view v;

	for (;;) {
		struct rec rec = REC_INIT;
		int rc;

		if (rec_reader_next(r, &v, err))
			return -1;
		if (v.kind == REC_EOF)
			return 0;
		if (v.kind == REC_HEADER && h && headers_add(h, v.val, err))
			return -1;
		if (v.kind != REC_DATA)
			continue;
		rc = rec_parse(&rec, v.val.p, v.val.len, err);
		if (!rc)
			rc = fn(ctx, &rec, err);
		rec_release(&rec);
		if (rc)
			return err_prefix(err,
				"%s: record %" PRIu64 ", at byte %" PRIu64,
				r->name, v.number, v.offset);
	}
}

int rec_read_file(const char *path, rec_fn *fn, void *ctx, struct headers *h,
	uint8_t sha256[32], uint64_t *bytes, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct rec_reader *r;
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	r = rec_reader_new(fd, path);
	if (sha256)
		r->sha = sha256_new();
	rc = read_all(r, fn, ctx, h, err);
	if (!rc && sha256)
		sha256_value(r->sha, sha256);
	if (!rc && bytes)
		*bytes = r->offset;
	sha256_free(r->sha);
	rec_reader_free(r);
	close(fd);
	return rc;
}
