/*
 * join.h - objects meet images: for every object the image that shows it, the
 * window in that image and what surrounds the object there.
 *
 * Source: the SkyScript paper (arXiv 2312.12856), sections "image selection"
 * and "semantic tag classification": the object comes first; a tag is
 * described only where the image's ground sample distance can show it.
 * Objects lie in temporary files meanwhile; memory is 47 bytes for each, and
 * the catalogue.
 */
#ifndef JOIN_JOIN_H
#define JOIN_JOIN_H

#include "filter/filter.h"
#include "join/sizes.h"

struct offsets;

/* Which of the images that can show an object is taken. */
enum join_prefer {
	/* the finest; of those within JOIN_SAME_GSD of it the first that is not
	 * older than the object, else the nearest in date */
	PREFER_FINEST,
	PREFER_NEWEST,
	PREFER_NEAREST_DATE,
	PREFER_RANDOM,
};

#define JOIN_SAME_GSD 1.2

struct join_opts {
	struct side window;        /* of nodes and lines */
	const struct sizes *sizes; /* go before window and max_gsd; or NULL */
	int64_t window_size;    /* side of all windows in pixels; 0: as below */
	int64_t px_min, px_max; /* sides of the windows of areas */
	bool exact;             /* no side grows to px_min */
	bool square;            /* the shorter side grows to the longer */
	enum join_prefer prefer;
	uint64_t per_object;  /* so many images of an object, > 0 */
	double max_age;       /* days between image and object; < 0: any */
	double max_gsd;       /* of objects without tag_gsd_m; 0: any */
	uint64_t max_per_tag; /* samples; 0: any number */
	/* see caps.h; or NULL: what is known of other samples, to be used
	 * instead of these, and what is known of these, to be written */
	const char *caps, *caps_out;
	bool bbox_near;    /* without geometry, part of a bbox is enough */
	double min_object; /* pixels that an area's longer side must span */
	double shift;      /* probability of a shift */
	double keep;       /* share of an area that a shift keeps inside */
	double gsd_slack;
	uint64_t max_near;
	uint64_t negatives; /* windows without objects */
	bool keep_geom;
	const struct offsets *offsets; /* of images */
	uint64_t seed, threads;
};

/*
 * Reads the catalogue, then all objects of f; emits samples by image and place,
 * and what is set aside, with its reason, in the objects' order. Before both
 * are read to their ends nothing is written.
 */
int join_run(struct filter *f, const char *catalog, const struct join_opts *o,
	struct err *err) MUST_USE;

/*
 * Reads both as join_run() does, and emits nothing: *metres is how far from an
 * object's lon and lat its window goes at most, which is the halo that parts of
 * these objects need to be joined as the whole is.
 */
int join_halo(struct filter *f, const char *catalog, const struct join_opts *o,
	double *metres, struct err *err) MUST_USE;

#endif
