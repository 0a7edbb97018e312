#include "base/base.h"
#include "base/tsv.h"
#include "base/io.h"

#define MAX_TABLE (UINT64_C(64) << 20)

int tsv_load(const char *path, const char *data_name, struct buf *text,
	struct err *err)
{
	if (path)
		return load_file(path, MAX_TABLE, text, err);
	return load_data_file(data_name, text, err);
}

struct tsv tsv_begin(const char *name, const char *text, size_t len)
{
	struct str rows = str_skip_bom((struct str){text, len});

	return (struct tsv){name, rows.s, rows.s + rows.len, 0};
}

int tsv_fail(const struct tsv *t, struct err *err)
{
	return err_prefix(err, "%s: line %zu", t->name, t->line);
}

/* The next line that is a row; false at the end. */
static bool next_line(struct tsv *t, struct str *line)
{
	while (t->p < t->end) {
		const char *nl = memchr(t->p, '\n', (size_t)(t->end - t->p));
		const char *stop = nl ? nl : t->end;

		*line = (struct str){t->p, (size_t)(stop - t->p)};
		t->p = nl ? nl + 1 : t->end;
		t->line++;
		if (line->len && line->s[line->len - 1] == '\r')
			line->len--;
		if (line->len && line->s[0] != '#')
			return true;
	}
	return false;
}

int tsv_next(struct tsv *t, struct str *fields, size_t n, struct err *err)
{
	struct str line;
	size_t have = 0;
	bool more = true;

	if (!next_line(t, &line))
		return 0;
	while (more) {
		const char *tab = memchr(line.s, '\t', line.len);
		size_t len = tab ? (size_t)(tab - line.s) : line.len;

		if (have < n)
			fields[have] = (struct str){line.s, len};
		have++;
		if (!len) {
			err_set(err, "field %zu is empty", have);
			return tsv_fail(t, err);
		}
		more = tab != NULL;
		line.s += len + more;
		line.len -= len + more;
	}
	if (have != n) {
		err_set(err,
			"%zu fields instead of %zu (between two there is "
			"one tab)",
			have, n);
		return tsv_fail(t, err);
	}
	return 1;
}
