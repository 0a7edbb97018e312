/*
 * osm-read.h - objects for the tests of common/osm, and what a reader makes of
 * a file's bytes, as text.
 */
#ifndef TESTS_OSM_READ_H
#define TESTS_OSM_READ_H

#include "osm/osm.h"
#include "base/io.h"
#include "pbf-make.h"

#include <inttypes.h>
#include <unistd.h>

static struct err err;

static inline void list_pos(struct buf *b, struct geo_pos pos)
{
	if (osm_somewhere(pos))
		buf_addf(b, " %.7f %.7f", osm_degrees(pos.lon),
			osm_degrees(pos.lat));
	else
		buf_adds(b, " nowhere");
}

static inline void list_str(struct buf *b, char before, struct str s)
{
	buf_addc(b, before);
	buf_add(b, s.s, s.len);
}

/* An object as a line of text, behind its block's others. */
static inline int list(void *ctx, struct osm_batch *batch,
	const struct osm_object *o, struct err *e)
{
	static const char letters[] = " nw r";
	struct buf *b = batch->data;

	(void)ctx, (void)e;
	buf_addf(b, "%c%" PRId64 " v%" PRIu64 " t%" PRId64, letters[o->kind],
		o->id, o->ver, o->ts);
	if (o->kind == OSM_NODE)
		list_pos(b, o->pos);
	for (size_t i = 0; i < o->nrefs; i++) {
		buf_addf(b, " %" PRId64, o->refs[i]);
		if (o->places)
			list_pos(b, o->places[i]);
	}
	for (size_t i = 0; i < o->nmembers; i++) {
		buf_addf(b, " %c%" PRId64, letters[o->members[i].kind],
			o->members[i].id);
		list_str(b, '@', o->members[i].role);
	}
	for (size_t i = 0; i < o->ntags; i++) {
		list_str(b, ' ', o->tags[i].key);
		list_str(b, '=', o->tags[i].value);
	}
	buf_addc(b, '\n');
	return 0;
}

/* A node, tagged or not, as a line that begins with '@'. */
static inline void list_places(void *ctx, struct osm_batch *b,
	const int64_t *ids, const struct geo_pos *pos, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++) {
		buf_addf(b->data, "@%" PRId64, ids[i]);
		list_pos(b->data, pos[i]);
		buf_addc(b->data, '\n');
	}
}

static inline void *text_new(void *ctx)
{
	(void)ctx;
	return xcalloc(1, sizeof(struct buf));
}

static inline void text_free(void *data)
{
	buf_release(data);
	free(data);
}

/* A block's lines go behind those of the blocks before; ctx is a buf. */
static inline int text_done(void *ctx, struct osm_batch *b, struct err *e)
{
	struct buf *text = b->data;

	(void)e;
	buf_add(ctx, text->data, text->len);
	buf_reset(text);
	return 0;
}

static inline bool wants_all(void *ctx, enum osm_kind kind, int64_t id,
	unsigned flags)
{
	(void)ctx, (void)kind, (void)id, (void)flags;
	return true;
}

/* Lists every object of these kinds, and all nodes, into out. */
static inline struct osm_pass list_pass(unsigned kinds, unsigned threads,
	struct buf *out)
{
	return (struct osm_pass){.kinds = kinds,
		.threads = threads,
		.ctx = out,
		.data_new = text_new,
		.data_free = text_free,
		.wants = wants_all,
		.object = list,
		.places = list_places,
		.done = text_done};
}

static char path[] = "/tmp/osm-test.XXXXXX";
static int path_fd;

static inline void save(const void *p, size_t len)
{
	if (ftruncate(path_fd, 0) || lseek(path_fd, 0, SEEK_SET) ||
		write_all(path_fd, p, len, &err))
		exit(1);
}

/* All objects of these bytes, as text in out. */
static inline int read_all(const void *p, size_t len, unsigned kinds,
	struct buf *out)
{
	struct osm_pass pass = list_pass(kinds, 2, out);
	struct osm_file *f;
	int rc;

	save(p, len);
	buf_reset(out);
	f = osm_file_open(path, &(struct osm_reading){.threads = 2}, &err);
	if (!f)
		return -1;
	rc = osm_file_pass(f, &pass, true, &err);
	if (!rc && osm_file_bytes(f) != len)
		rc = 1;
	osm_file_close(f);
	return rc;
}

enum { EVERY = OSM_NODE | OSM_WAY | OSM_RELATION };

/* a=b, highway=service, c=d; index 0 is empty, as the format has it. */
static inline void put_strings(struct buf *block)
{
	static const char *const strings[] = {"", "a", "b", "highway",
		"service", "c", "d"};
	struct buf table = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		put_text(&table, 1, strings[i]);
	put_message(block, 1, &table);
	buf_release(&table);
}

static inline void put_group(struct buf *block, unsigned field,
	struct buf *object)
{
	struct buf group = BUF_INIT;

	put_message(&group, field, object);
	put_message(block, 2, &group);
	buf_release(&group);
}

static inline void put_way(struct buf *block, uint64_t key)
{
	struct buf way = BUF_INIT, info = BUF_INIT;

	put_number(&way, 1, 77);
	put_packed(&way, 2, (uint64_t[]){key, 1}, 2);
	put_packed(&way, 3, (uint64_t[]){4, 2}, 2);
	put_number(&info, 1, 3);
	put_number(&info, 2, 1600000000);
	put_message(&way, 4, &info);
	put_deltas(&way, 8, (int64_t[]){-5, 12, 10, INT64_C(1) << 40}, 4);
	put_group(block, 3, &way);
	buf_release(&way);
	buf_release(&info);
}

/* Three dense nodes, the second with two tags; key names the first's. */
static inline void put_dense(struct buf *block, uint64_t key)
{
	struct buf dense = BUF_INIT, info = BUF_INIT;

	put_deltas(&dense, 1, (int64_t[]){12, 10, -5}, 3);
	put_packed(&info, 1, (uint64_t[]){1, 2, UINT64_MAX}, 3);
	put_deltas(&info, 2, (int64_t[]){1500000000, 1400000000, 0}, 3);
	put_message(&dense, 5, &info);
	put_deltas(&dense, 8, (int64_t[]){500000000, 500000001, -900000000}, 3);
	put_deltas(&dense, 9, (int64_t[]){100000000, -1, 1800000000}, 3);
	put_packed(&dense, 10, (uint64_t[]){0, key, 2, 5, 6, 0, 0}, 7);
	put_group(block, 2, &dense);
	buf_release(&dense);
	buf_release(&info);
}

#endif
