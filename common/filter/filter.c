#include "base/base.h"
#include "filter/priv.h"
#include "base/log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t filter_max_record(const struct filter *f)
{
	return f->common->max_record ? f->common->max_record : MAX_RECORD;
}

static int open_output(struct filter *f, struct err *err)
{
	const char *path = f->common->output;
	int fd = STDOUT_FILENO;

	if (f->flags & FILTER_SINK)
		return 0;
	if (path && strcmp(path, "-")) {
		if (outfile_open(&f->out_file, path, err))
			return -1;
		fd = f->out_file.fd;
	} else if (isatty(STDOUT_FILENO)) {
		return err_set(err,
			"records are binary and are not written to "
			"a terminal: use -o FILE, or a pipe to rec-view");
	}
	f->out = rec_writer_new(fd, path ? path : "standard output");
	rec_writer_limit(f->out, filter_max_record(f));
	return 0;
}

static void filter_free(struct filter *f)
{
	rec_reader_free(f->in);
	if (f->in_fd > STDERR_FILENO)
		close(f->in_fd);
	item_free(&f->item);
	rec_release(&f->item.rec);
	buf_release(&f->packed);
	rec_writer_free(f->out);
	outfile_abort(&f->out_file);
	outfile_abort(&f->reject_file);
	spool_free(f->rejects);
	lineage_release(&f->segment);
	lineage_release(&f->all);
	lineage_release(&f->others);
	inputs_release(&f->inputs);
	inputs_release(&f->end_inputs);
	map_release(&f->licences);
	map_release(&f->reasons);
	free(f->hint);
	free(f);
}

/* Records are written from where they were read: before those bytes go. */
static void settle(void *ctx)
{
	struct filter *f = ctx;
	struct err why; /* the next write says it again */

	if (f->out)
		(void)!rec_writer_settle(f->out, &why);
}

static int open_input(struct filter *f, struct err *err)
{
	const char *path = f->common->noperands ? f->common->operands[0] : "-";

	f->in_fd = STDIN_FILENO;
	if (f->flags & FILTER_SOURCE)
		return 0;
	if (strcmp(path, "-")) {
		f->in_fd = open(path, O_RDONLY | O_CLOEXEC);
		if (f->in_fd < 0)
			return err_errno(err, "cannot open '%s'", path);
	} else if (isatty(STDIN_FILENO)) {
		return err_set(err, "records are read from standard input, "
				    "which is a terminal: use a pipe or '<'");
	} else {
		path = "standard input";
	}
	f->in = rec_reader_new(f->in_fd, path);
	rec_reader_limit(f->in, filter_max_record(f));
	rec_reader_on_fill(f->in, settle, f);
	return 0;
}

static struct replaced find_replaced(const char *path)
{
	struct replaced r = {false, 0, 0};
	struct stat st;

	if (path && strcmp(path, "-") && !stat(path, &st) &&
		S_ISREG(st.st_mode))
		r = (struct replaced){true, st.st_dev, st.st_ino};
	return r;
}

bool filter_replaces(const struct filter *f)
{
	return f->by_output.there || f->by_reject.there;
}

static int check_read(const struct replaced *r, const struct stat *st,
	const char *output, const char *path, struct err *err)
{
	if (!r->there || r->dev != st->st_dev || r->ino != st->st_ino)
		return 0;
	return err_set(err,
		"'%s' is read, too, as '%.300s': an output needs a file of its "
		"own, or what is read would be lost",
		output, path);
}

int filter_reads(struct filter *f, const char *path, struct err *err)
{
	struct stat st;

	if (!filter_replaces(f) || stat(path, &st))
		return 0;
	if (check_read(&f->by_reject, &st, f->common->reject, path, err)) {
		outfile_abort(&f->reject_file); /* else kept, by a failure */
		return -1;
	}
	return check_read(&f->by_output, &st, f->common->output, path, err);
}

struct filter *filter_open(const struct cli *cli, void *opts, unsigned flags,
	struct err *err)
{
	struct filter *f = xcalloc(1, sizeof(*f));

	f->cli = cli;
	f->opts = opts;
	f->common = opts;
	f->flags = flags;
	f->mapped = flags & FILTER_SEGMENTS;
	f->item.lent = true;
	f->out_file = f->reject_file = (struct outfile)OUTFILE_INIT;
	f->by_output = find_replaced(f->common->output);
	f->by_reject = find_replaced(f->common->reject);
	start_clock(f);
	if (cli_check_outputs(cli, opts, err) || rejects_open(f, err) ||
		open_output(f, err) || open_input(f, err))
		goto fail;
	return f;
fail:
	filter_free(f);
	return NULL;
}

const struct headers *filter_headers(const struct filter *f)
{
	return &f->all.headers;
}

void filter_add_input(struct filter *f, const char *path, uint64_t bytes,
	const uint8_t sha256[32])
{
	inputs_add(&f->inputs, path, bytes, sha256);
}

void filter_describe_input(struct filter *f, int64_t timestamp,
	const char *attribution)
{
	struct input *i = &f->inputs.items[f->inputs.n - 1];

	i->timestamp = timestamp > 0 ? (uint64_t)timestamp : 0;
	i->attribution = attribution;
}

void filter_add_end_input(struct filter *f, const char *path, uint64_t bytes,
	const uint8_t sha256[32])
{
	inputs_add(&f->end_inputs, path, bytes, sha256);
}

void filter_add_licence(struct filter *f, const char *licence)
{
	map_put(&f->licences, str_from(licence));
}

void filter_add_headers(struct filter *f, const struct headers *h)
{
	headers_merge(&f->others.headers, h);
	if (h->n)
		map_put(&f->others.last, str_from(h->ids[h->n - 1]));
}

int next_view(struct filter *f, struct rec_view *v, struct err *err)
{
	if (rec_reader_next(f->in, v, err))
		return -1;
	if (v->kind == REC_HEADER) {
		f->in_headers = true;
		return headers_add(&f->segment.headers, v->val, err);
	}
	if (f->in_headers) { /* the last header has been read */
		f->in_headers = false;
		lineage_add_last(&f->segment);
		lineage_merge(&f->all, &f->segment);
	}
	if (v->kind == REC_DATA)
		f->n_in++;
	return 0;
}

static int open_segment(struct filter *f, const struct lineage *l,
	struct err *err)
{
	if (f->headers_out || !f->out)
		return 0;
	f->headers_out = true;
	return write_headers(f, f->out, l, err);
}

int filter_begin_segment(struct filter *f, struct err *err)
{
	return open_segment(f, &f->segment, err);
}

static int end_segment(struct filter *f, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	if (!f->out)
		return 0;
	inputs_pack(&f->end_inputs, &b);
	rc = rec_writer_end(f->out, &b, err);
	buf_release(&b);
	f->headers_out = false;
	f->n_segments++;
	return rc;
}

int filter_end_segment(struct filter *f, struct err *err)
{
	int rc = end_segment(f, err);

	lineage_release(&f->segment);
	return rc;
}

int filter_next(struct filter *f, struct item **out, struct err *err)
{
	struct rec_view v;

	for (;;) {
		if (next_view(f, &v, err))
			return -1;
		if (v.kind == REC_EOF)
			return 0;
		if (v.kind == REC_END) {
			if (f->mapped && (filter_begin_segment(f, err) ||
						 filter_end_segment(f, err)))
				return -1;
			lineage_release(&f->segment);
		}
		if (v.kind != REC_DATA)
			continue;
		rec_view_rec(&f->item.rec, v.rec);
		item_begin(f, &f->item, v.number, v.offset);
		*out = &f->item;
		if ((*out)->verdict == KEEP)
			return 1;
		if (filter_emit(f, *out, err))
			return -1;
	}
}

/* Adds the `reject` field and keeps the record for the reject file. */
static int keep_reject(struct filter *f, struct item *item, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	pack_map(&b, 3);
	pack_cstr(&b, "tool");
	pack_cstr(&b, f->cli->name);
	pack_cstr(&b, "reason");
	pack_cstr(&b, item->reason);
	pack_cstr(&b, "detail");
	pack_cstr(&b, item->detail ? item->detail : "");
	rec_set(&item->rec, "reject", &b);
	buf_reset(&b);
	rec_pack(&item->rec, &b);
	rc = rejects_put(f, &b, err);
	buf_release(&b);
	return rc;
}

int set_aside(struct filter *f, struct item *item, struct err *err)
{
	count_aside(f, item);
	if (f->rejects && keep_reject(f, item, err))
		return -1;
	if (item->verdict == FAULT && f->common->strict)
		return err_set(err,
			"record %" PRIu64 ", at byte %" PRIu64
			": %s: %s (--strict stops here)",
			item->number, item->offset, item->reason,
			item->detail ? item->detail : "");
	return 0;
}

bool filter_keeps_rejects(const struct filter *f)
{
	return f->rejects;
}

static int write_record(struct filter *f, struct val record, struct err *err)
{
	f->n_out++;
	if (!f->out)
		return 0;
	if (open_segment(f, f->mapped ? &f->segment : &f->all, err))
		return -1;
	if (f->in && rec_reader_holds(f->in, record))
		return rec_writer_lend(f->out, record, err);
	return rec_writer_data(f->out, record, err);
}

static int write_item(struct filter *f, const struct rec *r, struct err *err)
{
	return write_record(f, rec_bytes(r, &f->packed), err);
}

int filter_emit(struct filter *f, struct item *item, struct err *err)
{
	int rc = item->verdict == KEEP ? write_item(f, &item->rec, err)
				       : set_aside(f, item, err);

	item_free(item);
	return rc;
}

int filter_put(struct filter *f, const struct buf *record, struct err *err)
{
	return write_record(f, buf_val(record), err);
}

int filter_put_run(struct filter *f, struct val records, uint64_t n,
	struct err *err)
{
	f->n_out += n;
	if (!f->out)
		return 0;
	if (open_segment(f, &f->all, err))
		return -1;
	return rec_writer_run(f->out, records, n, err);
}

void filter_count_out(struct filter *f, uint64_t n)
{
	f->n_out += n;
}

int filter_put_reject(struct filter *f, const struct buf *record,
	enum verdict verdict, const char *reason, const char *detail,
	struct err *err)
{
	uint64_t number = f->n_out + f->n_dropped + f->n_faults + 1;

	(void)rec_scan(&f->item.rec, (uint8_t *)record->data, record->len);
	item_begin(f, &f->item, number, 0);
	if (verdict == DROP)
		item_drop(&f->item, reason, "%s", detail);
	else
		item_fault(&f->item, reason, "%s", detail);
	return filter_emit(f, &f->item, err);
}

void filter_hint(struct filter *f, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	free(f->hint);
	f->hint = xstrdup(text);
}

/* Writes all but the end record of a run that went well so far. */
static int write_rest(struct filter *f, struct err *err)
{
	if (f->common->require_output && !f->n_out)
		return err_set(err, "no record came out (--require-output)");
	if (!f->out)
		return 0;
	/* record-wise tools have ended their last segment already */
	if (!f->mapped &&
		(open_segment(f, &f->all, err) || end_segment(f, err)))
		return -1;
	return rec_writer_flush_data(f->out, err);
}

/* Makes the output whole; -1 turns the run into a failure. */
static int finish(struct filter *f, struct err *err)
{
	if (!f->out)
		return 0;
	if (rec_writer_flush(f->out, err))
		return -1;
	if (f->out_file.path)
		return outfile_commit(&f->out_file, err);
	if (close(STDOUT_FILENO) < 0)
		return err_errno(err, "standard output");
	return 0;
}

/*
 * What was good before the fault is not lost. Where all segments so far have
 * been ended, another is begun, so that nobody takes the stream for whole. An
 * output that has failed fails here as well, which has been said.
 */
static void leave_unfinished(struct filter *f)
{
	struct err why;

	if (!f->out || (!f->n_out && !f->n_segments))
		return;
	if (!rec_writer_holds_end(f->out))
		(void)!open_segment(f, &f->all, &why);
	(void)!rec_writer_flush_data(f->out, &why);
}

static int status_of(const struct filter *f, int rc)
{
	uint64_t all = f->flags & FILTER_SOURCE
			       ? f->n_out + f->n_dropped + f->n_faults
			       : f->n_in;

	if (rc)
		return EXIT_FAILED;
	if ((double)f->n_faults * 100 > f->common->max_faults * (double)all)
		return EXIT_FAULTS;
	return EXIT_DONE;
}

int filter_close(struct filter *f, int rc, struct err *err)
{
	struct err why;
	int status;

	if (!f) {
		log_error("%s", err->msg);
		return EXIT_FAILED;
	}
	if (!rc)
		rc = write_rest(f, err);
	/* the output must not be whole when the rejects are lost */
	if (!rc)
		rc = rejects_close(f, false, err);
	if (!rc)
		rc = finish(f, err);
	if (rc) {
		log_error("%s", err->msg);
		leave_unfinished(f);
		if (rejects_close(f, true, &why))
			log_error("%s", why.msg);
	}
	say_summary(f, rc != 0);
	status = status_of(f, rc);
	filter_free(f);
	return status;
}
