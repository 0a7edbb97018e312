#include "base/base.h"
#include "rec/stream.h"
#include "rec/pack.h"
#include "base/hash.h"
#include "base/io.h"

#include <inttypes.h>

enum { WRITE_BYTES = 1 << 17 };

struct rec_writer {
	int fd;
	char *name;
	struct buf buf;
	size_t summed;  /* bytes of buf that crc holds already */
	size_t end_len; /* an end record that is the last of buf */
	bool failed;
	struct err why;      /* when it has */
	struct val lent;     /* records that are out, but not in buf yet */
	uint32_t crc;        /* of the segment */
	uint64_t records;    /* data records of this segment */
	uint64_t max_record; /* bytes */
};

struct rec_writer *rec_writer_new(int fd, const char *name)
{
	struct rec_writer *w = xcalloc(1, sizeof(*w));

	w->fd = fd;
	w->name = xstrdup(name);
	w->max_record = MAX_RECORD;
	buf_reserve(&w->buf, WRITE_BYTES);
	widen_pipe(fd);
	return w;
}

void rec_writer_free(struct rec_writer *w)
{
	if (!w)
		return;
	free(w->name);
	buf_release(&w->buf);
	free(w);
}

void rec_writer_limit(struct rec_writer *w, uint64_t max_record)
{
	w->max_record = max_record;
}

/* Brings the checksum up to what is in buf: long runs take less time. */
static void sum_up(struct rec_writer *w)
{
	w->crc =
		crc32c(w->crc, w->buf.data + w->summed, w->buf.len - w->summed);
	w->summed = w->buf.len;
}

static int write_out(struct rec_writer *w, const void *p, size_t len,
	struct err *err)
{
	if (!w->failed && len && write_all(w->fd, p, len, &w->why)) {
		w->failed = true;
		err_prefix(&w->why, "%s", w->name);
	}
	if (w->failed)
		*err = w->why;
	return w->failed ? -1 : 0;
}

/* Writes what is in buf, but for an end record. */
static int empty_buf(struct rec_writer *w, struct err *err)
{
	size_t len = w->buf.len - w->end_len;

	sum_up(w);
	if (write_out(w, w->buf.data, len, err))
		return -1;
	if (w->end_len)
		memmove(w->buf.data, w->buf.data + len, w->end_len);
	w->buf.len = w->summed = w->end_len;
	return 0;
}

int rec_writer_flush_data(struct rec_writer *w, struct err *err)
{
	return rec_writer_settle(w, err) ? -1 : empty_buf(w, err);
}

int rec_writer_flush(struct rec_writer *w, struct err *err)
{
	w->end_len = 0;
	return rec_writer_flush_data(w, err);
}

bool rec_writer_holds_end(const struct rec_writer *w)
{
	return w->end_len > 0;
}

/* Puts bytes behind those that are out; a large run is not copied. */
static int add(struct rec_writer *w, const void *p, size_t len, struct err *err)
{
	const bool direct = len >= WRITE_BYTES / 2; /* copying costs more */

	if (direct || w->buf.len + len > WRITE_BYTES) {
		w->end_len = 0;
		if (empty_buf(w, err))
			return -1;
	}
	w->end_len = 0;
	if (!direct) {
		buf_add(&w->buf, p, len);
		return 0;
	}
	w->crc = crc32c(w->crc, p, len);
	return write_out(w, p, len, err);
}

int rec_writer_settle(struct rec_writer *w, struct err *err)
{
	struct val lent = w->lent;

	w->lent = (struct val){NULL, 0};
	return lent.len ? add(w, lent.p, lent.len, err) : 0;
}

static int put(struct rec_writer *w, const void *p, size_t len, struct err *err)
{
	return rec_writer_settle(w, err) ? -1 : add(w, p, len, err);
}

int rec_writer_lend(struct rec_writer *w, struct val record, struct err *err)
{
	if (rec_writer_fits(w, record.len, err))
		return -1;
	if (w->lent.p + w->lent.len != record.p) {
		if (rec_writer_settle(w, err))
			return -1;
		w->lent.p = record.p;
	}
	w->lent.len += record.len;
	w->records++;
	return 0;
}

int rec_writer_header(struct rec_writer *w, struct val v, struct err *err)
{
	return put(w, v.p, v.len, err);
}

int rec_writer_fits(const struct rec_writer *w, size_t size, struct err *err)
{
	if (size <= w->max_record)
		return 0;
	return err_set(err,
		"%s: a record of %zu bytes is larger than the limit of %" PRIu64
		" (--max-record)",
		w->name, size, w->max_record);
}

int rec_writer_data(struct rec_writer *w, struct val record, struct err *err)
{
	if (rec_writer_fits(w, record.len, err))
		return -1;
	return rec_writer_run(w, record, 1, err);
}

int rec_writer_run(struct rec_writer *w, struct val records, uint64_t n,
	struct err *err)
{
	w->records += n;
	return put(w, records.p, records.len, err);
}

int rec_writer_end(struct rec_writer *w, const struct buf *inputs,
	struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	if (rec_writer_settle(w, err))
		return -1;
	pack_map(&b, 3);
	pack_cstr(&b, KEY_END);
	pack_u64(&b, w->records);
	pack_cstr(&b, "inputs");
	if (inputs)
		buf_add(&b, inputs->data, inputs->len);
	else
		pack_array(&b, 0);
	pack_cstr(&b, "crc32c");
	sum_up(w);
	w->crc = crc32c(w->crc, b.data, b.len);
	buf_addc(&b,
		(char)0xce); /* always the 5-byte form: its place is fixed */
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_addc(&b, (char)(w->crc >> shift));
	rc = put(w, b.data, b.len, err);
	w->end_len = MIN(b.len, w->buf.len);
	buf_release(&b);
	w->summed = w->buf.len;
	w->crc = 0;
	w->records = 0;
	return rc;
}
