/*
 * fields.h - which fields the records of a stream have: how many, of what
 * types, how many bytes, between which numbers and lengths.
 *
 * Fields stand in the order in which they were first seen, those inside a map
 * behind it, one level deep. A map whose keys are data (tags, tags_hidden,
 * tag_gsd_m) is not looked into. At most MAX_FIELDS fields with names of at
 * most MAX_FIELD_NAME bytes are told apart, whatever the stream; values of
 * others are counted together. One thread.
 */
#ifndef STAT_FIELDS_H
#define STAT_FIELDS_H

#include "base/map.h"
#include "rec/val.h"

enum { MAX_FIELDS = 1000, MAX_FIELD_NAME = 256 };

enum field_type {
	FIELD_NIL,
	FIELD_BOOL,
	FIELD_INT,
	FIELD_F32,
	FIELD_F64,
	FIELD_STR,
	FIELD_BIN,
	FIELD_ARRAY,
	FIELD_MAP,
	FIELD_EXT,
	FIELD_TYPES,
};

const char *field_type_name(enum field_type t);

struct field {
	uint64_t records; /* that have it */
	uint64_t bytes;   /* of the packed values, without the name */
	uint64_t types[FIELD_TYPES];
	/* finite numbers; min, mean, max are there when numbers > 0 */
	uint64_t numbers, not_finite;
	double min, mean, max;
	/* elements of arrays, pairs of maps; there when lengths > 0 */
	uint64_t lengths, shortest, longest;
	struct field_list *inner; /* of maps, NULL: none seen */
	uint64_t last;            /* the last record that has it */
};

/* A zeroed one is empty. */
struct field_list {
	struct map names;    /* its entries are the names, [n] */
	struct field *items; /* [n] */
	size_t n, cap;
};

struct fields {
	struct field_list top;
	size_t n;         /* in all */
	uint64_t records; /* counted */
	uint64_t others;  /* values of fields that are not told apart */
};

/* Counts a record: a map. */
void fields_add(struct fields *f, struct val record);
void fields_release(struct fields *f);

/* Calls fn with each field and its path (path.h), those inside a map behind it.
 */
typedef void field_fn(void *ctx, const struct field *field, struct str path);
void fields_each(const struct fields *f, field_fn *fn, void *ctx);

#endif
