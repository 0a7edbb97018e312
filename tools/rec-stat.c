/*
 * rec-stat - what a stream holds, and whether it is whole.
 */
#include "base/base.h"
#include "base/io.h"
#include "base/log.h"
#include "cli/cli.h"
#include "stat/report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

enum { MAX_WARNINGS = 20, MAX_ROWS = 1000 };

enum format { TEXT, JSON };

#define ANY UINT64_MAX

struct options {
	struct common common;
	bool check;
	uint64_t segments;
	uint64_t records;
	uint64_t rows;
	struct opt_list values;
	unsigned format;
};

#define AT(member) offsetof(struct options, member)

static const struct opt table[] = {
	{0, "check", NULL, OPT_FLAG, AT(check), 0, 0, 0,
		"only say whether the streams are whole"},
	{0, "segments", "N", OPT_U64, AT(segments), 0, 0, 0,
		"each stream must have exactly N segments"},
	{0, "records", "N", OPT_U64, AT(records), 0, 0, 0,
		"each stream must have exactly N data records"},
	{0, "values", "PATH", OPT_LIST, AT(values), 0, 0, 0,
		"count the values of a field, as label or img.src"},
	{0, "rows", "N", OPT_U64, AT(rows), 0, 1, MAX_ROWS,
		"show the N most frequent of each table (default 20)"},
	{'f', "format", "text|json", OPT_CHOICE, AT(format), 0, 0, 0,
		"form of the report (default text)"},
};

static const struct cli cli = {
	.name = "rec-stat",
	.summary = "Count what record streams hold, or check that they are "
		   "whole.",
	.operands = "[FILE]...",
	.max_operands = SIZE_MAX,
	.groups = CLI_OUTPUT | CLI_RECORDS,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

struct run {
	const struct options *o;
	struct stats stats;
	struct counts total; /* of whole streams */
	uint64_t whole, damaged;
};

static void warn_faulty(const struct run *r, const char *name,
	const struct rec_view *v, const struct err *why)
{
	uint64_t n = r->stats.faulty;

	if (n > MAX_WARNINGS)
		return;
	log_warn("%s: record %" PRIu64 ", at byte %" PRIu64 ": bad record: %s",
		name, v->number, v->offset, why->msg);
	if (n == MAX_WARNINGS)
		log_warn("more faulty records are only counted");
}

static int demand(const char *what, uint64_t wanted, uint64_t n,
	struct err *err)
{
	if (wanted == ANY || wanted == n)
		return 0;
	return err_set(err, "there are %" PRIu64 " %s, not %" PRIu64, n, what,
		wanted);
}

/* All of one stream; errors name it. */
static int read_stream(struct run *r, struct rec_reader *in, const char *name,
	struct counts *c, struct err *err)
{
	struct rec_view v;
	struct err why;

	do {
		if (rec_reader_next(in, &v, err))
			return -1;
		counts_add(c, &v);
		if (!r->o->check && stats_add(&r->stats, &v, &why))
			warn_faulty(r, name, &v, &why);
	} while (v.kind != REC_EOF);
	if (demand("segments", r->o->segments, c->segments, err) ||
		demand("records", r->o->records, c->records, err))
		return err_prefix(err, "%s", name);
	return 0;
}

static int open_stream(const char **path, struct err *err)
{
	int fd = STDIN_FILENO;

	if (strcmp(*path, "-")) {
		fd = open(*path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return err_errno(err, "cannot open '%s'", *path);
	} else if (isatty(STDIN_FILENO)) {
		return err_set(err, "records are read from standard input, "
				    "which is a terminal: use a pipe or '<'");
	} else {
		*path = "standard input";
	}
	return fd;
}

/* One stream, to its end or to where it is damaged: the others go on. */
static void do_stream(struct run *r, const char *path)
{
	struct counts c = {0, 0, 0, 0};
	struct rec_reader *in = NULL;
	struct err err;
	int fd = open_stream(&path, &err);
	int rc = fd < 0 ? -1 : 0;

	if (!rc) {
		in = rec_reader_new(fd, path);
		if (r->o->common.max_record)
			rec_reader_limit(in, r->o->common.max_record);
		rc = read_stream(r, in, path, &c, &err);
	}
	rec_reader_free(in);
	if (fd > STDERR_FILENO)
		close(fd);
	if (rc) {
		log_error("%s", err.msg);
		r->damaged++;
		return;
	}
	log_debug("%s: whole: %" PRIu64 " segments, %" PRIu64
		  " records, %" PRIu64 " bytes",
		path, c.segments, c.records, c.bytes);
	r->whole++;
	r->total.segments += c.segments;
	r->total.records += c.records;
	r->total.bytes += c.bytes;
}

static int write_report(struct run *r, struct err *err)
{
	const struct options *o = r->o;
	struct buf b = BUF_INIT;
	int rc;

	r->stats.streams = r->whole;
	if (o->format == JSON)
		report_json(&b, &r->stats, (size_t)o->rows);
	else
		report_text(&b, &r->stats, (size_t)o->rows);
	rc = cli_check_outputs(&cli, o, err);
	if (!rc)
		rc = save_file(o->common.output, b.data, b.len, err);
	buf_release(&b);
	return rc;
}

static int finish(struct run *r)
{
	const struct options *o = r->o;
	struct err err;

	log_info("%" PRIu64 " streams whole, %" PRIu64 " damaged; %" PRIu64
		 " segments, %" PRIu64 " records, %" PRIu64
		 " bytes in the whole ones",
		r->whole, r->damaged, r->total.segments, r->total.records,
		r->total.bytes);
	if (r->damaged) /* figures of half a stream would mislead */
		return EXIT_FAILED;
	if (o->common.require_output && !r->total.records) {
		log_error("there is no record, which --require-output does "
			  "not allow");
		return EXIT_FAILED;
	}
	if (!o->check && write_report(r, &err)) {
		log_error("%s", err.msg);
		return EXIT_FAILED;
	}
	if (!r->stats.faulty)
		return EXIT_DONE;
	log_warn("%" PRIu64 " faulty records are in no figure but the counts",
		r->stats.faulty);
	return EXIT_FAULTS;
}

int main(int argc, char **argv)
{
	struct options o = {.segments = ANY, .records = ANY, .rows = 20};
	struct run r = {.o = &o};
	struct err err;
	int status;

	cli_parse(&cli, &o, argc, argv);
	if (o.check && (o.common.output || o.values.n))
		cli_usage_error(&cli, "--check writes no report: leave out "
				      "--output and --values");
	stats_init(&r.stats);
	for (size_t i = 0; i < o.values.n; i++)
		if (stats_add_path(&r.stats, o.values.items[i], &err))
			cli_usage_error(&cli, "--values: %s", err.msg);
	for (size_t i = 0; i < o.common.noperands; i++)
		do_stream(&r, o.common.operands[i]);
	if (!o.common.noperands)
		do_stream(&r, "-");
	status = finish(&r);
	stats_release(&r.stats);
	cli_release(&cli, &o);
	return status;
}
