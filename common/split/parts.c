#include "base/base.h"
#include "split/parts.h"
#include "base/io.h"
#include "rec/pack.h"

#include <inttypes.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 20 };

/* Bytes of a part in the temporary file. */
struct extent {
	uint64_t at, len;
};

struct part {
	struct buf buf; /* what is not in the file yet */
	uint64_t records;
	struct extent *extents; /* [n] */
	size_t n, cap;
};

struct parts {
	struct part *items; /* [n] */
	size_t n, cap;
	size_t limit, used; /* bytes of room in all bufs */
	uint64_t max_record;
	int fd; /* -1: all is in memory */
	uint64_t end;
};

struct parts *parts_new(size_t memory_bytes, uint64_t max_record)
{
	struct parts *p = xcalloc(1, sizeof(*p));

	p->limit = memory_bytes;
	p->max_record = max_record;
	p->fd = -1;
	return p;
}

static void part_release(struct part *part)
{
	buf_release(&part->buf);
	free(part->extents);
	part->extents = NULL;
	part->n = part->cap = 0;
}

void parts_free(struct parts *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		part_release(&p->items[i]);
	free(p->items);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

void parts_reserve(struct parts *p, size_t n)
{
	xgrow(&p->items, &p->cap, n, sizeof(*p->items));
	for (; p->n < n; p->n++)
		p->items[p->n] = (struct part){.buf = BUF_INIT};
}

size_t parts_count(const struct parts *p)
{
	return p->n;
}

uint64_t parts_records(const struct parts *p, size_t part)
{
	return p->items[part].records;
}

/* What waits in memory goes to the temporary file, part by part. */
static int spill(struct parts *p, struct err *err)
{
	if (p->fd < 0)
		p->fd = temp_file(err);
	if (p->fd < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		struct part *part = &p->items[i];
		size_t len = part->buf.len;

		if (!len)
			continue;
		if (write_all(p->fd, part->buf.data, len, err))
			return err_prefix(err, "temporary file");
		xgrow(&part->extents, &part->cap, part->n + 1,
			sizeof(*part->extents));
		part->extents[part->n++] = (struct extent){p->end, len};
		p->end += len;
		buf_release(&part->buf);
	}
	p->used = 0;
	return 0;
}

int parts_add(struct parts *p, size_t part, struct val record, struct err *err)
{
	struct part *to = &p->items[part];

	if (record.len > p->max_record)
		return err_set(err,
			"a record of %zu bytes is larger than the limit of "
			"%" PRIu64 " (--max-record)",
			record.len, p->max_record);
	p->used -= to->buf.cap;
	buf_add(&to->buf, record.p, record.len);
	p->used += to->buf.cap;
	to->records++;
	return p->used > p->limit ? spill(p, err) : 0;
}

static int copy_extent(const struct parts *p, struct extent e,
	struct rec_writer *w, struct buf *room, struct err *err)
{
	while (e.len) {
		size_t len = (size_t)MIN(e.len, READ_BYTES);
		struct val v;
		long n;

		buf_reset(room);
		v = (struct val){(uint8_t *)buf_extend(room, len), len};
		n = read_at(p->fd, room->data, len, e.at, err);
		if (n < 0)
			return err_prefix(err, "temporary file");
		if ((size_t)n < len)
			return err_set(err, "a temporary file is cut off");
		if (rec_writer_run(w, v, 0, err)) /* counted at the end */
			return -1;
		e.at += len;
		e.len -= len;
	}
	return 0;
}

static int write_part(const struct parts *p, const struct part *part,
	const struct headers *h, struct rec_writer *w, struct err *err)
{
	struct buf room = BUF_INIT;
	int rc = 0;

	for (size_t i = 0; i < h->n && !rc; i++)
		rc = rec_writer_header(w, headers_at(h, i), err);
	for (size_t i = 0; i < part->n && !rc; i++)
		rc = copy_extent(p, part->extents[i], w, &room, err);
	buf_release(&room);
	if (!rc)
		rc = rec_writer_run(w, buf_val(&part->buf), part->records, err);
	if (!rc)
		rc = rec_writer_end(w, NULL, err);
	return rc ? rc : rec_writer_flush(w, err);
}

int parts_write(struct parts *p, size_t part, const char *path,
	const struct headers *h, struct err *err)
{
	struct outfile f = OUTFILE_INIT;
	struct rec_writer *w;
	int rc;

	if (outfile_open(&f, path, err))
		return -1;
	w = rec_writer_new(f.fd, path);
	rc = write_part(p, &p->items[part], h, w, err);
	rec_writer_free(w);
	if (!rc)
		rc = outfile_commit(&f, err);
	outfile_abort(&f);
	part_release(&p->items[part]);
	return rc;
}
