/*
 * val.h - one msgpack value, read in place.
 *
 * A struct val is a view of exactly one well-formed value inside bytes that
 * belong to someone else (val_scan() has checked them). Readers return 0, or
 * -1 when the value is of another type or out of range. Nothing is allocated
 * that outlives a call.
 * Source: the msgpack specification, github.com/msgpack/msgpack/spec.md.
 */
#ifndef REC_VAL_H
#define REC_VAL_H

#include <stddef.h>
#include <stdint.h>

struct val {
	const uint8_t *p;
	size_t len; /* 0: no value */
};

enum val_type {
	VAL_NIL,
	VAL_BOOL,
	VAL_INT,   /* any integer */
	VAL_FLOAT, /* f32 or f64 */
	VAL_STR,
	VAL_BIN,
	VAL_ARRAY,
	VAL_MAP,
	VAL_EXT,
};

/* Arrays and maps inside one another, empty ones and the outermost too. */
enum { VAL_MAX_DEPTH = 64 };

/*
 * Finds where the value at p ends, by its heads alone. A zeroed scan starts;
 * called again with the same bytes and more behind them it goes on where it
 * stopped. The length, > 0; 0 when `len` bytes are too few to tell (then
 * scan->need says how many there must be at least); -1 when no value can be so
 * (reserved byte 0xc1, nested deeper than VAL_MAX_DEPTH).
 */
struct val_scan {
	/* values still to come, per level: the value itself, then what is
	 * in the containers that are open */
	uint64_t left[VAL_MAX_DEPTH + 1];
	uint64_t pos, need;
	unsigned depth;
	bool started;
};
int64_t val_scan(struct val_scan *scan, const uint8_t *p, size_t len);
/*
 * The size of the value at p, inside `depth` open containers; 0 when no whole
 * one stands there. Much faster than val_scan(), but does not say why.
 */
size_t val_skip(const uint8_t *p, size_t len, unsigned depth);
/* The value at p in one go: false when there is no whole one. */
bool val_at(const uint8_t *p, size_t len, struct val *out);

/* What the first bytes of a value say. */
struct val_head {
	enum val_type type;
	bool f32;
	uint8_t size;  /* bytes of the head itself; 0: no value */
	uint64_t body; /* bytes behind it, for all but arrays and maps */
	uint64_t n;    /* elements of an array, pairs of a map */
};
struct val_head val_head(const uint8_t *p, size_t len);

enum val_type val_type(struct val v);
const char *val_type_name(enum val_type t);

int val_bool(struct val v, bool *out) MUST_USE;
int val_i64(struct val v, int64_t *out) MUST_USE;
int val_u64(struct val v, uint64_t *out) MUST_USE;
/* Floats, and integers as the nearest double. */
int val_f64(struct val v, double *out) MUST_USE;
/* True for a 4-byte float. */
bool val_is_f32(struct val v);
int val_str(struct val v, struct str *out) MUST_USE;
int val_bin(struct val v, struct str *out) MUST_USE;
int val_ext(struct val v, int8_t *type, struct str *out) MUST_USE;

/* Elements of an array, pairs of a map; 0 for anything else. */
size_t val_count(struct val v);

/*
 * Walks an array or a map:
 *	for (it = val_iter(v); val_next(&it, &key, &val);)
 * key may be NULL for arrays. Anything else has no elements.
 */
struct val_iter {
	const uint8_t *p, *end;
	uint32_t left;
	bool map;
};
struct val_iter val_iter(struct val v);
bool val_next(struct val_iter *it, struct val *key, struct val *val);

/* The value of a string key in a map; false when it is not there. */
bool val_find(struct val map, const char *key, struct val *out);
/* One step of a path: the value of a key, or an array's element by number. */
bool val_step(struct val v, struct str name, struct val *out);
/* The same as val_find(), as one type; -1 when it is absent or of another type.
 */
int val_find_str(struct val map, const char *key, struct str *out) MUST_USE;
int val_find_f64(struct val map, const char *key, double *out) MUST_USE;
int val_find_u64(struct val map, const char *key, uint64_t *out) MUST_USE;
/*
 * A text that stands twice among n, the first at `keys` and each `stride` bytes
 * behind the one before; false when there is none.
 */
bool keys_twice(const struct str *keys, size_t stride, size_t n,
	struct str *twice);
/* A string key that stands twice in a map; false when there is none. */
bool val_key_twice(struct val map, struct str *key);
/* An array of exactly n numbers. */
int val_f64s(struct val v, double *out, size_t n) MUST_USE;
int val_find_f64s(struct val map, const char *key, double *out,
	size_t n) MUST_USE;

#endif
