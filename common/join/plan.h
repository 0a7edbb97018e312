/*
 * plan.h - what was decided of all objects, on disk until it is carried out.
 *
 * The objects' records lie in a store, their boxes in an index, the plans in a
 * spool in the order of the input. Memory: 47 bytes an object.
 */
#ifndef JOIN_PLAN_H
#define JOIN_PLAN_H

#include "base/spool.h"
#include "base/store.h"
#include "filter/filter.h"
#include "join/choose.h"

/* What comes out for an object. */
struct plan {
	uint32_t object;         /* its number */
	uint64_t number, offset; /* its record's, in the input */
	enum verdict verdict;
	const char *reason; /* where it is set aside: a constant; and then */
	char *detail;       /* or NULL; owned */
	struct sample sample;
};

struct plans {
	struct store *objects;      /* their records */
	struct lonlat_index *boxes; /* of them; NaN of those set aside */
	struct spool *plans;
	size_t n;                  /* plans */
	size_t counts[CHOSEN + 1]; /* objects by fate */
	struct rect bounds_deg;    /* of all objects that are good */
	bool measure;              /* the next */
	double reach_m; /* from an object's lon and lat to its window's corners
			 */
};

void plans_init(struct plans *p);
void plans_release(struct plans *p);

int plans_put(struct plans *p, const struct plan *plan,
	struct err *err) MUST_USE;
/* Goes (back) to the first plan; the first time ends the putting. */
int plans_rewind(struct plans *p, struct err *err) MUST_USE;
/* The next plan, whose detail the caller frees: 1, 0 at the end, -1. */
int plans_next(struct plans *p, struct plan *out, struct err *err) MUST_USE;

/*
 * Reads all objects of f and decides what comes out for each: of how many
 * images, at least one plan of each but halo objects. Those set aside have
 * reasons.
 */
int plans_make(struct plans *p, struct filter *f, const struct catalog *catalog,
	const struct join_opts *opts, struct err *err) MUST_USE;

/*
 * Which samples are over the cap of opts->max_per_tag, to be freed: [p->n], or
 * NULL where there is none. Reads and writes the caps' files.
 */
int plans_cap(struct plans *p, struct filter *f, const struct join_opts *opts,
	uint8_t **over, struct err *err) MUST_USE;

/* Makes room for a box in degrees; one that crosses the antimeridian spans all
 * longitudes. */
void bounds_widen(struct rect *all, const double box[4]);
/* Tells f, for people, why no object got a window, when none did. */
void plans_hint(const struct plans *p, const struct catalog *catalog,
	struct filter *f);

#endif
