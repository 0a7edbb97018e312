#include "base/base.h"
#include "form/join_priv.h"
#include "base/half.h"
#include "base/io.h"
#include "base/lines.h"
#include "codec/npy.h"
#include "form/rows.h"
#include "form/field.h"

#include <inttypes.h>

#define MAX_ARRAY (UINT64_C(64) << 30)

/* What the columns of a table are. */
struct header {
	size_t n;       /* cells of a row */
	size_t on;      /* the one with the ids */
	size_t *column; /* [n] the number of the join's column */
};

/* The path that is one name, whatever signs are in it. */
static int name_path(struct path *p, struct str name, struct err *err)
{
	struct buf quoted = BUF_INIT;
	int rc;

	path_add_name(&quoted, name);
	rc = path_parse(p, (struct str){quoted.data, quoted.len}, err);
	buf_release(&quoted);
	return rc;
}

/* No field may be called as what begins a control record; takes p if so. */
static int check_path(struct path *p, struct err *err)
{
	if (!str_is(p->parts[0], KEY_HEADER) && !str_is(p->parts[0], KEY_END))
		return 0;
	path_release(p);
	return err_set(err, "the name is reserved");
}

/* A name that cannot be meant as a path, "Height (m)", is one as it stands. */
static int column_path(struct path *p, struct str name, struct err *err)
{
	bool path = !name.len || memchr(name.s, '.', name.len) ||
		    memchr(name.s, '"', name.len);
	int rc = path ? path_parse(p, name, err) : name_path(p, name, err);

	return rc ? -1 : check_path(p, err);
}

static int read_header(struct join *j, const struct str *cells, size_t n,
	struct header *h, struct err *err)
{
	struct map seen = MAP_INIT;
	int rc = 0;

	h->n = h->on = n;
	h->column = xcalloc(n, sizeof(*h->column));
	for (size_t i = 0; i < n && !rc; i++) {
		struct path p;

		if (column_path(&p, cells[i], err)) {
			rc = err_prefix(err, "column %zu", i + 1);
			break;
		}
		if ((*map_put(&seen, cells[i]))++)
			rc = err_set(err, "column '%.*s' is there twice",
				(int)MIN(cells[i].len, 100), cells[i].s);
		if (!rc && p.n == 1 && str_is(p.parts[0], j->o.on)) {
			h->on = i;
			path_release(&p);
			continue;
		}
		h->column[i] = join_add_column(j, p);
	}
	map_release(&seen);
	if (!rc && h->on == n)
		return err_set(err,
			"no column is called '%s', which is what it is joined "
			"on (--on id|key)",
			j->o.on);
	return rc;
}

static int read_row(struct join *j, const struct header *h,
	const struct str *cells, size_t n, uint64_t line, struct err *err)
{
	if (n != h->n)
		return err_set(err, "%zu cells, not %zu as in the first line",
			n, h->n);
	if (!cells[h->on].len)
		return err_set(err, "'%s' is empty", j->o.on);
	if (join_add_row(j, cells[h->on], line, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		size_t c = h->column[i];
		enum field_type type;

		if (i == h->on || !cells[i].len)
			continue;
		pack_u64(&j->cells, c);
		if (field_type_at(&j->columns[c], &type, err) ||
			field_add_text(&j->cells, type, cells[i], err))
			return err_prefix(err, "column %zu", i + 1);
	}
	join_end_row(j);
	return 0;
}

int join_read_table(struct join *j, struct err *err)
{
	const char *path = j->o.file;
	struct rows *rows =
		rows_open(path, rows_kind_of(path), MAX_RECORD, err);
	struct header h = {0, 0, NULL};
	const struct str *cells;
	bool first = true;
	size_t n;
	int rc;

	if (!rows)
		return -1;
	j->unit = "line";
	while ((rc = rows_next(rows, &cells, &n, err)) > 0) {
		rc = first ? read_header(j, cells, n, &h, err)
			   : read_row(j, &h, cells, n, rows_line(rows), err);
		first = false;
		if (rc) {
			err_prefix(err, "%s: line %" PRIu64, path,
				rows_line(rows));
			break;
		}
	}
	if (!rc && first)
		rc = err_set(err,
			"%s: the first line, which names the fields, "
			"is missing",
			path);
	free(h.column);
	rows_close(rows);
	return rc;
}

/* One record of a stream: all its fields but that with the id. */
static int read_record(void *ctx, struct rec *r, struct err *err)
{
	struct join *j = ctx;
	struct str key;
	int rc = rec_get_str(r, j->o.on, &key, err);

	if (!rc)
		return err_set(err,
			"a record has no '%s', which is what it is "
			"joined on (--on id|key)",
			j->o.on);
	if (rc < 0 || join_add_row(j, key, j->nrows + 1, err))
		return -1;
	for (size_t i = 0; i < r->n; i++) {
		size_t before = j->names.len, *column;
		struct path p = PATH_INIT;

		if (str_is(r->fields[i].key, j->o.on) ||
			str_is(r->fields[i].key, "reject"))
			continue;
		column = map_put(&j->names, r->fields[i].key);
		if (j->names.len > before) {
			if (name_path(&p, r->fields[i].key, err))
				return -1;
			*column = join_add_column(j, p);
		}
		pack_u64(&j->cells, *column);
		pack_val(&j->cells, r->fields[i].val);
	}
	join_end_row(j);
	return 0;
}

int join_read_records(struct join *j, struct filter *f, struct err *err)
{
	struct headers headers = HEADERS_INIT;
	uint8_t sha256[32];
	uint64_t bytes;
	int rc;

	j->unit = "record";
	rc = rec_read_file(j->o.file, read_record, j, &headers, sha256, &bytes,
		err);
	if (!rc) {
		filter_add_headers(f, &headers);
		filter_add_input(f, j->o.file, bytes, sha256);
		filter_add_end_input(f, j->o.file, bytes, sha256);
	}
	headers_release(&headers);
	return rc;
}

/* One row of an array as the field's value. */
static void add_vector(struct buf *b, const struct npy *a, uint64_t row,
	struct buf *bytes)
{
	uint64_t dim = a->shape[1];

	buf_reset(bytes);
	for (uint64_t i = row * dim; i < (row + 1) * dim; i++) {
		float x = (float)npy_f64(a, i);
		uint32_t bits;

		if (a->width == 2)
			bits = half_from_f32(x);
		else
			memcpy(&bits, &x, sizeof(bits));
		for (unsigned k = 0; k < MIN(a->width, 4); k++)
			buf_addc(bytes, (char)(bits >> 8 * k));
	}
	pack_bin(b, bytes->data, bytes->len);
}

static void add_scalar(struct buf *b, const struct npy *a, uint64_t row)
{
	int64_t i;

	if (a->kind == NPY_BOOL)
		pack_bool(b, npy_f64(a, row) != 0);
	else if (!npy_i64(a, row, &i))
		pack_i64(b, i);
	else
		pack_f64(b, npy_f64(a, row));
}

static int check_array(struct join *j, const struct npy *a, struct err *err)
{
	if (!(a->ndim == 1 || (a->ndim == 2 && a->kind == NPY_FLOAT)))
		return err_set(err,
			"%s: has %zu dimensions: an array of one, "
			"or floats in two, can be joined",
			j->o.file, a->ndim);
	if (a->ndim == 2 && a->shape[1] > MAX_RECORD / 8)
		return err_set(err,
			"%s: rows of %" PRIu64 " numbers are too "
			"long for a record",
			j->o.file, a->shape[1]);
	return 0;
}

static int add_column_of_array(struct join *j, const struct npy *a,
	struct err *err)
{
	char *name = j->o.as ? xstrdup(j->o.as) : own_name(j->o.file);
	struct path p;
	int rc;

	if (!j->o.as)
		name[strlen(name) - strlen(".npy")] = '\0';
	rc = path_parse(&p, str_from(name), err);
	if (!rc)
		rc = check_path(&p, err);
	free(name);
	if (rc)
		return err_prefix(err, "%s: --join-as FIELD", j->o.file);
	if (a->ndim == 2 && p.n == 1 &&
		(str_is(p.parts[0], "img_emb") ||
			str_is(p.parts[0], "txt_emb")))
		j->emb_dtype = a->width == 2 ? "f16" : "f32";
	join_add_column(j, p);
	return 0;
}

static int add_rows(struct join *j, const struct npy *a, struct lines *ids,
	struct err *err)
{
	struct buf room = BUF_INIT;
	struct str id;
	uint64_t n = 0;
	int rc;

	while ((rc = lines_next(ids, &id, err)) > 0) {
		if (id.len && id.s[id.len - 1] == '\r')
			id.len--;
		if (n++ == a->shape[0])
			break;
		rc = join_add_row(j, id, n, err);
		if (rc) {
			err_prefix(err, "%s", j->o.ids);
			break;
		}
		pack_u64(&j->cells, 0);
		if (a->ndim == 2)
			add_vector(&j->cells, a, n - 1, &room);
		else
			add_scalar(&j->cells, a, n - 1);
		join_end_row(j);
	}
	buf_release(&room);
	if (rc < 0)
		return -1;
	if (n != a->shape[0])
		return err_set(err,
			"'%s' has %" PRIu64 " rows, '%s' %s lines: it must "
			"have one for each",
			j->o.file, a->shape[0], j->o.ids,
			n > a->shape[0] ? "more" : "fewer");
	return 0;
}

int join_read_array(struct join *j, struct err *err)
{
	struct npy a;
	struct lines *ids;
	int rc;

	j->unit = "line";
	if (npy_load(j->o.file, MAX_ARRAY, &a, err))
		return -1;
	rc = check_array(j, &a, err);
	if (!rc)
		rc = add_column_of_array(j, &a, err);
	ids = rc ? NULL : lines_open(j->o.ids, MAX_RECORD, err);
	if (ids)
		rc = add_rows(j, &a, ids, err);
	else
		rc = -1;
	lines_close(ids);
	npy_release(&a);
	return rc;
}
