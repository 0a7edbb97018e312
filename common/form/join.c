#include "base/base.h"
#include "form/join_priv.h"
#include "base/log.h"
#include "filter/table.h"
#include "rec/edit.h"

#include <inttypes.h>

enum kind { KIND_RECORDS, KIND_TABLE, KIND_ARRAY };

static enum kind kind_of(const char *path)
{
	static const struct {
		const char *end;
		enum kind kind;
	} ends[] = {
		{".csv", KIND_TABLE},
		{".tsv", KIND_TABLE},
		{".tab", KIND_TABLE},
		{".npy", KIND_ARRAY},
	};
	size_t n = strlen(path);

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (n > 4 && !strcmp(path + n - 4, ends[i].end))
			return ends[i].kind;
	return KIND_RECORDS;
}

int join_check(const struct join_options *o, struct err *err)
{
	bool array = o->file && kind_of(o->file) == KIND_ARRAY;

	if (!o->file && (o->on || o->ids || o->as))
		return err_set(err, "--on, --join-ids and --join-as go with "
				    "--join");
	if (array && !o->ids)
		return err_set(err, "--join of an .npy file needs --join-ids: "
				    "the ids of its rows, one a line");
	if (!array && (o->ids || o->as))
		return err_set(err, "--join-ids and --join-as go with --join "
				    "of an .npy file");
	if (o->file && strcmp(o->on, "id") && strcmp(o->on, "key"))
		return err_set(err, "--on takes one of id|key, not '%s'",
			o->on);
	return 0;
}

int join_add_row(struct join *j, struct str key, uint64_t place,
	struct err *err)
{
	size_t before = j->keys.len, *row = map_put(&j->keys, key);

	if (j->keys.len == before)
		return err_set(err,
			"%s '%.*s' stands in %s %" PRIu64 " and in %s %" PRIu64,
			j->o.on, (int)MIN(key.len, 100), key.s, j->unit,
			j->rows[*row].place, j->unit, place);
	*row = j->nrows;
	xgrow(&j->rows, &j->rows_cap, j->nrows + 1, sizeof(*j->rows));
	j->rows[j->nrows++] =
		(struct join_row){j->cells.len, j->cells.len, place, false};
	return 0;
}

void join_end_row(struct join *j)
{
	j->rows[j->nrows - 1].end = j->cells.len;
}

size_t join_add_column(struct join *j, struct path path)
{
	xgrow(&j->columns, &j->columns_cap, j->ncolumns + 1,
		sizeof(*j->columns));
	j->columns[j->ncolumns] = path;
	return j->ncolumns++;
}

struct join *join_open(const struct join_options *o, struct filter *f,
	struct err *err)
{
	struct join *j = xcalloc(1, sizeof(*j));
	int rc = 0;

	j->o = *o;
	switch (kind_of(o->file)) {
	case KIND_RECORDS:
		rc = join_read_records(j, f, err);
		break;
	case KIND_TABLE:
		rc = filter_add_file(f, o->file, err);
		if (!rc)
			rc = join_read_table(j, err);
		break;
	case KIND_ARRAY:
		rc = filter_add_file(f, o->file, err);
		if (!rc)
			rc = filter_add_file(f, o->ids, err);
		if (!rc)
			rc = join_read_array(j, err);
		break;
	}
	if (!rc)
		return j;
	join_free(j);
	return NULL;
}

void join_free(struct join *j)
{
	if (!j)
		return;
	for (size_t i = 0; i < j->ncolumns; i++)
		path_release(&j->columns[i]);
	free(j->columns);
	free(j->rows);
	map_release(&j->names);
	map_release(&j->keys);
	buf_release(&j->cells);
	free(j);
}

/* The two embeddings of a record go by one emb_dtype. */
static bool dtype_fits(const struct join *j, struct item *item)
{
	bool image = str_is(j->columns[0].parts[0], "img_emb");
	struct str have;
	struct err why;

	if (!rec_has(&item->rec, image ? "txt_emb" : "img_emb") ||
		(rec_get_str(&item->rec, "emb_dtype", &have, &why) > 0 &&
			str_is(have, j->emb_dtype)))
		return true;
	item_fault(item, "bad emb_dtype",
		"the record's other embedding is not %s", j->emb_dtype);
	return false;
}

static void put_row(const struct join *j, const struct join_row *row,
	struct rec *r)
{
	const uint8_t *p = (const uint8_t *)j->cells.data + row->begin;
	const uint8_t *end = (const uint8_t *)j->cells.data + row->end;
	struct val column, v;
	uint64_t c = 0;

	while (p < end && val_at(p, (size_t)(end - p), &column)) {
		struct buf b;

		p += column.len;
		if (val_u64(column, &c) || c >= j->ncolumns ||
			!val_at(p, (size_t)(end - p), &v))
			return;
		p += v.len;
		b = (struct buf){(char *)v.p, v.len, 0};
		rec_set_path(r, &j->columns[c], &b);
	}
}

void join_apply(struct join *j, struct item *item)
{
	struct str key = {"", 0};
	struct err why;
	size_t *row;
	int rc = rec_get_str(&item->rec, j->o.on, &key, &why);

	if (rc < 0) {
		item_fault(item, "bad key", "%s", why.msg);
		return;
	}
	row = rc ? map_get(&j->keys, key) : NULL;
	if (!row) {
		j->unmatched++;
		return;
	}
	j->matched++;
	j->rows[*row].used = true;
	if (j->emb_dtype && !dtype_fits(j, item))
		return;
	put_row(j, &j->rows[*row], &item->rec);
	if (j->emb_dtype)
		rec_set_str(&item->rec, "emb_dtype", j->emb_dtype,
			strlen(j->emb_dtype));
}

void join_say(const struct join *j)
{
	uint64_t unused = 0;

	for (size_t i = 0; i < j->nrows; i++)
		unused += !j->rows[i].used;
	log_info("joined %" PRIu64 " records with '%s', %" PRIu64
		 " are not in it; %" PRIu64 " of its %zu rows were not used",
		j->matched, j->o.file, j->unmatched, unused, j->nrows);
	if (!j->matched && j->unmatched && j->nrows)
		log_warn("no record has %s '%.*s' or any other of '%s': is it "
			 "joined on the right field? (--on id|key)",
			j->o.on, (int)MIN(j->keys.entries[0].key.len, 100),
			j->keys.entries[0].key.s, j->o.file);
}
