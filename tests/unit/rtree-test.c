/*
 * The R-tree and the index of boxes in degrees against brute force.
 */
#include "base/base.h"
#include "geo/lonlat.h"
#include "geo/rtree.h"

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
static struct rect random_rect(void)
{
	double x = floor(unit() * 200) / 2, y = floor(unit() * 200) / 2;
	double kind = unit();

	if (kind < 0.02)
		return (struct rect){NAN, NAN, NAN, NAN};
	if (kind < 0.04)
		return (struct rect){INFINITY, INFINITY, -INFINITY, -INFINITY};
	if (kind < 0.3) /* a point */
		return (struct rect){x, y, x, y};
	if (kind < 0.32)
		return (struct rect){-1e300, y, 1e300, y + 1};
	return (struct rect){x, y, x + floor(unit() * 20) / 2,
		y + floor(unit() * 20) / 2};
}

static bool agrees(const struct rtree *t, const struct rect *rects, size_t n,
	const struct rect *query)
{
	struct hits hits = HITS_INIT;
	size_t at = 0;
	bool same = true;

	rtree_query(t, query, &hits);
	hits_sort(&hits);
	for (size_t i = 0; i < n; i++)
		if (rect_meets(&rects[i], query))
			same = same && at < hits.n && hits.items[at++] == i;
	same = same && at == hits.n;
	hits_release(&hits);
	return same;
}

static void test_rtree(size_t n)
{
	struct rect *rects = xcalloc(n, sizeof(*rects)), query;
	struct rtree *t;
	bool same = true;

	for (size_t i = 0; i < n; i++)
		rects[i] = random_rect();
	t = rtree_new(rects, n);
	for (int i = 0; i < 500; i++) {
		query = random_rect();
		same = same && agrees(t, rects, n, &query);
	}
	query = (struct rect){-INFINITY, -INFINITY, INFINITY, INFINITY};
	same = same && agrees(t, rects, n, &query);
	ok(same, "%zu rectangles: the same hits as brute force", n);
	rtree_free(t);
	free(rects);
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
	enum { N = 800 };
	static double boxes[N][4];
	struct lonlat_index *index;
	struct hits hits = HITS_INIT;
	double query[4];
	bool same = true;
	size_t crossing = 0;

	for (size_t i = 0; i < N; i++) {
		random_box(boxes[i]);
		crossing += boxes[i][0] > boxes[i][2];
	}
	index = lonlat_index_new((const double(*)[4])boxes, N);
	for (int i = 0; i < 500; i++) {
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
	static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 256, 257, 5000};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		test_rtree(sizes[i]);
	test_lonlat();
	test_angles();
	return tap_done();
}
