#include "base/base.h"
#include "osm/members.h"

void members_init(struct members *m, size_t threads)
{
	*m = (struct members){.wanted = IDSET_INIT};
	m->keeps = xcalloc(threads, sizeof(*m->keeps));
	m->nkeeps = threads;
}

void members_release(struct members *m)
{
	for (size_t i = 0; i < m->nkeeps; i++)
		free(m->keeps[i].points);
	free(m->keeps);
	free(m->ways);
	idset_release(&m->wanted);
	*m = (struct members){.wanted = IDSET_INIT};
}

void members_seal(struct members *m)
{
	idset_seal(&m->wanted);
	m->ways = xcalloc(m->wanted.n, sizeof(*m->ways));
}

struct member_way members_keep(struct members *m, unsigned keep, int64_t id,
	const struct geo_pos *points, size_t n)
{
	struct member_keep *k = &m->keeps[keep];
	struct member_way way = {id, keep, (uint32_t)n, k->n};

	xgrow(&k->points, &k->cap, k->n + n, sizeof(*k->points));
	if (n)
		memcpy(k->points + k->n, points, n * sizeof(*points));
	k->n += n;
	return way;
}

static struct member_way *place(const struct members *m, int64_t id)
{
	const struct idset_block *b = idset_block(&m->wanted, id);

	return b && idset_block_has(b, id) ? &m->ways[idset_rank(b, id)] : NULL;
}

void members_put(struct members *m, const struct member_way *way)
{
	*place(m, way->id) = *way;
}

const struct geo_pos *members_get(const struct members *m, int64_t id,
	size_t *n)
{
	const struct member_way *way = place(m, id);

	if (!way || !way->n)
		return NULL;
	*n = way->n;
	return m->keeps[way->keep].points + way->begin;
}
