/*
 * The reject file is one segment for the whole run, and its headers are known
 * only at the end of the input: its records wait in a spool.
 */
#include "base/base.h"
#include "filter/priv.h"

int rejects_open(struct filter *f, struct err *err)
{
	if (!f->common->reject)
		return 0;
	f->rejects = spool_new();
	return outfile_open(&f->reject_file, f->common->reject, err);
}

int rejects_put(struct filter *f, const struct buf *record, struct err *err)
{
	if (spool_put(f->rejects, record->data, record->len, err))
		return err_prefix(err, "rejects");
	return 0;
}

static int write_file(struct filter *f, struct rec_writer *w, bool failed,
	struct err *err)
{
	struct str record;
	int rc;

	/* `reject` may take a record over the limit: nothing is lost by it */
	rec_writer_limit(w, UINT64_MAX);
	if (write_headers(f, w, &f->all, err) || spool_rewind(f->rejects, err))
		return -1;
	while ((rc = spool_next(f->rejects, &record, err)) > 0) {
		struct val v = {(const uint8_t *)record.s, record.len};

		if (rec_writer_data(w, v, err))
			return -1;
	}
	if (rc || (!failed && rec_writer_end(w, NULL, err)))
		return -1;
	return rec_writer_flush(w, err);
}

int rejects_close(struct filter *f, bool failed, struct err *err)
{
	struct rec_writer *w;
	int rc = 0;

	if (f->reject_file.path) {
		w = rec_writer_new(f->reject_file.fd, f->common->reject);
		rc = write_file(f, w, failed, err);
		rec_writer_free(w);
		if (!rc)
			rc = outfile_commit(&f->reject_file, err);
		else
			outfile_abort(&f->reject_file);
	}
	return rc;
}
