#include "base/base.h"
#include "raster/raster.h"

#include <sys/resource.h>

struct slot {
	char *name;
	struct raster *raster;
	uint64_t used; /* when, in calls of raster_pool_get() */
};

struct raster_pool {
	struct slot *slots; /* [n], in no order: few, so they are searched */
	size_t n, limit;
	size_t last; /* the slot that the last call gave */
	uint64_t clock;
};

/* An image, its mask and its overviews; what else the process has open. */
enum { FILES_PER_IMAGE = 3, OTHER_FILES = 32 };

size_t raster_pool_limit(size_t threads, size_t want, struct err *err)
{
	/* a pool opens an image before it closes another */
	size_t each = threads * FILES_PER_IMAGE, files;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return want;
	files = (want + 1) * each + OTHER_FILES;
	if (limit.rlim_cur < files) {
		limit.rlim_cur = MIN((rlim_t)files, limit.rlim_max);
		(void)!setrlimit(RLIMIT_NOFILE, &limit);
		(void)!getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= files)
		return want;
	files = (size_t)limit.rlim_cur;
	if (files >= 2 * each + OTHER_FILES)
		return (files - OTHER_FILES) / each - 1;
	err_set(err,
		"%zu files may be open at once, %zu threads need %zu: "
		"use fewer threads (-@), or allow more files (ulimit -n)",
		files, threads, 2 * each + OTHER_FILES);
	return 0;
}

struct raster_pool *raster_pool_new(size_t limit)
{
	struct raster_pool *pool = xcalloc(1, sizeof(*pool));

	pool->limit = MAX(limit, 1);
	pool->slots = xcalloc(pool->limit, sizeof(*pool->slots));
	return pool;
}

/* Closes one; the last takes its place. */
static void close_slot(struct raster_pool *pool, size_t i)
{
	raster_free(pool->slots[i].raster);
	free(pool->slots[i].name);
	pool->slots[i] = pool->slots[--pool->n];
}

void raster_pool_free(struct raster_pool *pool)
{
	if (!pool)
		return;
	while (pool->n)
		close_slot(pool, pool->n - 1);
	free(pool->slots);
	free(pool);
}

struct raster *raster_pool_get(struct raster_pool *pool, const char *name,
	raster_open_fn *open, void *ctx, struct err *err)
{
	struct raster *raster;
	size_t oldest = 0;

	pool->clock++;
	for (size_t i = 0; i < pool->n; i++) {
		if (!strcmp(pool->slots[i].name, name)) {
			pool->slots[i].used = pool->clock;
			pool->last = i;
			return pool->slots[i].raster;
		}
		if (pool->slots[i].used < pool->slots[oldest].used)
			oldest = i;
	}
	/* one that cannot be opened pushes none out */
	raster = open(ctx, err);
	if (!raster)
		return NULL;
	if (pool->n == pool->limit)
		close_slot(pool, oldest);
	pool->last = pool->n;
	pool->slots[pool->n++] =
		(struct slot){xstrdup(name), raster, pool->clock};
	return raster;
}

void raster_pool_drop(struct raster_pool *pool)
{
	if (pool->last < pool->n)
		close_slot(pool, pool->last);
	pool->last = pool->n;
}
