/* Where nodes lie, and what ways are made of: in memory and in a file. */
#include "base/base.h"
#include "osm/members.h"
#include "osm/runs.h"
#include "tap.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

static struct err err;

static struct geo_pos get(const struct nodes *s, int64_t id)
{
	struct node_place room;
	struct geo_pos pos;

	nodes_get(s, &id, 1, &room, &pos);
	return pos;
}

static bool is_at(const struct nodes *s, int64_t id, int32_t lon, int32_t lat)
{
	struct geo_pos pos = get(s, id);

	return pos.lon == lon && pos.lat == lat;
}

static bool is_nowhere(const struct nodes *s, int64_t id)
{
	return !osm_somewhere(get(s, id));
}

/* The same for every kind of store: path is NULL for memory. */
static void test_store(const char *what, const char *path)
{
	struct nodes s = NODES_INIT;
	static const int64_t ids[] = {5, -7, 5, 9, 11, 12, INT64_C(1) << 40};

	nodes_want(&s, ids, ARRAY_SIZE(ids));
	if (nodes_seal(&s, path, &err)) {
		ok(0, "%s: %s", what, err.msg);
		nodes_release(&s);
		return;
	}
	ok(s.wanted.n == 6, "%s: each node once", what);
	ok(!path || access(path, F_OK), "%s: no name is left", what);
	ok(is_nowhere(&s, 5) && is_nowhere(&s, -7),
		"%s: nothing is there at first", what);
	nodes_put(&s, 9, (struct geo_pos){1, 2});
	nodes_put(&s, 6, (struct geo_pos){3, 4});
	nodes_put(&s, -7, (struct geo_pos){-1800000000, -900000000});
	nodes_put(&s, INT64_C(1) << 40,
		(struct geo_pos){1800000000, 900000000});
	nodes_put(&s, 12, (struct geo_pos){0, 0});
	ok(is_at(&s, 9, 1, 2) && is_at(&s, -7, -1800000000, -900000000) &&
			is_at(&s, INT64_C(1) << 40, 1800000000, 900000000),
		"%s: both ends of the globe, negative and large ids", what);
	ok(is_at(&s, 12, 0, 0), "%s: null island is somewhere", what);
	ok(is_nowhere(&s, 6) && is_nowhere(&s, 5),
		"%s: what nobody wanted, and what has not come", what);
	nodes_put(&s, 9, (struct geo_pos){5, 6});
	ok(is_at(&s, 9, 5, 6), "%s: the last put counts", what);
	nodes_put(&s, 9, OSM_NOWHERE);
	ok(is_nowhere(&s, 9), "%s: also when it is off the globe", what);
	nodes_release(&s);
}

static void test_empty(void)
{
	struct nodes s = NODES_INIT;

	ok(!nodes_seal(&s, NULL, &err), "a store for nothing");
	nodes_put(&s, 1, (struct geo_pos){2, 3});
	ok(is_nowhere(&s, 1), "holds nothing");
	ok(nodes_bytes(&s) > 0, "in some bytes");
	nodes_release(&s);
	nodes_release(&s);
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

/* As blocks of a file come: of `size` nodes, now and then of a few more. */
static void put_batches(struct nodes *s, const int64_t *ids,
	const struct geo_pos *pos, size_t n, size_t size)
{
	struct node_runs open = {{NULL, NULL}, 0}, batch = open;

	for (size_t i = 0, len; i < n; i += len) {
		size_t half = size / 2;

		len = MIN(n - i, size + i % 3);
		runs_put(&batch, s, ids + i, pos + i, MIN(len, half));
		if (len > half)
			runs_put(&batch, s, ids + i + half, pos + i + half,
				len - half);
		runs_join(&open, s, &batch);
	}
	runs_end(&open, s);
	runs_release(&open);
	runs_release(&batch);
}

enum { FIRST = -3 * IDSET_BLOCK, LAST = 5 * IDSET_BLOCK - 1 };

/* Every `step`th id is wanted; those one below a multiple of `lost` never
 * come. How many are elsewhere. */
static size_t count_bad(const struct nodes *s, uint64_t spread, int64_t step,
	int64_t lost)
{
	size_t bad = 0;

	for (int64_t id = FIRST; id <= LAST; id++) {
		struct geo_pos pos = place(id, spread);

		if (id % step || (id + 1) % lost == 0)
			bad += !is_nowhere(s, id);
		else
			bad += !is_at(s, id, pos.lon, pos.lat);
	}
	return bad;
}

static void test_packed(uint64_t spread, int64_t step, int64_t lost,
	size_t size)
{
	static int64_t ids[LAST - FIRST + 1];
	static struct geo_pos pos[ARRAY_SIZE(ids)];
	struct nodes s = NODES_INIT, all = {.wanted = IDSET_INIT, .all = true};
	size_t n = 0, kept = 0, bad;

	for (int64_t id = FIRST; id <= LAST; id++) {
		if (id % step == 0)
			nodes_want(&s, &id, 1);
		if ((id + 1) % lost) {
			ids[n] = id;
			pos[n++] = place(id, spread);
		}
	}
	if (nodes_seal(&s, NULL, &err))
		exit(1);
	put_batches(&s, ids, pos, n, size);
	bad = count_bad(&s, spread, step, lost);
	ok(!bad,
		"packed, spread %" PRIu64 ", every %" PRId64
		"th, %zu at once: %zu are elsewhere",
		spread, step, size, bad);
	nodes_put(&s, 0, (struct geo_pos){1, 1});
	put_batches(&s, ids, pos + 1, n - 1, size);
	ok(!count_bad(&s, spread, step, lost), "what comes later is ignored");
	nodes_clear(&s);
	bad = count_bad(&s, spread, 1, 1);
	nodes_put(&s, 0, (struct geo_pos){7, 8});
	ok(!bad && is_at(&s, 0, 7, 8), "all of it is forgotten again");
	nodes_release(&s);

	for (size_t i = 0; i < n; i++) {
		if (ids[i] % step == 0) {
			ids[kept] = ids[i];
			pos[kept++] = pos[i];
		}
	}
	put_batches(&all, ids, pos, kept, size);
	ok(!count_bad(&all, spread, step, lost),
		"the same where all that come are wanted");
	nodes_clear(&all);
	ok(!count_bad(&all, spread, 1, 1) && nodes_needed(&all),
		"which is forgotten, too");
	nodes_release(&all);
}

static void test_file(const char *path)
{
	static const int64_t one = 1;
	struct nodes s = NODES_INIT;
	FILE *f = fopen(path, "w");
	struct stat st;

	fputs("mine", f);
	fclose(f);
	nodes_want(&s, &one, 1);
	ok(nodes_seal(&s, path, &err) == -1 && strstr(err.msg, path) &&
			!stat(path, &st) && st.st_size == 4,
		"a file that is there is left alone: %s", err.msg);
	nodes_release(&s);
	unlink(path);
	nodes_want(&s, &one, 1);
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
		test_packed(spread, 1, 1000003, 8000);
	test_packed(UINT32_MAX, 1, 1000003, 8000);
	test_packed(30000, 7, 11, 5000);
	test_packed(UINT32_MAX, 64, 5, 1);
	test_packed(100, 4096, 1000003, 2);
	test_packed(100, 1, 3, 100000);
	test_file(path);
	test_members();
	rmdir(folder);
	return tap_done();
}
