/*
 * choose.h - the images and the windows of one object.
 *
 * Of the images that hold the window, show a tag and are in time, those that
 * join_opts' prefer and per_object say. One thread, objects in the input's
 * order: a key that is there already gets a number.
 */
#ifndef JOIN_CHOOSE_H
#define JOIN_CHOOSE_H

#include "geo/window.h"
#include "join/join.h"
#include "join/scene.h"
#include "join/taglist.h"

/* How far an object came; the furthest over all images is its reason. */
enum fate {
	NO_IMAGE,
	NOT_IN_TIME,
	TOO_COARSE,
	NO_VISIBLE_TAG,
	TOO_SMALL,
	TOO_LARGE,
	WINDOW_LEAVES,
	CHOSEN,
};

struct sample {
	uint32_t object;                /* its number */
	const struct image *image;      /* NULL: the object was set aside */
	const struct scene_item *focus; /* in the image's scene */
	struct window win;              /* not shifted yet */
	struct rect hold; /* what a shift keeps inside: bbox or node, pixels */
	char *key;        /* owned */
	bool over_cap;    /* enough others have its tags */
};

struct samples {
	struct sample *items; /* [n] */
	size_t n, cap;
};

void samples_add(struct samples *all, const struct sample *s);
void samples_release(struct samples *all);

struct chooser {
	const struct join_opts *opts;
	struct catalog *catalog;
	const struct objects *objects;
	struct lonlat_index *index; /* of the objects' boxes */
	struct map keys;            /* all keys set; how many of each base */
	size_t counts[CHOSEN + 1];  /* objects by fate */
	struct samples fitting;     /* room: the object in each image */
	struct hits hits;           /* room */
	struct taglist tags;        /* room */
	struct buf base;            /* room */
};

/* Indexes the objects. Both must stay until chooser_release(). */
void chooser_init(struct chooser *c, const struct join_opts *opts,
	struct catalog *catalog, const struct objects *objects);
void chooser_release(struct chooser *c);

/*
 * Adds the samples of object `number`, at least one: where it has none its item
 * is set aside. Not for halo objects and faults.
 */
void choose(struct chooser *c, uint32_t number, struct samples *out);

/* Tells f, for people, why no object got a window, when none did. */
void chooser_hint(const struct chooser *c, struct filter *f);

#endif
