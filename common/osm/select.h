/*
 * select.h - which objects of an OSM file become records.
 *
 * Built from expressions (expr/expr.h), of which one must be true; without any,
 * from the table of tags that alone make no object worth a record
 * (tags/ignored.h); and from a part of the globe that the object's point must
 * lie in. Read-only once sealed: any number of threads ask, each with counters
 * of its own, which are summed afterwards.
 */
#ifndef OSM_SELECT_H
#define OSM_SELECT_H

#include "expr/expr.h"

/* The names in expressions that are no tags' keys, ended by NULL. */
extern const char *const select_fields[];

struct select;

/* Chooses every tagged object, until it is told more. */
struct select *select_new(void);
/* NULL is fine. */
void select_free(struct select *s);

/* One expression more. Errors name the column. */
int select_add(struct select *s, const char *expression,
	struct err *err) MUST_USE;
/*
 * One expression a line. Empty lines and those that begin with '#' are passed
 * over, and what stands behind " #" outside of quotes. Errors name the line.
 */
int select_add_file(struct select *s, const char *path,
	struct err *err) MUST_USE;
/*
 * Where there is no expression, passes over what has no tag but ignored ones:
 * the table's text. `name` is for messages, which give the line.
 */
int select_ignore(struct select *s, const char *name, const char *text,
	size_t len, struct err *err) MUST_USE;
/*
 * "W,S,E,N" in degrees. The west and south edges are in, the east and north
 * ones are not (but the north pole), so that boxes side by side share no
 * object. W > E crosses the antimeridian.
 */
int select_set_bbox(struct select *s, const char *text,
	struct err *err) MUST_USE;
/* A file as region.h reads it; with a box the point must lie in both. */
int select_set_region(struct select *s, const char *path,
	struct err *err) MUST_USE;
/* From here on select_key() and select_types() leave nothing out, so that each
 * object is counted. */
void select_count_all(struct select *s);
/* Ends the building; once. */
void select_seal(struct select *s);

/*
 * False: an object all of whose keys are such is not chosen. To be asked once
 * for each string of a block's table, values too: it is quick.
 */
bool select_key(const struct select *s, struct str key);
/* Whether there are no expressions: but for the table of ignored tags and the
 * place all objects are chosen. */
bool select_is_open(const struct select *s);
/* False: of objects of select_types(), select_key() says the same. */
bool select_has_tests(const struct select *s);
/* enum expr_type bits: an object of no such type is not chosen. */
unsigned select_types(const struct select *s);

/* An object, as far as it is known. */
struct select_object {
	unsigned types;          /* enum expr_type bits: what it may be */
	const struct pair *tags; /* [n_tags] */
	size_t n_tags;
	bool has_key; /* select_key() is known to be true of a key */
	int64_t id;
	bool has_info;  /* ver and ts are known; 0: not in the file */
	bool has_place; /* the rest is known; NaN: it has none */
	uint64_t ver;
	int64_t ts;      /* Unix seconds */
	double lon, lat; /* its point, in degrees */
	double size;     /* of a line in m, of an area in m2 */
};

/*
 * Is the object chosen? Ask when the tags are known, and where that gives MAYBE
 * again with the geometry; a closed way may be of two types at first.
 */
enum expr_answer select_match(const struct select *s,
	const struct select_object *o);

/* Of each test of the expressions, how many objects it was true and false of.
 */
struct select_counts;

struct select_counts *select_counts_new(const struct select *s);
/* NULL is fine. */
void select_counts_free(struct select_counts *c);
/*
 * Counts the object; once for each, when select_match() has given NO or YES. A
 * test whose answer is not known then (of geometry, when the tags have decided)
 * does not count it. Allocates nothing.
 */
void select_counts_add(struct select_counts *c, const struct select_object *o);
void select_counts_merge(struct select_counts *to,
	const struct select_counts *from);
/*
 * Appends a table with tabs: a line of headings, then a line for each test:
 * kept, removed, the test as it was written, with blanks for control signs.
 */
void select_counts_print(const struct select_counts *c, struct buf *out);

/* The keys that occur, to find those that do not. */
struct select_seen;

struct select_seen *select_seen_new(const struct select *s);
/* NULL is fine. */
void select_seen_free(struct select_seen *seen);
/* A key that objects have; again and again is fine. */
void select_seen_add(struct select_seen *seen, struct str key);
void select_seen_merge(struct select_seen *to, const struct select_seen *from);
/*
 * Appends which keys of the expressions were not seen: "no object has the key
 * 'bilding' (did you mean 'building'?)", the nearest spelling of those that
 * were. False when there is none.
 */
bool select_seen_explain(const struct select_seen *seen, struct buf *out);

#endif
