/*
 * priv.h - what the files of common/osm share.
 */
#ifndef OSM_PRIV_H
#define OSM_PRIV_H

#include "osm/osm.h"

/* The bytes of a file, from its start, hashed on the way. */
struct source {
	int fd;
	uint64_t offset; /* bytes taken so far */
	struct sha256 *sha;
	struct zread *z; /* NULL: not packed */
	bool stopped;    /* by the callback: its error is not the file's */
};

/* At most len bytes: how many, 0 at the end, -1. */
long source_read(struct source *s, void *p, size_t len, struct err *err);

/* One run over the objects. */
struct pass {
	struct source *source;
	unsigned kinds;
	osm_fn *fn;
	void *ctx;
};

/*
 * Hands out one object, if its kind is asked for. A key that it has twice is
 * dropped but for the first: tags are a map.
 */
int pass_object(const struct pass *p, struct osm_object *o,
	struct err *err) MUST_USE;

/* Bytes of keys and values an object may have: one block could name a long
 * string of its table millions of times. */
enum { MAX_TEXT = 16 << 20 };

int pbf_pass(const struct pass *p, struct err *err) MUST_USE;
int xml_pass(const struct pass *p, struct err *err) MUST_USE;

/* Hands out the objects of one inflated primitive block. */
struct block;
struct block *block_new(void);
void block_free(struct block *b);
int block_pass(struct block *b, const uint8_t *p, size_t len,
	const struct pass *pass, struct err *err) MUST_USE;

/* True for a position on the globe. */
bool on_globe(double lon, double lat);

#endif
