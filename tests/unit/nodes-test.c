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
	struct osm_pos pos;

	return nodes_get(s, id, &pos) && pos.lon == lon && pos.lat == lat;
}

static bool is_nowhere(const struct nodes *s, int64_t id)
{
	struct osm_pos pos;

	return !nodes_get(s, id, &pos);
}

/* The same for every kind of store: path is NULL for memory. */
static void test_store(const char *what, const char *path)
{
	struct nodes s = NODES_INIT;
	struct nodes_cursor c = {0, NULL};
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
	nodes_put(&s, &c, 9, (struct osm_pos){1, 2});
	nodes_put(&s, &c, 6, (struct osm_pos){3, 4});
	nodes_put(&s, &c, -7, (struct osm_pos){-1800000000, -900000000});
	nodes_put(&s, &c, INT64_C(1) << 40,
		(struct osm_pos){1800000000, 900000000});
	nodes_put(&s, &c, 12, (struct osm_pos){0, 0});
	ok(is_at(&s, 9, 1, 2) && is_at(&s, -7, -1800000000, -900000000) &&
			is_at(&s, INT64_C(1) << 40, 1800000000, 900000000),
		"%s: both ends of the globe, negative and large ids", what);
	ok(is_at(&s, 12, 0, 0), "%s: null island is somewhere", what);
	ok(is_nowhere(&s, 6) && is_nowhere(&s, 5),
		"%s: what nobody wanted, and what has not come", what);
	nodes_put(&s, &c, 9, (struct osm_pos){5, 6});
	ok(is_at(&s, 9, 5, 6), "%s: the last put counts", what);
	nodes_put(&s, &c, 9, OSM_NOWHERE);
	ok(is_nowhere(&s, 9), "%s: also when it is off the globe", what);
	nodes_release(&s);
}

static void test_empty(void)
{
	struct nodes s = NODES_INIT;
	struct nodes_cursor c = {0, NULL};

	ok(!nodes_seal(&s, NULL, &err), "a store for nothing");
	nodes_put(&s, &c, 1, (struct osm_pos){2, 3});
	ok(is_nowhere(&s, 1), "holds nothing");
	ok(nodes_bytes(&s) > 0, "in some bytes");
	nodes_release(&s);
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
	const struct osm_pos *p = members_get(m, id, &len);

	if (!n)
		return !p;
	return p && len == n && p[0].lon == first &&
	       p[n - 1].lon == first + (int32_t)n - 1;
}

/* A way of n positions from `first` on, kept by thread `keep`. */
static struct member_way keep(struct members *m, unsigned keep, int64_t id,
	size_t n, int32_t first)
{
	struct osm_pos p[10];

	for (size_t i = 0; i < n; i++)
		p[i] = (struct osm_pos){first + (int32_t)i, -first};
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
	test_file(path);
	test_members();
	rmdir(folder);
	return tap_done();
}
