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
	for (size_t i = 0; i < m->nkeeps; i++) {
		free(m->keeps[i].ways);
		free(m->keeps[i].points);
	}
	free(m->keeps);
	free(m->ways);
	idset_release(&m->wanted);
	*m = (struct members){.wanted = IDSET_INIT};
}

void members_put(struct members *m, size_t keep, int64_t id, uint64_t number,
	const struct osm_pos *points, size_t n)
{
	struct member_keep *k = &m->keeps[keep];

	xgrow(&k->ways, &k->ways_cap, k->nways + 1, sizeof(*k->ways));
	xgrow(&k->points, &k->points_cap, k->npoints + n, sizeof(*k->points));
	k->ways[k->nways++] =
		(struct member_way){id, number, k->npoints, n, keep};
	if (n)
		memcpy(k->points + k->npoints, points, n * sizeof(*points));
	k->npoints += n;
}

static int by_id(const void *a, const void *b)
{
	const struct member_way *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

void members_seal(struct members *m)
{
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < m->nkeeps; i++)
		n += m->keeps[i].nways;
	m->ways = xcalloc(n, sizeof(*m->ways));
	n = 0;
	for (size_t i = 0; i < m->nkeeps; i++) {
		struct member_keep *k = &m->keeps[i];

		if (k->nways)
			memcpy(m->ways + n, k->ways,
				k->nways * sizeof(*k->ways));
		n += k->nways;
		free(k->ways);
		k->ways = NULL;
		k->nways = k->ways_cap = 0;
	}
	qsort(m->ways, n, sizeof(*m->ways), by_id);
	for (size_t i = 0; i < n; i++) {
		if (kept && m->ways[kept - 1].id == m->ways[i].id)
			kept--;
		m->ways[kept++] = m->ways[i];
	}
	m->nways = kept;
}

const struct osm_pos *members_get(const struct members *m, int64_t id,
	size_t *n)
{
	size_t a = 0, b = m->nways;

	while (a < b) {
		size_t mid = a + (b - a) / 2;

		if (m->ways[mid].id < id)
			a = mid + 1;
		else
			b = mid;
	}
	if (a == m->nways || m->ways[a].id != id)
		return NULL;
	*n = m->ways[a].n;
	return m->keeps[m->ways[a].keep].points + m->ways[a].begin;
}

