#include "base/base.h"
#include "geo/wkb.h"

enum { WKB_POINT = 1, WKB_LINE = 2, WKB_POLYGON = 3 };

static void add_u32(struct buf *b, uint32_t v)
{
	for (int shift = 0; shift < 32; shift += 8)
		buf_addc(b, (char)(v >> shift));
}

static void add_f64(struct buf *b, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	for (int shift = 0; shift < 64; shift += 8)
		buf_addc(b, (char)(bits >> shift));
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

void wkb_add_line(struct buf *b, const double *x, const double *y, size_t n)
{
	add_head(b, WKB_LINE);
	add_points(b, x, y, n);
}

void wkb_add_polygon(struct buf *b, const double *x, const double *y, size_t n)
{
	add_head(b, WKB_POLYGON);
	add_u32(b, 1);
	add_points(b, x, y, n);
}
