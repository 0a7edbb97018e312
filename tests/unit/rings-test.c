#include "base/base.h"
#include "geo/measure.h"
#include "osm/rings.h"
#include "tap.h"

#include <math.h>

enum { MOST_WAYS = 16, MOST_POINTS = 64 };

/* Ways in text: "x,y x,y … | x,y …", degrees; their ids are 1, 2, …, or as in
 * "7: x,y …". */
struct ways {
	struct geo_pos points[MOST_POINTS];
	struct ring_way ways[MOST_WAYS];
	size_t n;
};

static int32_t units(double degrees)
{
	return (int32_t)llrint(degrees * 1e7);
}

static void parse(struct ways *w, const char *text)
{
	struct geo_pos *p = w->points;
	char *end;

	for (w->n = 0; *text; text += strspn(text, " |")) {
		struct ring_way *way = &w->ways[w->n++];

		*way = (struct ring_way){p, 0, (int64_t)w->n};
		for (; *text && *text != '|'; text += strspn(text, " ")) {
			double x = strtod(text, &end);

			if (*end == ':') {
				way->id = (int64_t)x;
				text = end + 1;
				continue;
			}
			p->lon = units(x);
			p++->lat = units(strtod(end + 1, &end));
			text = end;
		}
		way->n = (size_t)(p - way->points);
	}
}

/* "+x,y x,y …" for an outer ring, "-…" for a hole. */
static void put_shape(const struct shape *s, struct buf *out)
{
	for (size_t p = 0; p < s->nparts; p++) {
		buf_adds(out, p ? " " : "");
		buf_addc(out, s->parts[p].hole ? '-' : '+');
		for (size_t i = s->parts[p].begin; i < s->parts[p].end; i++)
			buf_addf(out, "%s%g,%g",
				i > s->parts[p].begin ? " " : "", s->x[i],
				s->y[i]);
	}
}

static struct rings *rings;
static struct shape shape = SHAPE_INIT;

/* The ways in the order they stand, or the last first and each backwards. */
static void assemble(struct ways *w, bool backwards, struct buf *out)
{
	struct ring_fault fault;
	const char *why;

	for (size_t i = 0, k = w->n; backwards && i < k--; i++) {
		struct ring_way way = w->ways[i];

		w->ways[i] = w->ways[k];
		w->ways[k] = way;
	}
	for (size_t i = 0; backwards && i < w->n; i++) {
		struct geo_pos *p = w->points + (w->ways[i].points - w->points);

		for (size_t a = 0, b = w->ways[i].n; a < b--; a++) {
			struct geo_pos pos = p[a];

			p[a] = p[b];
			p[b] = pos;
		}
	}
	why = rings_area(rings, w->ways, w->n, &shape, &fault);
	buf_reset(out);
	if (!why)
		put_shape(&shape, out);
	else if (why[0] == 'e') /* encloses nothing */
		buf_adds(out, why);
	else
		buf_addf(out, "%s: w%d w%d %g,%g", why, (int)fault.way,
			(int)fault.other, fault.lon, fault.lat);
}

static void gives(const char *what, const char *text, const char *want)
{
	struct buf out = BUF_INIT;
	struct ways w;

	parse(&w, text);
	assemble(&w, false, &out);
	ok(!strcmp(buf_str(&out), want), "%s: %s", what, out.data);
	assemble(&w, true, &out);
	/* of a fault only the place is one */
	ok(*want == '+' ? !strcmp(buf_str(&out), want)
			: !strncmp(buf_str(&out), want, 10),
		"%s, the last way first and backwards", what);
	buf_release(&out);
}

static void test_joining(void)
{
	gives("one way", "0,0 0,4 4,4 4,0 0,0", "+0,0 4,0 4,4 0,4 0,0");
	gives("ways in any direction", "0,0 4,0 | 0,4 4,4 | 0,4 0,0 | 4,0 4,4",
		"+0,0 4,0 4,4 0,4 0,0");
	gives("points that repeat", "0,0 4,0 4,0 4,4 4,4 4,4 | 0,0 0,0 4,4",
		"+0,0 4,0 4,4 0,0");
	gives("a way without points", "0,0 4,0 4,4 0,0 | | 1,1",
		"+0,0 4,0 4,4 0,0");
	gives("a way that comes twice", "7: 0,0 4,0 | 4,0 4,4 0,0 | 7: 0,0 4,0",
		"+0,0 4,0 4,4 0,0");
	gives("a segment three times",
		"0,0 4,0 | 4,0 4,4 0,0 | 4,0 0,0 | 0,0 4,0",
		"+0,0 4,0 4,4 0,0");
	gives("a spike", "0,0 4,0 9,0 4,0 4,4 0,0", "+0,0 4,0 4,4 0,0");
	gives("two areas with a common side are one",
		"0,0 2,0 2,2 0,2 0,0 | 2,0 4,0 4,2 2,2 2,0",
		"+0,0 2,0 4,0 4,2 2,2 0,2 0,0");
	gives("so are two holes",
		"0,0 9,0 9,9 0,9 0,0 | 2,2 4,2 4,4 2,4 2,2 | "
		"4,2 6,2 6,4 4,4 4,2",
		"+0,0 9,0 9,9 0,9 0,0 -2,2 2,4 4,4 6,4 6,2 4,2 2,2");
	gives("a hole with a side of the outer ring is a bay",
		"0,0 9,0 9,3 9,6 9,9 0,9 0,0 | 9,3 9,6 5,6 5,3 9,3",
		"+0,0 9,0 9,3 5,3 5,6 9,6 9,9 0,9 0,0");
}

static void test_nesting(void)
{
	gives("a hole", "0,0 9,0 9,9 0,9 0,0 | 2,2 5,2 5,5 2,5 2,2",
		"+0,0 9,0 9,9 0,9 0,0 -2,2 2,5 5,5 5,2 2,2");
	gives("an island in a hole, and a pond on it",
		"0,0 9,0 9,9 0,9 0,0 | 1,1 8,1 8,8 1,8 1,1 | "
		"2,2 7,2 7,7 2,7 2,2 | 3,3 6,3 6,6 3,6 3,3",
		"+0,0 9,0 9,9 0,9 0,0 -1,1 1,8 8,8 8,1 1,1 "
		"+2,2 7,2 7,7 2,7 2,2 -3,3 3,6 6,6 6,3 3,3");
	gives("two outer rings, each with a hole, and one above them",
		"0,0 4,0 4,4 0,4 0,0 | 5,0 9,0 9,4 5,4 5,0 | "
		"1,1 2,1 2,2 1,1 | 6,1 7,1 7,2 6,1 | 0,5 9,5 9,9 0,5",
		"+0,0 4,0 4,4 0,4 0,0 -1,1 2,2 2,1 1,1 +0,5 9,5 9,9 0,5 "
		"+5,0 9,0 9,4 5,4 5,0 -6,1 7,2 7,1 6,1");
	gives("a hole above a hole",
		"0,0 9,0 9,9 0,9 0,0 | 2,2 5,2 5,3 2,3 2,2 | "
		"3,5 5,5 5,6 3,6 3,5",
		"+0,0 9,0 9,9 0,9 0,0 -2,2 2,3 5,3 5,2 2,2 "
		"-3,5 3,6 5,6 5,5 3,5");
}

static void test_touching(void)
{
	gives("outer rings that meet in a point",
		"0,0 2,0 2,2 0,2 0,0 | 2,2 4,2 4,4 2,4 2,2",
		"+0,0 2,0 2,2 0,2 0,0 +2,2 4,2 4,4 2,4 2,2");
	gives("the same as one way", "0,0 2,0 2,2 4,2 4,4 2,4 2,2 0,2 0,0",
		"+0,0 2,0 2,2 0,2 0,0 +2,2 4,2 4,4 2,4 2,2");
	gives("a hole that meets the outer ring",
		"0,0 9,0 9,9 0,9 0,0 | 0,0 5,3 3,5 0,0",
		"+0,0 9,0 9,9 0,9 0,0 -0,0 3,5 5,3 0,0");
	gives("holes that meet",
		"0,0 9,0 9,9 0,9 0,0 | 2,2 4,2 4,4 2,4 2,2 | "
		"4,4 6,4 6,6 4,6 4,4",
		"+0,0 9,0 9,9 0,9 0,0 -2,2 2,4 4,4 4,2 2,2 "
		"-4,4 4,6 6,6 6,4 4,4");
	gives("holes that meet in two points hold an island",
		"0,0 9,0 9,9 0,9 0,0 | 2,2 4,4 6,2 4,3 2,2 | "
		"2,2 4,1 6,2 4,0.5 2,2",
		"+0,0 9,0 9,9 0,9 0,0 -2,2 4,4 6,2 4,0.5 2,2 "
		"+2,2 4,1 6,2 4,3 2,2");
	gives("a hole that cuts the area in two",
		"0,0 9,0 9,9 0,9 0,0 | 0,0 9,9 4,6 0,0",
		"+0,0 9,0 9,9 0,0 +0,0 4,6 9,9 0,9 0,0");
	gives("four areas round a point",
		"0,0 2,1 1,2 0,0 | 0,0 -1,2 -2,1 0,0 | "
		"0,0 -2,-1 -1,-2 0,0 | 0,0 1,-2 2,-1 0,0",
		"+-2,-1 -1,-2 0,0 -2,-1 +-2,1 0,0 -1,2 -2,1 "
		"+0,0 1,-2 2,-1 0,0 +0,0 2,1 1,2 0,0");
}

static void test_faults(void)
{
	gives("an open ring", "0,0 4,0 | 4,0 4,4 | 4,4 1,1",
		"open ring: w1 w0 0,0");
	gives("a gap of a ten-millionth", "0,0 4,0 4,4 0.0000001,0",
		"open ring: w1 w0 0,0");
	gives("a bow tie", "0,0 4,4 4,0 0,4 0,0", "crosses itself: w1 w1 2,2");
	gives("two ways that cross",
		"0,0 4,0 4,4 0,4 0,0 | 8: 2,2 6,2 6,6 2,6 2,2",
		"crosses itself: w8 w1 2,4");
	gives("a point on a side", "0,0 4,0 4,4 0,4 0,0 | 4,2 6,2 6,3 4,2",
		"touches itself: w1 w2 4,2");
	gives("a point on a slanting side, from the left",
		"0,0 8,8 8,0 0,0 | 1,5 4,4 2,6 1,5",
		"touches itself: w1 w2 4,4");
	gives("a side along a longer one", "0,0 9,0 9,9 0,0 | 2,0 4,0 3,1 2,0",
		"touches itself: w1 w2 2,0");
	gives("sides of one point along each other",
		"0,0 9,0 9,9 0,0 | 0,0 4,0 4,-2 0,0",
		"touches itself: w2 w1 4,0");
	gives("nothing", "", "encloses nothing");
	gives("one point", "1,1 1,1", "encloses nothing");
	gives("there and back", "0,0 4,0 | 4,0 0,0", "encloses nothing");
	gives("a position off the globe", "0,0 0,91 1,1 0,0",
		"position off the globe: w1 w0 0,91");
	gives("another", "0,0 -180.5,1 1,1 0,0",
		"position off the globe: w1 w0 -180.5,1");
}

/* What comes out can be measured as it is. */
static void test_measure(void)
{
	static const char *const texts[] = {
		"0,0 20,0 20,9 0,9 0,0 | 12,2 13,2 13,3 12,2",
		"170,0 -170,0 -170,9 170,9 170,0 | -178,2 -177,2 -177,3 -178,2"};
	struct measure m[2];
	struct buf out = BUF_INIT;
	bool good = true;
	struct ways w;

	for (int i = 0; i < 2; i++) {
		parse(&w, texts[i]);
		assemble(&w, false, &out);
		good = good && !shape_measure(&shape, SHAPE_AREA, &m[i]);
	}
	ok(good && fabs(m[0].size - m[1].size) < 1e-9 * m[0].size &&
			m[1].bbox[0] == 170 && m[1].bbox[2] == -170 &&
			m[1].bbox[3] == 9,
		"across the antimeridian it is as large as elsewhere: %g m2",
		m[1].size);
	buf_release(&out);
}

static void test_antimeridian(void)
{
	gives("across the antimeridian",
		"178,0 -178,0 | -178,0 -178,4 178,4 178,0",
		"+178,0 182,0 182,4 178,4 178,0");
	gives("with a part on each side, and a hole on the far one",
		"170,0 -170,0 -170,9 170,9 170,0 | -178,2 -177,2 -177,3 -178,2 "
		"| -160,0 -150,0 -150,5 -160,0 | 150,0 160,0 160,5 150,0",
		"+150,0 160,0 160,5 150,0 "
		"+170,0 190,0 190,9 170,9 170,0 -182,2 183,3 183,2 182,2 "
		"+-160,0 -150,0 -150,5 -160,0");
	gives("two that end there stay two",
		"170,0 180,0 180,9 170,0 | -180,0 -170,0 -180,9 -180,0",
		"+-180,0 -170,0 -180,9 -180,0 +170,0 180,0 180,9 170,0");
	gives("both sides of it are one place, where a ring goes across",
		"170,0 180,0 180,9 170,9 170,0 | "
		"-180,0 -170,0 -170,9 -180,9 -180,0 | 170,20 -170,20 180,25 "
		"170,20",
		"+170,0 180,0 190,0 190,9 180,9 170,9 170,0 "
		"+170,20 190,20 180,25 170,20");
	test_measure();
	gives("round the pole", "0,80 120,80 -120,80 0,80",
		"goes round the globe: w1 w0 0,80");
	gives("across it and across 0",
		"170,0 -170,0 -170,9 170,0 | -5,0 5,0 5,5 -5,0",
		"goes round the globe: w2 w0 5,0");
}

/* A comb of many teeth, in ways of one segment, with a hole in each tooth. */
static void test_large(void)
{
	enum { TEETH = 30000, SEGMENTS = 7 * TEETH + 1 };
	struct geo_pos(*p)[2] = xcalloc(SEGMENTS, sizeof(*p));
	struct ring_way *ways = xcalloc(SEGMENTS, sizeof(*ways));
	struct geo_pos at = {-900000000, 0};
	struct ring_fault fault;
	size_t n = 0, outer = 0;
	const char *why;

	for (int i = 0; i < TEETH; i++) {
		static const struct geo_pos steps[4] = {{0, 900000000},
			{20000, 0}, {0, -899000000}, {20000, 0}};
		int32_t x = at.lon + 5000;

		for (int k = 0; k < 3; k++) {
			struct geo_pos hole[3] = {{x, 8000000},
				{x + 9000, 9000000}, {x, 9000000}};

			p[n][0] = hole[k];
			p[n++][1] = hole[(k + 1) % 3];
		}
		for (int k = 0; k < 4; k++) {
			p[n][0] = at;
			at.lon += steps[k].lon;
			at.lat = k ? (k > 1 ? 1000000 : 900000000) : 900000000;
			p[n++][1] = at;
		}
	}
	p[n][0] = at;
	p[n++][1] = p[3][0];
	for (size_t i = 0; i < n; i++) {
		size_t way = i * 7919 % n; /* a prime */

		ways[i] = (struct ring_way){p[way], 2, (int64_t)way + 1};
	}
	why = rings_area(rings, ways, n, &shape, &fault);
	for (size_t i = 0; i < shape.nparts; i++)
		outer += !shape.parts[i].hole;
	ok(!why && outer == 1 && shape.nparts == TEETH + 1 &&
			shape.npoints == SEGMENTS + TEETH + 1,
		"a comb of %d segments with %d holes: %s, %zu rings", SEGMENTS,
		TEETH, why ? why : "an area", shape.nparts);
	free(p);
	free(ways);
}

int main(void)
{
	rings = rings_new();
	test_joining();
	test_nesting();
	test_touching();
	test_faults();
	test_antimeridian();
	test_large();
	rings_free(rings);
	rings_free(NULL);
	shape_release(&shape);
	return tap_done();
}
