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
	uint64_t max_record; /* bytes */
	uint32_t crc;        /* of this segment up to summed */
	size_t summed;       /* in buf, <= pos */
	struct rec rec;      /* the record at pos */
	void (*on_fill)(void *ctx);
	void *on_fill_ctx;
	void (*on_wait)(void *ctx, int fd);
	void *on_wait_ctx;
	enum place place;
	bool eof, failed;
	struct sha256 *sha; /* of all bytes, or NULL */
};

struct rec_reader *rec_reader_new(int fd, const char *name)
{
	struct rec_reader *r = xcalloc(1, sizeof(*r));

	r->fd = fd;
	r->name = xstrdup(name);
	r->max_record = MAX_RECORD;
	buf_reserve(&r->buf, 1); /* there are bytes to point at, if none yet */
	widen_pipe(fd);
	return r;
}

void rec_reader_on_fill(struct rec_reader *r, void (*fn)(void *ctx), void *ctx)
{
	r->on_fill = fn;
	r->on_fill_ctx = ctx;
}

void rec_reader_on_wait(struct rec_reader *r, void (*fn)(void *ctx, int fd),
	void *ctx)
{
	r->on_wait = fn;
	r->on_wait_ctx = ctx;
}

bool rec_reader_holds(const struct rec_reader *r, struct val v)
{
	uintptr_t begin = (uintptr_t)r->buf.data, at = (uintptr_t)v.p;

	return at >= begin && at < begin + r->buf.len;
}

void rec_reader_limit(struct rec_reader *r, uint64_t max_record)
{
	r->max_record = max_record;
}

void rec_reader_free(struct rec_reader *r)
{
	if (!r)
		return;
	free(r->name);
	buf_release(&r->buf);
	rec_release(&r->rec);
	free(r);
}

/* Adds the place to an error: every failure ends here, and stays. */
static int broken(struct rec_reader *r, struct err *err)
{
	r->failed = true;
	return err_prefix(err, "%s: after record %" PRIu64 ", at byte %" PRIu64,
		r->name, r->records, r->offset);
}

/* Brings the checksum up to pos: long runs of bytes take less time. */
static void sum_up(struct rec_reader *r)
{
	r->crc = crc32c(r->crc, r->buf.data + r->summed, r->pos - r->summed);
	r->summed = r->pos;
}

/* Reads on until `need` bytes lie behind pos, or to the end of the input. */
static int fill(struct rec_reader *r, size_t need, struct err *err)
{
	if (r->on_fill)
		r->on_fill(r->on_fill_ctx);
	if (r->pos) {
		sum_up(r);
		memmove(r->buf.data, r->buf.data + r->pos, r->buf.len - r->pos);
		r->buf.len -= r->pos;
		r->pos = r->summed = 0;
	}
	while (r->buf.len < need && !r->eof) {
		size_t room;
		long n;

		/* as much as fits beside what is left, so that reads of a
		 * file stay large, but the buffer small */
		buf_reserve(&r->buf, MAX(need - r->buf.len, READ_BYTES));
		room = r->buf.cap - r->buf.len - 1;
		if (r->on_wait)
			r->on_wait(r->on_wait_ctx, r->fd);
		n = read_some(r->fd, r->buf.data + r->buf.len,
			MIN(room, READ_BYTES), err);
		if (n < 0)
			return -1;
		if (r->sha)
			sha256_add(r->sha, r->buf.data + r->buf.len, (size_t)n);
		r->buf.len += (size_t)n;
		r->eof = n == 0;
	}
	return 0;
}

static int too_large(const struct rec_reader *r, uint64_t size, struct err *err)
{
	return err_set(err,
		"a record of at least %" PRIu64
		" bytes is larger than the limit of %" PRIu64 " (--max-record)",
		size, r->max_record);
}

/* Why no whole record stands at pos; reads on where that may help. */
static int look_closer(struct rec_reader *r, struct val_scan *scan,
	struct err *err)
{
	const uint8_t *p = (uint8_t *)r->buf.data + r->pos;
	size_t len = r->buf.len - r->pos;
	int64_t n = len ? val_scan(scan, p, len) : 0;

	if (n < 0)
		return err_set(err,
			"the bytes are no msgpack, or nested deeper than %d",
			VAL_MAX_DEPTH);
	if (n > 0)
		return 1;
	if (scan->need > r->max_record)
		return too_large(r, scan->need, err);
	if (r->eof && len)
		return err_set(err, "the stream is truncated: it ends inside a "
				    "record");
	if (r->eof)
		return 1;
	return fill(r, (size_t)MAX(scan->need, 1), err);
}

/* The next value's bytes, in r->rec when it is a map; len 0 at the end. */
static int next_value(struct rec_reader *r, struct val *out, struct err *err)
{
	struct val_scan scan;
	size_t n = rec_scan(&r->rec, (uint8_t *)r->buf.data + r->pos,
		r->buf.len - r->pos);
	int rc = 0;

	if (!n) {
		memset(&scan, 0, sizeof(scan));
		while (!(rc = look_closer(r, &scan, err)))
			continue;
		if (rc < 0)
			return -1;
		n = scan.started ? (size_t)scan.pos : 0;
		/* what is no map has no fields */
		if (!rec_scan(&r->rec, (uint8_t *)r->buf.data + r->pos, n))
			r->rec.n = 0;
	}
	if (n > r->max_record)
		return too_large(r, n, err);
	*out = (struct val){(uint8_t *)r->buf.data + r->pos, n};
	return 0;
}

static enum rec_kind kind_of(const struct rec *r, struct val v)
{
	struct str first = r->n ? r->fields[0].key : (struct str){NULL, 0};

	if (!v.len)
		return REC_EOF;
	if (first.len < strlen(KEY_HEADER) || first.s[0] != 's')
		return REC_DATA;
	if (str_is(first, KEY_HEADER))
		return REC_HEADER;
	return str_is(first, KEY_END) ? REC_END : REC_DATA;
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
	sum_up(r);
	r->crc = crc32c(r->crc, end.p, end.len - 5);
	r->summed = r->pos + end.len;
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
			r->summed = r->pos;
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
	return rc;
}

int rec_reader_next(struct rec_reader *r, struct rec_view *out, struct err *err)
{
	if (r->failed)
		return err_set(err, "%s: reading has failed before", r->name);
	if (next_value(r, &out->val, err))
		return broken(r, err);
	out->kind = kind_of(&r->rec, out->val);
	out->rec = &r->rec;
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
		rec_view_rec(&rec, v.rec);
		rc = rec_check(&rec, err);
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
