#include "base/base.h"
#include "form/columns.h"
#include "form/field.h"
#include "rec/pack.h"
#include "rec/stream.h"

enum { MAX_COLUMNS = 32768 };

/* A field: of one column, or a map of others. */
struct column {
	struct str name;
	struct path path; /* of a column: what the names point into */
	enum field_type type;
	size_t cell;
	struct column *parts; /* [nparts]; of a map */
	size_t nparts, cap;
};

struct columns {
	struct column root; /* a map: the record */
	size_t n;           /* cells of a row */
	bool need_id;
};

static bool is_map(const struct column *c)
{
	return c->nparts > 0;
}

static void release(struct column *c)
{
	for (size_t i = 0; i < c->nparts; i++)
		release(&c->parts[i]);
	free(c->parts);
	path_release(&c->path);
}

void columns_free(struct columns *c)
{
	if (!c)
		return;
	release(&c->root);
	free(c);
}

static struct column *find(const struct column *map, struct str name)
{
	for (size_t i = 0; i < map->nparts; i++)
		if (str_eq(map->parts[i].name, name))
			return &map->parts[i];
	return NULL;
}

static struct column *add_part(struct column *map, struct str name)
{
	struct column *part;

	xgrow(&map->parts, &map->cap, map->nparts + 1, sizeof(*map->parts));
	part = &map->parts[map->nparts++];
	*part = (struct column){.name = name, .path = PATH_INIT};
	return part;
}

/* Takes the path over. */
static int add_column(struct columns *c, struct path path, size_t cell,
	struct err *err)
{
	struct column *at = &c->root, *part;
	enum field_type type;

	if (field_type_at(&path, &type, err))
		goto fail;
	for (size_t i = 0; i < path.n; i++) {
		bool last = i + 1 == path.n;

		part = find(at, path.parts[i]);
		if (part && (last || !is_map(part))) {
			err_set(err, "another column makes that field already");
			goto fail;
		}
		at = part ? part : add_part(at, path.parts[i]);
	}
	at->path = path;
	at->type = type;
	at->cell = cell;
	return 0;
fail:
	path_release(&path);
	return -1;
}

/* One name as it stands. */
static struct path plain_path(struct str name)
{
	struct path p = {xcalloc(1, sizeof(*p.parts)), 1,
		xmemdup0(name.s, name.len)};

	p.parts[0] = (struct str){p.text, name.len};
	return p;
}

static int read_name(struct columns *c, struct str name, size_t cell,
	const char *id, struct err *err)
{
	struct path path;

	if (!name.len)
		return 0;
	if (!utf8_valid(name.s, name.len))
		return err_set(err, "the name is not UTF-8");
	if (id && str_is(name, id)) {
		c->need_id = true;
		return add_column(c, plain_path(str_from("id")), cell, err);
	}
	if (id && str_is(name, "id"))
		return 0;
	if (!memchr(name.s, '.', name.len) && !memchr(name.s, '"', name.len))
		path = plain_path(name);
	else if (path_parse(&path, name, err))
		return -1;
	if (str_is(path.parts[0], KEY_HEADER) ||
		str_is(path.parts[0], KEY_END)) {
		path_release(&path);
		return err_set(err, "the name is reserved");
	}
	return add_column(c, path, cell, err);
}

struct columns *columns_new(const struct str *names, size_t n, const char *id,
	struct err *err)
{
	struct columns *c = xcalloc(1, sizeof(*c));

	c->root.path = (struct path)PATH_INIT;
	c->n = n;
	if (n > MAX_COLUMNS) {
		err_set(err, "%zu columns are more than %d", n, MAX_COLUMNS);
		goto fail;
	}
	for (size_t i = 0; i < n; i++) {
		if (read_name(c, names[i], i, id, err)) {
			err_prefix(err, "column '%.*s'",
				(int)MIN(names[i].len, 200), names[i].s);
			goto fail;
		}
	}
	if (!id || c->need_id)
		return c;
	err_set(err, "there is no column '%s'", id);
fail:
	columns_free(c);
	return NULL;
}

bool columns_have(const struct columns *c, const char *field)
{
	return find(&c->root, str_from(field)) != NULL;
}

static bool is_there(const struct column *c, const struct str *cells)
{
	if (!is_map(c))
		return cells[c->cell].len > 0;
	for (size_t i = 0; i < c->nparts; i++)
		if (is_there(&c->parts[i], cells))
			return true;
	return false;
}

static size_t count(const struct column *map, const struct str *cells)
{
	size_t n = 0;

	for (size_t i = 0; i < map->nparts; i++)
		n += is_there(&map->parts[i], cells);
	return n;
}

static int pack_parts(const struct column *map, const struct str *cells,
	struct buf *b, struct err *err)
{
	for (size_t i = 0; i < map->nparts; i++) {
		const struct column *c = &map->parts[i];
		int rc;

		if (!is_there(c, cells))
			continue;
		pack_str(b, c->name.s, c->name.len);
		if (is_map(c)) {
			pack_map(b, count(c, cells));
			rc = pack_parts(c, cells, b, err);
		} else {
			rc = field_add_text(b, c->type, cells[c->cell], err);
		}
		if (rc)
			return err_prefix(err, "%.*s", (int)c->name.len,
				c->name.s);
	}
	return 0;
}

int columns_count(const struct columns *c, const struct str *cells, size_t n,
	size_t *fields, struct err *err)
{
	if (n != c->n)
		return err_set(err, "%zu fields instead of %zu", n, c->n);
	for (size_t i = 0; i < n; i++)
		if (!utf8_valid(cells[i].s, cells[i].len))
			return err_set(err,
				"field %zu is not UTF-8: convert the file with "
				"iconv",
				i + 1);
	if (c->need_id && !is_there(find(&c->root, str_from("id")), cells))
		return err_set(err, "it has no id");
	*fields = count(&c->root, cells);
	return 0;
}

int columns_pack(const struct columns *c, const struct str *cells,
	struct buf *b, struct err *err)
{
	return pack_parts(&c->root, cells, b, err);
}
