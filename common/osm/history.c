#include "base/base.h"
#include "osm/history.h"

/* Where the number of an id's first entry stands, or NULL. */
static uint64_t *begin_of(const struct idset *wanted, uint64_t *begins,
	int64_t id)
{
	const struct idset_block *b = idset_block(wanted, id);

	return b && idset_block_has(b, id) ? &begins[idset_rank(b, id)] : NULL;
}

void moves_init(struct moves *m, const struct idset *wanted)
{
	*m = (struct moves){.wanted = wanted};
	m->begin = xcalloc(wanted->n, sizeof(*m->begin));
}

void moves_release(struct moves *m)
{
	free(m->begin);
	free(m->list);
	*m = (struct moves){0};
}

void moves_add(struct moves *m, int64_t id, int64_t from, struct geo_pos pos)
{
	uint64_t *begin = begin_of(m->wanted, m->begin, id);
	struct move *last = m->n ? &m->list[m->n - 1] : NULL;
	struct move move = {.from = from, .lon = pos.lon};

	if (!begin)
		return;
	if (osm_somewhere(pos))
		move.lat = pos.lat;
	if (*begin && m->last == id) {
		if (last->lon == move.lon && last->lat == move.lat)
			return;
		last->more = 1;
	} else {
		*begin = m->n + 1;
	}
	m->last = id;
	xgrow(&m->list, &m->cap, m->n + 1, sizeof(*m->list));
	m->list[m->n++] = move;
}

const struct move *moves_of(const struct moves *m, int64_t id)
{
	const uint64_t *begin = begin_of(m->wanted, m->begin, id);

	return begin && *begin ? &m->list[*begin - 1] : NULL;
}

struct geo_pos moves_at(const struct moves *m, int64_t id, int64_t at)
{
	const struct move *move = moves_of(m, id);

	if (!move || move->from > at)
		return OSM_NOWHERE;
	while (move->more && move[1].from <= at)
		move++;
	return move->lon == INT32_MIN ? OSM_NOWHERE
				      : (struct geo_pos){move->lon, move->lat};
}

void courses_init(struct courses *c, const struct idset *wanted)
{
	*c = (struct courses){.wanted = wanted};
	c->begin = xcalloc(wanted->n, sizeof(*c->begin));
}

void courses_release(struct courses *c)
{
	free(c->begin);
	free(c->list);
	free(c->refs);
	*c = (struct courses){0};
}

/* Whether the last course goes on: the same nodes, without a gap. */
static bool goes_on(const struct courses *c, int64_t from, const int64_t *refs,
	size_t n)
{
	const struct course *last = &c->list[c->n - 1];

	return last->to == from && last->n == n &&
	       (!n || !memcmp(c->refs + last->begin, refs, n * sizeof(*refs)));
}

void courses_add(struct courses *c, int64_t id, int64_t from, int64_t to,
	const int64_t *refs, size_t n)
{
	uint64_t *begin = begin_of(c->wanted, c->begin, id);

	if (!begin)
		return;
	if (*begin && c->last == id) {
		if (goes_on(c, from, refs, n)) {
			c->list[c->n - 1].to = to;
			return;
		}
		c->list[c->n - 1].more = true;
	} else {
		*begin = c->n + 1;
	}
	c->last = id;
	xgrow(&c->list, &c->cap, c->n + 1, sizeof(*c->list));
	c->list[c->n++] =
		(struct course){from, to, c->nrefs, (uint32_t)n, false};
	xgrow(&c->refs, &c->refs_cap, c->nrefs + n, sizeof(*c->refs));
	if (n)
		memcpy(c->refs + c->nrefs, refs, n * sizeof(*refs));
	c->nrefs += n;
}

const struct course *courses_of(const struct courses *c, int64_t id)
{
	const uint64_t *begin = begin_of(c->wanted, c->begin, id);

	return begin && *begin ? &c->list[*begin - 1] : NULL;
}

const struct course *courses_at(const struct courses *c, int64_t id, int64_t at)
{
	const struct course *course = courses_of(c, id);

	while (course && at >= course->to)
		course = course->more ? course + 1 : NULL;
	return course && at >= course->from ? course : NULL;
}
