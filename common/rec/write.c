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
	size_t end_len; /* an end record that is the last of buf */
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

/* Writes the first len bytes; after a failure nothing is kept, for part of it
 * may have been written. */
static int flush(struct rec_writer *w, size_t len, struct err *err)
{
	if (len && write_all(w->fd, w->buf.data, len, err)) {
		buf_reset(&w->buf);
		w->end_len = 0;
		return err_prefix(err, "%s", w->name);
	}
	w->buf.len -= len;
	if (w->buf.len)
		memmove(w->buf.data, w->buf.data + len, w->buf.len);
	return 0;
}

int rec_writer_flush_data(struct rec_writer *w, struct err *err)
{
	return flush(w, w->buf.len - w->end_len, err);
}

int rec_writer_flush(struct rec_writer *w, struct err *err)
{
	w->end_len = 0;
	return flush(w, w->buf.len, err);
}

static int put(struct rec_writer *w, const void *p, size_t len, struct err *err)
{
	w->crc = crc32c(w->crc, p, len);
	if (w->buf.len && w->buf.len + len > WRITE_BYTES &&
		rec_writer_flush(w, err))
		return -1;
	buf_add(&w->buf, p, len);
	w->end_len = 0;
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
	w->end_len = rc ? 0 : b.len;
	buf_release(&b);
	w->crc = 0;
	w->records = 0;
	return rc;
}
