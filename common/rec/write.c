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
	size_t summed;       /* bytes of buf that crc holds already */
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
	if (len && write_all(w->fd, p, len, err))
		return err_prefix(err, "%s", w->name);
	return 0;
}

int rec_writer_flush(struct rec_writer *w, struct err *err)
{
	sum_up(w);
	if (write_out(w, w->buf.data, w->buf.len, err))
		return -1;
	buf_reset(&w->buf);
	w->summed = 0;
	return 0;
}

static int put(struct rec_writer *w, const void *p, size_t len, struct err *err)
{
	const bool direct = len >= WRITE_BYTES / 2; /* copying costs more */

	if ((direct || w->buf.len + len > WRITE_BYTES) &&
		rec_writer_flush(w, err))
		return -1;
	if (!direct) {
		buf_add(&w->buf, p, len);
		return 0;
	}
	w->crc = crc32c(w->crc, p, len);
	return write_out(w, p, len, err);
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
	buf_release(&b);
	w->summed = w->buf.len;
	w->crc = 0;
	w->records = 0;
	return rc;
}
