/*
 * Objects as packed records. Most of what a file makes goes through here, so a
 * record's room is reserved once and its head written piece by piece.
 */
#include "base/base.h"
#include "extract/priv.h"
#include "rec/pack.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void pack_id(struct buf *b, char letter, int64_t id)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%c%" PRId64, letter, id);

	pack_cstr(b, "id");
	pack_str(b, text, (size_t)n);
}

static void pack_tags(struct buf *b, const struct osm_object *o)
{
	pack_cstr(b, "tags");
	pack_map(b, o->ntags);
	for (size_t i = 0; i < o->ntags; i++) {
		pack_str(b, o->tags[i].key.s, o->tags[i].key.len);
		pack_str(b, o->tags[i].value.s, o->tags[i].value.len);
	}
}

static void pack_version(struct buf *b, const struct osm_object *o)
{
	if (o->ver) {
		pack_cstr(b, "ver");
		pack_u64(b, o->ver);
	}
	if (o->ts > 0) {
		pack_cstr(b, "ts");
		pack_u64(b, (uint64_t)o->ts);
	}
}

static size_t version_pairs(const struct osm_object *o)
{
	return (o->ver != 0) + (size_t)(o->ts > 0);
}

static void pack_number(struct buf *b, const char *key, double v)
{
	pack_cstr(b, key);
	pack_f64(b, v);
}

int add_record(struct extract *x, struct made *m, char letter,
	const struct osm_object *o, const struct measure *s,
	const char *size_key, const struct buf *geom, struct err *err)
{
	struct buf *b = &m->records;
	size_t begin = b->len;

	pack_map(b, 5 + (size_key != NULL) + (size_t)(geom != NULL) +
			    version_pairs(o));
	pack_id(b, letter, o->id);
	pack_tags(b, o);
	pack_number(b, "lon", s->lon);
	pack_number(b, "lat", s->lat);
	pack_cstr(b, "bbox");
	pack_array(b, 4);
	for (int i = 0; i < 4; i++)
		pack_f64(b, s->bbox[i]);
	if (size_key)
		pack_number(b, size_key, s->size);
	if (geom) {
		pack_cstr(b, "geom");
		pack_bin(b, geom->data, geom->len);
	}
	pack_version(b, o);
	if (b->len - begin > x->max_record)
		return err_set(err,
			"object %c%" PRId64 " makes a record of %zu bytes, "
			"over the limit of %" PRIu64 " (--max-record)",
			letter, o->id, b->len - begin, x->max_record);
	m->n++;
	return 0;
}

void add_aside(struct made *m, char letter, const struct osm_object *o,
	enum verdict verdict, const char *reason, const char *fmt, ...)
{
	struct aside a = {verdict, reason, m->texts.len, m->packed.len, 0};
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_add(&m->texts, text, strlen(text) + 1);
	pack_map(&m->packed, 2 + version_pairs(o));
	pack_id(&m->packed, letter, o->id);
	pack_tags(&m->packed, o);
	pack_version(&m->packed, o);
	a.end = m->packed.len;
	xgrow(&m->asides, &m->asides_cap, m->nasides + 1, sizeof(*m->asides));
	m->asides[m->nasides++] = a;
}
