/*
 * rtree-boost - Boost.Geometry's R-tree, built in one go (packed), for
 * tests/bench/rtree.
 */
#define BOOST_ALLOW_DEPRECATED_HEADERS // Boost includes some of its own

#include "rtree-bench.h"

#include <boost/geometry.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/iterator/function_output_iterator.hpp>

#include <utility>
#include <vector>

namespace bg = boost::geometry;
namespace bgi = boost::geometry::index;

using point = bg::model::point<double, 2, bg::cs::cartesian>;
using rect = bg::model::box<point>;
using value = std::pair<rect, uint32_t>;
using tree = bgi::rtree<value, bgi::rstar<16>>;

static rect rect_of(const struct box &b)
{
	return rect(point(b.x0, b.y0), point(b.x1, b.y1));
}

static void *index_new(const struct box *boxes, size_t n, const char *)
{
	std::vector<value> values;

	values.reserve(n);
	for (size_t i = 0; i < n; i++)
		values.emplace_back(rect_of(boxes[i]), (uint32_t)i);
	return new tree(values);
}

static void *room_new(void)
{
	return NULL;
}

static void prepare(void *, const struct box *, size_t)
{
}

static void query(const void *index, void *, const struct box *boxes, size_t n,
	size_t first, struct pairs *pairs)
{
	const tree *t = (const tree *)index;

	for (size_t i = 0; i < n; i++) {
		auto take = [&](const value &v) {
			pair(pairs, first + i, v.second);
		};

		t->query(bgi::intersects(rect_of(boxes[i])),
			boost::make_function_output_iterator(take));
	}
}
