#include "base/base.h"
#include "ml/text_cache.h"
#include "base/map.h"

#include <pthread.h>

struct text_cache {
	pthread_mutex_t lock;
	struct map places; /* text → index of its vector */
	float *vectors;    /* [places.len, dim] */
	size_t cap, dim;
	size_t bytes, max_bytes;
};

struct text_cache *text_cache_new(size_t dim, size_t max_bytes)
{
	struct text_cache *c = xcalloc(1, sizeof(*c));

	pthread_mutex_init(&c->lock, NULL);
	c->dim = dim;
	c->max_bytes = max_bytes;
	return c;
}

void text_cache_free(struct text_cache *c)
{
	if (!c)
		return;
	pthread_mutex_destroy(&c->lock);
	map_release(&c->places);
	free(c->vectors);
	free(c);
}

bool text_cache_get(struct text_cache *c, struct str text, float *out)
{
	const size_t *place;

	pthread_mutex_lock(&c->lock);
	place = map_get(&c->places, text);
	if (place)
		memcpy(out, c->vectors + *place * c->dim,
			c->dim * sizeof(*out));
	pthread_mutex_unlock(&c->lock);
	return place != NULL;
}

void text_cache_put(struct text_cache *c, struct str text, const float *v)
{
	size_t size = text.len + c->dim * sizeof(*v);
	size_t place;

	pthread_mutex_lock(&c->lock);
	if (map_get(&c->places, text) || size > c->max_bytes)
		goto out;
	if (c->bytes + size > c->max_bytes) {
		map_release(&c->places);
		c->places = (struct map)MAP_INIT;
		c->bytes = 0;
	}
	c->bytes += size;
	place = c->places.len;
	xgrow(&c->vectors, &c->cap, (place + 1) * c->dim, sizeof(*v));
	memcpy(c->vectors + place * c->dim, v, c->dim * sizeof(*v));
	*map_put(&c->places, text) = place;
out:
	pthread_mutex_unlock(&c->lock);
}
