#include "base/base.h"
#include "rec/stream.h"
#include "rec/pack.h"
#include "base/hash.h"
#include "base/io.h"

#include <inttypes.h>

enum { WRITE_BYTES = 1 << 16 };

struct rec_writer {
	int fd;
	char *name;
	struct buf buf;
	uint32_t crc;
	uint64_t records; /* data records of this segment */
};

struct rec_writer *rec_writer_new(int fd, const char *name)
{
	struct rec_writer *w = xcalloc(1, sizeof(*w));

	w->fd = fd;
	w->name = xstrdup(name);
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

static int write_out(struct rec_writer *w, const void *p, size_t len,
	struct err *err)
{
	return write_all(w->fd, p, len, err) ? err_prefix(err, "%s", w->name)
					     : 0;
}

int rec_writer_flush(struct rec_writer *w, struct err *err)
{
	if (write_out(w, w->buf.data, w->buf.len, err))
		return -1;
	buf_reset(&w->buf);
	return 0;
}

static int put(struct rec_writer *w, const void *p, size_t len, struct err *err)
{
	w->crc = crc32c(w->crc, p, len);
	if (w->buf.len + len > WRITE_BYTES && rec_writer_flush(w, err))
		return -1;
	if (len > WRITE_BYTES) /* no copy of what is large */
		return write_out(w, p, len, err);
	buf_add(&w->buf, p, len);
	return 0;
}

int rec_writer_header(struct rec_writer *w, struct val v, struct err *err)
{
	return put(w, v.p, v.len, err);
}

int rec_writer_data(struct rec_writer *w, const struct buf *record,
	struct err *err)
{
	if (record->len > MAX_RECORD)
		return err_set(err,
			"%s: record %" PRIu64 " has %zu bytes, more than the "
			"limit of %" PRIu64,
			w->name, w->records + 1, record->len,
			(uint64_t)MAX_RECORD);
	w->records++;
	return put(w, record->data, record->len, err);
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
	w->crc = crc32c(w->crc, b.data, b.len);
	buf_addc(&b,
		(char)0xce); /* always the 5-byte form: its place is fixed */
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_addc(&b, (char)(w->crc >> shift));
	rc = put(w, b.data, b.len, err);
	buf_release(&b);
	w->crc = 0;
	w->records = 0;
	return rc;
}
