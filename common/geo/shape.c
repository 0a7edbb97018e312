#include "base/base.h"
#include "geo/shape.h"

#include <endian.h>
#include <math.h>

enum {
	WKB_POINT = 1,
	WKB_LINE,
	WKB_POLYGON,
	WKB_MULTI = 3, /* multi forms are 3 more */
};

/* PostGIS's flags; ISO adds 1000 for Z, 2000 for M, 3000 for both instead. */
#define EWKB_Z    UINT32_C(0x80000000)
#define EWKB_M    UINT32_C(0x40000000)
#define EWKB_SRID UINT32_C(0x20000000)

void shape_release(struct shape *s)
{
	free(s->x);
	free(s->y);
	free(s->parts);
	free(s->runs);
	*s = (struct shape)SHAPE_INIT;
}

void shape_reset(struct shape *s)
{
	s->npoints = s->nparts = s->nruns = 0;
}

void shape_add_point(struct shape *s, double x, double y)
{
	if (s->npoints == s->x_cap || s->npoints == s->y_cap) {
		xgrow(&s->x, &s->x_cap, s->npoints + 1, sizeof(*s->x));
		xgrow(&s->y, &s->y_cap, s->npoints + 1, sizeof(*s->y));
	}
	s->x[s->npoints] = x;
	s->y[s->npoints++] = y;
}

void shape_add_part(struct shape *s, size_t begin, bool hole)
{
	xgrow(&s->parts, &s->parts_cap, s->nparts + 1, sizeof(*s->parts));
	s->parts[s->nparts++] =
		(struct shape_part){begin, s->npoints, SIZE_MAX, hole};
}

size_t shape_next(const struct shape *s, size_t part)
{
	do
		part++;
	while (part < s->nparts && s->parts[part].hole);
	return part;
}

struct rect shape_bounds(const struct shape *s, size_t begin, size_t end)
{
	struct rect r = {s->x[begin], s->y[begin], s->x[begin], s->y[begin]};

	for (size_t i = begin + 1; i < end; i++) {
		r.x0 = MIN(r.x0, s->x[i]);
		r.y0 = MIN(r.y0, s->y[i]);
		r.x1 = MAX(r.x1, s->x[i]);
		r.y1 = MAX(r.y1, s->y[i]);
	}
	return r;
}

struct wkb {
	const uint8_t *p;
	size_t len, at;
	bool little;
	unsigned dims; /* numbers per point */
};

static size_t left(const struct wkb *w)
{
	return w->len - w->at;
}

static int read_u32(struct wkb *w, uint32_t *out, struct err *err)
{
	uint32_t bits;

	if (left(w) < sizeof(bits))
		return err_set(err, "the geometry ends early, at byte %zu",
			w->at);
	memcpy(&bits, w->p + w->at, sizeof(bits));
	*out = w->little ? le32toh(bits) : be32toh(bits);
	w->at += sizeof(bits);
	return 0;
}

static double f64_at(const uint8_t *p, bool little)
{
	uint64_t bits;
	double v;

	memcpy(&bits, p, sizeof(bits));
	bits = little ? le64toh(bits) : be64toh(bits);
	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* n points as one part. */
static int read_points(struct wkb *w, uint64_t n, bool hole, struct shape *s,
	struct err *err)
{
	size_t size = 8 * w->dims, begin = s->npoints;

	if (!n)
		return err_set(err, "a part without points at byte %zu", w->at);
	if (n > left(w) / size)
		return err_set(err,
			"%llu points announced at byte %zu do not fit",
			(unsigned long long)n, w->at);
	xgrow(&s->x, &s->x_cap, s->npoints + n, sizeof(*s->x));
	xgrow(&s->y, &s->y_cap, s->npoints + n, sizeof(*s->y));
	for (uint64_t i = 0; i < n; i++, w->at += size) {
		double x = f64_at(w->p + w->at, w->little);
		double y = f64_at(w->p + w->at + 8, w->little);

		if (!isfinite(x) || !isfinite(y))
			return err_set(err,
				"a coordinate at byte %zu is not finite",
				w->at);
		s->x[s->npoints] = x;
		s->y[s->npoints++] = y;
	}
	shape_add_part(s, begin, hole);
	return 0;
}

/* Byte order, type and dimensions. */
static int read_head(struct wkb *w, uint32_t *type, struct err *err)
{
	size_t at = w->at;
	uint32_t t, srid;

	if (left(w) < 1 || w->p[w->at] > 1)
		return err_set(err, "no geometry at byte %zu", at);
	w->little = w->p[w->at++];
	if (read_u32(w, &t, err))
		return -1;
	w->dims = 2 + !!(t & EWKB_Z) + !!(t & EWKB_M);
	if (t & EWKB_SRID && read_u32(w, &srid, err))
		return -1;
	t &= ~(EWKB_Z | EWKB_M | EWKB_SRID);
	if (t >= 1000 && t < 4000) {
		w->dims = t >= 3000 ? 4 : 3;
		t %= 1000;
	}
	if (t < WKB_POINT || t > WKB_POLYGON + WKB_MULTI)
		return err_set(err, "geometry type %u at byte %zu is not known",
			t, at);
	*type = t;
	return 0;
}

/* What follows the head of a point, line or polygon. */
static int read_simple(struct wkb *w, uint32_t type, struct shape *s,
	struct err *err)
{
	uint32_t n = 1, rings = 1;

	if (type == WKB_POINT)
		return read_points(w, 1, false, s, err);
	if (type == WKB_POLYGON && read_u32(w, &rings, err))
		return -1;
	if (!rings)
		return err_set(err, "a polygon without rings at byte %zu",
			w->at);
	for (uint32_t i = 0; i < rings; i++)
		if (read_u32(w, &n, err) || read_points(w, n, i > 0, s, err))
			return -1;
	return 0;
}

static int read_geometry(struct wkb *w, enum shape_kind *kind, struct shape *s,
	struct err *err)
{
	uint32_t type, n, member;

	if (read_head(w, &type, err))
		return -1;
	if (type <= WKB_POLYGON) {
		*kind = SHAPE_POINT + type - WKB_POINT;
		return read_simple(w, type, s, err);
	}
	type -= WKB_MULTI;
	*kind = SHAPE_POINT + type - WKB_POINT;
	if (read_u32(w, &n, err))
		return -1;
	if (!n)
		return err_set(err, "a geometry without parts");
	for (uint32_t i = 0; i < n; i++) {
		size_t at = w->at;

		if (read_head(w, &member, err))
			return -1;
		if (member != type)
			return err_set(err,
				"geometry type %u at byte %zu inside a multi "
				"geometry of type %u",
				member, at, type);
		if (read_simple(w, type, s, err))
			return -1;
	}
	return 0;
}

int shape_add_wkb(struct shape *s, const uint8_t *p, size_t len,
	enum shape_kind *kind, struct err *err)
{
	struct wkb w = {p, len, 0, false, 2};
	size_t npoints = s->npoints, nparts = s->nparts;
	int rc = read_geometry(&w, kind, s, err);

	if (!rc && left(&w))
		rc = err_set(err, "%zu bytes behind the geometry", left(&w));
	if (rc) {
		s->npoints = npoints;
		s->nparts = nparts;
	}
	return rc;
}

enum shape_kind shape_wkb_kind(const uint8_t *p, size_t len)
{
	struct wkb w = {p, len, 0, false, 2};
	uint32_t type = WKB_POINT;
	struct err err;

	(void)read_head(&w, &type, &err);
	return SHAPE_POINT + (type > WKB_MULTI ? type - WKB_MULTI : type) -
	       WKB_POINT;
}
