/*
 * replicate - a large .osm.pbf of many copies of real extracts.
 *
 *	replicate OUT.osm.pbf COPIES EXTRACT…
 *
 * Each copy of each extract lies somewhere else, in a cell of a grid over the
 * globe. Ids are dense, and as near to each other as in a planet file: runs of
 * them belong to one copy, the runs of all copies are shuffled. References to
 * objects that an extract lacks stay without an object. Sorted by type and id.
 */
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <osmium/builder/osm_object_builder.hpp>
#include <osmium/io/any_input.hpp>
#include <osmium/io/any_output.hpp>
#include <osmium/memory/buffer.hpp>
#include <osmium/osm.hpp>

namespace {

constexpr size_t RUN = 8000; /* ids in a row, as many as a blob has */
constexpr size_t FLUSH = 8 << 20;
constexpr int KINDS = 3;

int kind_of(osmium::item_type type)
{
	return static_cast<int>(osmium::item_type_to_nwr_index(type));
}

/* The objects of one kind by rank: that of their ids and of ids referred to. */
struct Kind {
	std::vector<osmium::object_id_type> ids; /* sorted */
	std::vector<const osmium::OSMObject *> objects; /* [ids], or NULL */
	size_t first_run = 0; /* of its first copy */

	size_t runs() const
	{
		return (ids.size() + RUN - 1) / RUN;
	}

	size_t rank(osmium::object_id_type id) const
	{
		return static_cast<size_t>(
			std::lower_bound(ids.begin(), ids.end(), id) -
			ids.begin());
	}
};

struct Extract {
	std::vector<osmium::memory::Buffer> buffers;
	Kind kinds[KINDS];
	osmium::Box box;

	explicit Extract(const std::string &path)
	{
		osmium::io::Reader reader{path};

		while (osmium::memory::Buffer b = reader.read()) {
			for (const auto &o : b.select<osmium::OSMObject>())
				note(o);
			buffers.push_back(std::move(b));
		}
		for (Kind &k : kinds) {
			std::sort(k.ids.begin(), k.ids.end());
			k.ids.erase(std::unique(k.ids.begin(), k.ids.end()),
				k.ids.end());
			k.objects.resize(k.ids.size());
		}
		for (const auto &b : buffers)
			for (const auto &o : b.select<osmium::OSMObject>()) {
				Kind &k = kinds[kind_of(o.type())];
				k.objects[k.rank(o.id())] = &o;
			}
	}

private:
	void note(const osmium::OSMObject &o)
	{
		kinds[kind_of(o.type())].ids.push_back(o.id());
		if (o.type() == osmium::item_type::node)
			box.extend(static_cast<const osmium::Node &>(o)
					   .location());
		if (o.type() == osmium::item_type::way)
			for (const auto &n :
				static_cast<const osmium::Way &>(o).nodes())
				kinds[0].ids.push_back(n.ref());
		if (o.type() == osmium::item_type::relation)
			for (const auto &m :
				static_cast<const osmium::Relation &>(o)
					.members())
				kinds[kind_of(m.type())].ids.push_back(
					m.ref());
	}
};

class Replicator {
	std::vector<Extract> extracts;
	size_t copies;
	std::vector<size_t> place[KINDS]; /* of each run, in the file */
	osmium::io::Writer writer;
	osmium::memory::Buffer out{2 * FLUSH};

	struct Run {
		const Extract *extract;
		size_t copy, begin; /* its first rank */
	};

	osmium::object_id_type id(const Kind &k, int kind, size_t copy,
		osmium::object_id_type old) const
	{
		size_t rank = k.rank(old);
		size_t run = k.first_run + copy * k.runs() + rank / RUN;

		return static_cast<osmium::object_id_type>(
			place[kind][run] * RUN + rank % RUN + 1);
	}

	/* 9,520 cells of 1.5 degrees between 60 degrees south and north. */
	static osmium::Location moved(osmium::Location at,
		const osmium::Box &box, size_t cell)
	{
		auto x = static_cast<int64_t>(cell * 7 % 238) * 15000000 -
			 1790000000;
		auto y = static_cast<int64_t>(cell * 31 % 80) * 15000000 -
			 600000000;

		x += at.x() - box.bottom_left().x();
		y += at.y() - box.bottom_left().y();
		x = std::clamp<int64_t>(x, -1800000000, 1800000000);
		y = std::clamp<int64_t>(y, -900000000, 900000000);
		return {static_cast<int32_t>(x), static_cast<int32_t>(y)};
	}

	template <class Builder>
	void begin(Builder &b, const osmium::OSMObject &o,
		osmium::object_id_type new_id)
	{
		b.set_id(new_id)
			.set_version(o.version())
			.set_changeset(o.changeset())
			.set_timestamp(o.timestamp())
			.set_uid(o.uid());
		b.set_user(o.user());
		b.add_item(o.tags());
	}

	void write(const Run &run, size_t cell, const osmium::OSMObject &o)
	{
		const Kind *k = run.extract->kinds;
		int kind = kind_of(o.type());
		auto new_id = id(k[kind], kind, run.copy, o.id());

		if (kind == 0) {
			osmium::builder::NodeBuilder b{out};

			begin(b, o, new_id);
			b.set_location(moved(
				static_cast<const osmium::Node &>(o).location(),
				run.extract->box, cell));
		} else if (kind == 1) {
			osmium::builder::WayBuilder b{out};

			begin(b, o, new_id);
			osmium::builder::WayNodeListBuilder list{out, &b};
			for (const auto &n :
				static_cast<const osmium::Way &>(o).nodes())
				list.add_node_ref(
					id(k[0], 0, run.copy, n.ref()));
		} else {
			osmium::builder::RelationBuilder b{out};

			begin(b, o, new_id);
			osmium::builder::RelationMemberListBuilder list{out,
				&b};
			for (const auto &m :
				static_cast<const osmium::Relation &>(o)
					.members()) {
				int of = kind_of(m.type());

				list.add_member(m.type(),
					id(k[of], of, run.copy, m.ref()),
					m.role());
			}
		}
		out.commit();
	}

	void write(int kind, const Run &run)
	{
		const Kind &k = run.extract->kinds[kind];
		size_t end = std::min(run.begin + RUN, k.objects.size());
		size_t cell = run.copy * extracts.size() +
			      static_cast<size_t>(run.extract - &extracts[0]);

		for (size_t i = run.begin; i < end; i++)
			if (k.objects[i])
				write(run, cell, *k.objects[i]);
		if (out.committed() > FLUSH) {
			writer(std::move(out));
			out = osmium::memory::Buffer{2 * FLUSH};
		}
	}

	std::vector<Run> shuffled(int kind)
	{
		std::vector<Run> runs, sorted;
		std::vector<size_t> order;

		for (Extract &e : extracts) {
			Kind &k = e.kinds[kind];

			k.first_run = runs.size();
			for (size_t c = 0; c < copies; c++)
				for (size_t r = 0; r < k.runs(); r++)
					runs.push_back({&e, c, r * RUN});
		}
		for (size_t i = 0; i < runs.size(); i++)
			order.push_back(i);
		std::shuffle(order.begin(), order.end(), std::mt19937_64{1});
		place[kind].resize(runs.size());
		for (size_t i = 0; i < order.size(); i++) {
			place[kind][order[i]] = i;
			sorted.push_back(runs[order[i]]);
		}
		return sorted;
	}

	static osmium::io::Header header()
	{
		osmium::io::Header h;

		h.set("generator", "replicate");
		h.set("sorting", "Type_then_ID");
		return h;
	}

public:
	Replicator(const char *path, size_t n, char *const *from, int files)
		: copies(n), writer(path, header(),
			osmium::io::overwrite::allow)
	{
		for (int i = 0; i < files; i++)
			extracts.emplace_back(from[i]);
	}

	void run()
	{
		std::vector<Run> runs[KINDS];

		for (int kind = 0; kind < KINDS; kind++)
			runs[kind] = shuffled(kind);
		for (int kind = 0; kind < KINDS; kind++)
			for (const Run &r : runs[kind])
				write(kind, r);
		writer(std::move(out));
		writer.close();
	}
};

} // namespace

int main(int argc, char **argv)
{
	if (argc < 4) {
		std::cerr << "usage: replicate OUT.osm.pbf COPIES EXTRACT...\n";
		return 2;
	}
	try {
		Replicator{argv[1], std::strtoul(argv[2], nullptr, 10),
			argv + 3, argc - 3}
			.run();
	} catch (const std::exception &e) {
		std::cerr << "replicate: " << e.what() << '\n';
		return 1;
	}
}
