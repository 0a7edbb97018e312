/* Shards: names, keys, what is there after a failure. */
#include "base/base.h"
#include "pack/chip.h"
#include "pack/shards.h"
#include "base/hash.h"
#include "base/io.h"
#include "unit/tap.h"

#include <sys/stat.h>
#include <unistd.h>

static void test_keys(void)
{
	static const char *const bad[] = {"", ".hidden", "a.b", "a/b", "..",
		"a b", "a\\b", "\n", "a\x7f", "\xc3\xa9"};
	struct err err;
	char longest[CHIP_MAX_KEY + 2];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(chip_check_key(str_from(bad[i]), &err) < 0, "no key: '%s'",
			i == 7 ? "newline" : bad[i]);
	ok(!chip_check_key(str_from("a1_ban-epa_17_2"), &err), "a key");
	memset(longest, 'k', sizeof(longest));
	ok(!chip_check_key((struct str){longest, CHIP_MAX_KEY}, &err),
		"the longest key");
	ok(chip_check_key((struct str){longest, CHIP_MAX_KEY + 1}, &err) < 0,
		"one byte more is too long");
	ok(chip_check_key((struct str){"a\0b", 3}, &err) < 0, "a NUL");
}

static bool there(const char *name)
{
	struct stat st;

	return !stat(name, &st);
}

static int add(struct shards *s, const char *key, struct err *err)
{
	const struct member members[] = {{"jpg", "JPEG", 4}, {"txt", "", 0}};

	return shards_add(s, str_from(key), members, 2, err);
}

static uint64_t hash_of(const char *path)
{
	struct buf b = BUF_INIT;
	struct err err;
	uint64_t h = load_file(path, 1 << 20, &b, &err)
			     ? 0
			     : hash_xxh64(b.data, b.len);

	buf_release(&b);
	return h;
}

static void test_shards(void)
{
	struct err err = {""};
	struct shards *s = shards_open("d", 2, false, &err);
	uint64_t first;

	ok(s && !add(s, "a", &err) && !there("d/shard-000000.tar"),
		"a shard that is not full is not there");
	ok(!add(s, "b", &err) && there("d/shard-000000.tar"), "a full one is");
	ok(!add(s, "c", &err), "the next has begun");
	shards_free(s);
	ok(!there("d/shard-000001.tar") &&
			!system("test $(ls -A d | wc -l) = 1"),
		"after a failure only full ones are there");
	first = hash_of("d/shard-000000.tar");
	ok(!shards_open("d", 2, false, &err) && strstr(err.msg, "--overwrite"),
		"an old shard is in the way");
	s = shards_open("d", 2, true, &err);
	ok(s && !there("d/shard-000000.tar"), "or is removed");
	ok(!add(s, "a", &err) && !add(s, "b", &err) && !add(s, "c", &err) &&
			!shards_finish(s, &err) && shards_count(s) == 2 &&
			there("d/shard-000001.tar"),
		"the last one is complete at the end");
	ok(first && hash_of("d/shard-000000.tar") == first,
		"the same members, the same bytes");
	ok(shards_new_key(s, str_from("k")) &&
			!shards_new_key(s, str_from("k")),
		"a key is new once");
	shards_free(s);
	ok(!shards_open("no/such/folder", 2, false, &err),
		"a folder that cannot be made is an error");
}

int main(void)
{
	char dir[] = "/tmp/pack-test.XXXXXX", clean[64];

	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	test_keys();
	test_shards();
	snprintf(clean, sizeof(clean), "rm -rf '%s'", dir);
	if (chdir("/") || system(clean))
		return 1;
	return tap_done();
}
