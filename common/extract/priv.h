/*
 * priv.h - what the files of common/extract share: the state of one file.
 */
#ifndef EXTRACT_PRIV_H
#define EXTRACT_PRIV_H

#include "extract/extract.h"
#include "geo/measure.h"
#include "osm/history.h"
#include "osm/members.h"
#include "osm/nodes.h"
#include "osm/osm.h"
#include "osm/rings.h"
#include "osm/runs.h"

/* What keys say, as bits: the object may be chosen; it may be an area. */
enum { FLAG_CHOSEN = 1, FLAG_AREA = 2 };

/* A record that is set aside, in a batch. */
struct aside {
	enum verdict verdict;
	const char *reason; /* a constant */
	size_t detail;      /* where it begins in the texts */
	size_t begin, end;  /* of the record among the packed ones */
};

/* A version of a way that relations need. */
struct past_way {
	int64_t id, from, to;
	size_t begin, n; /* among the refs */
};

/* What a block has become. */
struct made {
	struct buf records; /* one behind the other */
	uint64_t n;
	size_t last;              /* where the last one begins */
	struct buf packed, texts; /* of what is set aside, details with NUL */
	struct aside *asides;     /* [nasides] */
	size_t nasides, asides_cap;
	struct node_runs runs;
	int64_t *ids; /* [nplaces] wanted nodes, where order counts */
	struct geo_pos *pos;
	size_t nplaces, ids_cap, pos_cap;
	struct member_way *ways; /* [nways] that relations need */
	size_t nways, ways_cap;
	/* for --versions */
	int64_t *from;         /* [nplaces] */
	struct past_way *past; /* [npast] */
	int64_t *refs;         /* [nrefs] */
	size_t from_cap, npast, past_cap, nrefs, refs_cap;
};

void made_release(struct made *m);
void made_reset(struct made *m);

/* One thread's own. */
struct room {
	struct node_place *places; /* of a way's nodes */
	struct geo_pos *pos;       /* [npos] those that are there */
	size_t npos, places_cap, pos_cap;
	struct pair *told; /* tags that the area rules name */
	size_t told_cap;
	uint64_t memo_block; /* what one such tag of this block told */
	const char *memo_key, *memo_value;
	unsigned memo_types;
	struct shape shape;
	struct buf geom;
	struct rings *rings;
	struct ring_way *ways; /* of a relation */
	size_t nways, ways_cap;
	struct select_counts *counts; /* or NULL */
	struct select_seen *seen;     /* or NULL */
	int64_t now;                  /* for --versions, and what they are: */
	struct split *split;          /* or NULL */
};

struct extract {
	const struct extract_options *o;
	struct filter *f;
	struct osm_file *file;
	struct nodes nodes;
	struct members members;
	struct moves moves; /* for --versions, instead of both */
	struct courses courses;
	struct room *rooms; /* [threads] */
	unsigned types;     /* enum expr_type bits: that may be chosen */
	bool direct;        /* positions stand in the ways */
	bool sorted;        /* the last pass gathers what it needs */
	bool ascending;     /* node ids, over all blocks so far */
	int64_t last_node;
	struct node_runs open;
	uint64_t max_record;
};

/*
 * Is the object, which is one of these types, chosen? s: its measure, or NULL
 * when that is not known yet; its numbers are NaN when it has none.
 */
enum expr_answer choose(const struct extract *x, const struct osm_object *o,
	unsigned types, const struct measure *s);
/* The same of a record that could be made, which is counted once decided.
 * answer: what choose() said without a measure, or MAYBE */
bool is_chosen(struct extract *x, unsigned worker, const struct osm_object *o,
	unsigned types, const struct measure *s, enum expr_answer answer);
/* A measure of numbers that are not known. */
struct measure no_measure(void);
/* What a way is, by its nodes and tags: EXPR_LINE, EXPR_WAY_AREA or both. */
unsigned way_types(struct extract *x, const struct osm_batch *b,
	const struct osm_object *way);

/* Makes the records of one file; "-" is standard input. */
int extract_file(const struct extract_options *o, struct filter *f,
	const char *path, struct err *err) MUST_USE;

/* Passes that look ahead: which ways and nodes are needed. */
int mark_relation(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err);
int mark_way(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err);

/* A pass over these kinds that takes what is chosen and members, and no more
 * than that. */
struct osm_pass begin_pass(struct extract *x, unsigned kinds);
/* Which objects it takes, instead. */
bool wants_none(void *ctx, enum osm_kind kind, int64_t id, unsigned flags);
bool wants_members(void *ctx, enum osm_kind kind, int64_t id, unsigned flags);

/* Whether a relation may become a record, by its tags. */
bool is_asked_for(void *ctx, const struct osm_object *o);

/* For --versions: what the last pass needs; then a version becomes records. */
int gather_past(struct extract *x, struct err *err);
int emit_versions(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err);
void split_free(struct split *s);
/* As find_places() and members_get(), of the time that the room has. */
size_t find_places_then(struct extract *x, struct room *room,
	const struct osm_object *way, int64_t *missing);
const struct geo_pos *find_member_then(struct extract *x, struct room *room,
	int64_t id, size_t *n);

/* The last pass: an object becomes its records. */
int emit_object(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err);
/* A way's positions into the thread's room; how many are missing, and the
 * first of them. */
size_t find_places(struct extract *x, struct room *room,
	const struct osm_object *way, int64_t *missing);
/* A wanted way is kept for its relations. */
void keep_member(struct extract *x, struct osm_batch *b,
	const struct osm_object *way, const struct room *room, size_t missing);

int emit_relation(struct extract *x, struct osm_batch *b,
	const struct osm_object *o, struct err *err);
/*
 * An object that is not whole: a record of the bounds of what is there, or, as
 * the options say, set aside. The room's shape has a part for each position.
 */
int emit_broken(struct extract *x, struct osm_batch *b,
	const struct osm_object *o, unsigned type, const char *reason,
	const char *detail, struct err *err);
/* The room's shape as `geom`, or NULL when it is not asked for. */
const struct buf *geom_of(struct extract *x, struct room *room,
	enum shape_kind kind);

/* A record behind others; geom may be NULL. */
enum size { SIZE_NONE, SIZE_AREA, SIZE_LENGTH };
int add_record(struct extract *x, struct made *m, char letter,
	const struct osm_object *o, const struct measure *s, enum size size,
	const struct buf *geom, struct err *err);
/* Of the id of a record that one of these two has made. */
char record_letter(const uint8_t *record);
/* What is known of an object that gives no record. */
void add_aside(struct made *m, char letter, const struct osm_object *o,
	enum verdict verdict, const char *reason, const char *fmt, ...)
	PRINTF(6, 7);

#endif
