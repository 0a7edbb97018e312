#include "base/base.h"
#include "form/missing.h"
#include "base/map.h"
#include "base/spell.h"

/* Of so many names the nearest is looked for. */
enum { MAX_NAMES = 10000 };

struct one {
	const struct path *path;
	char *text;
	struct map names; /* as paths, of what stood beside it */
};

struct missing {
	struct one *items; /* [n] */
	size_t n, cap;
	struct buf room;
};

struct missing *missing_new(void)
{
	return xcalloc(1, sizeof(struct missing));
}

static void release(struct one *one)
{
	free(one->text);
	map_release(&one->names);
}

void missing_free(struct missing *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		release(&m->items[i]);
	free(m->items);
	buf_release(&m->room);
	free(m);
}

/* The path's first n parts as text. */
static void add_path(struct buf *b, const struct path *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(b, '.');
		path_add_name(b, p->parts[i]);
	}
}

void missing_add(struct missing *m, const struct path *path)
{
	struct buf text = BUF_INIT;

	add_path(&text, path, path->n);
	for (size_t i = 0; i < m->n; i++)
		if (!strcmp(m->items[i].text, buf_str(&text))) {
			buf_release(&text);
			return;
		}
	xgrow(&m->items, &m->cap, m->n + 1, sizeof(*m->items));
	m->items[m->n++] = (struct one){path, buf_detach(&text), MAP_INIT};
}

static void add_name(struct missing *m, struct one *one, const char *prefix,
	struct str name)
{
	if (one->names.len >= MAX_NAMES)
		return;
	buf_reset(&m->room);
	buf_adds(&m->room, prefix);
	path_add_name(&m->room, name);
	map_put(&one->names, (struct str){m->room.data, m->room.len});
}

static void add_keys(struct missing *m, struct one *one, const char *prefix,
	struct val map)
{
	struct val_iter it = val_iter(map);
	struct val key = {NULL, 0}, v;
	struct str name;

	while (it.map && val_next(&it, &key, &v))
		if (!val_str(key, &name))
			add_name(m, one, prefix, name);
}

/* What the record has where the path ends too early. */
static void remember(struct missing *m, struct one *one, const struct rec *r)
{
	struct path way = *one->path;
	struct buf prefix = BUF_INIT;
	struct val v;

	while (--way.n)
		if (rec_get_path(r, &way, &v))
			break;
	if (way.n) {
		add_path(&prefix, &way, way.n);
		buf_addc(&prefix, '.');
		add_keys(m, one, buf_str(&prefix), v);
		buf_release(&prefix);
		return;
	}
	for (size_t i = 0; i < r->n; i++)
		add_name(m, one, "", r->fields[i].key);
	/* a tag's key alone is what one forgets to put "tags." before */
	if (one->path->n == 1 && rec_get(r, "tags", &v))
		add_keys(m, one, "tags.", v);
}

void missing_see(struct missing *m, const struct rec *r)
{
	struct val v;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		struct one *one = &m->items[i];

		if (rec_get_path(r, one->path, &v)) {
			release(one);
			continue;
		}
		remember(m, one, r);
		m->items[n++] = *one;
	}
	m->n = n;
}

/* The name that was meant, or NULL. */
static const struct map_entry *nearest(const struct one *one)
{
	struct spell s = {.word = str_from(one->text)};

	for (size_t i = 0; i < one->names.len; i++) {
		const struct map_entry *e = &one->names.entries[i];
		struct str key = e->key;

		spell_try(&s, key, e);
		if (one->path->n == 1 && str_starts(key, "tags.")) {
			key.s += strlen("tags.");
			key.len -= strlen("tags.");
			spell_try(&s, key, e);
		}
	}
	return s.best;
}

bool missing_explain(const struct missing *m, struct buf *out)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct map_entry *e = nearest(&m->items[i]);

		buf_addf(out, "%sno record has '%s'", i ? ", " : "",
			m->items[i].text);
		if (e)
			buf_addf(out, " (did you mean '%s'?)", e->key.s);
	}
	return m->n > 0;
}
