/*
 * Windows: rounding, centring, and shifts against a list of all offsets.
 */
#include "base/base.h"
#include "geo/window.h"

#include <math.h>

#include "unit/tap.h"

enum { FAR = 1 << 20 };

static bool is(const struct window *w, int64_t col, int64_t row, int64_t width,
	int64_t height)
{
	return w->col == col && w->row == row && w->w == width &&
	       w->h == height;
}

static void test_round(void)
{
	struct window w;
	struct rect r = {10.2, 20.9, 139.1, 140.0}, nan = {NAN, 0, 1, 1};
	struct rect small = {10.2, 20.9, 12.1, 300.5}, dot = {5, 7, 5, 7};
	struct rect huge = {0, 0, 1e13, 1};

	ok(!window_round(&r, 100, &w) && is(&w, 10, 20, 130, 120),
		"rounded outward");
	ok(!window_round(&r, 1, &w) && is(&w, 10, 20, 130, 120),
		"a side above the least stays");
	/* middle 11.15: 100 pixels from -38.85, that is -39 */
	ok(!window_round(&small, 100, &w) && is(&w, -39, 20, 100, 281),
		"a short side grows about the centre");
	ok(!window_round(&dot, 1, &w) && is(&w, 5, 7, 1, 1),
		"a point takes one pixel");
	r = (struct rect){9.9999999, 20.0000001, 30.0000001, 39.9999999};
	ok(!window_round(&r, 1, &w) && is(&w, 10, 20, 20, 20),
		"a pixel's edge missed by rounding is still the edge");
	ok(window_round(&nan, 1, &w) && window_round(&huge, 1, &w),
		"what has no place is refused");
	ok(!window_centre(100.5, 50.0, 224, 225, &w) &&
			is(&w, -11, -62, 224, 225),
		"centred on a point");
	ok(window_centre(INFINITY, 0, 1, 1, &w) &&
			window_centre(0, NAN, 1, 1, &w),
		"no window at infinity");
}

/* Whatever r is, the window holds it and is not shorter than asked. */
static void test_holds(void)
{
	bool holds = true;
	struct window w;

	for (int i = 0; i < 4000; i++) {
		double x = i * 0.37, len = (i % 173) * 0.713;
		struct rect r = {x, -x, x + len, -x + len / 3};

		if (window_round(&r, 1 + i % 120, &w))
			holds = false;
		holds = holds && (double)w.col <= r.x0 + PIXEL_EDGE &&
			(double)(w.col + w.w) >= r.x1 - PIXEL_EDGE &&
			(double)w.row <= r.y0 + PIXEL_EDGE &&
			(double)(w.row + w.h) >= r.y1 - PIXEL_EDGE &&
			w.w >= 1 + i % 120 && w.h >= 1 + i % 120;
	}
	ok(holds, "a window holds what it was made for");
}

static void test_fits(void)
{
	ok(window_fits(&(struct window){0, 0, 10, 10}, 10, 10), "just fits");
	ok(!window_fits(&(struct window){1, 0, 10, 10}, 10, 10),
		"too far east");
	ok(!window_fits(&(struct window){0, -1, 10, 10}, 10, 10),
		"too far north");
	ok(!window_fits(&(struct window){0, 0, 10, 11}, 10, 10), "too long");
	ok(!window_fits(&(struct window){INT64_MAX, 0, 10, 1}, UINT64_MAX >> 1,
		   9),
		"no overflow");
}

/*
 * Counts how often each offset comes out when ux and uy run evenly through
 * all their values: each offset that keeps the share exactly once, no other.
 */
static bool exactly_uniform(const struct window *win, const struct rect *r,
	double keep, uint64_t *count)
{
	int64_t reach = win->w + win->h + 8, side = 2 * reach + 1;
	unsigned *seen = xcalloc((size_t)(side * side), sizeof(*seen));
	uint64_t *rows = xcalloc((size_t)side, sizeof(*rows)), k = 0;
	bool uniform = true;

	*count = 0;
	for (int64_t dx = -reach; dx <= reach; dx++) {
		for (int64_t dy = -reach; dy <= reach; dy++) {
			struct window w = {win->col + dx, win->row + dy, win->w,
				win->h};

			if (window_share(&w, r) >= keep - 1e-6)
				rows[dx + reach]++;
		}
		*count += rows[dx + reach];
	}
	for (int64_t dx = -reach; dx <= reach; dx++) {
		for (uint64_t i = 0; i < rows[dx + reach]; i++, k++) {
			struct window w = *win;
			double ux = ((double)k + 0.5) / (double)*count;
			double uy =
				((double)i + 0.5) / (double)rows[dx + reach];

			window_shift(&w, r, keep, ux, uy, FAR, FAR);
			uniform = uniform && w.col - win->col == dx &&
				  window_share(&w, r) >= keep - 1e-6;
			seen[(w.row - win->row + reach) * side + dx + reach]++;
		}
	}
	for (int64_t i = 0; i < side * side; i++)
		uniform = uniform && seen[i] <= 1;
	free(seen);
	free(rows);
	return uniform;
}

static void test_shift(void)
{
	static const struct {
		struct rect r;
		int64_t min_px;
		double keep;
	} cases[] = {
		{{1000.25, 1000.75, 1030.5, 1018.125}, 1, 0.75},
		{{1000.25, 1000.75, 1030.5, 1018.125}, 40, 0.75},
		{{1000, 1000, 1016, 1016}, 16, 1},
		{{1000, 1000, 1016, 1016}, 20, 1},
		{{1000.5, 1000.5, 1016.5, 1010.5}, 1, 0.3},
		{{1000.5, 1000.5, 1016.5, 1010.5}, 1, 0.01},
		{{1000.5, 1000.5, 1000.5, 1010.5}, 9, 0.75},
		{{1000.1, 1000.1, 1000.9, 1000.9}, 3, 0.75},
	};
	uint64_t count;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct rect *r = &cases[i].r;
		struct window w;
		bool good = !window_round(r, cases[i].min_px, &w) &&
			    exactly_uniform(&w, r, cases[i].keep, &count);

		ok(good,
			"each of %llu offsets once: a %g x %g object in "
			"%lld x %lld pixels, %g kept",
			(unsigned long long)count, r->x1 - r->x0, r->y1 - r->y0,
			(long long)w.w, (long long)w.h, cases[i].keep);
	}
}

static void test_point(void)
{
	struct rect dot = {1000.3, 1000.7, 1000.3, 1000.7};
	struct window w, at = {0, 0, 1, 1};
	uint64_t count;

	ok(!window_centre(dot.x0, dot.y0, 21, 14, &w), "a point");
	ok(exactly_uniform(&w, &dot, 1, &count) && count == 21 * 14,
		"every pixel of the window may hold the point");
	at.col = at.row = 1000;
	ok(window_share(&at, &dot) == 1, "a point is inside its pixel");
	at.col = 1001;
	ok(window_share(&at, &dot) == 0, "and in no other");
}

static void test_clamp(void)
{
	struct rect r = {2.5, 3.5, 22.5, 27.5};
	struct window w, s;
	bool inside = true, kept = true;

	ok(!window_round(&r, 1, &w), "an object in a corner");
	for (int i = 0; i < 64; i++) {
		for (int k = 0; k < 64; k++) {
			s = w;
			window_shift(&s, &r, 0.5, i / 64.0, k / 64.0, 30, 30);
			inside = inside && window_fits(&s, 30, 30);
			kept = kept && window_share(&s, &r) >= 0.5 - 1e-6;
		}
	}
	ok(inside, "a shifted window stays in the image");
	ok(kept, "and keeps the share");
	s = w;
	window_shift(&s, &r, 0.5, 0x1.fffffffffffffp-1, 0x1.fffffffffffffp-1,
		FAR, FAR);
	ok(window_share(&s, &r) >= 0.5 - 1e-6 && s.col > w.col,
		"the largest numbers choose the last offset");
}

int main(void)
{
	test_round();
	test_holds();
	test_fits();
	test_shift();
	test_point();
	test_clamp();
	return tap_done();
}
