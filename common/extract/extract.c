#include "base/base.h"
#include "extract/priv.h"
#include "base/memory.h"

#include <inttypes.h>

/* Less room for positions than this is taken without a look. */
enum { CHECKED_BYTES = 64 << 20 };

/* What history.h says of a node that is at one place. */
enum { MOVES_BYTES = 24 };

void made_reset(struct made *m)
{
	buf_reset(&m->records);
	buf_reset(&m->packed);
	buf_reset(&m->texts);
	m->n = m->nasides = m->nplaces = m->nways = 0;
	m->last = m->npast = m->nrefs = 0;
}

static void *made_new(void *ctx)
{
	struct made *m = xcalloc(1, sizeof(*m));

	(void)ctx;
	made_reset(m);
	return m;
}

void made_release(struct made *m)
{
	buf_release(&m->records);
	buf_release(&m->packed);
	buf_release(&m->texts);
	free(m->asides);
	runs_release(&m->runs);
	free(m->ids);
	free(m->pos);
	free(m->ways);
	free(m->from);
	free(m->past);
	free(m->refs);
}

static void made_free(void *data)
{
	made_release(data);
	free(data);
}

/* Whether the node ids of all blocks so far ascend. */
static void check_order(struct extract *x, const struct osm_batch *b)
{
	if (b->ascending && b->first > b->last) /* it has none */
		return;
	if (!b->ascending || b->first <= x->last_node)
		x->ascending = false;
	x->last_node = b->last;
}

static bool is_member(const struct extract *x, enum osm_kind kind, int64_t id)
{
	return kind == OSM_WAY && idset_has(&x->members.wanted, id);
}

static bool wants(void *ctx, enum osm_kind kind, int64_t id, unsigned flags)
{
	return (flags & FLAG_CHOSEN) || is_member(ctx, kind, id);
}

static uint8_t key_flags(void *ctx, unsigned worker, struct str key)
{
	struct extract *x = ctx;

	if (x->rooms[worker].seen)
		select_seen_add(x->rooms[worker].seen, key);
	return (uint8_t)((select_key(x->o->select, key) ? FLAG_CHOSEN : 0) |
			 (area_rules_key(x->o->rules, key) ? FLAG_AREA : 0));
}

static void put_places(void *ctx, struct osm_batch *b, const int64_t *ids,
	const struct geo_pos *pos, size_t n)
{
	struct extract *x = ctx;
	struct made *m = b->data;

	if (x->o->node_store)
		for (size_t i = 0; i < n; i++)
			nodes_put(&x->nodes, ids[i], pos[i]);
	else
		runs_put(&m->runs, &x->nodes, ids, pos, n);
}

/* Positions to be put in order: of two nodes with one id the later counts. */
static void keep_places(void *ctx, struct osm_batch *b, const int64_t *ids,
	const struct geo_pos *pos, size_t n)
{
	struct extract *x = ctx;
	struct made *m = b->data;

	xgrow(&m->ids, &m->ids_cap, m->nplaces + n, sizeof(*m->ids));
	xgrow(&m->pos, &m->pos_cap, m->nplaces + n, sizeof(*m->pos));
	for (size_t i = 0; i < n; i++) {
		if (!idset_has(&x->nodes.wanted, ids[i]))
			continue;
		m->ids[m->nplaces] = ids[i];
		m->pos[m->nplaces++] = pos[i];
	}
}

static int put_kept(void *ctx, struct osm_batch *b, struct err *err)
{
	struct extract *x = ctx;
	struct made *m = b->data;

	(void)err;
	for (size_t i = 0; i < m->nplaces; i++)
		nodes_put(&x->nodes, m->ids[i], m->pos[i]);
	made_reset(m);
	return 0;
}

bool wants_none(void *ctx, enum osm_kind kind, int64_t id, unsigned flags)
{
	(void)ctx, (void)kind, (void)id, (void)flags;
	return false;
}

struct osm_pass begin_pass(struct extract *x, unsigned kinds)
{
	return (struct osm_pass){.kinds = kinds,
		.threads = x->o->threads,
		.ctx = x,
		.data_new = made_new,
		.data_free = made_free,
		.key = key_flags,
		.wants = wants,
		.wants_members = is_asked_for,
		.versions = x->o->versions,
		.at = x->o->at ? *x->o->at : 0};
}

/* The positions of all wanted nodes, in the order of the file. */
static int fill_places(struct extract *x, struct err *err)
{
	struct osm_pass p = begin_pass(x, OSM_NODE);

	p.wants = wants_none;
	p.places = keep_places;
	p.done = put_kept;
	return osm_file_pass(x->file, &p, false, err);
}

static int collect_way(void *ctx, struct osm_batch *b,
	const struct osm_object *way, struct err *err)
{
	struct extract *x = ctx;
	struct room *room = &x->rooms[b->worker];
	int64_t missing;
	size_t lost = find_places(x, room, way, &missing);

	(void)err;
	keep_member(x, b, way, room, lost);
	return 0;
}

bool wants_members(void *ctx, enum osm_kind kind, int64_t id, unsigned flags)
{
	(void)flags;
	return is_member(ctx, kind, id);
}

static void put_members(struct extract *x, const struct made *m)
{
	for (size_t i = 0; i < m->nways; i++)
		members_put(&x->members, &m->ways[i]);
}

static int collected(void *ctx, struct osm_batch *b, struct err *err)
{
	(void)err;
	put_members(ctx, b->data);
	made_reset(b->data);
	return 0;
}

/* For files in no order: what the last pass needs, before it. */
static int gather(struct extract *x, struct err *err)
{
	struct osm_pass p = begin_pass(x, OSM_WAY);

	if (x->o->versions)
		return gather_past(x, err);
	if (x->nodes.wanted.n && fill_places(x, err))
		return -1;
	p.wants = wants_members;
	p.object = collect_way;
	p.done = collected;
	return osm_file_pass(x->file, &p, false, err);
}

static bool may_choose(const struct extract *x, enum osm_kind kind)
{
	static const unsigned types[] = {[OSM_NODE] = EXPR_NODE,
		[OSM_WAY] = EXPR_LINE | EXPR_WAY_AREA,
		[OSM_RELATION] = EXPR_RELATION | EXPR_RELATION_AREA};

	return x->types & types[kind];
}

/* Before the first record: whether there is room for what will be kept. */
static int check_room(struct extract *x, struct err *err)
{
	uint64_t need = nodes_bytes(&x->nodes), room;

	if (x->o->versions) /* one place for each, at the least */
		need = x->nodes.wanted.n * MOVES_BYTES;
	if (x->o->node_store || x->o->force || need < CHECKED_BYTES)
		return 0;
	room = memory_available();
	if (need <= room)
		return 0;
	return err_set(err,
		"%s: the positions of %" PRIu64
		" nodes take %.1f GB of memory, and %.1f GB are free: keep "
		"them in a file (--node-store mmap:FILE), choose fewer "
		"objects, or say --force",
		osm_file_name(x->file), x->nodes.wanted.n, (double)need / 1e9,
		(double)room / 1e9);
}

/*
 * Where every way is chosen, nearly every node is needed: no pass over the ways
 * is worth it to find out which are not. Packed nodes do not take more than a
 * few times the bytes that they have in the file.
 */
static bool needs_all_nodes(const struct extract *x)
{
	return x->sorted && !x->direct && may_choose(x, OSM_WAY) &&
	       select_is_open(x->o->select) && !x->o->node_store &&
	       osm_file_stored(x->file) <= memory_available() / 4;
}

static int mark_relations(struct extract *x, struct err *err)
{
	struct osm_pass p = begin_pass(x, OSM_RELATION);

	p.object = mark_relation;
	return may_choose(x, OSM_RELATION)
		       ? osm_file_pass(x->file, &p, false, err)
		       : 0;
}

static int mark_ways(struct extract *x, struct err *err)
{
	struct osm_pass p = begin_pass(x, OSM_WAY);

	p.object = mark_way;
	p.bare = !select_has_tests(x->o->select);
	return !x->direct && (may_choose(x, OSM_WAY) || x->members.wanted.n)
		       ? osm_file_pass(x->file, &p, false, err)
		       : 0;
}

/* Which ways relations need, then which nodes these and the others need. */
static int mark(struct extract *x, struct err *err)
{
	x->nodes.all = needs_all_nodes(x);
	if (mark_relations(x, err))
		return -1;
	members_seal(&x->members);
	if (x->nodes.all)
		return 0;
	if (mark_ways(x, err) || check_room(x, err))
		return -1;
	return nodes_seal(&x->nodes, x->o->node_store, err);
}

/* The kinds that the last pass must see. */
static unsigned kinds_needed(const struct extract *x)
{
	unsigned kinds = 0;

	if (may_choose(x, OSM_NODE) || (x->sorted && nodes_needed(&x->nodes)))
		kinds |= OSM_NODE;
	if (may_choose(x, OSM_WAY) || (x->sorted && x->members.wanted.n))
		kinds |= OSM_WAY;
	if (may_choose(x, OSM_RELATION))
		kinds |= OSM_RELATION;
	return kinds;
}

/*
 * In a sorted file: what came before is complete. Positions that did not come
 * in the order of their ids are read again, and put one by one.
 */
static int on_turn(void *ctx, unsigned kinds, struct err *err)
{
	struct extract *x = ctx;

	if (kinds == OSM_NODE)
		return 0;
	if (x->ascending) {
		runs_end(&x->open, &x->nodes);
		return 0;
	}
	x->ascending = true;
	x->open.n = 0;
	nodes_clear(&x->nodes);
	if (x->nodes.all) {
		x->nodes.all = false;
		if (mark_relations(x, err) || mark_ways(x, err) ||
			nodes_seal(&x->nodes, NULL, err))
			return -1;
	}
	return fill_places(x, err);
}

static int put_asides(struct extract *x, const struct made *m, struct err *err)
{
	for (size_t i = 0; i < m->nasides; i++) {
		const struct aside *a = &m->asides[i];
		struct buf record = {m->packed.data + a->begin,
			a->end - a->begin, 0};

		if (filter_put_reject(x->f, &record, a->verdict, a->reason,
			    m->texts.data + a->detail, err))
			return -1;
	}
	return 0;
}

static int emit_done(void *ctx, struct osm_batch *b, struct err *err)
{
	struct extract *x = ctx;
	struct made *m = b->data;
	struct val run = {(uint8_t *)m->records.data, m->records.len};
	int rc = 0;

	check_order(x, b);
	runs_join(&x->open, &x->nodes, &m->runs);
	put_members(x, m);
	if (m->n)
		rc = filter_put_run(x->f, run, m->n, err);
	if (!rc)
		rc = put_asides(x, m, err);
	made_reset(m);
	return rc;
}

static int pass_over(void *ctx, const char *what, struct err *err)
{
	struct extract *x = ctx;
	struct buf none = BUF_INIT;

	/* it may have put positions until the damage: all are put anew */
	x->ascending = false;
	return filter_put_reject(x->f, &none, FAULT, "damaged blob", what, err);
}

static int emit(struct extract *x, struct err *err)
{
	struct osm_pass p = begin_pass(x, kinds_needed(x));

	p.object = x->o->versions ? emit_versions : emit_object;
	p.done = emit_done;
	p.staged = x->sorted;
	if (x->sorted) {
		if (nodes_needed(&x->nodes))
			p.places = put_places;
		p.turn = on_turn;
	}
	if (x->o->skip_damaged)
		p.damaged = pass_over;
	return osm_file_pass(x->file, &p, true, err);
}

static void make_rooms(struct extract *x)
{
	x->rooms = xcalloc(x->o->threads, sizeof(*x->rooms));
	for (unsigned i = 0; i < x->o->threads; i++) {
		struct room *r = &x->rooms[i];

		if (x->o->counts)
			r->counts = select_counts_new(x->o->select);
		if (x->o->seen)
			r->seen = select_seen_new(x->o->select);
	}
}

static void sum_up(struct extract *x)
{
	for (unsigned i = 0; i < x->o->threads; i++) {
		if (x->o->counts)
			select_counts_merge(x->o->counts, x->rooms[i].counts);
		if (x->o->seen)
			select_seen_merge(x->o->seen, x->rooms[i].seen);
	}
}

static void release(struct extract *x)
{
	for (unsigned i = 0; i < x->o->threads; i++) {
		struct room *r = &x->rooms[i];

		select_counts_free(r->counts);
		select_seen_free(r->seen);
		split_free(r->split);
		free(r->places);
		free(r->told);
		free(r->pos);
		free(r->ways);
		rings_free(r->rings);
		shape_release(&r->shape);
		buf_release(&r->geom);
	}
	free(x->rooms);
	runs_release(&x->open);
	nodes_release(&x->nodes);
	members_release(&x->members);
	moves_release(&x->moves);
	courses_release(&x->courses);
	osm_file_close(x->file);
}

static int check_history(const struct extract *x, struct err *err)
{
	bool asked = x->o->at || x->o->versions;

	if (osm_file_has_history(x->file) == asked)
		return 0;
	if (asked)
		return err_set(err,
			"%s: it is no history file, as --at and --versions "
			"need",
			osm_file_name(x->file));
	return err_set(err,
		"%s: it is a history file: give --at DATE or --versions, or "
		"use 'osmium time-filter'",
		osm_file_name(x->file));
}

int extract_file(const struct extract_options *o, struct filter *f,
	const char *path, struct err *err)
{
	struct extract x = {.o = o,
		.f = f,
		.types = select_types(o->select),
		.nodes = NODES_INIT,
		.ascending = true,
		.last_node = INT64_MIN,
		.max_record = filter_max_record(f)};
	int rc = -1;

	make_rooms(&x);
	members_init(&x.members, o->threads);
	x.file = osm_file_open(path,
		&(struct osm_reading){o->threads, o->skip_damaged}, err);
	if (!x.file)
		goto out;
	x.direct = osm_file_has_places(x.file) && !osm_file_has_history(x.file);
	x.sorted = osm_file_sorted(x.file) && !o->versions;
	if (check_history(&x, err) || mark(&x, err) ||
		(!x.sorted && gather(&x, err)))
		goto out;
	rc = emit(&x, err);
	sum_up(&x);
	if (!rc)
		filter_add_end_input(f, osm_file_name(x.file),
			osm_file_bytes(x.file), osm_file_sha256(x.file));
out:
	release(&x);
	return rc;
}
