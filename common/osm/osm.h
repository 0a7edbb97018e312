/*
 * osm.h - the objects of an OpenStreetMap file, block by block.
 *
 * Reads .osm.pbf and .osm (XML, also compressed by gzip or bzip2), told apart
 * by their first bytes, from a file or a pipe (which is spooled to a temporary
 * file). XML is turned into blocks in a temporary file when it is opened, so
 * that all else knows one form only. Sources: "PBF Format" and "OSM XML" of
 * the OSM wiki.
 *
 * A pass decodes blocks on several threads; what they make of them is handed
 * out in the order of the file.
 */
#ifndef OSM_OSM_H
#define OSM_OSM_H

#include "geo/measure.h"

#include <stddef.h>
#include <stdint.h>

/* Bits, so that a pass can ask for several. */
enum osm_kind { OSM_NODE = 1, OSM_WAY = 2, OSM_RELATION = 4 };

/* For a node that has none, or none that is on the globe. */
#define OSM_NOWHERE ((struct geo_pos){INT32_MIN, INT32_MIN})

static inline bool osm_somewhere(struct geo_pos pos)
{
	return pos.lon != INT32_MIN;
}

static inline double osm_degrees(int32_t v)
{
	return v / 1e7;
}

struct osm_member {
	enum osm_kind kind;
	int64_t id;
	struct str role;
};

/* So many bytes behind each string of an object may be read (not used). */
enum { OSM_SLACK = 32 };

struct osm_object {
	enum osm_kind kind;
	int64_t id;
	unsigned flags;     /* of all its keys, see struct osm_pass */
	struct pair *tags;  /* [ntags], each key once */
	uint8_t *key_flags; /* [ntags] of each key; not of XML being read */
	size_t ntags;
	struct geo_pos pos; /* nodes */
	int64_t *refs;      /* ways: [nrefs] node ids */
	size_t nrefs;
	struct geo_pos *places;     /* ways: [nrefs], where the file has them */
	struct osm_member *members; /* relations: [nmembers] */
	size_t nmembers;
	uint64_t ver; /* 0: not known */
	int64_t ts;   /* Unix seconds, 0: not known */
	/* history: when it was so, from <= t < to; INT64_MAX: it still is */
	int64_t from, to;
};

/* A block on its way through a pass. */
struct osm_batch {
	unsigned worker; /* the number of the thread that is at it */
	uint64_t number; /* of the block in the file */
	unsigned kinds;  /* of objects that it has */
	bool ascending;  /* its node ids ascend, from first to last; set when
			  * the pass takes places */
	int64_t first, last;
	const int64_t *from; /* history: since when the places() are so */
	bool failed;         /* by the pass: its error is not the file's */
	void *data; /* the pass's own: as new, or as done() has left it */
};

/* At most so many blocks a thread are under way at once. */
enum { OSM_BATCHES_PER_THREAD = 4 };

/*
 * What a pass does. Callbacks but `turn`, `done` and those for data come from
 * several threads at once. Each may be NULL but object.
 */
struct osm_pass {
	unsigned kinds; /* blocks without any of these are not decoded */
	unsigned threads;
	bool staged; /* see turn */
	bool bare;   /* object() wants no tags, version and time */
	/*
	 * Of history files: every version that was in force for a second, or
	 * those in force at this time, Unix seconds. Deleted ones are no
	 * objects; to places() they are nowhere.
	 */
	bool versions;
	int64_t at;
	void *ctx;
	void *(*data_new)(void *ctx);
	void (*data_free)(void *data);
	/*
	 * What is to be known of an object that has this key: bits, of which
	 * 128 stays free. Asked once for each string of a block that is a key.
	 * NULL: 1.
	 */
	uint8_t (*key)(void *ctx, unsigned worker, struct str key);
	/* Whether object() is to be called, by the kind, the id and the bits of
	 * all keys. NULL: by whether there is a bit. Not asked of nodes that
	 * have no tags. */
	bool (*wants)(void *ctx, enum osm_kind kind, int64_t id,
		unsigned flags);
	/* Whether object() is to be given the members of a relation, by its
	 * tags. NULL: always. */
	bool (*wants_members)(void *ctx, const struct osm_object *o);
	/* One object, good until it returns. -1 ends the pass with this error,
	 * once the blocks before it are done. */
	int (*object)(void *ctx, struct osm_batch *b,
		const struct osm_object *o, struct err *err);
	/* The ids and positions of n nodes, tagged or not. */
	void (*places)(void *ctx, struct osm_batch *b, const int64_t *ids,
		const struct geo_pos *pos, size_t n);
	/* On the owner's thread, in file order: a block is done. */
	int (*done)(void *ctx, struct osm_batch *b, struct err *err);
	/*
	 * With `staged`: blocks begin to have (other) kinds, all blocks before
	 * are done. So node positions are there when ways begin.
	 */
	int (*turn)(void *ctx, unsigned kinds, struct err *err);
	/*
	 * A damaged block was passed over. NULL: it ends the pass, as does -1.
	 */
	int (*damaged)(void *ctx, const char *what, struct err *err);
};

struct osm_file;

/* A regular file's size in bytes, else UINT64_MAX. */
uint64_t osm_file_size(const char *path);
/*
 * When the data of a regular PBF file was current, by its header (the
 * replication timestamp): Unix seconds, 0 when it does not say.
 */
int osm_file_timestamp(const char *path, int64_t *out,
	struct err *err) MUST_USE;

struct osm_reading {
	unsigned threads;
	bool resync; /* look for blobs behind bytes that are none */
};

/*
 * path "-" is standard input. Reads the file's frame: where its blocks lie and
 * which kinds of objects each has. XML that is damaged and PBF whose frame is
 * give what stands before the damage; a whole pass says so when it is there.
 */
struct osm_file *osm_file_open(const char *path, const struct osm_reading *how,
	struct err *err) MUST_USE;
void osm_file_close(struct osm_file *f);
/* For messages and headers. */
const char *osm_file_name(const struct osm_file *f);
/* Nodes come before ways, ways before relations, and no block has two kinds. */
bool osm_file_sorted(const struct osm_file *f);
/* Bytes of its blocks as they are stored. */
uint64_t osm_file_stored(const struct osm_file *f);
/* Positions stand in the ways themselves. */
bool osm_file_has_places(const struct osm_file *f);
/* It holds many versions of an object, and deleted ones, sorted by kind, id
 * and version: else it is not opened. */
bool osm_file_has_history(const struct osm_file *f);

/*
 * One pass over the blocks that have objects of the kinds asked for. With
 * `whole` every byte of the file is read and hashed on the way, and damage to
 * its frame ends it with an error; else damage is passed over in silence, for
 * another pass to tell. Errors name the file, the block's number and its byte
 * offset (PBF) or the line (XML).
 */
int osm_file_pass(struct osm_file *f, const struct osm_pass *pass, bool whole,
	struct err *err) MUST_USE;

/* Bytes and SHA-256 of the content; after a whole pass. */
uint64_t osm_file_bytes(const struct osm_file *f);
const uint8_t *osm_file_sha256(const struct osm_file *f);

#endif
