/*
 * Objects as packed records. Most of what a file makes goes through here, so
 * the room of a record is reserved once, and it is written straight into it.
 */
#include "base/base.h"
#include "extract/priv.h"
#include "base/num.h"
#include "rec/put.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* More than a record has of anything but tags and geom. */
enum { FIXED_BYTES = 256, TAG_BYTES = 10 };

static size_t room_for(const struct osm_object *o, const struct buf *geom)
{
	size_t n = FIXED_BYTES + PUT_SLACK + (geom ? geom->len : 0);

	for (size_t i = 0; i < o->ntags; i++)
		n += o->tags[i].key.len + o->tags[i].value.len + TAG_BYTES;
	return n;
}

/* The letter and the number, as in n123 or w-5. */
static uint8_t *put_id(uint8_t *p, char letter, int64_t id)
{
	uint8_t *head = put_bytes(p, PUT_KEY("\xa2id"));
	size_t n = 1 + i64_text(id, (char *)head + 2);

	head[0] = (uint8_t)(0xa0 | n);
	head[1] = (uint8_t)letter;
	return head + 1 + n;
}

char record_letter(const uint8_t *record)
{
	return (char)record[1 + sizeof("\xa2id") - 1 + 1];
}

static uint8_t *put_tags(uint8_t *p, const struct osm_object *o)
{
	p = put_bytes(p, PUT_KEY("\xa4tags"));
	p = put_map(p, o->ntags);
	for (size_t i = 0; i < o->ntags; i++) {
		p = put_str(p, o->tags[i].key.s, o->tags[i].key.len);
		p = put_str(p, o->tags[i].value.s, o->tags[i].value.len);
	}
	return p;
}

static uint8_t *put_version(uint8_t *p, const struct osm_object *o)
{
	if (o->ver)
		p = put_u64(put_bytes(p, PUT_KEY("\xa3ver")), o->ver);
	if (o->ts > 0)
		p = put_u64(put_bytes(p, PUT_KEY("\xa2ts")), (uint64_t)o->ts);
	return p;
}

static size_t version_pairs(const struct osm_object *o)
{
	return (o->ver != 0) + (size_t)(o->ts > 0);
}

static uint8_t *put_measure(uint8_t *p, const struct measure *s, enum size size)
{
	p = put_f64(put_bytes(p, PUT_KEY("\xa3lon")), s->lon);
	p = put_f64(put_bytes(p, PUT_KEY("\xa3lat")), s->lat);
	p = put_bytes(p, PUT_KEY("\xa4"
				 "bbox"
				 "\x94"));
	for (int i = 0; i < 4; i++)
		p = put_f64(p, s->bbox[i]);
	if (size == SIZE_AREA)
		p = put_f64(put_bytes(p, PUT_KEY("\xa7"
						 "area_m2")),
			s->size);
	else if (size == SIZE_LENGTH)
		p = put_f64(put_bytes(p, PUT_KEY("\xa5len_m")), s->size);
	return p;
}

int add_record(struct extract *x, struct made *m, char letter,
	const struct osm_object *o, const struct measure *s, enum size size,
	const struct buf *geom, struct err *err)
{
	struct buf *b = &m->records;
	uint8_t *begin, *p;

	buf_reserve(b, room_for(o, geom));
	begin = p = (uint8_t *)b->data + b->len;
	p = put_map(p, 5 + (size_t)(size != SIZE_NONE) +
			       (size_t)(geom != NULL) + version_pairs(o));
	p = put_id(p, letter, o->id);
	p = put_tags(p, o);
	p = put_measure(p, s, size);
	if (geom)
		p = put_bin(put_bytes(p, PUT_KEY("\xa4geom")), geom->data,
			geom->len);
	p = put_version(p, o);
	if ((size_t)(p - begin) > x->max_record)
		return err_set(err,
			"object %c%" PRId64 " makes a record of %zu bytes, "
			"over the limit of %" PRIu64 " (--max-record)",
			letter, o->id, (size_t)(p - begin), x->max_record);
	m->last = b->len;
	b->len += (size_t)(p - begin);
	m->n++;
	return 0;
}

void add_aside(struct made *m, char letter, const struct osm_object *o,
	enum verdict verdict, const char *reason, const char *fmt, ...)
{
	struct buf *b = &m->packed;
	struct aside a = {verdict, reason, m->texts.len, b->len, 0};
	char text[200];
	uint8_t *p;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_add(&m->texts, text, strlen(text) + 1);
	buf_reserve(b, room_for(o, NULL));
	p = (uint8_t *)b->data + b->len;
	p = put_map(p, 2 + version_pairs(o));
	p = put_id(p, letter, o->id);
	p = put_tags(p, o);
	p = put_version(p, o);
	b->len = (size_t)(p - (uint8_t *)b->data);
	a.end = b->len;
	xgrow(&m->asides, &m->asides_cap, m->nasides + 1, sizeof(*m->asides));
	m->asides[m->nasides++] = a;
}
