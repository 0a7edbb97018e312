#include "base/base.h"
#include "split/priv.h"
#include "base/io.h"
#include "base/log.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

/* Records that wait in memory. */
enum { MEMORY = 64 << 20 };

/* The part of an item that is kept. */
static int assign(struct split *s, struct item *item, size_t *part,
	struct err *err)
{
	switch (s->o->mode) {
	case SPLIT_TURNS:
		*part = (size_t)(s->next++ % s->o->n);
		return 0;
	case SPLIT_HASH:
		split_by_hash(s, item, part);
		return 0;
	case SPLIT_VALUES:
		split_by_value(s, item, part);
		return 0;
	case SPLIT_CELLS:
		return split_by_cell(s, item, part, err);
	case SPLIT_RATIO:
		split_by_ratio(s, item, part);
		return 0;
	}
	return 0;
}

static int read_all(struct split *s, struct exclude *exclude, struct err *err)
{
	struct item *item;
	size_t part = 0;
	int rc;

	while ((rc = filter_next(s->f, &item, err)) > 0) {
		if (exclude)
			exclude_judge(exclude, item);
		if (item->verdict == KEEP && assign(s, item, &part, err))
			return -1;
		if (item->verdict != KEEP) {
			if (filter_emit(s->f, item, err))
				return -1;
			continue;
		}
		if (parts_add(s->parts, part, rec_bytes(&item->rec, &s->room),
			    err))
			return -1;
		item_free(item);
	}
	return rc;
}

/* Whether two names mean one regular file; a is NULL for standard input. */
static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	if ((a ? stat(a, &x) : fstat(STDIN_FILENO, &x)) || stat(b, &y))
		return false;
	return S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static void part_path(const struct split *s, size_t part, struct buf *path)
{
	buf_reset(path);
	buf_addf(path, "%s%05zu.rec", s->o->prefix, part);
	buf_str(path);
}

/* Where no file can be made, that is known before hours of reading. */
static int check_folder(const char *prefix, struct err *err)
{
	const char *slash = strrchr(prefix, '/');
	size_t len = slash ? (size_t)(slash - prefix) + 1 : 0;
	char *dir = len ? xmemdup0(prefix, len) : xstrdup(".");
	int rc = 0;

	if (access(dir, W_OK | X_OK) < 0)
		rc = err_errno(err, "cannot write to the folder '%s'", dir);
	free(dir);
	return rc;
}

/* No file takes the place of what was read. */
static int check_paths(const struct split *s, struct err *err)
{
	struct buf path = BUF_INIT;
	int rc = 0;

	for (size_t i = 0; i < parts_count(s->parts) && !rc; i++) {
		part_path(s, i, &path);
		if (same_file(NULL, path.data) ||
			(s->o->excluded &&
				same_file(s->o->excluded, path.data)))
			rc = err_set(err,
				"'%s' is what was read: another -o PREFIX "
				"keeps it",
				path.data);
	}
	buf_release(&path);
	return rc;
}

static uint64_t copies_in(const struct split *s, size_t part)
{
	return s->copies ? s->copies[part] : 0;
}

/* What the records of a part have in common. */
static void add_value(const struct split *s, size_t part, struct buf *b)
{
	struct str v = {NULL, 0};

	if (s->o->mode == SPLIT_RATIO)
		v = ratio_name(&s->o->ratio, part);
	else if (s->o->mode == SPLIT_VALUES || s->o->mode == SPLIT_CELLS)
		v = s->names.entries[part].key;
	else
		buf_addf(b, "%zu", part);
	for (size_t i = 0; i < v.len; i++) {
		static const char plain[] = "\t\n\r\\", letters[] = "tnr\\";
		const char *at = v.s[i] ? strchr(plain, v.s[i]) : NULL;

		if (at)
			buf_addc(b, '\\');
		buf_addc(b, at ? letters[at - plain] : v.s[i]);
	}
}

static int write_table(const struct split *s, struct outfile *to,
	struct err *err)
{
	struct buf b = BUF_INIT, path = BUF_INIT;
	int rc;

	buf_adds(&b, "file\trecords\thalo\tvalue\n");
	for (size_t i = 0; i < parts_count(s->parts); i++) {
		part_path(s, i, &path);
		buf_addf(&b, "%s\t%" PRIu64 "\t%" PRIu64 "\t", path.data,
			parts_records(s->parts, i) - copies_in(s, i),
			copies_in(s, i));
		add_value(s, i, &b);
		buf_addc(&b, '\n');
	}
	rc = write_all(to->fd, b.data, b.len, err);
	if (rc)
		err_prefix(err, "%s", s->o->table);
	else
		rc = outfile_commit(to, err);
	buf_release(&b);
	buf_release(&path);
	return rc;
}

static int write_part(struct split *s, size_t part, const struct headers *h,
	struct buf *path, struct err *err)
{
	part_path(s, part, path);
	if (parts_write(s->parts, part, path->data, h, err))
		return -1;
	filter_count_out(s->f,
		parts_records(s->parts, part) - copies_in(s, part));
	buf_addc(path, '\n');
	if (write_all(STDOUT_FILENO, path->data, path->len, err))
		return err_prefix(err, "standard output");
	return 0;
}

static int write_all_parts(struct split *s, struct err *err)
{
	struct headers h = HEADERS_INIT;
	struct outfile table = OUTFILE_INIT;
	struct buf path = BUF_INIT;
	uint64_t copies = 0;
	size_t n = parts_count(s->parts);
	int rc = check_paths(s, err);

	/* open before the parts are: then none of them can be the same file */
	if (!rc && s->o->table)
		rc = outfile_open(&table, s->o->table, err);
	if (!rc)
		rc = filter_provenance(s->f, &h, err);
	for (size_t i = 0; i < n && !rc; i++) {
		rc = write_part(s, i, &h, &path, err);
		copies += copies_in(s, i);
	}
	headers_release(&h);
	buf_release(&path);
	if (!rc && s->o->table)
		rc = write_table(s, &table, err);
	outfile_abort(&table);
	if (!rc && close(STDOUT_FILENO) < 0)
		rc = err_errno(err, "standard output");
	if (!rc && s->halo)
		log_info("%zu files, with %" PRIu64 " copies for margins", n,
			copies);
	else if (!rc)
		log_info("%zu file%s", n, n == 1 ? "" : "s");
	return rc;
}

int split_run(struct filter *f, const struct split_opts *o,
	struct exclude *exclude, struct err *err)
{
	struct split s = {.o = o, .f = f, .names = MAP_INIT, .room = BUF_INIT};
	int rc;

	if (check_folder(o->prefix, err))
		return -1;
	s.parts = parts_new(MEMORY, filter_max_record(f));
	if (o->mode == SPLIT_TURNS || o->mode == SPLIT_HASH)
		parts_reserve(s.parts, (size_t)o->n);
	else if (o->mode == SPLIT_RATIO)
		parts_reserve(s.parts, ratio_count(&o->ratio));
	else if (o->mode == SPLIT_CELLS && o->with_halo)
		s.halo = spool_new();
	rc = read_all(&s, exclude, err);
	if (!rc && o->mode == SPLIT_CELLS)
		rc = split_spread_halo(&s, err);
	if (!rc)
		rc = write_all_parts(&s, err);
	if (!rc)
		exclude_report(exclude);
	parts_free(s.parts);
	map_release(&s.names);
	spool_free(s.halo);
	free(s.at);
	free(s.copies);
	buf_release(&s.room);
	return rc;
}
