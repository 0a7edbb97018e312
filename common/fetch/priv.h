/*
 * priv.h - what the files of common/fetch share: windows under way, and who
 * does what when.
 *
 * The main thread reads records, makes a struct want of each and writes what
 * is done (filter/ahead.h). What has been read is sorted by image and place
 * (windows of one tile each: by record, equal ones together) in sweeps, and
 * each sweep falls into groups, one an image. Hands (threads)
 * take what there is to do: hands for the processor read local images, decode
 * and encode; others, which wait for servers, open remote images. Blocks of
 * remote images and tiles are asked for ahead of the windows that need them,
 * as many at once as have room; a window whose blocks are all there is ready.
 *
 * `lock` guards all of struct fetcher but what is said to have its own, the
 * wants and blobs too; a want that a hand has taken is the hand's.
 */
#ifndef FETCH_PRIV_H
#define FETCH_PRIV_H

#include "fetch/blocks.h"
#include "fetch/scene.h"
#include "fetch/view.h"
#include "filter/ahead.h"
#include "raster/north.h"

#include <pthread.h>

struct group;
struct fetcher;

/* A block's place in its file. */
struct place {
	uint64_t offset, len; /* len 0: the file has none */
};

/* A record's window. */
struct want {
	uint64_t ticket;
	struct scene *scene;
	struct group *group;
	struct raster_window win; /* of the image's pixels */
	struct view view;
	uint64_t order;       /* where it lies in the image */
	struct place *places; /* [nblobs], of SCENE_REMOTE */
	struct blob **blobs;  /* [nblobs], row by row of view_blocks(); NULL:
			       * none (not asked for, or not in the file) */
	size_t nblobs, missing;
	struct want *next; /* among those that are ready */
};

enum blob_state { BLOB_WAITING, BLOB_HERE, BLOB_FAILED, BLOB_TAKEN };

/* Bytes of a block; whoever decodes them holds them. */
struct body {
	struct buf bytes;
	size_t users;
};

/* A block that windows need, from when it is asked for. */
struct blob {
	struct table_node node;
	struct fetcher *f;
	struct block_key key;
	struct scene *scene;
	struct group *group; /* on whose account it is under way */
	enum blob_state state;
	struct body *body;  /* BLOB_HERE */
	const char *reason; /* BLOB_FAILED */
	struct err why;
	unsigned tries;
	size_t users; /* wants */
	struct want **waiters;
	size_t nwaiters, waiters_cap;
	struct blob *older, *newer; /* among those without users */
	/* how it is asked for */
	struct buf url, name;
	struct place place;
	struct web_answer meta; /* without its body: for the cache */
	bool kept;              /* it was found good, and is in the cache */
	const char *bad;        /* what check() has found */
};

enum group_state { GROUP_NEW, GROUP_OPENING, GROUP_GOING };

struct group {
	struct scene *scene;
	enum group_state state;
	bool single; /* windows of one tile each: those of the same together */
	bool early;  /* more windows are about to come */
	struct want **wants; /* [n], those before `at` have been taken */
	size_t n, at, left;  /* left: not done */
	size_t flying;       /* blobs under way on its account */
	struct group *next;
};

enum { COMING = 1 << 16 };

struct fetcher {
	const struct plan *plan;
	struct filter *filter;
	struct ahead *ahead;
	struct web *web;
	struct remotes *remotes;
	struct blocks *blocks; /* its own lock */
	size_t open_files;     /* a hand */

	pthread_mutex_t lock;
	pthread_cond_t has_work[2]; /* [1]: for the processor */
	bool ending, idle;
	struct table scenes;
	struct scene *oldest, *newest; /* without users */
	size_t nidle;
	uint64_t nscenes;
	struct want **incoming; /* [nincoming] */
	size_t nincoming, incoming_cap, sweep;
	size_t ntiles;    /* of those incoming: windows of services */
	uint32_t *coming; /* [COMING] how many of a tile, by a hash of it */
	struct group *groups, **last_group;
	struct want *ready, **last_ready;
	struct table blobs;
	struct blob *oldest_blob, *newest_blob; /* without users */
	size_t kept_bytes;                      /* of these */
	size_t flying;                          /* blobs under way */
	size_t held_bytes;                      /* of those with users */
	uint64_t progress;                      /* grows */
	bool missed; /* a local image could not be opened */

	struct hand **hands; /* [nhands]; the main thread's */
	unsigned nhands;
	bool has_others;        /* hands that are not for the processor */
	size_t waiting_hands;   /* for the processor */
	size_t gathering_hands; /* of them woken, but not yet at work */
};

/* A thread, and what it has to itself. */
struct hand {
	struct fetcher *f;
	bool cpu;
	pthread_t thread;
	struct raster_pool *pool;
	struct jpeg_codec *codec;
};

/* request.c: a record's window; *out NULL when the item has been set aside. */
enum begun want_begin(struct fetcher *f, struct item *item, uint64_t ticket,
	struct want **out, struct err *err);
void want_free(struct want *w);
/* Chooses the view; -1, reason and why when the image has no such window. */
int want_place(struct fetcher *f, struct want *w, const char **reason,
	struct err *why);

/* sched.c */
void fetcher_add(struct fetcher *f, struct want *w);
/* Lock held, of a window of one tile that is in hand: whether no window that
 * has been read but not been taken shows that tile, nor one soon to be. */
bool want_is_last(const struct fetcher *f, const struct want *w);
/* n hands more, for the processor or for what waits for servers. */
int hands_start(struct fetcher *f, bool cpu, unsigned n, struct err *err);
void hands_stop(struct fetcher *f);
/* Everything that a window held goes; it has been answered. */
void want_done(struct fetcher *f, struct want *w);
/* It is set aside, and done. */
void want_drop(struct fetcher *f, struct want *w, enum verdict verdict,
	const char *reason, const char *fmt, ...) PRINTF(5, 6);
/* Lock held: all its blobs are there. */
void want_ready(struct fetcher *f, struct want *w);

/* scenes.c: lock not held; the image of a packed img, its users one more. */
struct scene *scenes_get(struct fetcher *f, struct val img);
/* Lock held. */
void scenes_put(struct fetcher *f, struct scene *s);
void scenes_release(struct fetcher *f);

/* open.c: the hand's own data set of the image. */
struct raster *hand_raster(struct hand *h, const struct scene *s,
	struct err *err);
/* Opens a group's image and places its windows, in the order in which they are
 * to be read: how many there are. Without the lock. */
size_t group_open(struct hand *h, struct group *g);

/* blob.c: asks for what windows of one image need; without the lock. */
void blobs_ask(struct fetcher *f, struct want **wants, size_t n);
/* Lock held: the want needs them no more. */
void blobs_drop(struct fetcher *f, struct want *w);
/* The bytes, held; NULL when they are being asked for again (then the want
 * waits for them) or have failed. Without the lock. */
struct body *blob_hold(struct blob *b);
void blob_let(struct blob *b, struct body *body);
/* The bytes of a window of one tile, and lets it: a copy where another window
 * that is known of needs them, too. */
void blob_take(struct want *w, struct body *body, struct buf *out);
/* Whether it could not be had: then its reason and why say it, for good. */
bool blob_failed(struct blob *b);
/* The bytes are good: they are kept. */
int blob_good(struct blob *b, struct body *body, struct err *err) MUST_USE;
/* They are not: asked for again, for w, true; or not, for they were so often:
 * false. */
bool blob_again(struct blob *b, struct body *body, struct want *w);
void blobs_release(struct fetcher *f);

/* reason.c: of what could not be fetched. */
const char *fault_reason(enum http_fault fault, bool offline);

/* tiles.c */
/* The URL (or path) of a tile, and its name without tokens. -1: why. */
int tile_names(const struct fetcher *f, const struct want *w,
	const struct block_key *k, struct buf *url, struct buf *name,
	struct err *err) MUST_USE;
/* Whether a body is a whole picture, by its frame: what it is not, or NULL. */
const char *tile_flaw(const void *p, size_t len, struct str type,
	unsigned width, unsigned height, struct err *why);

/* render.c: a window whose blobs are there, or that needs none. */
void want_render(struct hand *h, struct want *w);

/* chip.c */
/* A picture, and which of its pixels are valid ([height, width] 0: not; NULL:
 * all are). */
struct picture {
	struct image img;
	uint8_t *mask;
};
void picture_release(struct picture *p);
/* From the view's pixels to the chip: done, by rule or as a result. */
void chip_finish(struct hand *h, struct want *w, struct picture *p,
	const char *crs, const double transform[6]);
/* A body, which is taken, is the chip as it is; p: what it shows, empty when
 * nobody looks. */
void chip_pass(struct hand *h, struct want *w, struct picture *p,
	struct buf *bytes);
/* The chip's bytes, which are taken, are the want's result: it is done. */
void chip_done(struct hand *h, struct want *w, struct buf *bytes, double valid,
	unsigned width, unsigned height, unsigned format);
/* Puts the result into the record. */
int chip_set(struct item *item, struct str result, struct err *err) MUST_USE;

#endif
