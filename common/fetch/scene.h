/*
 * scene.h - an image that records have windows in: what it is, and, once it
 * has been opened, how its pixels lie. Not to be changed after that.
 */
#ifndef FETCH_SCENE_H
#define FETCH_SCENE_H

#include "fetch/plan.h"
#include "raster/access.h"
#include "base/table.h"
#include "net/remote.h"

enum scene_kind {
	SCENE_TILES,  /* a tile service: a body per tile */
	SCENE_WMS,    /* a body per window */
	SCENE_LOCAL,  /* a raster in files */
	SCENE_REMOTE, /* a raster on a server */
};

/* One of its grids. */
struct scene_level {
	unsigned bw, bh;             /* blocks; 0: not known */
	bool own;                    /* we decode them */
	struct raster_blocks blocks; /* of rasters */
};

struct scene {
	struct table_node node;      /* among the scenes of a run */
	uint64_t number;             /* in the order in which they were met */
	size_t users;                /* records under way; counted by the run */
	struct scene *older, *newer; /* among those without */
	char *bytes;                 /* the packed img: what `f` looks at */
	size_t nbytes;
	struct img_field f;
	enum scene_kind kind;
	char *name;         /* path, URL or template: for messages */
	const char *reason; /* why there is nothing to be had, or NULL */
	struct err why;
	uint64_t bands[3];
	size_t nbands;
	/* once it is open; of tile services at once */
	bool open, opening;         /* opening: the run's */
	uint64_t (*sizes)[2];       /* [nlevels] of the levels */
	struct scene_level *levels; /* [nlevels] */
	size_t nlevels;
	bool has_mask;
	_Atomic bool not_420; /* a JPEG block is not: all go through RGB */
	struct raster_stretch stretch;
	struct remote
		*remote; /* SCENE_REMOTE with blocks whose place is known */
	int fd;          /* SCENE_LOCAL with blocks that we decode, or -1 */
};

/* From a packed img; never NULL: `reason` says what is wrong with it. */
struct scene *scene_new(struct val img, uint64_t number, const struct plan *p,
	const struct web *web);
void scene_free(struct scene *s);

/*
 * Finds out how the pixels of a raster lie, from the open raster: sets
 * `reason` where they cannot be had. remotes: NULL where all is local.
 */
void scene_open(struct scene *s, const struct plan *p, struct raster *r,
	struct remotes *remotes);

/* Opens the image anew (raster_pool_get()). scene is a struct scene_opener. */
struct scene_opener {
	const struct scene *scene;
	const char *root;
};
struct raster *scene_open_raster(void *opener, struct err *err);

/* Tiles or a WMS: its windows need answers, not a file. */
static inline bool scene_is_service(const struct scene *s)
{
	return s->kind == SCENE_TILES || s->kind == SCENE_WMS;
}

/* Whether its windows are read from blocks that are fetched beforehand. */
static inline bool scene_is_fetched(const struct scene *s)
{
	return scene_is_service(s) || s->remote;
}

/* Whether the bytes of its blocks can be had without GDAL. */
static inline bool scene_has_bytes(const struct scene *s)
{
	return scene_is_fetched(s) || s->fd >= 0;
}

#endif
