/*
 * rec-view - records as JSON lines, or their number.
 */
#include "base/base.h"
#include "base/io.h"
#include "filter/filter.h"
#include "rec/line.h"

#include <inttypes.h>
#include <unistd.h>

enum { FLUSH_BYTES = 1 << 16 };

struct options {
	struct common common;
	bool json;
	bool count;
	const char *headers;
};

static const struct opt table[] = {
	{0, "json", NULL, OPT_FLAG, offsetof(struct options, json), 0, 0, 0,
		"print each data record as one line of JSON (default)"},
	{0, "count", NULL, OPT_FLAG, offsetof(struct options, count), 0, 0, 0,
		"print only the number of data records"},
	{0, "headers", "FILE", OPT_FILE, offsetof(struct options, headers), 0,
		0, 0, "write the stream's headers to FILE, as lines of JSON"},
};

static const struct cli cli = {
	.name = "rec-view",
	.summary = "Print records as JSON lines.",
	.operands = "[FILE]",
	.max_operands = 1,
	.groups = CLI_FILTER,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* Where the text goes. */
struct text {
	struct outfile file; /* not open: stdout */
	struct buf buf;
};

static int text_open(struct text *t, const char *path, struct err *err)
{
	*t = (struct text){OUTFILE_INIT, BUF_INIT};
	if (!path || !strcmp(path, "-"))
		return 0;
	return outfile_open(&t->file, path, err);
}

static int text_flush(struct text *t, struct err *err)
{
	int fd = t->file.path ? t->file.fd : STDOUT_FILENO;
	int rc = write_all(fd, t->buf.data, t->buf.len, err);

	if (rc)
		err_prefix(err, "%s",
			t->file.temp ? t->file.path : "standard output");
	buf_reset(&t->buf);
	return rc;
}

static int text_close(struct text *t, int rc, struct err *err)
{
	struct err why;

	if (!t->file.path) { /* what was good before a fault is not lost */
		if (text_flush(t, rc ? &why : err))
			rc = -1;
		if (!rc && close(STDOUT_FILENO) < 0)
			rc = err_errno(err, "standard output");
	} else if (!rc) {
		rc = text_flush(t, err);
		if (!rc)
			rc = outfile_commit(&t->file, err);
	}
	outfile_abort(&t->file);
	buf_release(&t->buf);
	return rc;
}

static int write_header_lines(const struct filter *f, const char *path,
	struct err *err)
{
	const struct headers *h = filter_headers(f);
	struct text t;
	int rc = text_open(&t, path, err);

	for (size_t i = 0; i < h->n && !rc; i++) {
		rc = line_from_rec(headers_at(h, i), &t.buf, err);
		buf_addc(&t.buf, '\n');
	}
	return text_close(&t, rc, err);
}

static int print_item(struct text *t, struct item *item, struct err *err)
{
	size_t before = t->buf.len;
	struct buf b = BUF_INIT;
	struct err why;

	rec_pack(&item->rec, &b);
	if (line_from_rec((struct val){(uint8_t *)b.data, b.len}, &t->buf,
		    &why)) {
		t->buf.len = before;
		item_fault(item, "no JSON", "%s", why.msg);
	} else {
		buf_addc(&t->buf, '\n');
	}
	buf_release(&b);
	return t->buf.len > FLUSH_BYTES ? text_flush(t, err) : 0;
}

static int view(const struct options *o, struct filter *f, struct text *t,
	struct err *err)
{
	struct item *item;
	uint64_t n = 0;
	int rc;

	while ((rc = filter_next(f, &item, err)) > 0) {
		n++;
		rc = o->count ? 0 : print_item(t, item, err);
		if (rc) {
			item_free(item);
			return rc;
		}
		if (filter_emit(f, item, err))
			return -1;
	}
	if (rc)
		return rc;
	if (o->count)
		buf_addf(&t->buf, "%" PRIu64 "\n", n);
	return o->headers ? write_header_lines(f, o->headers, err) : 0;
}

int main(int argc, char **argv)
{
	struct options o = {.json = true};
	struct filter *f;
	struct text t = {OUTFILE_INIT, BUF_INIT};
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	f = filter_open(&cli, &o, FILTER_SINK | FILTER_REJECTS, &err);
	if (f)
		rc = text_open(&t, o.common.output, &err);
	if (!rc)
		rc = text_close(&t, view(&o, f, &t, &err), &err);
	return filter_close(f, rc, &err);
}
