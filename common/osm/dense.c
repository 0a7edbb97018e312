/*
 * Dense nodes: one list each of ids, positions, tags, versions and times. Most
 * nodes have no tags, so first those that have are found.
 */
#include "base/base.h"
#include "osm/block.h"

#include <inttypes.h>

struct dense {
	struct wire ids, lats, lons, keys_vals, versions, times, visible;
};

static int read_dense(struct dense *d, struct wire w, struct err *err)
{
	struct wire_field f;
	struct wire info = {NULL, NULL};
	struct wire *const lists[] = {[1] = &d->ids,
		[5] = &info,
		[8] = &d->lats,
		[9] = &d->lons,
		[10] = &d->keys_vals};
	struct wire *const infos[] =
		{[1] = &d->versions, [2] = &d->times, [6] = &d->visible};
	int rc;

	*d = (struct dense){0};
	while ((rc = wire_next(&w, &f, err)) > 0)
		if (f.number < ARRAY_SIZE(lists) && lists[f.number] &&
			take_bytes(lists[f.number], &f, err))
			return -1;
	if (rc)
		return rc;
	while ((rc = wire_next(&info, &f, err)) > 0)
		if (f.number < ARRAY_SIZE(infos) && infos[f.number] &&
			take_bytes(infos[f.number], &f, err))
			return -1;
	return rc;
}

/* The bits of one node's keys; w goes behind the 0 that ends them. */
static int node_flags(struct block *b, struct wire *w, unsigned *flags,
	struct err *err)
{
	uint64_t key, value;

	*flags = 0;
	while (wire_varint(w, &key)) {
		int bits;

		if (!key)
			return 0;
		if (!wire_varint(w, &value))
			break;
		bits = block_key(b, key, err);
		if (bits < 0)
			return -1;
		*flags |= (unsigned)bits;
	}
	return err_set(err, "the tags of dense nodes are damaged");
}

/* How many bytes at the beginning, of which the first is 0, are. */
static size_t zeros(struct wire w)
{
	const uint8_t *p = w.p + 1;
	uint64_t word = 0;

	for (; (size_t)(w.end - p) >= sizeof(word); p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		if (word)
			break;
	}
	while (p < w.end && !*p)
		p++;
	return (size_t)(p - w.p);
}

/* Finds the nodes with tags that may be wanted; *n: how many nodes there are */
static int find_candidates(struct block *b, struct wire w, size_t *n,
	struct err *err)
{
	size_t at = 0;

	b->ncandidates = 0;
	for (; w.p < w.end; at++) {
		struct candidate c = {.at = at, .tags = w};

		if (!*w.p) {
			size_t none = zeros(w);

			w.p += none;
			at += none - 1;
			continue;
		}
		if (node_flags(b, &w, &c.flags, err))
			return -1;
		xgrow(&b->candidates, &b->candidates_cap, b->ncandidates + 1,
			sizeof(*b->candidates));
		b->candidates[b->ncandidates++] = c;
	}
	*n = at;
	return 0;
}

/* All ids and positions; *n: how many. */
static int read_places(struct block *b, struct dense *d, size_t *n,
	struct err *err)
{
	int64_t id = 0, lat = 0, lon = 0;
	size_t i = 0;

	/* each has a byte at least */
	xgrow(&b->ids, &b->ids_cap, wire_len(d->ids), sizeof(*b->ids));
	xgrow(&b->pos, &b->pos_cap, wire_len(d->ids), sizeof(*b->pos));
	for (; d->ids.p < d->ids.end; i++) {
		if (!wire_delta(&d->ids, &id) ||
			!wire_delta_any(&d->lats, &lat) ||
			!wire_delta_any(&d->lons, &lon))
			return err_set(err,
				"dense nodes are damaged behind node %" PRId64,
				id);
		b->ids[i] = id;
		b->pos[i] = block_pos(b, lon, lat);
	}
	if (wire_len(d->lats) || wire_len(d->lons))
		return err_set(err,
			"dense nodes have lists that go on behind their ids");
	*n = i;
	return 0;
}

static int add_tags(struct block *b, struct wire w, struct err *err)
{
	uint64_t key, value;

	for (; wire_varint(&w, &key) && key && wire_varint(&w, &value);) {
		block_tags_room(b, 1);
		if (block_tag(b, key, value, err))
			return -1;
	}
	return 0;
}

/* Where the lists of versions and times stand, node by node. */
struct info {
	struct wire versions, times;
	bool has_versions, has_times;
	size_t at; /* nodes that have been read */
	int64_t ver, when;
};

static struct info info_of(const struct dense *d)
{
	return (struct info){d->versions, d->times, wire_len(d->versions) > 0,
		wire_len(d->times) > 0, 0, 0, 0};
}

/* Goes on to the node `at`. */
static int info_to(struct info *in, size_t at, struct err *err)
{
	uint64_t ver = 0;

	for (; in->at <= at; in->at++)
		if ((in->has_versions && !wire_varint(&in->versions, &ver)) ||
			(in->has_times &&
				!wire_delta_any(&in->times, &in->when)))
			return err_set(err,
				"the versions or times of dense nodes end "
				"before the nodes do");
	in->ver = (int32_t)ver;
	return 0;
}

static bool is_there(struct block *b, const struct version *v)
{
	return v->visible && block_holds(b, v);
}

static int hand_out(struct block *b, const struct dense *d, struct err *err)
{
	struct info in = info_of(d);

	for (size_t i = 0; i < b->ncandidates; i++) {
		const struct candidate *c = &b->candidates[i];
		struct osm_object *o;

		if (b->sequel && !is_there(b, &b->versions[b->at + c->at]))
			continue;
		if (!block_wants(b, OSM_NODE, b->ids[c->at], c->flags))
			continue;
		o = block_begin(b, OSM_NODE);
		o->id = b->ids[c->at];
		o->pos = b->pos[c->at];
		o->flags = c->flags;
		if (info_to(&in, c->at, err) ||
			block_info(b, in.ver, in.when, err) ||
			add_tags(b, c->tags, err) || block_end(b, err))
			return -1;
	}
	return 0;
}

/* In a file that is no history: deleted nodes are nowhere, and no objects. */
static void hide_deleted(struct block *b, struct wire visible, size_t n)
{
	size_t kept = 0, c = 0;
	uint64_t v;

	if (!wire_len(visible))
		return;
	for (size_t i = 0; i < n; i++) {
		bool there = !wire_varint(&visible, &v) || v;

		if (!there)
			b->pos[i] = OSM_NOWHERE;
		if (c == b->ncandidates || b->candidates[c].at != i)
			continue;
		if (there)
			b->candidates[kept++] = b->candidates[c];
		c++;
	}
	b->ncandidates = kept;
}

int dense_pass(struct block *b, struct wire w, struct err *err)
{
	struct dense d;
	size_t n, tagged = 0;

	if (read_dense(&d, w, err) ||
		find_candidates(b, d.keys_vals, &tagged, err))
		return -1;
	if (!b->pass->places && !b->ncandidates) {
		b->at += b->sequel ? wire_count(d.ids) : 0;
		return 0;
	}
	if (read_places(b, &d, &n, err))
		return -1;
	/* the list may be left out; else it has something for every node */
	if (wire_len(d.keys_vals) && tagged != n)
		return err_set(err, "%zu dense nodes have tags for %zu", n,
			tagged);
	if (!b->sequel) {
		hide_deleted(b, d.visible, n);
		if (b->pass->places)
			block_places(b, b->ids, b->pos, n);
	}
	if (hand_out(b, &d, err))
		return -1;
	/* which leaves only those that hold */
	if (b->sequel && b->pass->places)
		block_places(b, b->ids, b->pos, block_hold_places(b, n));
	b->at += n;
	return 0;
}

int dense_versions(struct block *b, struct wire w, struct err *err)
{
	struct version_info info = {.visible = true};
	uint64_t visible;
	struct info in;
	struct dense d;
	int64_t id = 0;

	if (read_dense(&d, w, err))
		return -1;
	in = info_of(&d);
	for (size_t i = 0; d.ids.p < d.ids.end; i++) {
		if (!wire_delta(&d.ids, &id))
			return err_set(err,
				"the ids of dense nodes are damaged");
		if (info_to(&in, i, err))
			return -1;
		info.ver = in.ver;
		info.when = in.when;
		if (wire_varint(&d.visible, &visible))
			info.visible = visible != 0;
		if (block_add_version(b, OSM_NODE, id, &info, err))
			return -1;
	}
	return 0;
}
