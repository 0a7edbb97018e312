/*
 * osm.h - the objects of an OpenStreetMap file, one after the other.
 *
 * Reads .osm.pbf and .osm (XML), told apart by their first bytes, from a file
 * or a pipe (which is spooled to a temporary file, for most users need more
 * than one pass). Sources: "PBF Format" and "OSM XML" of the OSM wiki.
 *
 * One thread per file. What a pass hands out is good until the callback
 * returns.
 */
#ifndef OSM_OSM_H
#define OSM_OSM_H

#include <stddef.h>
#include <stdint.h>

/* Bits, so that a pass can ask for several. */
enum osm_kind { OSM_NODE = 1, OSM_WAY = 2, OSM_RELATION = 4 };

/* A position as OSM's database has it: units of 1e-7 degrees. */
struct osm_pos {
	int32_t lon, lat;
};

struct osm_object {
	enum osm_kind kind;
	int64_t id;
	struct pair *tags; /* [ntags], each key once */
	size_t ntags;
	double lon, lat; /* nodes: degrees; NaN: none that is on the globe */
	int64_t *refs;   /* ways: [nrefs] node ids */
	size_t nrefs;
	uint64_t ver; /* 0: not known */
	int64_t ts;   /* Unix seconds, 0: not known */
};

/* Returns -1 to end the pass, whose error is then this one, as it is. */
typedef int osm_fn(void *ctx, const struct osm_object *o, struct err *err);

struct osm_file;

/* A regular file's size in bytes, else UINT64_MAX. */
uint64_t osm_file_size(const char *path);

/* path "-" is standard input. */
struct osm_file *osm_file_open(const char *path, struct err *err) MUST_USE;
void osm_file_close(struct osm_file *f);
/* For messages and headers. */
const char *osm_file_name(const struct osm_file *f);

/*
 * One pass: calls fn with every object of the kinds asked for, in file order.
 * Damage is named with the block's number and byte offset (PBF) or the line
 * (XML); what stands before it has been handed out by then. Members of
 * relations are not read.
 */
int osm_file_pass(struct osm_file *f, unsigned kinds, osm_fn *fn, void *ctx,
	struct err *err) MUST_USE;

/* Bytes and SHA-256 of the content; after a pass that went to the end. */
uint64_t osm_file_bytes(const struct osm_file *f);
const uint8_t *osm_file_sha256(const struct osm_file *f);

#endif
