#include "base/base.h"
#include "join/prefer.h"

#include <math.h>

#include "base/hash.h"

/*
 * How bad an image is, 0 for the best: days between it and the object, where
 * one that is older counts as if it were far behind all others.
 */
static double lateness(const struct image *img, const struct object *o,
	bool older_last)
{
	double days = ((double)img->when - (double)o->ts) / 86400;

	if (img->when == NO_DATE)
		return INFINITY;
	return days < 0 && older_last ? 1e9 - days : fabs(days);
}

/* The same choice for this object and image, whatever else there is. */
static double chance(const struct join_opts *opts, const struct image *img,
	const struct object *o)
{
	const struct img_field *f = &img->field;
	struct buf key = BUF_INIT;
	double u;

	buf_add(&key, o->id.s, o->id.len);
	buf_addc(&key, '\0');
	buf_add(&key, f->src.s, f->src.len);
	buf_addc(&key, '\0');
	buf_add(&key, f->uri.s, f->uri.len);
	u = seeded_unit(opts->seed, "image", (struct str){key.data, key.len});
	buf_release(&key);
	return u;
}

static double badness(const struct join_opts *opts, const struct image *img,
	const struct object *o)
{
	switch (opts->prefer) {
	case PREFER_FINEST:
		return o->ts ? lateness(img, o, true) : 0;
	case PREFER_NEWEST:
		return img->when == NO_DATE ? INFINITY : -(double)img->when;
	case PREFER_NEAREST_DATE:
		return o->ts ? lateness(img, o, false) : 0;
	case PREFER_RANDOM:
		return chance(opts, img, o);
	}
	return 0;
}

size_t prefer(const struct join_opts *opts, const struct object *o,
	const struct sample *samples, size_t n)
{
	double limit = opts->prefer == PREFER_FINEST
			       ? samples[0].image->field.gsd_m * JOIN_SAME_GSD
			       : INFINITY;
	double least = INFINITY;
	size_t best = 0;

	for (size_t i = 0; i < n && samples[i].image->field.gsd_m <= limit;
		i++) {
		double bad = badness(opts, samples[i].image, o);

		if (bad < least) {
			least = bad;
			best = i;
		}
	}
	return best;
}
