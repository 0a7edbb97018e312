/*
 * OpenStreetMap files, PBF and XML: each pass over a file hands out the same
 * objects, at any number of threads and in the order of the file; their tags
 * are a map, their positions on the globe, and a tagged node is also among the
 * nodes that have a place.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "base/hash.h"
#include "osm/osm.h"

/* What a block has, and all blocks so far have: one hash behind the other. */
struct sum {
	struct xxh3 *hash;
	size_t objects;
	uint64_t last; /* the number of the last block */
	bool any;
};

static void *sum_new(void *ctx)
{
	struct sum *s = xcalloc(1, sizeof(*s));

	(void)ctx;
	s->hash = xxh3_new();
	return s;
}

static void sum_free(void *data)
{
	struct sum *s = data;

	xxh3_free(s->hash);
	free(s);
}

static void add_str(struct sum *s, struct str text)
{
	xxh3_add(s->hash, &text.len, sizeof(text.len));
	if (text.len)
		xxh3_add(s->hash, text.s, text.len);
}

static void add_pos(struct sum *s, struct geo_pos pos)
{
	HOLDS(!osm_somewhere(pos) ||
		(abs(pos.lon) <= 1800000000 && abs(pos.lat) <= 900000000));
	xxh3_add(s->hash, &pos, sizeof(pos));
}

static void add_members(struct sum *s, const struct osm_object *o)
{
	for (size_t i = 0; i < o->nmembers; i++) {
		const struct osm_member *m = &o->members[i];

		HOLDS(m->kind == OSM_NODE || m->kind == OSM_WAY ||
			m->kind == OSM_RELATION);
		xxh3_add(s->hash, &m->id, sizeof(m->id));
		add_str(s, m->role);
	}
}

static int take(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err)
{
	struct sum *s = b->data;

	(void)ctx, (void)err;
	HOLDS(b->kinds & o->kind);
	s->objects++;
	xxh3_add(s->hash, &o->id, sizeof(o->id));
	if (o->kind == OSM_NODE) {
		HOLDS(o->ntags && b->first != INT64_MAX);
		add_pos(s, o->pos);
	}
	for (size_t i = 0; i < o->ntags; i++) {
		add_str(s, o->tags[i].key);
		add_str(s, o->tags[i].value);
		for (size_t k = 0; k < i && i < 32; k++)
			HOLDS(!str_eq(o->tags[i].key, o->tags[k].key));
	}
	for (size_t i = 0; i < o->nrefs; i++) {
		xxh3_add(s->hash, &o->refs[i], sizeof(o->refs[i]));
		if (o->places)
			add_pos(s, o->places[i]);
	}
	add_members(s, o);
	return 0;
}

static void take_places(void *ctx, struct osm_batch *b, const int64_t *ids,
	const struct geo_pos *pos, size_t n)
{
	struct sum *s = b->data;

	(void)ctx;
	for (size_t i = 0; i < n; i++) {
		xxh3_add(s->hash, &ids[i], sizeof(ids[i]));
		add_pos(s, pos[i]);
	}
	HOLDS(!b->ascending || b->first <= b->last);
}

static int block_done(void *ctx, struct osm_batch *b, struct err *err)
{
	struct sum *all = ctx, *s = b->data;
	uint64_t hash = xxh3_value(s->hash);

	(void)err;
	HOLDS(!all->any || b->number > all->last);
	all->any = true;
	all->last = b->number;
	all->objects += s->objects;
	xxh3_add(all->hash, &hash, sizeof(hash));
	xxh3_free(s->hash);
	*s = (struct sum){.hash = xxh3_new()};
	return 0;
}

static bool wants_all(void *ctx, enum osm_kind kind, int64_t id, unsigned flags)
{
	(void)ctx, (void)kind, (void)id, (void)flags;
	return true;
}

static int passed_over(void *ctx, const char *what, struct err *err)
{
	(void)ctx, (void)err;
	HOLDS(*what);
	return 0;
}

/* With `skip` damaged blocks are passed over. */
static int pass(struct osm_file *f, unsigned threads, bool skip, uint64_t *hash)
{
	struct sum s = {.hash = xxh3_new()};
	struct err err = {""};
	struct osm_pass p = {.kinds = OSM_NODE | OSM_WAY | OSM_RELATION,
		.threads = threads,
		.staged = skip,
		.ctx = &s,
		.data_new = sum_new,
		.data_free = sum_free,
		.wants = wants_all,
		.object = take,
		.places = take_places,
		.done = block_done,
		.damaged = skip ? passed_over : NULL};
	int rc = osm_file_pass(f, &p, true, &err);

	HOLDS(!rc == !*err.msg);
	*hash = xxh3_value(s.hash) + s.objects;
	xxh3_free(s.hash);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = fuzz_file(data, size);
	struct buf path = BUF_INIT;
	struct osm_file *f;
	uint64_t first, second;
	struct err err;
	int rc;

	buf_addf(&path, "/proc/self/fd/%d", fd);
	f = osm_file_open(buf_str(&path), &(struct osm_reading){.threads = 1},
		&err);
	if (f) {
		rc = pass(f, 1, false, &first);
		HOLDS(rc == pass(f, 2, false, &second) && first == second);
		HOLDS(rc || osm_file_bytes(f) == size);
		if (pass(f, 1, true, &second))
			HOLDS(rc);
		else
			HOLDS(rc || first == second);
	}
	osm_file_close(f);
	buf_release(&path);
	close(fd);
	return 0;
}
