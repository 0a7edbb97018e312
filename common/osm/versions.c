/*
 * The versions in a block of a history file, and how long each was in force:
 * until the next one of its object, which may stand in a block behind.
 */
#include "base/base.h"
#include "osm/block.h"

#include <inttypes.h>

/* As osmium sorts: what is not above 0 first, then by size. */
static bool id_before(int64_t a, int64_t b)
{
	uint64_t a_size = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
	uint64_t b_size = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;

	if ((a > 0) != (b > 0))
		return b > 0;
	return a_size < b_size;
}

int version_follows(const struct version *a, const struct version *b,
	struct err *err)
{
	bool before = a->kind != b->kind ? a->kind < b->kind
		      : a->id != b->id   ? id_before(a->id, b->id)
					 : a->ver < b->ver;

	if (before)
		return 0;
	return err_set(err,
		"version %" PRIu32 " of object %" PRId64
		" is not in the order of kinds, ids and versions that a "
		"history file has: use 'osmium sort'",
		b->ver, b->id);
}

int block_add_version(struct block *b, enum osm_kind kind, int64_t id,
	const struct version_info *info, struct err *err)
{
	struct version v = {.kind = (uint8_t)kind,
		.visible = info->visible,
		.id = id,
		.ver = (uint32_t)MAX(info->ver, 0),
		.until = INT64_MAX};

	if (block_time(b, id, info->when, &v.from, err))
		return -1;
	v.from = MAX(v.from, 0);
	if (b->nversions &&
		version_follows(&b->versions[b->nversions - 1], &v, err)) {
		b->disordered = true;
		return -1;
	}
	xgrow(&b->versions, &b->versions_cap, b->nversions + 1,
		sizeof(*b->versions));
	b->versions[b->nversions++] = v;
	return 0;
}

/*
 * From the last one to the first: a version ends when the first of those behind
 * it begins. Mostly that is the next one; timestamps may go back.
 */
void block_end_versions(struct block *b)
{
	struct sequel next = *b->sequel;

	for (size_t i = b->nversions; i-- > 0;) {
		struct version *v = &b->versions[i];
		bool again = next.kind == v->kind && next.id == v->id;

		v->until = again ? next.from : INT64_MAX;
		next = (struct sequel){v->kind, v->id, MIN(v->from, v->until)};
	}
}

bool block_holds(struct block *b, const struct version *v)
{
	const struct osm_pass *p = b->pass;

	b->object.from = v->from;
	b->object.to = v->until;
	return p->versions ? v->from < v->until
			   : v->from <= p->at && v->until > p->at;
}

size_t block_hold_places(struct block *b, size_t n)
{
	const struct version *v = b->versions + b->at;
	size_t kept = 0;

	xgrow(&b->from, &b->from_cap, n, sizeof(*b->from));
	for (size_t i = 0; i < n; i++) {
		if (!block_holds(b, &v[i]))
			continue;
		b->from[kept] = v[i].from;
		b->ids[kept] = b->ids[i];
		b->pos[kept++] = v[i].visible ? b->pos[i] : OSM_NOWHERE;
	}
	b->batch->from = b->from;
	return kept;
}

void block_ends(const struct block *b, struct ends *ends)
{
	const struct version *v = b->versions;

	*ends = (struct ends){.known = true};
	if (!b->nversions)
		return;
	ends->first = v[0];
	ends->last = v[b->nversions - 1];
	for (size_t i = 0; i < b->nversions; i++) {
		ends->kinds |= v[i].kind;
		if (v[i].kind == v->kind && v[i].id == v->id)
			ends->first.from = MIN(ends->first.from, v[i].from);
	}
}
