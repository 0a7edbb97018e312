/*
 * rec.h - one data record: a map with string keys, edited field by field.
 *
 * Fields that nobody sets are written back byte for byte and in their order;
 * a field that is set is replaced in place, a new one appended. A record owns
 * its bytes. Values got from it are views, good until the record is released
 * or that field is set (a set keeps the old bytes alive: views stay readable).
 * Not for several threads at once.
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
	struct rec_field *fields; /* [n] */
	size_t n, cap;
	uint8_t *data; /* the bytes as read */
	char **owned;  /* bytes of fields that were set */
	size_t nowned, owned_cap;
};

#define REC_INIT                                                               \
	{                                                                      \
		NULL, 0, 0, NULL, NULL, 0, 0                                   \
	}

/*
 * Takes a copy of one well-framed msgpack map. -1 when it is no map, a key is
 * no string, twice there, or reserved ("skyfilters", "skyfilters_end").
 * The record must be empty (REC_INIT or rec_release()d).
 */
int rec_parse(struct rec *r, const uint8_t *p, size_t len,
	struct err *err) MUST_USE;
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
int rec_get_u64(const struct rec *r, const char *key, uint64_t *out,
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
void rec_set_u64(struct rec *r, const char *key, uint64_t v);
/* Removes a field; false when it was not there. */
bool rec_drop(struct rec *r, const char *key);

/* Appends the record, packed, to b. */
void rec_pack(const struct rec *r, struct buf *b);

/* What a seeded choice goes by: `key`, else `id`, else empty. */
struct str rec_key(const struct rec *r);

#endif
