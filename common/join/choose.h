/*
 * choose.h - the images and the windows of one object.
 *
 * Of the images that hold the window, show a tag and are in time, those that
 * join_opts' prefer and per_object say.
 */
#ifndef JOIN_CHOOSE_H
#define JOIN_CHOOSE_H

#include "geo/window.h"
#include "join/join.h"
#include "join/place.h"
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

/* The reason for people, of all but CHOSEN. */
const char *fate_reason(enum fate fate);

/* An object in an image. */
struct sample {
	const struct image *image;
	struct window win;
	struct rect
		hold;  /* what a shift keeps inside, pixels: an area's bounds,
			* what of a line's is in the window, a node */
	uint32_t copy; /* of its key, see keys.h */
};

struct samples {
	struct sample *items; /* [n] */
	size_t n, cap;
};

void samples_add(struct samples *all, const struct sample *s);
void samples_release(struct samples *all);

/* One thread's. */
struct chooser {
	const struct join_opts *opts;
	const struct catalog *catalog;
	struct crs_room crs;
	struct hits hits;       /* room */
	struct taglist tags;    /* room */
	struct shape shape;     /* room */
	struct buf key;         /* room */
	struct samples fitting; /* room */
};

void chooser_release(struct chooser *c);

enum { WHY_TEXT = 200 };

/*
 * Appends the images that the object fits, the best first. CHOSEN when there is
 * one; else how far it came, and why[WHY_TEXT] says more. Not for halo objects.
 */
enum fate choose(struct chooser *c, const struct object *o,
	struct samples *fitting, char *why);

/*
 * The same in one image, as the copy of its key that s->copy says, for by that
 * the node of a line is drawn, and the shift.
 */
enum fate choose_window(struct chooser *c, const struct object *o,
	struct sample *s, char *why);

/* The sample's key without its copy, appended to `key`. */
void sample_key(const struct sample *s, const struct object *o,
	struct buf *key);

#endif
