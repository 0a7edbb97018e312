/*
 * osm-peer - what osm-tags --all does, by libosmium: each tagged object as its
 * id, tags, point, bounds and size, areas of relations among them, in binary on
 * standard output. It is spared what costs: sizes are those of the plane, the
 * point of an area is its centroid, every closed way is an area.
 *
 *	osm-peer FILE.osm.pbf >OUT
 */
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <string>

#include <unistd.h>

#include <osmium/area/assembler.hpp>
#include <osmium/area/multipolygon_manager.hpp>
#include <osmium/handler.hpp>
#include <osmium/handler/node_locations_for_ways.hpp>
#include <osmium/index/map/flex_mem.hpp>
#include <osmium/io/any_input.hpp>
#include <osmium/osm.hpp>
#include <osmium/relations/manager_util.hpp>
#include <osmium/visitor.hpp>

namespace {

constexpr size_t FLUSH = 1 << 19;
constexpr double M_PER_DEGREE = 111319.49;

using Index = osmium::index::map::FlexMem<osmium::unsigned_object_id_type,
	osmium::Location>;

/* What a record says of a shape; moments are relative to its first point. */
struct Shape {
	osmium::Box box;
	double size = 0, mx = 0, my = 0, x0 = 0, y0 = 0;
	bool begun = false;

	void add(const osmium::NodeRefList &nodes, bool ring, double sign)
	{
		double px = 0, py = 0, sum = 0, sx = 0, sy = 0;
		bool first = true;

		for (const auto &n : nodes) {
			if (!n.location().valid())
				continue;
			double x = n.location().lon_without_check();
			double y = n.location().lat_without_check();

			box.extend(n.location());
			if (!begun) {
				x0 = x;
				y0 = y;
				begun = true;
			}
			x -= x0;
			y -= y0;
			if (!first) {
				double w = ring ? (px * y - x * py) / 2
						: std::hypot(x - px, y - py);

				sum += w;
				sx += w * (px + x);
				sy += w * (py + y);
			}
			first = false;
			px = x;
			py = y;
		}
		if (ring && sum < 0) {
			sum = -sum;
			sx = -sx;
			sy = -sy;
		}
		size += sign * sum;
		mx += sign * sx / (ring ? 3 : 2);
		my += sign * sy / (ring ? 3 : 2);
	}
};

class Records : public osmium::handler::Handler {
	std::string out;

	template <class T> void put(const T &v)
	{
		out.append(reinterpret_cast<const char *>(&v), sizeof(v));
	}

	void put_text(const char *s)
	{
		auto n = static_cast<uint16_t>(std::strlen(s));

		put(n);
		out.append(s, n);
	}

	void put_object(char kind, const osmium::OSMObject &o, double lon,
		double lat)
	{
		out.push_back(kind);
		put(o.id());
		for (const auto &tag : o.tags()) {
			put_text(tag.key());
			put_text(tag.value());
		}
		put(lon);
		put(lat);
		if (out.size() > FLUSH)
			flush();
	}

	void put_shape(char kind, const osmium::OSMObject &o, const Shape &s,
		bool ring)
	{
		double lon = s.x0, lat = s.y0, metres = M_PER_DEGREE;

		if (!s.box.valid())
			return;
		if (s.size != 0) {
			lon += s.mx / s.size;
			lat += s.my / s.size;
		}
		if (ring)
			metres *= M_PER_DEGREE *
				  std::cos(lat * 3.14159265358979 / 180);
		put_object(kind, o, lon, lat);
		put(s.box);
		put(s.size * metres);
	}

public:
	void flush()
	{
		size_t at = 0;

		while (at < out.size()) {
			ssize_t n = ::write(1, out.data() + at,
				out.size() - at);

			if (n <= 0)
				throw std::runtime_error{"cannot write"};
			at += static_cast<size_t>(n);
		}
		out.clear();
	}

	void node(const osmium::Node &n)
	{
		if (!n.tags().empty())
			put_object('n', n, n.location().lon(),
				n.location().lat());
	}

	void way(const osmium::Way &w)
	{
		bool ring = w.nodes().size() > 3 && w.is_closed();
		Shape s;

		if (w.tags().empty() || w.nodes().empty())
			return;
		s.add(w.nodes(), ring, 1);
		put_shape(ring ? 'a' : 'w', w, s, ring);
	}

	void area(const osmium::Area &a)
	{
		Shape s;

		if (a.from_way())
			return;
		for (const auto &outer : a.outer_rings()) {
			s.add(outer, true, 1);
			for (const auto &inner : a.inner_rings(outer))
				s.add(inner, true, -1);
		}
		put_shape('r', a, s, true);
	}
};

void run(const char *path)
{
	osmium::area::Assembler::config_type config;
	osmium::area::MultipolygonManager<osmium::area::Assembler> areas{
		config};
	osmium::io::File file{path};
	Index index;
	osmium::handler::NodeLocationsForWays<Index> places{index};
	Records records;

	places.ignore_errors();
	osmium::relations::read_relations(file, areas);
	osmium::io::Reader reader{file};
	osmium::apply(reader, places, records,
		areas.handler([&](osmium::memory::Buffer &&b) {
			osmium::apply(b, records);
		}));
	reader.close();
	records.flush();
}

} // namespace

int main(int argc, char **argv)
{
	if (argc != 2) {
		std::cerr << "usage: osm-peer FILE.osm.pbf >OUT\n";
		return 2;
	}
	try {
		run(argv[1]);
	} catch (const std::exception &e) {
		std::cerr << "osm-peer: " << e.what() << '\n';
		return 1;
	}
}
