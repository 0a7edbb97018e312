#include "base/base.h"
#include "form/rows.h"
#include "base/lines.h"

#include <csv.h>
#include <inttypes.h>

struct rows {
	struct lines *lines;
	enum rows_kind kind;
	uint64_t limit;
	uint64_t line; /* where the row begins */
	struct csv_parser csv;
	struct str row;   /* so far, as it stands in the file */
	struct buf text;  /* holds it when it has several lines */
	struct buf bytes; /* the fields' bytes, one behind the other */
	struct str *fields;
	size_t *ends; /* of each field in bytes */
	size_t n, cap, ends_cap;
	bool begun; /* a line of the row has been taken */
	bool ended; /* the row is whole */
	bool more;  /* fields stand behind its end, in the same line */
};

/* Blanks belong to the fields, as RFC 4180 says. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

struct rows *rows_open(const char *path, enum rows_kind kind, uint64_t limit,
	struct err *err)
{
	struct lines *lines = lines_open(path, limit, err);
	struct rows *r;

	if (!lines)
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->lines = lines;
	r->kind = kind;
	r->limit = limit;
	if (csv_init(&r->csv, CSV_STRICT | CSV_STRICT_FINI)) {
		err_set(err, "out of memory");
		rows_close(r);
		return NULL;
	}
	csv_set_space_func(&r->csv, no_space);
	return r;
}

void rows_close(struct rows *r)
{
	if (!r)
		return;
	lines_close(r->lines);
	csv_free(&r->csv);
	buf_release(&r->text);
	buf_release(&r->bytes);
	free(r->fields);
	free(r->ends);
	free(r);
}

static void end_field(struct rows *r)
{
	xgrow(&r->ends, &r->ends_cap, r->n + 1, sizeof(*r->ends));
	r->ends[r->n++] = r->bytes.len;
}

static void on_field(void *p, size_t len, void *ctx)
{
	struct rows *r = ctx;

	r->more = r->ended;
	buf_add(&r->bytes, p, len);
	end_field(r);
}

static void on_row(int c, void *ctx)
{
	struct rows *r = ctx;

	(void)c;
	r->ended = true;
}

static int csv_fail(const struct rows *r, const char *what, struct err *err)
{
	return err_set(err, "%s: line %" PRIu64 ": %s", lines_name(r->lines),
		r->line, what);
}

/* Takes one line; the row goes on when it ends inside quotes. */
static int take_csv(struct rows *r, struct str line, struct err *err)
{
	if (csv_parse(&r->csv, line.s, line.len, on_field, on_row, r) !=
			line.len ||
		csv_parse(&r->csv, "\n", 1, on_field, on_row, r) != 1)
		return csv_fail(r,
			"a quote stands inside a field that is not in quotes",
			err);
	if (r->more)
		return csv_fail(r,
			"a carriage return stands inside a field that is not "
			"in quotes",
			err);
	return 0;
}

static void take_tsv(struct rows *r, struct str line)
{
	static const char from[] = "tnr\\", to[] = "\t\n\r\\";

	for (size_t i = 0; i < line.len; i++) {
		char c = line.s[i];
		const char *at;

		if (c == '\t') {
			end_field(r);
			continue;
		}
		if (c == '\\' && i + 1 < line.len &&
			(at = memchr(from, line.s[i + 1], 4))) {
			c = to[at - from];
			i++;
		}
		buf_addc(&r->bytes, c);
	}
	end_field(r);
	r->ended = true;
}

static bool is_blank(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.s[i] != '\r')
			return false;
	return true;
}

/* The next line, as a part of the row: 1, 0 at the end of the file, -1. */
static int take_line(struct rows *r, struct err *err)
{
	struct str line;
	bool first = !r->begun;
	int rc = lines_next(r->lines, &line, err);

	if (rc < 0)
		return -1;
	if (!rc && r->begun)
		return csv_fail(r, "a quote is not closed", err);
	if (!rc)
		return 0;
	if (first) {
		r->line = lines_number(r->lines);
		if (is_blank(line))
			return 1;
		r->begun = true;
		r->row = line;
	} else {
		buf_addc(&r->text, '\n');
		buf_add(&r->text, line.s, line.len);
		r->row = (struct str){r->text.data, r->text.len};
	}
	if (r->row.len > r->limit)
		return err_set(err,
			"%s: line %" PRIu64 ": the row has more than %" PRIu64
			" bytes",
			lines_name(r->lines), r->line, r->limit);
	if (r->kind == ROWS_CSV && take_csv(r, line, err))
		return -1;
	if (r->kind == ROWS_TSV) {
		line.len -= line.s[line.len - 1] == '\r';
		take_tsv(r, line);
	}
	if (first && !r->ended)
		buf_add(&r->text, line.s, line.len);
	return 1;
}

int rows_next(struct rows *r, const struct str **fields, size_t *n,
	struct err *err)
{
	int rc;

	r->n = 0;
	r->begun = r->ended = false;
	buf_reset(&r->text);
	buf_reset(&r->bytes);
	while (!r->ended) {
		rc = take_line(r, err);
		if (rc <= 0)
			return rc;
	}
	xgrow(&r->fields, &r->cap, r->n, sizeof(*r->fields));
	for (size_t i = 0; i < r->n; i++) {
		size_t begin = i ? r->ends[i - 1] : 0;

		r->fields[i] =
			(struct str){r->bytes.data + begin, r->ends[i] - begin};
	}
	*fields = r->fields;
	*n = r->n;
	return 1;
}

uint64_t rows_line(const struct rows *r)
{
	return r->line;
}

struct str rows_text(const struct rows *r)
{
	struct str s = r->row;

	s.len -= s.len && s.s[s.len - 1] == '\r';
	return s;
}

const char *rows_name(const struct rows *r)
{
	return lines_name(r->lines);
}

enum rows_kind rows_kind_of(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && (!strcmp(path + n - 4, ".tsv") ||
				!strcmp(path + n - 4, ".tab"))
		       ? ROWS_TSV
		       : ROWS_CSV;
}
