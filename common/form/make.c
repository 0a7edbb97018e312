#include "base/base.h"
#include "form/make.h"
#include "base/lines.h"
#include "form/columns.h"
#include "rec/line.h"

#include <inttypes.h>
#include <stdio.h>

int make_put(struct filter *f, const struct make_source *from, int rc,
	struct buf *record, const struct err *why, struct err *err)
{
	const uint64_t max = filter_max_record(f);
	struct err large;
	char detail[1200];

	if (!rc && record->len <= max)
		return filter_put(f, record, err);
	if (!rc) {
		err_set(&large,
			"the record has %zu bytes, more than the limit of "
			"%" PRIu64 " (--max-record)",
			record->len, max);
		why = &large;
	}
	buf_reset(record);
	if (from->raw.len) {
		pack_map(record, 1);
		pack_cstr(record, "raw");
		/* what does not fit into a record is cut */
		pack_bin(record, from->raw.s, MIN(from->raw.len, max / 2));
	}
	snprintf(detail, sizeof(detail), "%s: %s %" PRIu64 ": %s", from->file,
		from->unit, from->number, why->msg);
	return filter_put_reject(f, record, FAULT, from->reason, detail, err);
}

/* The record of one line, checked; rec is room for it. */
static int parse_line(struct str line, struct buf *out, struct rec *rec,
	struct err *err)
{
	if (line_to_rec(line.s, line.len, out, err))
		return -1;
	return rec_view_bytes(rec, (uint8_t *)out->data, out->len, err);
}

static bool is_blank(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (!memchr(" \t\r", line.s[i], 3))
			return false;
	return true;
}

int make_from_lines(struct filter *f, const char *path, struct err *err)
{
	struct lines *lines = lines_open(path, make_max_line(f), err);
	struct buf b = BUF_INIT;
	struct rec rec = REC_INIT;
	struct make_source from = {.reason = "bad line", .unit = "line"};
	struct err why;
	int rc;

	if (!lines)
		return -1;
	from.file = lines_name(lines);
	while ((rc = lines_next(lines, &from.raw, err)) > 0) {
		if (is_blank(from.raw))
			continue;
		from.number = lines_number(lines);
		buf_reset(&b);
		rc = make_put(f, &from, parse_line(from.raw, &b, &rec, &why),
			&b, &why, err);
		if (rc)
			break;
	}
	rec_release(&rec);
	buf_release(&b);
	lines_close(lines);
	return rc;
}

/* The record of one row. */
static int parse_row(const struct columns *c, const struct str *cells, size_t n,
	struct buf *out, struct err *err)
{
	size_t fields;

	buf_reset(out);
	if (columns_count(c, cells, n, &fields, err))
		return -1;
	pack_map(out, fields);
	return columns_pack(c, cells, out, err);
}

static struct columns *read_header(struct rows *rows, const char *id,
	struct err *err)
{
	const struct str *names;
	struct columns *c = NULL;
	size_t n;
	int rc = rows_next(rows, &names, &n, err);

	if (rc > 0)
		c = columns_new(names, n, id, err);
	else if (!rc)
		err_set(err, "there is no header line");
	if (!c && rc >= 0)
		err_prefix(err, "%s", rows_name(rows));
	return c;
}

int make_from_rows(struct filter *f, const char *path, enum rows_kind kind,
	const char *id, struct err *err)
{
	struct rows *rows = rows_open(path, kind, make_max_line(f), err);
	struct columns *columns = rows ? read_header(rows, id, err) : NULL;
	struct buf b = BUF_INIT;
	struct make_source from = {.reason = "bad row", .unit = "line"};
	const struct str *cells;
	struct err why;
	size_t n;
	int rc = -1;

	if (!columns)
		goto out;
	from.file = rows_name(rows);
	while ((rc = rows_next(rows, &cells, &n, err)) > 0) {
		from.number = rows_line(rows);
		from.raw = rows_text(rows);
		rc = make_put(f, &from, parse_row(columns, cells, n, &b, &why),
			&b, &why, err);
		if (rc)
			break;
	}
out:
	buf_release(&b);
	columns_free(columns);
	rows_close(rows);
	return rc;
}
