/*
 * cut.h - which records of a stream go on, and with which fields.
 *
 * In this order, each step seeing what the one before has left:
 *	sample	"not in sample": drops by the seeded hash, purpose "sample", of
 *		the record's key or id
 *	join	puts in the columns of a table (form/join.h)
 *	where	"where": drops what no expression is true of (form/where.h)
 *	head	"behind head": drops all but the first ones
 *	keep, drop	fields (rec/edit.h)
 * One thread.
 */
#ifndef FORM_CUT_H
#define FORM_CUT_H

#include "form/join.h"

struct cut_options {
	double sample_percent; /* NaN: all */
	struct join_options join;
	struct opt_list where;   /* one is to be true; none: all */
	uint64_t head;           /* UINT64_MAX: all */
	const char *keep, *drop; /* lists of paths; NULL: none */
};

#define CUT_OPTIONS_INIT                                                       \
	{                                                                      \
		NAN, {NULL, NULL, NULL, NULL}, {NULL, 0}, UINT64_MAX, NULL,    \
			NULL                                                   \
	}

struct cuts;

/* NULL: the options are wrong. Opens nothing; o must outlive the cuts. */
struct cuts *cuts_new(const struct cut_options *o, uint64_t seed,
	struct err *err) MUST_USE;
/* NULL is fine. */
void cuts_free(struct cuts *c);

/* Reads the table to join, if there is one. */
int cuts_open(struct cuts *c, struct filter *f, struct err *err) MUST_USE;
/* Cuts one record, or sets a verdict. */
void cuts_apply(struct cuts *c, struct item *item);
/* True when all that follow will be dropped as "behind head". */
bool cuts_ended(const struct cuts *c);
/*
 * At the end: says how the join went, which fields of `keep` were never there,
 * and hints at why nothing came out.
 */
void cuts_done(const struct cuts *c, struct filter *f);

#endif
