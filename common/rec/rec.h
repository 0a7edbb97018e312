/*
 * rec.h - one data record: a map with string keys, edited field by field.
 *
 * Fields that nobody sets are written back byte for byte and in their order;
 * a field that is set is replaced in place, a new one appended. A record that
 * nobody edits is written as it was read. Values got from it are views into
 * the bytes it was read from, good until those go or the record is released
 * (a set keeps the old bytes alive). Not for several threads at once.
 */
#ifndef REC_REC_H
#define REC_REC_H

#include "rec/val.h"
#include "base/path.h"

struct rec_field {
	struct str key;
	struct val key_val; /* the key as packed */
	struct val val;
};

struct rec {
	struct rec_field *fields; /* [n]: in room, or lent by another record */
	size_t n;
	struct rec_field *room; /* [cap] */
	size_t cap;
	struct val whole; /* the bytes as read; len 0: made from nothing */
	bool edited;
	uint8_t *data; /* a copy of them, when the record owns one */
	char **owned;  /* bytes of fields that were set */
	size_t nowned, owned_cap;
};

#define REC_INIT                                                               \
	{                                                                      \
		NULL, 0, NULL, 0, {NULL, 0}, false, NULL, NULL, 0, 0           \
	}

/*
 * Finds where the map at p ends and its fields lie: its size, or 0 when no
 * whole map stands there (val_scan() says why). The record views the bytes;
 * its keys have not been looked at.
 */
size_t rec_scan(struct rec *r, const uint8_t *p, size_t len);
/*
 * -1 when a key is no string, twice there, or reserved ("skyfilters",
 * "skyfilters_end").
 */
int rec_check(const struct rec *r, struct err *err) MUST_USE;
/*
 * Takes one well-framed value: rec_scan() and rec_check(). The record views
 * the bytes, which the caller keeps. It must be empty (REC_INIT, or
 * rec_reset()).
 */
int rec_view_bytes(struct rec *r, const uint8_t *p, size_t len,
	struct err *err) MUST_USE;
/* The same of a copy, which the record owns. */
int rec_parse(struct rec *r, const uint8_t *p, size_t len,
	struct err *err) MUST_USE;
/* From here on it owns all its bytes, packed anew. */
void rec_own(struct rec *r);
/*
 * Makes `to`, which is empty, the same view of the bytes. It takes a copy of
 * the fields when it is edited; until then `from` must stay as it is.
 */
void rec_view_rec(struct rec *to, const struct rec *from);
/* Empties it, keeping its room for fields. */
void rec_reset(struct rec *r);
/* For whoever edits `fields`: they are the record's own, with room for one
 * more; it counts as edited. */
void rec_edit(struct rec *r);
void rec_release(struct rec *r);

/* The field's value; false when it is not there. */
bool rec_get(const struct rec *r, const char *key, struct val *out);
bool rec_has(const struct rec *r, const char *key);
/* The value at the end of a path; false when there is none. */
bool rec_get_path(const struct rec *r, const struct path *p, struct val *out);
/*
 * The field as one type. 1 when it is there, 0 when it is not, -1 and an
 * error naming field and types when it is of another type.
 */
int rec_get_str(const struct rec *r, const char *key, struct str *out,
	struct err *err) MUST_USE;
int rec_get_bin(const struct rec *r, const char *key, struct str *out,
	struct err *err) MUST_USE;
int rec_get_f64(const struct rec *r, const char *key, double *out,
	struct err *err) MUST_USE;
int rec_get_map(const struct rec *r, const char *key, struct val *out,
	struct err *err) MUST_USE;
int rec_get_array(const struct rec *r, const char *key, struct val *out,
	struct err *err) MUST_USE;
/* An array of exactly n numbers. */
int rec_get_f64s(const struct rec *r, const char *key, double *out, size_t n,
	struct err *err) MUST_USE;

/* Sets a field to the packed value in b (one value, see pack.h); copies it. */
void rec_set(struct rec *r, const char *key, const struct buf *b);
void rec_set_str(struct rec *r, const char *key, const char *s, size_t len);
void rec_set_bin(struct rec *r, const char *key, const void *p, size_t len);
void rec_set_f64(struct rec *r, const char *key, double v);
/* Removes a field; false when it was not there. */
bool rec_drop(struct rec *r, const char *key);

/* The record's bytes: as read, or packed into `room`, which is emptied. */
struct val rec_bytes(const struct rec *r, struct buf *room);
/* Appends the record, packed, to b. */
void rec_pack(const struct rec *r, struct buf *b);

/* What a seeded choice goes by: `key`, else `id`, else empty. */
struct str rec_key(const struct rec *r);

#endif
