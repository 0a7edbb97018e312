/*
 * priv.h - what the files of common/osm share.
 */
#ifndef OSM_PRIV_H
#define OSM_PRIV_H

#include "osm/osm.h"
#include "osm/wire.h"

/* The format's own limits on a blob's header and content, in bytes. */
enum { MAX_HEADER = 64 << 10, MAX_BLOB = 32 << 20 };

/* Bytes of keys and values an object may have: one block could name a long
 * string of its table millions of times. */
enum { MAX_TEXT = 16 << 20 };

/* Where a PBF file's blobs lie, and what is in them. */
struct blob {
	uint64_t start; /* offset of its first byte: a length */
	uint32_t head;  /* bytes before its content */
	uint32_t size;  /* of its content */
	char *damage;   /* no blob at all, up to the next one; and why */
	uint8_t kinds;  /* enum osm_kind bits; 0 for the header's blob */
};

/*
 * History: the object that a blob's last one may be a version of, and when the
 * first of the versions behind that blob begins. kind 0: no more objects.
 */
struct sequel {
	uint8_t kind;
	int64_t id, from;
};

struct frame {
	int fd;
	const char *name;   /* of the file, for messages */
	struct blob *blobs; /* [n] */
	size_t n, cap;
	struct sequel *sequels; /* [n] of a history file, else NULL */
	uint64_t bytes;         /* of the file, by what was there when opened */
	bool places, history;
	int64_t timestamp;
	bool broken; /* XML: behind the last block, and how: */
	struct err damage;
};

/*
 * Reads the headers of all blobs and finds their kinds. -1 when not even the
 * file's header is whole; else damage is kept in the frame, as the last blob,
 * or, when blobs are to be found behind it, in its place.
 */
int frame_read(struct frame *f, const char *name, int fd,
	const struct osm_reading *how, struct err *err) MUST_USE;
void frame_release(struct frame *f);
/* What follows each blob, and the blobs' kinds. */
int frame_find_sequels(struct frame *f, unsigned threads,
	struct err *err) MUST_USE;
/* Of the file's header: f->timestamp and what else it says. */
int frame_read_first(struct frame *f, const char *name, int fd,
	struct err *err) MUST_USE;
/* len bytes of the file, all of them. */
int frame_load(const struct frame *f, uint64_t at, size_t len, struct buf *to,
	struct err *err) MUST_USE;
/* "FILE: blob N, at byte M", in front of the message. */
int frame_prefix(const struct frame *f, size_t blob, struct err *err);

/* Where a blob, or what stands in its place, ends. */
uint64_t frame_end(const struct frame *f, size_t blob);

struct sha256;
/* The pass over its blobs; see osm_file_pass(). sha is NULL or takes all. */
int frame_pass(const struct frame *f, const struct osm_pass *pass, bool whole,
	struct sha256 *sha, struct err *err) MUST_USE;

/* Bytes become a block's content: what to do so with, one per thread. */
struct blob_reader;
struct blob_reader *blob_reader_new(void);
void blob_reader_free(struct blob_reader *r);
/*
 * Reads a blob from the file; its bytes as they stand there are kept until the
 * next call.
 */
int blob_unpack(struct blob_reader *r, struct wire blob, struct wire *out,
	struct err *err) MUST_USE;
/* Its first bytes, at least `want` of them or all, of `total`. */
int blob_peek(struct blob_reader *r, struct wire blob, size_t want,
	struct wire *out, size_t *total, struct err *err) MUST_USE;

/* Hands out the objects of one unpacked block. */
struct block;
struct block *block_new(const struct osm_pass *pass, unsigned worker);
void block_free(struct block *b);
/* What follows is NULL but for history files. */
int block_pass(struct block *b, struct wire content,
	const struct sequel *sequel, struct osm_batch *batch,
	struct err *err) MUST_USE;

/*
 * The kinds of a block's groups, by its first bytes: 1, 0 when more bytes of
 * the `total` are needed to know, at least *want of them, -1.
 */
int block_kinds(struct wire begin, size_t total, struct blob *blob,
	size_t *want, struct err *err) MUST_USE;

/* Reads OSM XML into a PBF file. Damage is an error behind what is whole. */
struct encoder;
typedef long read_fn(void *ctx, void *p, size_t len, struct err *err);
int xml_read(read_fn *fn, void *ctx, struct encoder *to,
	struct err *err) MUST_USE;

/* Objects become blobs of a file. */
struct encoder *encoder_new(int fd);
int encoder_begin(struct encoder *e, struct err *err) MUST_USE;
int encoder_add(struct encoder *e, const struct osm_object *o,
	struct err *err) MUST_USE;
/* Fails again when writing has failed before. */
int encoder_end(struct encoder *e, struct err *err) MUST_USE;
void encoder_free(struct encoder *e);

/* Degrees as units of 1e-7, rounded; OSM_NOWHERE off the globe. */
struct geo_pos osm_pos_of(double lon, double lat);

/* Drops tags whose key has stood before: tags are a map. */
void drop_repeated_keys(struct osm_object *o);

#endif
