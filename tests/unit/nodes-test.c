/* Where nodes lie, and what ways are made of: in memory and in a file. */
#include "base/base.h"
#include "osm/members.h"
#include "osm/nodes.h"
#include "tap.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

static struct err err;

static bool is_at(const struct nodes *s, int64_t id, int32_t lon, int32_t lat)
{
	struct geo_pos pos;

	return nodes_get(s, id, &pos) && pos.lon == lon && pos.lat == lat;
}

static bool is_nowhere(const struct nodes *s, int64_t id)
{
	struct geo_pos pos;

	return !nodes_get(s, id, &pos);
}

static void put(struct nodes *s, int64_t id, struct geo_pos pos)
{
	nodes_put(idset_block(&s->wanted, id), id, pos);
}

/* The same for every kind of store: path is NULL for memory. */
static void test_store(const char *what, const char *path)
{
	struct nodes s = NODES_INIT;
	static const int64_t ids[] = {5, -7, 5, 9, 11, 12, INT64_C(1) << 40};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		nodes_want(&s, ids[i]);
	if (nodes_seal(&s, path, &err)) {
		ok(0, "%s: %s", what, err.msg);
		nodes_release(&s);
		return;
	}
	ok(s.wanted.n == 6, "%s: each node once", what);
	ok(!path || access(path, F_OK), "%s: no name is left", what);
	ok(is_nowhere(&s, 5) && is_nowhere(&s, -7),
		"%s: nothing is there at first", what);
	put(&s, 9, (struct geo_pos){1, 2});
	put(&s, 6, (struct geo_pos){3, 4});
	put(&s, -7, (struct geo_pos){-1800000000, -900000000});
	put(&s, INT64_C(1) << 40, (struct geo_pos){1800000000, 900000000});
	put(&s, 12, (struct geo_pos){0, 0});
	ok(is_at(&s, 9, 1, 2) && is_at(&s, -7, -1800000000, -900000000) &&
			is_at(&s, INT64_C(1) << 40, 1800000000, 900000000),
		"%s: both ends of the globe, negative and large ids", what);
	ok(is_at(&s, 12, 0, 0), "%s: null island is somewhere", what);
	ok(is_nowhere(&s, 6) && is_nowhere(&s, 5),
		"%s: what nobody wanted, and what has not come", what);
	put(&s, 9, (struct geo_pos){5, 6});
	ok(is_at(&s, 9, 5, 6), "%s: the last put counts", what);
	put(&s, 9, OSM_NOWHERE);
	ok(is_nowhere(&s, 9), "%s: also when it is off the globe", what);
	nodes_release(&s);
}

static void test_empty(void)
{
	struct nodes s = NODES_INIT;

	ok(!nodes_seal(&s, NULL, &err), "a store for nothing");
	put(&s, 1, (struct geo_pos){2, 3});
	ok(is_nowhere(&s, 1), "holds nothing");
	ok(nodes_bytes(&s) > 0, "in some bytes");
	nodes_release(&s);
	nodes_release(&s);
}

/* Packs all ids from `first` to `last`; turns on so far that all is freed. */
static void pack(struct nodes *s, int64_t first, int64_t last)
{
	for (int64_t id = first; id <= last; id += IDSET_BLOCK)
		nodes_pack(s, idset_block(&s->wanted, id), 2);
	nodes_turn(s);
	nodes_turn(s);
}

static uint64_t hash(uint64_t x)
{
	x *= UINT64_C(0x9e3779b97f4a7c15);
	return x ^ x >> 29;
}

/* A place of node id, at most `spread` units from others of its 64. */
static struct geo_pos place(int64_t id, uint64_t spread)
{
	uint64_t h = hash((uint64_t)id), g = hash((uint64_t)id >> 6);

	if (spread == UINT32_MAX) /* all over the globe, and its corners */
		return (struct geo_pos){h & 1 ? 1800000000 - (int32_t)(h >> 40)
					      : -1800000000 +
							(int32_t)(h >> 40),
			h & 2 ? 900000000 : -900000000};
	return (struct geo_pos){(int32_t)(g % 3000000000 - 1500000000) +
					(int32_t)(h % (spread + 1)),
		(int32_t)(g % 1000000000 - 500000000) +
			(int32_t)(h / 3 % (spread + 1))};
}

/* Of ids that ascend by 1 + id % step; those one below a multiple of `lost`
 * never come. */
static void test_packed(uint64_t spread, int64_t step, int64_t lost)
{
	const int64_t first = -3 * IDSET_BLOCK, last = 5 * IDSET_BLOCK - 1;
	struct nodes s = NODES_INIT;
	size_t bad = 0, late = 0;

	for (int64_t id = first; id <= last; id++)
		if (id % step == 0)
			nodes_want(&s, id);
	if (nodes_seal(&s, NULL, &err))
		exit(1);
	for (int64_t id = first; id <= last; id++)
		if ((id + 1) % lost)
			put(&s, id, place(id, spread));
	pack(&s, first, last);
	for (int64_t id = first; id <= last; id++) {
		struct geo_pos pos = place(id, spread);

		put(&s, id, (struct geo_pos){1, 1});
		if (id % step || (id + 1) % lost == 0)
			bad += !is_nowhere(&s, id);
		else
			bad += !is_at(&s, id, pos.lon, pos.lat);
	}
	ok(!bad,
		"packed, spread %" PRIu64 ", every %" PRId64
		"th: %zu are elsewhere",
		spread, step, bad);
	pack(&s, first, last); /* a second time */
	nodes_clear(&s);
	for (int64_t id = first; id <= last; id++)
		late += !is_nowhere(&s, id);
	put(&s, 0, (struct geo_pos){7, 8});
	ok(!late && is_at(&s, 0, 7, 8), "all of it is forgotten again");
	nodes_release(&s);
}

static void test_file(const char *path)
{
	struct nodes s = NODES_INIT;
	FILE *f = fopen(path, "w");
	struct stat st;

	fputs("mine", f);
	fclose(f);
	nodes_want(&s, 1);
	ok(nodes_seal(&s, path, &err) == -1 && strstr(err.msg, path) &&
			!stat(path, &st) && st.st_size == 4,
		"a file that is there is left alone: %s", err.msg);
	nodes_release(&s);
	unlink(path);
	nodes_want(&s, 1);
	ok(nodes_seal(&s, "/nowhere/nodes", &err) == -1, "no folder: %s",
		err.msg);
	nodes_release(&s);
}

static bool way_is(const struct members *m, int64_t id, size_t n, int32_t first)
{
	size_t len = 0;
	const struct geo_pos *p = members_get(m, id, &len);

	if (!n)
		return !p;
	return p && len == n && p[0].lon == first &&
	       p[n - 1].lon == first + (int32_t)n - 1;
}

/* A way of n positions from `first` on, kept by thread `keep`. */
static struct member_way keep(struct members *m, unsigned keep, int64_t id,
	size_t n, int32_t first)
{
	struct geo_pos p[10];

	for (size_t i = 0; i < n; i++)
		p[i] = (struct geo_pos){first + (int32_t)i, -first};
	return members_keep(m, keep, id, p, n);
}

static void test_members(void)
{
	static const int64_t ids[] = {-3, 7, 8, 8, 9};
	struct members m;
	struct member_way ways[6];

	members_init(&m, 2);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		idset_add(&m.wanted, ids[i]);
	members_seal(&m);
	ok(m.wanted.n == 4 && way_is(&m, 7, 0, 0) && way_is(&m, 1, 0, 0),
		"four ways, none of which has come");
	ways[0] = keep(&m, 1, 7, 3, 10);
	ways[1] = keep(&m, 0, 8, 2, 20);
	ways[2] = keep(&m, 0, -3, 10, 30);
	ways[3] = keep(&m, 1, 8, 4, 50);
	ways[4] = keep(&m, 1, 9, 2, 60);
	ways[5] = keep(&m, 0, 9, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		members_put(&m, &ways[i]);
	ok(way_is(&m, 7, 3, 10) && way_is(&m, -3, 10, 30),
		"each has its positions, whichever thread kept them");
	ok(way_is(&m, 8, 4, 50), "of two ways with one id the last counts");
	ok(way_is(&m, 9, 0, 0), "also when its nodes miss");
	members_release(&m);
	members_init(&m, 1);
	members_seal(&m);
	ok(way_is(&m, 7, 0, 0), "no way is wanted");
	members_release(&m);
}

int main(void)
{
	char folder[] = "/tmp/nodes-test.XXXXXX", path[64];

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/nodes", folder);
	test_empty();
	test_store("memory", NULL);
	test_store("a file", path);
	for (uint64_t spread = 0; spread < 500000000; spread = spread * 3 + 1)
		test_packed(spread, 1, 1000003);
	test_packed(UINT32_MAX, 1, 1000003);
	test_packed(30000, 7, 11);
	test_packed(UINT32_MAX, 64, 5);
	test_packed(100, 4096, 1000003);
	test_file(path);
	test_members();
	rmdir(folder);
	return tap_done();
}
