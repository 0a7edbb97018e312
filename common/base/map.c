#include "base/base.h"
#include "base/map.h"
#include "base/hash.h"

static size_t slot_of(const struct map *m, struct str key)
{
	size_t mask = m->nslots - 1;
	size_t i = (size_t)hash_xxh3(key.s, key.len) & mask;

	while (m->slots[i] && !str_eq(m->entries[m->slots[i] - 1].key, key))
		i = (i + 1) & mask;
	return i;
}

static void rehash(struct map *m)
{
	m->nslots = m->nslots ? 2 * m->nslots : 16;
	free(m->slots);
	m->slots = xcalloc(m->nslots, sizeof(*m->slots));
	for (size_t i = 0; i < m->len; i++)
		m->slots[slot_of(m, m->entries[i].key)] = (uint32_t)i + 1;
}

size_t *map_get(const struct map *m, struct str key)
{
	size_t i;

	if (!m->nslots)
		return NULL;
	i = slot_of(m, key);
	return m->slots[i] ? &m->entries[m->slots[i] - 1].value : NULL;
}

size_t *map_put(struct map *m, struct str key)
{
	size_t *value = map_get(m, key);
	struct map_entry *e;

	if (value)
		return value;
	if (3 * (m->len + 1) > 2 * m->nslots)
		rehash(m);
	xgrow(&m->entries, &m->cap, m->len + 1, sizeof(*m->entries));
	e = &m->entries[m->len];
	e->key.s = xmemdup0(key.s, key.len);
	e->key.len = key.len;
	e->value = 0;
	m->slots[slot_of(m, key)] = (uint32_t)++m->len;
	return &e->value;
}

void map_release(struct map *m)
{
	for (size_t i = 0; i < m->len; i++)
		free((char *)m->entries[i].key.s);
	free(m->entries);
	free(m->slots);
	*m = (struct map)MAP_INIT;
}
