/*
 * rec-make - records from JSON lines: the inverse of rec-view.
 */
#include "base/base.h"
#include "base/lines.h"
#include "filter/filter.h"
#include "rec/line.h"

#include <inttypes.h>
#include <stdio.h>

struct options {
	struct common common;
	bool json;
	const char *headers;
};

static const struct opt table[] = {
	{0, "json", NULL, OPT_FLAG, offsetof(struct options, json), 0, 0, 0,
		"read lines of JSON, one record each (default)"},
	{0, "headers", "FILE", OPT_FILE, offsetof(struct options, headers), 0,
		0, 0, "pass on the headers that rec-view --headers wrote"},
};

static const struct cli cli = {
	.name = "rec-make",
	.summary = "Make records from JSON lines.",
	.operands = "[FILE]...",
	.max_operands = SIZE_MAX,
	.groups = CLI_FILTER,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* A record's line may be longer than the record: in JSON, no value takes more
 * than eight times its packed bytes. */
#define MAX_LINE (8 * MAX_RECORD)

/* The record of one line, checked. */
static int parse_line(struct str line, struct buf *out, struct rec *rec,
	struct err *err)
{
	if (line_to_rec(line.s, line.len, out, err))
		return -1;
	if (out->len > MAX_RECORD)
		return err_set(err,
			"the record has %zu bytes, more than the limit of "
			"%" PRIu64,
			out->len, (uint64_t)MAX_RECORD);
	return rec_parse(rec, (uint8_t *)out->data, out->len, err);
}

/* One line: a record, or a fault that is set aside; -1 ends the run. */
static int make_record(struct filter *f, const char *name, uint64_t number,
	struct str line, struct err *err)
{
	struct buf b = BUF_INIT;
	struct rec rec = REC_INIT;
	char detail[1200];
	struct err why;
	int rc;

	if (!parse_line(line, &b, &rec, &why)) {
		rc = filter_put(f, &b, err);
	} else {
		buf_reset(&b);
		pack_map(&b, 1);
		pack_cstr(&b, "raw");
		/* what does not fit into a record is cut */
		pack_bin(&b, line.s, MIN(line.len, MAX_RECORD / 2));
		snprintf(detail, sizeof(detail), "%s: line %" PRIu64 ": %s",
			name, number, why.msg);
		rc = filter_put_reject(f, &b, FAULT, "bad line", detail, err);
	}
	rec_release(&rec);
	buf_release(&b);
	return rc;
}

static bool is_blank(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (!memchr(" \t\r", line.s[i], 3))
			return false;
	return true;
}

typedef int line_fn(void *ctx, const char *name, uint64_t number,
	struct str line, struct err *err);

static int each_line(const char *path, line_fn *fn, void *ctx, struct err *err)
{
	struct lines *in = lines_open(path, MAX_LINE, err);
	struct str line;
	int rc;

	if (!in)
		return -1;
	while ((rc = lines_next(in, &line, err)) > 0) {
		if (is_blank(line))
			continue;
		rc = fn(ctx, lines_name(in), lines_number(in), line, err);
		if (rc)
			break;
	}
	lines_close(in);
	return rc;
}

static int make_line(void *ctx, const char *name, uint64_t number,
	struct str line, struct err *err)
{
	return make_record(ctx, name, number, line, err);
}

static int read_header(void *ctx, const char *name, uint64_t number,
	struct str line, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = line_to_rec(line.s, line.len, &b, err);

	if (!rc)
		rc = headers_add(ctx, (struct val){(uint8_t *)b.data, b.len},
			err);
	if (rc)
		err_prefix(err, "%s: line %" PRIu64, name, number);
	buf_release(&b);
	return rc;
}

static int run(const struct options *o, struct filter *f, struct err *err)
{
	const struct common *c = &o->common;
	struct headers h = HEADERS_INIT;
	int rc = 0;

	if (o->headers)
		rc = each_line(o->headers, read_header, &h, err);
	if (!rc)
		filter_add_headers(f, &h);
	headers_release(&h);
	for (size_t i = 0; i < c->noperands && !rc; i++)
		filter_add_input(f, c->operands[i], UINT64_MAX, NULL);
	for (size_t i = 0; i < c->noperands && !rc; i++)
		rc = each_line(c->operands[i], make_line, f, err);
	if (!c->noperands && !rc)
		rc = each_line("-", make_line, f, err);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.json = true};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	f = filter_open(&cli, &o, FILTER_SOURCE, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
