/*
 * Objects as the blobs of a PBF file: raw, one kind a block, each list packed.
 * Only what block.c reads is written.
 */
#include "base/base.h"
#include "osm/priv.h"
#include "base/io.h"
#include "base/map.h"

#include <inttypes.h>
#include <unistd.h>

/* A block is full at so many objects, or bytes that they may take. */
enum { BLOCK_OBJECTS = 8000, BLOCK_BYTES = 8 << 20 };

/* What a number, and a string's place and length, take at most; and an object
 * beside its lists. */
enum { NUMBER_BYTES = 10, STRING_BYTES = 11, OBJECT_BYTES = 128 };

struct encoder {
	int fd;
	bool failed; /* to write, and why: */
	struct err why;
	enum osm_kind kind; /* of the block that is being filled */
	size_t n;           /* objects in it */
	size_t bytes;       /* that they may take */
	struct map strings;
	struct buf body; /* plain objects as group fields, or: */
	struct buf ids, lats, lons, keys_vals, versions, times; /* dense */
	int64_t id, lat, lon, ts; /* of the dense node before */
	struct buf parts[9];      /* room for one object's lists */
};

struct encoder *encoder_new(int fd)
{
	struct encoder *e = xcalloc(1, sizeof(*e));

	e->fd = fd;
	return e;
}

void encoder_free(struct encoder *e)
{
	if (!e)
		return;
	map_release(&e->strings);
	buf_release(&e->body);
	buf_release(&e->ids);
	buf_release(&e->lats);
	buf_release(&e->lons);
	buf_release(&e->keys_vals);
	buf_release(&e->versions);
	buf_release(&e->times);
	for (size_t i = 0; i < ARRAY_SIZE(e->parts); i++)
		buf_release(&e->parts[i]);
	free(e);
}

static void add_varint(struct buf *b, uint64_t v)
{
	while (v >= 128) {
		buf_addc(b, (char)(v | 128));
		v >>= 7;
	}
	buf_addc(b, (char)v);
}

static void add_sint(struct buf *b, int64_t v)
{
	add_varint(b, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

/* How v stands behind `before`, which becomes v. */
static void add_delta(struct buf *b, int64_t *before, int64_t v)
{
	add_sint(b, (int64_t)((uint64_t)v - (uint64_t)*before));
	*before = v;
}

static void add_number(struct buf *b, uint32_t field, uint64_t v)
{
	add_varint(b, field << 3 | WIRE_VARINT);
	add_varint(b, v);
}

static void add_bytes(struct buf *b, uint32_t field, const void *p, size_t len)
{
	add_varint(b, field << 3 | WIRE_BYTES);
	add_varint(b, len);
	buf_add(b, p, len);
}

static void add_list(struct buf *b, uint32_t field, const struct buf *list)
{
	if (list->len)
		add_bytes(b, field, list->data, list->len);
}

/* A blob: its length, its header, and the content as raw data. */
static int write_blob(struct encoder *e, const char *type,
	const struct buf *content, struct err *err)
{
	struct buf blob = BUF_INIT, head = BUF_INIT, out = BUF_INIT;
	int rc;

	add_bytes(&blob, 1, content->data, content->len);
	add_bytes(&head, 1, type, strlen(type));
	add_number(&head, 3, blob.len);
	buf_addc(&out, 0);
	buf_addc(&out, 0);
	buf_addc(&out, (char)(head.len >> 8));
	buf_addc(&out, (char)head.len);
	buf_add(&out, head.data, head.len);
	buf_add(&out, blob.data, blob.len);
	rc = write_all(e->fd, out.data, out.len, err);
	if (rc) {
		err_prefix(err, "temporary file");
		e->why = *err;
		e->failed = true;
	}
	buf_release(&blob);
	buf_release(&head);
	buf_release(&out);
	return rc;
}

/* Its place in the table, never 0, which ends lists. */
static uint64_t string(struct encoder *e, struct str s)
{
	size_t *at, n;

	if (!e->strings.len) /* text from XML has no NUL in it */
		(void)map_put(&e->strings, (struct str){"", 1});
	n = e->strings.len;
	at = map_put(&e->strings, s);
	if (!*at)
		*at = n;
	return *at;
}

/* The open block goes out. */
static int flush(struct encoder *e, struct err *err)
{
	struct buf content = BUF_INIT, group = BUF_INIT, part = BUF_INIT;
	int rc;

	if (!e->n)
		return 0;
	for (size_t i = 0; i < e->strings.len; i++) {
		struct str s = e->strings.entries[i].key;

		add_bytes(&part, 1, s.s, s.len);
	}
	add_bytes(&content, 1, part.data, part.len);
	if (e->kind == OSM_NODE) {
		struct buf dense = BUF_INIT;

		add_list(&dense, 1, &e->ids);
		buf_reset(&part);
		add_list(&part, 1, &e->versions);
		add_list(&part, 2, &e->times);
		add_bytes(&dense, 5, part.data, part.len);
		add_list(&dense, 8, &e->lats);
		add_list(&dense, 9, &e->lons);
		add_list(&dense, 10, &e->keys_vals);
		add_bytes(&group, 2, dense.data, dense.len);
		buf_release(&dense);
	} else {
		buf_add(&group, e->body.data, e->body.len);
	}
	add_bytes(&content, 2, group.data, group.len);
	rc = write_blob(e, "OSMData", &content, err);
	buf_release(&content);
	buf_release(&group);
	buf_release(&part);
	map_release(&e->strings);
	e->strings = (struct map)MAP_INIT;
	buf_reset(&e->body);
	buf_reset(&e->ids);
	buf_reset(&e->lats);
	buf_reset(&e->lons);
	buf_reset(&e->keys_vals);
	buf_reset(&e->versions);
	buf_reset(&e->times);
	e->id = e->lat = e->lon = e->ts = 0;
	e->n = e->bytes = 0;
	return rc;
}

static void add_node(struct encoder *e, const struct osm_object *o)
{
	/* off the globe stays so */
	struct geo_pos pos = osm_somewhere(o->pos)
				     ? o->pos
				     : (struct geo_pos){INT32_MAX, INT32_MAX};

	add_delta(&e->ids, &e->id, o->id);
	add_delta(&e->lats, &e->lat, pos.lat);
	add_delta(&e->lons, &e->lon, pos.lon);
	add_varint(&e->versions, o->ver > INT32_MAX ? 0 : o->ver);
	add_delta(&e->times, &e->ts, o->ts);
	for (size_t i = 0; i < o->ntags; i++) {
		add_varint(&e->keys_vals, string(e, o->tags[i].key));
		add_varint(&e->keys_vals, string(e, o->tags[i].value));
	}
	add_varint(&e->keys_vals, 0);
}

enum { KEYS, VALS, INFO, REFS, ROLES, IDS, TYPES, WHOLE };

static void add_plain(struct encoder *e, const struct osm_object *o)
{
	struct buf *p = e->parts;
	int64_t ref = 0;

	for (size_t i = 0; i <= WHOLE; i++)
		buf_reset(&p[i]);
	for (size_t i = 0; i < o->ntags; i++) {
		add_varint(&p[KEYS], string(e, o->tags[i].key));
		add_varint(&p[VALS], string(e, o->tags[i].value));
	}
	add_number(&p[INFO], 1, o->ver > INT32_MAX ? 0 : o->ver);
	add_number(&p[INFO], 2, (uint64_t)o->ts);
	for (size_t i = 0; i < o->nrefs; i++)
		add_delta(&p[REFS], &ref, o->refs[i]);
	for (size_t i = 0; i < o->nmembers; i++) {
		const struct osm_member *m = &o->members[i];

		add_varint(&p[ROLES], string(e, m->role));
		add_delta(&p[IDS], &ref, m->id);
		add_varint(&p[TYPES], m->kind >> 1);
	}
	add_number(&p[WHOLE], 1, (uint64_t)o->id);
	add_list(&p[WHOLE], 2, &p[KEYS]);
	add_list(&p[WHOLE], 3, &p[VALS]);
	add_list(&p[WHOLE], 4, &p[INFO]);
	add_list(&p[WHOLE], 8, o->kind == OSM_WAY ? &p[REFS] : &p[ROLES]);
	add_list(&p[WHOLE], 9, &p[IDS]);
	add_list(&p[WHOLE], 10, &p[TYPES]);
	add_bytes(&e->body, o->kind == OSM_WAY ? 3 : 4, p[WHOLE].data,
		p[WHOLE].len);
}

/* So many bytes an object takes at most, its strings too. */
static size_t most_bytes(const struct osm_object *o)
{
	size_t n = OBJECT_BYTES + o->nrefs * NUMBER_BYTES;

	for (size_t i = 0; i < o->ntags; i++)
		n += o->tags[i].key.len + o->tags[i].value.len +
		     2 * STRING_BYTES;
	for (size_t i = 0; i < o->nmembers; i++)
		n += o->members[i].role.len + STRING_BYTES + NUMBER_BYTES + 1;
	return n;
}

int encoder_add(struct encoder *e, const struct osm_object *o, struct err *err)
{
	size_t bytes = most_bytes(o);
	bool full = e->n == BLOCK_OBJECTS || e->bytes + bytes > BLOCK_BYTES ||
		    o->kind != e->kind;

	if (full && flush(e, err))
		return -1;
	if (bytes > MAX_BLOB)
		return err_set(err,
			"object %" PRId64 " is too large: its nodes, members "
			"and tags may take %zu bytes, over %d",
			o->id, bytes, MAX_BLOB);
	e->kind = o->kind;
	e->n++;
	e->bytes += bytes;
	if (o->kind == OSM_NODE)
		add_node(e, o);
	else
		add_plain(e, o);
	return 0;
}

int encoder_begin(struct encoder *e, struct err *err)
{
	struct buf content = BUF_INIT;
	int rc;

	add_bytes(&content, 4, "OsmSchema-V0.6", strlen("OsmSchema-V0.6"));
	rc = write_blob(e, "OSMHeader", &content, err);
	buf_release(&content);
	return rc;
}

int encoder_end(struct encoder *e, struct err *err)
{
	if (!e->failed)
		return flush(e, err);
	*err = e->why;
	return -1;
}
