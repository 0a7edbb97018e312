#include "base/base.h"
#include "osm/nodes.h"

#include <math.h>

void nodes_want(struct nodes *s, const int64_t *ids, size_t n)
{
	xgrow(&s->ids, &s->cap, s->n + n, sizeof(*s->ids));
	if (n)
		memcpy(s->ids + s->n, ids, n * sizeof(*ids));
	s->n += n;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void nodes_seal(struct nodes *s)
{
	size_t kept = 0;

	if (s->n)
		qsort(s->ids, s->n, sizeof(*s->ids), by_id);
	for (size_t i = 0; i < s->n; i++)
		if (!kept || s->ids[kept - 1] != s->ids[i])
			s->ids[kept++] = s->ids[i];
	s->n = s->cap = kept;
	s->ids = xreallocarray(s->ids, kept, sizeof(*s->ids));
	s->lon = xcalloc(kept, sizeof(*s->lon));
	s->lat = xcalloc(kept, sizeof(*s->lat));
	for (size_t i = 0; i < kept; i++)
		s->lon[i] = s->lat[i] = (double)NAN;
}

static size_t place(const struct nodes *s, int64_t id)
{
	const int64_t *at =
		s->n ? bsearch(&id, s->ids, s->n, sizeof(id), by_id) : NULL;

	return at ? (size_t)(at - s->ids) : SIZE_MAX;
}

void nodes_put(struct nodes *s, int64_t id, double lon, double lat)
{
	size_t i = place(s, id);

	if (i == SIZE_MAX)
		return;
	s->lon[i] = lon;
	s->lat[i] = lat;
}

bool nodes_get(const struct nodes *s, int64_t id, double *lon, double *lat)
{
	size_t i = place(s, id);

	if (i == SIZE_MAX || isnan(s->lon[i]))
		return false;
	*lon = s->lon[i];
	*lat = s->lat[i];
	return true;
}

void nodes_release(struct nodes *s)
{
	free(s->ids);
	free(s->lon);
	free(s->lat);
	*s = (struct nodes)NODES_INIT;
}
