/*
 * choose.h - the image and the window of one object.
 *
 * Images are tried from the finest on; the first that holds the window and
 * shows a tag is taken. One thread, objects in the input's order: a key that
 * is there already gets a number.
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
	NO_VISIBLE_TAG,
	TOO_SMALL,
	TOO_LARGE,
	WINDOW_LEAVES,
	CHOSEN,
};

struct sample {
	const struct image *image;      /* NULL: the object was set aside */
	const struct scene_item *focus; /* in the image's scene */
	struct window win;              /* not shifted yet */
	struct rect hold; /* what a shift keeps inside: bbox or node, pixels */
	char *key;        /* owned */
};

struct chooser {
	const struct join_opts *opts;
	struct catalog *catalog;
	const struct objects *objects;
	struct lonlat_index *index; /* of the objects' boxes */
	struct map keys;            /* all keys set; how many of each base */
	size_t counts[CHOSEN + 1];  /* objects by fate */
	struct hits hits;           /* room */
	struct taglist tags;        /* room */
	struct buf base;            /* room */
};

/* Indexes the objects. Both must stay until chooser_release(). */
void chooser_init(struct chooser *c, const struct join_opts *opts,
	struct catalog *catalog, const struct objects *objects);
void chooser_release(struct chooser *c);

/*
 * Fills out for object `number`, or sets its item aside. Not for halo objects
 * and faults.
 */
void choose(struct chooser *c, uint32_t number, struct sample *out);

/* Tells f, for people, why no object got a window, when none did. */
void chooser_hint(const struct chooser *c, struct filter *f);

#endif
