#include "base/base.h"
#include "geo/wkb.h"

#include <endian.h>

enum { WKB_POINT = 1, WKB_LINE = 2, WKB_POLYGON = 3, WKB_MULTI = 3 };

static void add_u32(struct buf *b, uint32_t v)
{
	for (int shift = 0; shift < 32; shift += 8)
		buf_addc(b, (char)(v >> shift));
}

/* Into room that is there. */
static void put_f64(char *p, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	bits = htole64(bits);
	memcpy(p, &bits, sizeof(bits));
}

static void add_f64(struct buf *b, double v)
{
	buf_reserve(b, sizeof(v));
	put_f64(b->data + b->len, v);
	b->len += sizeof(v);
}

static void add_head(struct buf *b, uint32_t type)
{
	buf_addc(b, 1); /* little-endian */
	add_u32(b, type);
}

static void add_points(struct buf *b, const double *x, const double *y,
	size_t n)
{
	buf_reserve(b, 4 + 16 * n);
	add_u32(b, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		add_f64(b, x[i]);
		add_f64(b, y[i]);
	}
}

void wkb_add_point(struct buf *b, double x, double y)
{
	add_head(b, WKB_POINT);
	add_f64(b, x);
	add_f64(b, y);
}

void wkb_add_polygon(struct buf *b, const double *x, const double *y, size_t n)
{
	add_head(b, WKB_POLYGON);
	add_u32(b, 1);
	add_points(b, x, y, n);
}

void wkb_add_positions(struct buf *b, const struct geo_pos *p, size_t n,
	bool polygon)
{
	char *to;

	buf_reserve(b, 13 + 16 * n);
	add_head(b, polygon ? WKB_POLYGON : WKB_LINE);
	if (polygon)
		add_u32(b, 1);
	add_u32(b, (uint32_t)n);
	to = b->data + b->len;
	for (size_t i = 0; i < n; i++) {
		put_f64(to + 16 * i, p[i].lon / 1e7);
		put_f64(to + 16 * i + 8, p[i].lat / 1e7);
	}
	b->len += 16 * n;
}

static void add_part(struct buf *b, const struct shape *s, size_t part)
{
	size_t begin = s->parts[part].begin;

	add_points(b, s->x + begin, s->y + begin, s->parts[part].end - begin);
}

void wkb_add_shape(struct buf *b, const struct shape *s, enum shape_kind kind,
	bool multi)
{
	uint32_t type = WKB_POINT + (uint32_t)kind, n = 0;

	if (multi) {
		for (size_t i = 0; i < s->nparts; i = shape_next(s, i))
			n++;
		add_head(b, type + WKB_MULTI);
		add_u32(b, n);
	}
	for (size_t i = 0, next; i < s->nparts; i = next) {
		next = shape_next(s, i);
		if (kind == SHAPE_POINT) {
			wkb_add_point(b, s->x[s->parts[i].begin],
				s->y[s->parts[i].begin]);
			continue;
		}
		add_head(b, type);
		if (kind == SHAPE_AREA)
			add_u32(b, (uint32_t)(next - i));
		for (size_t part = i; part < next; part++)
			add_part(b, s, part);
	}
}
