/*
 * A PBF file's frame: its blobs, each behind a header that gives type and
 * length, and the kinds of objects in each.
 */
#include "base/base.h"
#include "osm/priv.h"
#include "base/io.h"
#include "base/thread.h"

#include <inttypes.h>
#include <unistd.h>

/* A length, and the header that nearly every blob has. */
enum { HEAD_ROOM = 512 };

/* Of a block's content, for a first look at it. */
enum { PEEK_BYTES = 1 << 11 };

int frame_prefix(const struct frame *f, size_t blob, struct err *err)
{
	uint64_t at = blob < f->n ? f->blobs[blob].start
		      : f->n      ? f->blobs[f->n - 1].start +
				       f->blobs[f->n - 1].head +
				       f->blobs[f->n - 1].size
			     : 0;

	return err_prefix(err, "%s: blob %zu, at byte %" PRIu64, f->name,
		blob + 1, at);
}

int frame_load(const struct frame *f, uint64_t at, size_t len, struct buf *to,
	struct err *err)
{
	long n;

	buf_reset(to);
	buf_reserve(to, len + OSM_SLACK);
	n = read_at(f->fd, to->data, len, at, err);
	if (n < 0)
		return -1;
	if ((size_t)n < len)
		return err_set(err, "the file is truncated");
	to->len = len;
	return 0;
}

static int read_type(struct wire w, struct blob *b, bool *data, struct err *err)
{
	struct str type = {"", 0};
	uint64_t size = UINT64_MAX;
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&w, &f, err)) > 0) {
		if (f.number == 1 && f.type == WIRE_BYTES)
			type = (struct str){(const char *)f.bytes.p,
				wire_len(f.bytes)};
		if (f.number == 3 && f.type == WIRE_VARINT)
			size = f.varint;
	}
	if (rc)
		return rc;
	if (size > MAX_BLOB)
		return err_set(err, "its size is missing or over %d bytes",
			MAX_BLOB);
	b->size = (uint32_t)size;
	*data = str_is(type, "OSMData");
	/* the format lets other types be passed over, but nobody writes any,
	 * and one flipped bit of a type would lose a block unnoticed */
	if (!*data && !str_is(type, "OSMHeader"))
		return err_set(err,
			"its type is '%.*s', neither OSMHeader nor OSMData",
			(int)MIN(type.len, 40), type.s);
	return 0;
}

/* The blob at b->start: 1, 0 at the end of the file, -1. */
static int read_head(struct frame *f, struct blob *b, bool *data,
	struct buf *room, struct err *err)
{
	uint8_t *p;
	uint32_t len;
	long n;

	buf_reset(room);
	buf_reserve(room, MAX_HEADER + 4);
	p = (uint8_t *)room->data;
	n = read_at(f->fd, p, HEAD_ROOM, b->start, err);
	if (n <= 0)
		return (int)n;
	if (n < 4)
		return err_set(err, "the file is truncated");
	len = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	      (uint32_t)p[2] << 8 | p[3];
	if (len > MAX_HEADER)
		return err_set(err, "its header is over %d bytes long",
			MAX_HEADER);
	if (len + 4 > (uint32_t)n && n == HEAD_ROOM)
		n = read_at(f->fd, p, len + 4, b->start, err);
	if (n < 0)
		return -1;
	if (len + 4 > (uint32_t)n)
		return err_set(err, "the file is truncated");
	b->head = len + 4;
	if (read_type((struct wire){p + 4, p + 4 + len}, b, data, err))
		return -1;
	if (b->start + b->head + b->size > f->bytes)
		return err_set(err, "the file is truncated");
	return 1;
}

/* What the file says a reader must be able to do, and of itself. */
static int read_features(struct frame *f, struct wire w, struct err *err)
{
	static const char *const known[] = {"OsmSchema-V0.6", "DenseNodes",
		"HistoricalInformation", "LocationsOnWays"};
	struct wire_field field;
	int rc;

	while ((rc = wire_next(&w, &field, err)) > 0) {
		struct str s = {(const char *)field.bytes.p,
			wire_len(field.bytes)};
		bool can = false;

		if (field.number == 32 && field.type == WIRE_VARINT)
			f->timestamp = (int64_t)field.varint;
		if (field.type != WIRE_BYTES)
			continue;
		if (field.number != 4 && field.number != 5)
			continue;
		f->history |= str_is(s, "HistoricalInformation");
		f->places |= str_is(s, "LocationsOnWays");
		for (size_t i = 0; i < ARRAY_SIZE(known); i++)
			can = can || str_is(s, known[i]);
		if (!can && field.number == 4)
			return err_set(err,
				"it requires the feature '%.*s', which is not "
				"supported",
				(int)MIN(s.len, 100), s.s);
	}
	return rc;
}

static int read_header_blob(struct frame *f, const struct blob *b,
	struct err *err)
{
	struct blob_reader *r = blob_reader_new();
	struct buf bytes = BUF_INIT;
	struct wire content;
	int rc =
		frame_load(f, b->start, (size_t)b->head + b->size, &bytes, err);

	if (!rc)
		rc = blob_unpack(r,
			(struct wire){(uint8_t *)bytes.data + b->head,
				(uint8_t *)bytes.data + bytes.len},
			&content, err);
	if (!rc)
		rc = read_features(f, content, err);
	buf_release(&bytes);
	blob_reader_free(r);
	return rc;
}

static void add_blob(struct frame *f, const struct blob *b)
{
	xgrow(&f->blobs, &f->cap, f->n + 1, sizeof(*f->blobs));
	f->blobs[f->n++] = *b;
}

/* Where a data blob's header may begin: 4 bytes before this, at `at`. */
static const char data_head[] = "\x0a\x07OSMData";

/*
 * The next bytes behind b->start that a whole blob begins with: 1, 0 when there
 * are none, -1.
 */
static int find_blob(struct frame *f, struct blob *b, struct buf *room,
	struct err *err)
{
	enum { CHUNK = 1 << 20, LEN = sizeof(data_head) - 1 };
	char *chunk = xmalloc(CHUNK);
	uint64_t at = b->start + 1;
	bool data;
	long n;
	int rc = 0;

	while (!rc && (n = read_at(f->fd, chunk, CHUNK, at, err)) > LEN + 4) {
		for (long i = 0; i + LEN + 4 <= n && !rc; i++) {
			struct err none;

			if (memcmp(chunk + i + 4, data_head, LEN))
				continue;
			b->start = at + (uint64_t)i;
			rc = read_head(f, b, &data, room, &none) > 0;
		}
		at += (uint64_t)n - LEN - 3;
	}
	free(chunk);
	return n < 0 ? -1 : rc;
}

/* Bytes that are no blob; 1 when there is one behind them. */
static int add_gap(struct frame *f, struct blob *b, bool resync,
	struct buf *room, struct err *damage)
{
	struct blob gap = {.start = b->start};

	frame_prefix(f, f->n, damage);
	gap.damage = xstrdup(damage->msg);
	add_blob(f, &gap);
	return resync ? find_blob(f, b, room, damage) : 0;
}

/* One blob more: 1, 0 at the end, -1 for damage. */
static int read_blob(struct frame *f, struct blob *b, struct buf *room,
	struct err *err)
{
	bool data = false;
	int rc = read_head(f, b, &data, room, err);

	if (rc <= 0)
		return rc;
	if (!data && read_header_blob(f, b, err))
		return -1;
	if (data && !f->n)
		return err_set(err, "the first blob is no OSMHeader");
	b->kinds = data ? OSM_NODE | OSM_WAY | OSM_RELATION : 0;
	add_blob(f, b);
	b->start += b->head + b->size;
	return 1;
}

/* All blobs' places. -1 when the first is damaged. */
static int read_blobs(struct frame *f, bool resync, struct err *err)
{
	struct buf room = BUF_INIT;
	struct blob b = {.start = 0};
	int rc;

	while ((rc = read_blob(f, &b, &room, err))) {
		if (rc < 0 && !f->n) {
			frame_prefix(f, 0, err);
			break;
		}
		if (rc < 0)
			rc = add_gap(f, &b, resync, &room, err);
		if (rc <= 0)
			break;
	}
	buf_release(&room);
	return rc;
}

uint64_t frame_end(const struct frame *f, size_t blob)
{
	return blob + 1 < f->n ? f->blobs[blob + 1].start : f->bytes;
}

int frame_read_first(struct frame *f, const char *name, int fd, struct err *err)
{
	struct buf room = BUF_INIT;
	struct blob b = {.start = 0};
	bool data = true;
	int rc;

	*f = (struct frame){.fd = fd, .name = name, .bytes = UINT64_MAX};
	rc = read_head(f, &b, &data, &room, err);
	if (rc > 0)
		rc = data ? err_set(err, "the first blob is no OSMHeader")
			  : read_header_blob(f, &b, err);
	buf_release(&room);
	return rc ? frame_prefix(f, 0, err) : 0;
}

struct peeker {
	struct frame *frame;
	struct blob_reader **readers; /* [threads] */
	struct buf *bytes;            /* [threads] */
};

/* A damaged blob may have anything: the pass that meets it will say so. */
static void peek(void *ctx, void *job, unsigned worker)
{
	struct peeker *p = ctx;
	struct blob *b = job;
	struct blob_reader *r = p->readers[worker];
	struct buf *bytes = &p->bytes[worker];
	uint8_t kinds = b->kinds;
	struct wire blob, begin;
	size_t total;
	struct err err;
	int rc = frame_load(p->frame, b->start, (size_t)b->head + b->size,
		bytes, &err);

	if (rc)
		return;
	blob = (struct wire){(uint8_t *)bytes->data + b->head,
		(uint8_t *)bytes->data + bytes->len};
	for (size_t want = PEEK_BYTES; !rc;) {
		if (blob_peek(r, blob, want, &begin, &total, &err))
			break;
		rc = block_kinds(begin, total, b, &want, &err);
	}
	if (rc != 1)
		b->kinds = kinds;
}

static void find_kinds(struct frame *f, unsigned threads)
{
	struct peeker p = {f, NULL, NULL};
	struct workers *w;

	p.readers = xcalloc(threads, sizeof(struct blob_reader *));
	p.bytes = xcalloc(threads, sizeof(*p.bytes));
	for (unsigned i = 0; i < threads; i++)
		p.readers[i] = blob_reader_new();
	w = workers_new(threads, (size_t)threads * 8, peek, &p);
	for (size_t i = 0; i < f->n; i++) {
		if (!f->blobs[i].kinds)
			continue;
		if (workers_full(w))
			(void)workers_get(w);
		workers_put(w, &f->blobs[i]);
	}
	while (workers_get(w))
		;
	workers_free(w);
	for (unsigned i = 0; i < threads; i++) {
		blob_reader_free(p.readers[i]);
		buf_release(&p.bytes[i]);
	}
	free(p.readers);
	free(p.bytes);
}

int frame_read(struct frame *f, const char *name, int fd,
	const struct osm_reading *how, struct err *err)
{
	off_t end = lseek(fd, 0, SEEK_END);

	*f = (struct frame){.fd = fd, .name = name};
	if (end < 0)
		return err_errno(err, "cannot find the end of '%s'", name);
	f->bytes = (uint64_t)end;
	if (read_blobs(f, how->resync, err))
		return -1;
	if (!f->n)
		return err_set(err, "%s: the file is empty", name);
	if (f->history)
		return frame_find_sequels(f, MAX(how->threads, 1), err);
	find_kinds(f, MAX(how->threads, 1));
	return 0;
}

void frame_release(struct frame *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->blobs[i].damage);
	free(f->blobs);
	free(f->sequels);
	f->blobs = NULL;
	f->sequels = NULL;
	f->n = f->cap = 0;
}
