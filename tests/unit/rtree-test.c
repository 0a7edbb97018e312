/*
 * The R-tree and the index of boxes in degrees against brute force.
 */
#include "base/base.h"
#include "base/spool.h"
#include "geo/lonlat.h"
#include "geo/rtree.h"

#include <float.h>
#include <math.h>

#include "unit/tap.h"

static uint64_t state = 1;

/* [0, 1), the same on every machine (splitmix64). */
static double unit(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Boxes on a coarse grid, so that many touch, and some that meet nothing. */
static struct rect mixed(void)
{
	double x = floor(unit() * 200) / 2, y = floor(unit() * 200) / 2;
	double kind = unit();

	if (kind < 0.02)
		return (struct rect){NAN, NAN, NAN, NAN};
	if (kind < 0.03)
		return (struct rect){x, y, x + 1, NAN};
	if (kind < 0.05)
		return (struct rect){INFINITY, INFINITY, -INFINITY, -INFINITY};
	if (kind < 0.07)
		return (struct rect){x + 1, y, x, y + 1};
	if (kind < 0.3) /* a point */
		return (struct rect){x, y, x, y};
	if (kind < 0.35) /* lines */
		return (struct rect){x, y, x + 20, y};
	if (kind < 0.37)
		return (struct rect){-1e300, y, 1e300, y + 1};
	if (kind < 0.39)
		return (struct rect){x, -INFINITY, x + 1, INFINITY};
	if (kind < 0.4)
		return (struct rect){-DBL_MAX, -DBL_MAX, DBL_MAX, DBL_MAX};
	return (struct rect){x, y, x + floor(unit() * 20) / 2,
		y + floor(unit() * 20) / 2};
}

/* v, or one of the doubles next to it. */
static double about(double v)
{
	double kind = unit();

	if (kind < 0.3)
		return v;
	return nextafter(v, kind < 0.65 ? -INFINITY : INFINITY);
}

/* Boxes whose sides differ by the last bit, on both sides of zero. */
static struct rect by_a_bit(void)
{
	double x = floor(unit() * 9) - 4, y = floor(unit() * 9) - 4;

	return (struct rect){about(x), about(y), about(x + floor(unit() * 3)),
		about(y + floor(unit() * 3))};
}

/* The smallest numbers, 0 and -0 among them, and infinity. */
static double extreme(void)
{
	static const double some[] = {0, DBL_TRUE_MIN, DBL_MIN, 1, DBL_MAX,
		INFINITY};
	double v = some[(size_t)(unit() * ARRAY_SIZE(some))];

	return unit() < 0.5 ? -v : v;
}

static struct rect extremes(void)
{
	return (struct rect){extreme(), extreme(), extreme(), extreme()};
}

static struct rect all_equal(void)
{
	return (struct rect){0.1, 0.2, 0.3, 0.4};
}

/* Anywhere, small: most leaves of the tree are not looked into. */
static struct rect scattered(void)
{
	double x = unit() * 360 - 180, y = unit() * 180 - 90;

	return (struct rect){x, y, x + unit(), y + unit()};
}

static bool is_box(const struct rect *r)
{
	return r->x0 <= r->x1 && r->y0 <= r->y1;
}

static bool agrees(const struct rtree *t, const struct rect *rects, size_t n,
	const struct rect *query)
{
	struct hits hits = HITS_INIT;
	size_t at = 0, found;
	bool same = true;

	rtree_query(t, query, &hits);
	found = hits.n;
	hits_sort(&hits);
	same = hits.n == found; /* each once */
	for (size_t i = 0; i < n; i++)
		if (is_box(&rects[i]) && is_box(query) &&
			rect_meets(&rects[i], query))
			same = same && at < hits.n && hits.items[at++] == i;
	same = same && at == hits.n;
	hits_release(&hits);
	return same;
}

struct kind {
	const char *name;
	struct rect (*make)(void);
};

static void test_queries(struct rtree *t, const struct rect *rects, size_t n,
	const struct kind *kind, const char *way)
{
	struct rect query = {-INFINITY, -INFINITY, INFINITY, INFINITY};
	bool same = agrees(t, rects, n, &query);

	for (int i = 0; i < 400; i++) {
		query = kind->make();
		same = same && agrees(t, rects, n, &query);
	}
	for (size_t i = 0; i < MIN(n, 20); i++)
		same = same && agrees(t, rects, n, &rects[i]);
	ok(same, "%s, %zu %s: the same hits as brute force", way, n,
		kind->name);
}

static void test_rtree(const struct kind *kind, size_t n)
{
	static const char *const ways[] = {"portable", "avx2", "avx512"};
	struct rect *rects = xcalloc(n, sizeof(*rects));
	struct rtree *t;

	for (size_t i = 0; i < n; i++)
		rects[i] = kind->make();
	t = rtree_new(rects, n);
	test_queries(t, rects, n, kind, "by default");
	ok(rtree_use(t, "portable") && !rtree_use(t, "none"), "ways by name");
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (rtree_use(t, ways[i]))
			test_queries(t, rects, n, kind, ways[i]);
	rtree_free(t);
	free(rects);
}

/* Built from runs in a file it finds the same as from an array. */
static void test_spool(const struct kind *kind)
{
	enum { N = 70000, STEP = 999 };
	struct rect *rects = xcalloc(N, sizeof(*rects)), query;
	struct spool *s = spool_new();
	struct rtree *t, *u;
	struct hits a = HITS_INIT, b = HITS_INIT;
	struct err err = {""};
	bool same = true;

	for (size_t i = 0; i < N; i++)
		rects[i] = kind->make();
	for (size_t i = 0; i < N; i += STEP)
		same = same &&
		       !spool_put(s, rects + i,
			       MIN(N - i, (size_t)STEP) * sizeof(*rects), &err);
	t = rtree_new(rects, N);
	u = rtree_read(s, N, &err);
	for (int i = 0; same && u && i < 200; i++) {
		query = kind->make();
		a.n = b.n = 0;
		rtree_query(t, &query, &a);
		rtree_query(u, &query, &b);
		same = a.n == b.n && (!a.n || !memcmp(a.items, b.items,
						      a.n * sizeof(*a.items)));
	}
	ok(same && u, "a tree of a spool, %d %s: as of an array", N,
		kind->name);
	rtree_free(u);
	ok(!rtree_read(s, N - 1, &err) && strstr(err.msg, "69999") &&
			!rtree_read(s, N + 1, &err),
		"a spool of another number of rectangles");
	hits_release(&a);
	hits_release(&b);
	rtree_free(t);
	spool_free(s);
	free(rects);
}

/* What is found is added to what is there. */
static void test_append(void)
{
	const struct rect r = {0, 0, 1, 1};
	struct rtree *t = rtree_new(&r, 1);
	struct hits hits = HITS_INIT;

	for (int i = 0; i < 1000; i++)
		rtree_query(t, &r, &hits);
	ok(hits.n == 1000 && !hits.items[999], "hits are appended");
	hits_sort(&hits);
	ok(hits.n == 1, "sorted, each is there once");
	hits_release(&hits);
	rtree_free(t);
	rtree_free(NULL);
}

/* Whether two boxes meet, told apart from the index's way of splitting. */
static bool boxes_meet(const double a[4], const double b[4])
{
	for (int turn = -360; turn <= 360; turn += 360)
		if (a[0] + turn <= b[0] + lonlat_box_width(b) &&
			b[0] <= a[0] + turn + lonlat_box_width(a) &&
			a[1] <= b[3] && b[1] <= a[3])
			return true;
	return false;
}

static void random_box(double box[4])
{
	/* no corner at the antimeridian itself: there -180 is not 180 */
	box[0] = floor(unit() * 358) - 179 + 0.5;
	box[1] = floor(unit() * 160) - 80;
	box[2] = lonlat_wrap(box[0] + floor(unit() * 40));
	box[3] = box[1] + floor(unit() * 10);
}

static void test_lonlat(void)
{
	enum { N = 3000 };
	static double boxes[N][4];
	struct lonlat_index *index;
	struct hits hits = HITS_INIT;
	struct err err;
	double query[4];
	bool same = true;
	size_t crossing = 0;

	for (size_t i = 0; i < N; i++) {
		random_box(boxes[i]);
		crossing += boxes[i][0] > boxes[i][2];
	}
	index = lonlat_index_new();
	for (size_t i = 0; i < N; i++)
		same = same && !lonlat_index_add(index, boxes[i], &err);
	same = same && !lonlat_index_build(index, &err);
	for (int i = 0; same && i < 500; i++) {
		size_t at = 0;

		random_box(query);
		lonlat_index_query(index, query, &hits);
		for (size_t k = 0; k < N; k++)
			if (boxes_meet(boxes[k], query))
				same = same && at < hits.n &&
				       hits.items[at++] == k;
		same = same && at == hits.n;
	}
	ok(crossing > 10, "boxes across the antimeridian among them");
	ok(same, "boxes in degrees: the same hits as brute force, each once");
	hits_release(&hits);
	lonlat_index_free(index);
}

static void test_angles(void)
{
	const double pacific[4] = {170, -10, -170, 10}, bad[4] = {0, 5, 1, 4};
	const double nan_box[4] = {NAN, 0, 1, 1}, far[4] = {0, 0, 181, 1};

	ok(lonlat_box_width(pacific) == 20, "width across the antimeridian");
	ok(fabs(lonlat_box_middle(pacific)) == 180, "its middle");
	ok(lonlat_near(-179, 175) == 181, "east of the antimeridian");
	ok(lonlat_near(179, -175) == -181, "west of the antimeridian");
	ok(lonlat_wrap(181) == -179 && lonlat_wrap(-181) == 179, "wrapped");
	ok(lonlat_box_valid(pacific) && !lonlat_box_valid(bad) &&
			!lonlat_box_valid(nan_box) && !lonlat_box_valid(far),
		"boxes that are none are told");
}

int main(void)
{
	/* a node holds 16; 4 are the most at the top, and 64 and 1024 fill it
	 */
	static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 64, 65, 255, 256,
		257, 1024, 1025, 5000};
	static const struct kind kinds[] = {{"boxes", mixed},
		{"boxes a bit apart", by_a_bit}, {"extreme boxes", extremes},
		{"equal boxes", all_equal}, {"scattered boxes", scattered}};

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
			test_rtree(&kinds[k], sizes[i]);
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		test_spool(&kinds[k]);
	test_append();
	test_lonlat();
	test_angles();
	return tap_done();
}
