#include "base/base.h"
#include "form/labels.h"
#include "base/map.h"
#include "form/columns.h"
#include "form/rows.h"

#include <inttypes.h>

#define MAX_ROW (UINT64_C(1) << 24)

struct label {
	size_t begin, end; /* in fields */
	size_t pairs;
	bool used;
};

struct label_table {
	struct columns *columns; /* all but the first */
	size_t ncells;           /* the first too */
	struct map names;        /* to an index of rows, + 1 */
	struct label *rows;      /* [n] */
	size_t n, cap;
	struct buf fields;
};

void labels_free(struct label_table *t)
{
	if (!t)
		return;
	columns_free(t->columns);
	map_release(&t->names);
	free(t->rows);
	buf_release(&t->fields);
	free(t);
}

static int add_row(struct label_table *t, const struct str *cells, size_t n,
	struct err *err)
{
	struct label *row;
	size_t *at;

	if (n != t->ncells)
		return err_set(err, "%zu fields instead of %zu", n, t->ncells);
	at = map_put(&t->names, cells[0]);
	if (*at)
		return err_set(err, "'%.*s' stands here again",
			(int)MIN(cells[0].len, 200), cells[0].s);
	xgrow(&t->rows, &t->cap, t->n + 1, sizeof(*t->rows));
	row = &t->rows[t->n++];
	*at = t->n;
	*row = (struct label){.begin = t->fields.len};
	if (columns_count(t->columns, cells + 1, n - 1, &row->pairs, err) ||
		columns_pack(t->columns, cells + 1, &t->fields, err))
		return -1;
	row->end = t->fields.len;
	return 0;
}

/* What an image's own file says is not to be had from a table. */
static int check_columns(const struct columns *c, struct err *err)
{
	static const char *const own[] = {"key", "chip", "chip_fmt", "px"};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (columns_have(c, own[i]))
			return err_set(err,
				"the field '%s' comes from the image, not from "
				"a table",
				own[i]);
	return 0;
}

static int load(struct label_table *t, struct rows *rows, struct err *err)
{
	const struct str *cells;
	size_t n;
	int rc = rows_next(rows, &cells, &n, err);

	if (rc < 0)
		return -1;
	if (!rc || n < 2)
		return err_set(err,
			"%s: no header line with a column of names and more",
			rows_name(rows));
	t->ncells = n;
	t->columns = columns_new(cells + 1, n - 1, NULL, err);
	if (!t->columns || check_columns(t->columns, err))
		return err_prefix(err, "%s", rows_name(rows));
	while ((rc = rows_next(rows, &cells, &n, err)) > 0)
		if (add_row(t, cells, n, err))
			return err_prefix(err, "%s: line %" PRIu64,
				rows_name(rows), rows_line(rows));
	return rc;
}

struct label_table *labels_load(const char *path, struct err *err)
{
	struct rows *rows = rows_open(path, rows_kind_of(path), MAX_ROW, err);
	struct label_table *t;

	if (!rows)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	if (load(t, rows, err)) {
		labels_free(t);
		t = NULL;
	}
	rows_close(rows);
	return t;
}

bool labels_have(const struct label_table *t, const char *field)
{
	return columns_have(t->columns, field);
}

bool labels_find(struct label_table *t, struct str name, struct str *fields,
	size_t *pairs)
{
	const size_t *at = map_get(&t->names, name);
	struct label *row;

	if (!at)
		return false;
	row = &t->rows[*at - 1];
	row->used = true;
	*fields = (struct str){t->fields.data + row->begin,
		row->end - row->begin};
	*pairs = row->pairs;
	return true;
}

size_t labels_unused(const struct label_table *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += !t->rows[i].used;
	return n;
}
