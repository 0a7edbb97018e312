/*
 * The reject file is one segment for the whole run, and its headers are known
 * only at the end of the input: its records wait in memory, then in a
 * temporary file.
 */
#include "base/base.h"
#include "filter/priv.h"

#include <unistd.h>

enum { REJECT_MEMORY = 1 << 20 };

int rejects_open(struct filter *f, struct err *err)
{
	f->reject_spool = -1;
	if (!f->common->reject)
		return 0;
	return outfile_open(&f->reject_file, f->common->reject, err);
}

static int spill(struct filter *f, struct err *err)
{
	if (f->reject_spool < 0) {
		f->reject_spool = temp_file(err);
		if (f->reject_spool < 0)
			return -1;
	}
	if (write_all(f->reject_spool, f->reject_buf.data, f->reject_buf.len,
		    err))
		return err_prefix(err, "rejects");
	buf_reset(&f->reject_buf);
	return 0;
}

int rejects_put(struct filter *f, const struct buf *record, struct err *err)
{
	uint32_t len = (uint32_t)record->len; /* MAX_RECORD fits */

	if (!f->reject_file.temp)
		return 0;
	f->rejected++;
	buf_add(&f->reject_buf, &len, sizeof(len));
	buf_add(&f->reject_buf, record->data, record->len);
	return f->reject_buf.len > REJECT_MEMORY ? spill(f, err) : 0;
}

/* Reads the spooled file back behind what is in memory now. */
static int unspool(struct filter *f, struct rec_writer *w, struct err *err)
{
	struct buf b = BUF_INIT;
	uint32_t len;
	long n;
	int rc = -1;

	if (lseek(f->reject_spool, 0, SEEK_SET) < 0) {
		err_errno(err, "rejects");
		goto out;
	}
	for (uint64_t i = 0; i < f->rejected; i++) {
		size_t need = sizeof(len);
		bool have_len = false;

		for (buf_reset(&b); b.len < need;) {
			buf_reserve(&b, need - b.len);
			n = read_some(f->reject_spool, b.data + b.len,
				need - b.len, err);
			if (n <= 0)
				goto out;
			b.len += (size_t)n;
			if (b.len == need && !have_len) {
				memcpy(&len, b.data, sizeof(len));
				have_len = true;
				buf_reset(&b);
				need = len;
			}
		}
		if (rec_writer_data(w, &b, err))
			goto out;
	}
	rc = 0;
out:
	buf_release(&b);
	return rc;
}

static int from_memory(struct filter *f, struct rec_writer *w, struct err *err)
{
	size_t pos = 0;

	while (pos < f->reject_buf.len) {
		struct buf record;
		uint32_t len;

		memcpy(&len, f->reject_buf.data + pos, sizeof(len));
		pos += sizeof(len);
		record = (struct buf){f->reject_buf.data + pos, len, 0};
		if (rec_writer_data(w, &record, err))
			return -1;
		pos += len;
	}
	return 0;
}

static int write_file(struct filter *f, struct rec_writer *w, bool failed,
	struct err *err)
{
	if (write_headers(f, w, &f->all, err))
		return -1;
	if (f->reject_spool >= 0) {
		if (spill(f, err) || unspool(f, w, err))
			return -1;
	} else if (from_memory(f, w, err)) {
		return -1;
	}
	if (!failed && rec_writer_end(w, NULL, err))
		return -1;
	return rec_writer_flush(w, err);
}

int rejects_close(struct filter *f, bool failed, struct err *err)
{
	struct rec_writer *w;
	int rc = 0;

	if (f->reject_file.temp) {
		w = rec_writer_new(f->reject_file.fd, f->common->reject);
		rc = write_file(f, w, failed, err);
		rec_writer_free(w);
		if (!rc)
			rc = outfile_commit(&f->reject_file, err);
		else
			outfile_abort(&f->reject_file);
	}
	if (f->reject_spool >= 0)
		close(f->reject_spool);
	buf_release(&f->reject_buf);
	return rc;
}
